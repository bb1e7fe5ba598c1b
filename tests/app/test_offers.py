"""Tests of what is said where another embedder runs than the one wanted."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.notices import Notices
from facecam.app.offers import ModelOffer
from facecam.app.tasks import Tasks
from facecam.config import chosen


@pytest.fixture
def tasks():
    lanes = Tasks()
    yield lanes
    lanes.close(5)


@pytest.fixture
def offer(qtbot, config, tasks, monkeypatch):
    """An offer while "small" stands in; loading is counted."""
    engine, window = Engine(config, tasks), QWidget()
    notices = Notices(window)
    qtbot.addWidget(window)
    engine._shop.embedder = "small", b""
    loads = []
    monkeypatch.setattr(engine, "load", lambda: loads.append(1))
    made = ModelOffer(engine, notices, window)
    yield made, engine, notices, loads
    window.close()


def test_the_one_that_stands_in_is_kept(offer, config):
    made, _, notices, loads = offer

    made.keep()

    assert chosen.read(config.home)["embedder"]["model"] == "small"
    assert notices.text("model failed") == ""
    assert loads == [1]


def test_a_choice_that_would_not_count_is_not_made(offer, config):
    made, engine, notices, loads = offer
    given = {"embedder": {"model": "facenet-20180402"}}
    engine.config = replace(config, given=given)

    made.keep()

    assert "facecam.toml says" in notices.text("model failed")
    assert chosen.read(config.home) == {}
    assert loads == []
