"""Tests of facecam.cli.run."""

import sys

import pytest

from facecam.cli.run import SCREENS, remembered


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere there is a display.")
def test_without_a_display_the_user_is_told(facecam, monkeypatch):
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)

    code, _, told = facecam("run")

    assert code == 1
    assert "There is no display" in told


def test_a_file_is_remembered_by_its_whole_path(tmp_path, monkeypatch):
    (tmp_path / "film.mp4").touch()
    monkeypatch.chdir(tmp_path)
    assert remembered("film.mp4") == str(tmp_path / "film.mp4")


@pytest.mark.parametrize(
    "source", ["0", "demo", "HD Webcam", "rtsp://cam/1", "x" * 300, "~nobody-here/x"]
)
def test_whatever_is_no_file_stays_as_it_was_typed(source):
    assert remembered(source) == source
