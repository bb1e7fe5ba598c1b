import subprocess
import sys

import pytest

import facecam
from facecam import cli
from facecam.cli import parser
from facecam.errors import FacecamError


class Command:
    """A command that does what it is told."""

    def __init__(self, outcome):
        self.outcome = outcome

    def add_parser(self, subparsers):
        subparsers.add_parser("people").add_argument("word", nargs="?")

    def run(self, args, config):
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


@pytest.fixture
def command(monkeypatch, tmp_path):
    monkeypatch.setenv("FACECAM_HOME", str(tmp_path))

    def use(outcome):
        monkeypatch.setattr(parser, "_module", lambda name: Command(outcome))

    return use


def test_help_lists_every_command_and_says_the_exit_codes(capsys):
    assert cli.main(["--help"]) == 0

    text = capsys.readouterr().out
    assert all(command in text for command in parser.COMMANDS)
    assert "exit codes" in text


def test_version(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"facecam {facecam.__version__}\n"


@pytest.mark.parametrize(
    "words", [[], ["nonsense"], ["--nonsense"], ["people", "a", "b"]]
)
def test_what_is_not_understood_is_two(words, capsys, command):
    command(0)

    assert cli.main(words) == 2
    assert "usage: facecam" in capsys.readouterr().err


@pytest.mark.parametrize("code", [0, 3])
def test_the_code_of_the_command_is_the_exit_code(code, command):
    command(code)
    assert cli.main(["people"]) == code


def test_a_failure_is_one_readable_line_and_one(command, capsys):
    command(FacecamError("The camera was unplugged. Connect it."))

    assert cli.main(["people"]) == 1
    captured = capsys.readouterr()
    assert captured.err == "facecam: The camera was unplugged. Connect it.\n"
    assert captured.out == ""


def test_a_wrong_setting_is_one_readable_line_and_one(command, capsys, tmp_path):
    command(0)
    (tmp_path / "facecam.toml").write_text("[nonsense]\n")

    assert cli.main(["people"]) == 1
    assert "Unknown setting nonsense" in capsys.readouterr().err


def test_stopping_by_keyboard_is_130(command):
    command(KeyboardInterrupt())
    assert cli.main(["people"]) == 130


def test_what_the_system_refuses_is_one_readable_line_and_one(command, capsys):
    command(OSError(28, "No space left on device", "faces.csv"))

    assert cli.main(["people"]) == 1
    err = capsys.readouterr().err
    assert "No space left on device: 'faces.csv'" in err
    assert err.count("\n") == 1


def test_a_bug_is_not_hidden(command):
    command(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        cli.main(["people"])


@pytest.mark.parametrize("words", [["--verbose", "people"], ["people", "--verbose"]])
def test_verbose_may_come_before_or_after_the_command(words, command):
    command(0)
    assert cli.main(words) == 0


def test_help_is_quick_because_it_imports_no_command():
    code = (
        "import sys; from facecam import cli; cli.main(['--help']);"
        "heavy = {'cv2', 'numpy', 'PySide6', 'tensorflow', 'keras', 'sklearn'};"
        "sys.exit(', '.join(heavy & sys.modules.keys()) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_reader_that_goes_away_is_no_traceback():
    line = f"{sys.executable} -m facecam --help | true"
    done = subprocess.run(line, shell=True, capture_output=True, text=True)
    assert done.stderr == ""
