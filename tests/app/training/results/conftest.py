"""A home with runs in any state, and commands that answer when a test says so."""

import pytest

from facecam.app.engine import Engine
from facecam.app.tasks import Tasks
from facecam.app.training import following
from facecam.app.training.following import Runs
from facecam.app.training.results import acts
from tests.app.training.results.made import FakeCommand, Home


@pytest.fixture
def commands(monkeypatch):
    """The commands that were started, the latest last."""
    made = []

    def make(config, words, parent):
        made.append(FakeCommand(config, words, parent))
        return made[-1]

    monkeypatch.setattr(acts, "Command", make)
    return made


@pytest.fixture
def home(config, tmp_path):
    made = Home(config, tmp_path / "pictures")
    yield made
    for lock in made.locks:
        lock.release()


@pytest.fixture
def tasks():
    lanes = Tasks()
    yield lanes
    lanes.close(5)


@pytest.fixture
def engine(qapp, config, tasks):
    return Engine(config, tasks, qapp)


@pytest.fixture
def runs(qapp, config, tasks, monkeypatch):
    """Runs of the home; what is launched is counted."""
    launched = []
    monkeypatch.setattr(
        following, "launch", lambda config, words: launched.append(words) or True
    )
    known = Runs(config, tasks, qapp)
    known.launched = launched
    yield known
    known.deleteLater()


@pytest.fixture
def look(qtbot, runs):
    """Look at the runs once more, and wait until they are known."""

    def look():
        with qtbot.waitSignal(runs.changed, timeout=5000):
            runs.look()

    return look
