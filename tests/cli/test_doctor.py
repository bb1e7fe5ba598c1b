"""What `facecam doctor` prints and how it ends."""

import argparse
import json

import pytest

from facecam import cli, diagnosis
from facecam.cli import doctor
from facecam.config import Config
from facecam.diagnosis import Finding, State

WELL = Finding("Python", State.FINE, "3.13")
NOTE = Finding("Cameras", State.NOTE, "no webcam", "Connect one.")
ILL = Finding("Qt", State.BROKEN, "libEGL.so.1 is missing", "Install it.")


@pytest.fixture
def findings(monkeypatch):
    found = [WELL, NOTE]
    monkeypatch.setattr(diagnosis, "diagnose", lambda config: iter(found))
    return found


def test_a_healthy_computer_ends_with_zero(findings, capsys):
    assert doctor.run(argparse.Namespace(json=False), Config()) == 0

    told = capsys.readouterr().out
    assert "✓ Python: 3.13" in told
    assert "– Cameras: no webcam\n    Connect one." in told
    assert told.endswith("Everything facecam needs is here.\n")


def test_something_broken_ends_with_one_and_the_cure(findings, capsys):
    findings.append(ILL)

    assert doctor.run(argparse.Namespace(json=False), Config()) == 1

    told = capsys.readouterr().out
    assert "✗ Qt: libEGL.so.1 is missing\n    Install it." in told
    assert "1 thing needs to be put right." in told


def test_json_is_one_object(findings, capsys):
    findings.append(ILL)

    assert doctor.run(argparse.Namespace(json=True), Config()) == 1

    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["checks"][2] == {
        "topic": "Qt",
        "state": "broken",
        "text": "libEGL.so.1 is missing",
        "advice": "Install it.",
    }


def test_the_command_line_knows_the_doctor(findings, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("FACECAM_HOME", str(tmp_path))

    assert cli.main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True


def test_everything_is_looked_at_in_order(monkeypatch):
    def one(topic):
        return Finding(topic, State.FINE, "")

    for name in ("python", "qt", "cameras", "gpu"):
        monkeypatch.setattr(diagnosis, name, lambda name=name: one(name))
    monkeypatch.setattr(diagnosis, "packages", lambda: iter([one("packages")]))
    monkeypatch.setattr(diagnosis, "detector", lambda config: one("detector"))
    for name in ("models", "runtime"):
        monkeypatch.setattr(
            diagnosis, name, lambda config, name=name: iter([one(name)])
        )

    topics = [finding.topic for finding in diagnosis.diagnose(Config())]

    assert topics == [
        *("python", "packages", "qt", "cameras"),
        *("models", "detector", "gpu", "runtime"),
    ]
