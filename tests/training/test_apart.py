"""Tests of facecam.training.apart."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from facecam.errors import DatasetError, TrainingError
from facecam.training.apart import run_apart
from facecam.training.step import Progress
from tests.fakes import wait
from tests.training.processes import ended

ROOT = Path(__file__).parents[2]
PARENT = """
from pathlib import Path
from facecam.training.apart import run_apart
from tests.training.test_apart import sleep_long

if __name__ == "__main__":
    run_apart(sleep_long, (Path({folder!r}),), print)
"""
"""Waits for a child that would go on for minutes."""


def count_to(total, report):
    for done in range(1, total + 1):
        report(Progress("count", done, total, {"square": done * done}))
    return os.getpid()


def refuse(report):
    raise DatasetError("wider_face_train_bbx_gt.txt, line 7: no number. Correct it.")


def fill_the_disk(report):
    raise OSError(28, "No space left on device", "weights.npz")


class Odd(Exception):
    def __init__(self, one, two):
        super().__init__("shapes differ")


def blunder(report):
    raise Odd(1, 2)


def crash(report):
    sys.stdout.write("first words\n")
    os.write(2, b"a native library complains\n")
    os._exit(7)


def be_killed(report):
    os.kill(os.getpid(), signal.SIGKILL)


def sleep_long(folder, report):
    (folder / str(os.getpid())).touch()
    report(Progress("sleep", 0, 1, {}))
    time.sleep(200)


def give_no_pickle(report):
    return lambda: None


def running(folder):
    pids = [int(path.name) for path in folder.iterdir() if path.stem.isdigit()]
    return [pid for pid in pids if not ended(pid)]


def test_the_result_and_the_reports_come_back_from_another_process():
    told = []

    process = run_apart(count_to, (3,), told.append)

    assert process != os.getpid()
    assert ended(process)
    assert told == [Progress("count", k, 3, {"square": k * k}) for k in (1, 2, 3)]


def test_what_a_user_can_act_on_keeps_its_type_and_words():
    with pytest.raises(DatasetError, match=r"^wider_face.*line 7: no number"):
        run_apart(refuse, (), print)


def test_a_full_disk_is_still_a_full_disk():
    with pytest.raises(OSError, match="No space left") as caught:
        run_apart(fill_the_disk, (), print)

    assert caught.value.errno == 28
    assert caught.value.filename == "weights.npz"


def test_a_bug_brings_its_traceback():
    with pytest.raises(RuntimeError, match="Odd: shapes differ") as caught:
        run_apart(blunder, (), print)

    assert "raise Odd(1, 2)" in caught.value.__notes__[0]


def test_a_crash_quotes_the_last_words():
    with pytest.raises(TrainingError, match="ended with exit code 7") as caught:
        run_apart(crash, (), print)

    assert str(caught.value).endswith("first words\na native library complains")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL.")
def test_a_process_killed_from_outside_says_by_what():
    with pytest.raises(TrainingError, match=r"ended with SIGKILL.*memory"):
        run_apart(be_killed, (), print)


def test_a_result_that_cannot_travel_is_no_silence():
    with pytest.raises(TrainingError, match="pickle"):
        run_apart(give_no_pickle, (), print)


def test_leaving_by_ctrl_c_ends_the_process(tmp_path):
    def interrupt(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_apart(sleep_long, (tmp_path,), interrupt)

    assert len(list(tmp_path.iterdir())) == 1
    assert not running(tmp_path)


def test_the_process_ends_when_its_parent_is_killed(tmp_path):
    (tmp_path / "parent.py").write_text(PARENT.format(folder=str(tmp_path)))
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    wait(lambda: running(tmp_path), 30)
    parent.kill()
    parent.wait()

    wait(lambda: not running(tmp_path), 10)
