"""What the window sees of runs and their queue."""

import pytest
from filelock import FileLock
from PySide6.QtCore import QObject

from facecam.app.tasks import Tasks
from facecam.app.training import following
from facecam.config import Config
from facecam.training import queue
from tests.app.training.run.made import MadeRun


@pytest.fixture
def config(tmp_path):
    return Config(home=tmp_path)


@pytest.fixture
def follower(qtbot, config):
    """The runs of a home, looked at when somebody asks."""
    parent, tasks = QObject(), Tasks()
    yield following.Runs(config, tasks, parent)
    assert tasks.close(5)


def test_what_comes_while_runs_are_looked_at_is_not_overlooked(
    follower, config, qtbot, monkeypatch
):
    read, reads = following.read_queue, []

    def enqueue_after(folder):
        found = read(folder)
        if not reads:  # too late for this look, which must not be the last
            queue.enqueue(folder, "new")
            follower.look()
        reads.append(found)
        return found

    monkeypatch.setattr(following, "read_queue", enqueue_after)
    follower.look()

    qtbot.waitUntil(lambda: follower.queue.waiting == ("new",))


def test_a_run_that_waits_for_nobody_is_noticed(follower, config, qtbot):
    MadeRun(config.runs, "next")
    queue.enqueue(config.runs, "next")

    follower.look()
    qtbot.waitUntil(lambda: follower.idle)
    with FileLock(config.runs / queue.WORKER, is_singleton=False):
        follower.look()
        qtbot.waitUntil(lambda: not follower.idle)
    follower.look()
    qtbot.waitUntil(lambda: follower.idle)


@pytest.mark.parametrize("why", ["held", "running", "launched", "empty"])
def test_nothing_is_missing_where_something_goes_on(
    why, follower, config, qtbot, monkeypatch
):
    made = MadeRun(config.runs, "first")
    if why != "empty":
        queue.enqueue(config.runs, "next")
    if why == "held":
        queue.hold(config.runs, "first")
    if why == "launched":
        monkeypatch.setattr(following, "launch", lambda config, words: True)
        follower.work()
    lock = FileLock(made.root / "run.lock", is_singleton=False)
    if why == "running":
        lock.acquire()

    follower.look()
    qtbot.waitUntil(lambda: bool(follower.states))

    assert not follower.idle
    lock.release()
