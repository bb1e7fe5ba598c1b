"""Tests of facecam.app.settings."""

import pytest

from facecam.app.settings import Settings

SECRET = "rtsp://me:secret@cam.local/1"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "window.ini"


def test_switches_texts_and_sources_survive(path):
    first = Settings(path, recent=3)
    first.keep("view/landmarks", False)
    first.keep("view/scheme", "dark")
    for source in ("0", "a.mp4", "b.mp4", "a.mp4"):
        first.remember_source(source)
    first.save()

    again = Settings(path, recent=3)
    assert again.flag("view/landmarks", True) is False
    assert again.flag("never set", True) is True
    assert again.text("view/scheme") == "dark"
    assert again.source == "a.mp4"
    assert again.recent == ["a.mp4", "b.mp4", "0"]


def test_only_so_many_recent_sources_are_kept(path):
    settings = Settings(path, recent=2)
    for source in ("1", "2", "3"):
        settings.remember_source(source)
    assert settings.recent == ["3", "2"]


def test_a_password_is_known_until_the_end_and_never_written(path):
    settings = Settings(path, recent=3)
    settings.remember_source("0")
    settings.remember_source(SECRET)
    settings.save()
    assert settings.source == SECRET
    assert "secret" not in path.read_text()
    assert Settings(path, recent=3).source == "0"


def test_a_fresh_home_has_no_source(path):
    settings = Settings(path, recent=3)
    assert settings.source == ""
    assert settings.recent == []
    assert settings.geometry.isEmpty()
