"""Tests of facecam.app.training.detector_page: what its parts tell each other."""

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.training.detector_page import DetectorPage
from facecam.app.training.following import Runs
from facecam.config import Config
from facecam.training.detector import hard_examples
from tests.fakes import picture


@pytest.fixture
def page(tmp_path, qtbot):
    """The page in a home with two hard examples."""
    box = np.float32((60, 60, 140, 140))
    for at in (box, box + 8):
        image, kind = picture((60, 60, 80)), hard_examples.Kind.FALSE_ALARM
        hard_examples.add(tmp_path / "hard", image, at, kind)
    tasks, window = Tasks(), QWidget()
    config = Config(home=tmp_path)
    engine, runs = Engine(config, tasks, window), Runs(config, tasks, window)
    settings = Settings(tmp_path / "window.ini", 5)
    page = DetectorPage(engine, tasks, settings, runs, window)
    qtbot.addWidget(window)
    window.resize(1040, 600)
    page.setGeometry(window.rect())
    window.show()
    yield page
    window.close()
    assert tasks.close(5)


def test_the_count_of_hard_examples_follows_what_is_removed(page, qtbot):
    qtbot.waitUntil(lambda: page.rail.model.rows[0].about == "2", timeout=5000)
    page.show_pool()
    qtbot.waitUntil(lambda: len(page.pool.model.examples) == 2, timeout=5000)

    page.pool.remove.click()

    qtbot.waitUntil(lambda: page.rail.model.rows[0].about == "1", timeout=5000)
