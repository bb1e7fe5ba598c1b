"""The queue of training runs worked off, by processes of their own."""

import os
import shutil
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from filelock import FileLock

from facecam.training import queue, runs, working
from facecam.training.queue import Queue, read_queue
from facecam.training.running import prepare
from facecam.training.runs import State, read_run
from tests.training.working_child import recipe

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals.")


NICE = 1
"""How far runs step back: hardly, so that tests wait for little else."""


@pytest.fixture(autouse=True)
def program(monkeypatch):
    """Let the worker start a stand-in for facecam."""
    child = (sys.executable, "-m", "tests.training.working_child")
    monkeypatch.setattr(working, "PROGRAM", child)
    monkeypatch.setattr(working, "POLL", 0.05)
    monkeypatch.setattr("facecam.training.watching.EVERY", 0.05)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "runs"


@pytest.fixture
def waiting(folder):
    """Let runs of these kinds wait, named by their kinds."""

    def enqueue(*kinds):
        for kind in kinds:
            made = "tells" if kind == "broken" else kind
            prepare(recipe(made), folder / kind)
            if kind == "broken":
                record = (folder / kind / runs.RECORD).read_text()
                text = record.replace('"tells"', '"broken"')
                (folder / kind / runs.RECORD).write_text(text)
            queue.enqueue(folder, kind)

    return enqueue


@pytest.fixture
def work(folder):
    """Work the queue off -> what was told: names and states."""

    def off():
        told = []
        done = working.work_off(
            folder,
            folder.parent,
            lambda name, state: told.append((name, state)),
            nice=NICE,
        )
        assert done
        return told

    return off


def test_runs_are_carried_out_one_after_the_other(folder, waiting, work):
    waiting("tells")
    prepare(recipe("tells"), folder / "second")
    queue.enqueue(folder, "second")

    told = work()

    assert told == [
        ("tells", State.RUNNING), ("tells", State.DONE),
        ("second", State.RUNNING), ("second", State.DONE),
    ]  # fmt: skip
    assert read_queue(folder) == Queue()


def test_a_run_leaves_a_core_to_others_and_steps_back(folder, waiting, work):
    waiting("tells")

    work()

    cores, home, nice = (folder / "tells" / "told.txt").read_text().split()
    assert int(cores) == max(1, working._cores() - 1)
    assert home == str(folder.parent)
    if hasattr(os, "nice"):
        assert int(nice) == min(19, os.nice(0) + NICE)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("stops", State.STOPPED),
        ("fails", State.FAILED),
        ("broken", State.FAILED),
        pytest.param("dies", State.STOPPED, marks=posix),
    ],
)
def test_whatever_ends_a_run_the_next_one_begins(kind, state, folder, waiting, work):
    waiting(kind, "tells")

    work()

    assert read_run(folder / kind).state is state
    assert read_run(folder / "tells").state is State.DONE
    assert read_queue(folder) == Queue()


def test_what_kept_a_run_from_beginning_can_be_read(folder, waiting, work):
    waiting("broken")

    work()

    assert read_run(folder / "broken").error == "No module named keras"


def test_after_a_pause_nothing_begins_until_the_run_goes_on(folder, waiting, work):
    waiting("pauses", "tells")

    work()

    assert read_run(folder / "pauses").state is State.STOPPED
    assert read_run(folder / "tells").state is State.WAITING
    assert read_queue(folder) == Queue(("tells",), "pauses")
    assert work() == []

    shutil.rmtree(folder / "pauses")
    prepare(recipe("tells"), folder / "pauses")
    queue.enqueue(folder, "pauses", first=True)
    assert [name for name, _ in work()] == ["pauses"] * 2 + ["tells"] * 2


@posix
def test_a_worker_that_has_to_end_stops_its_run_which_waits_again(folder, waiting):
    waiting("ends-worker", "tells")

    with pytest.raises(KeyboardInterrupt):
        working.work_off(folder, folder.parent, lambda *_: None, NICE)

    assert read_run(folder / "ends-worker").state is State.STOPPED
    assert read_queue(folder).waiting == ("ends-worker", "tells")


def test_a_run_of_a_terminal_is_waited_for(folder, waiting, work, monkeypatch):
    waiting("tells")
    other = folder / "other"
    other.mkdir()
    held = FileLock(other / runs.LOCK)
    held.acquire()
    told = []

    def released(seconds):
        told.append(read_run(folder / "tells").state)
        held.release()

    monkeypatch.setattr(working, "time", SimpleNamespace(sleep=released))

    work()

    assert told == [State.WAITING]
    assert read_run(folder / "tells").state is State.DONE


def test_only_one_process_works_the_queue_off(folder, waiting):
    waiting("tells")

    with queue.alone(folder):
        assert not working.work_off(folder, folder.parent, lambda *_: None, NICE)

    assert read_queue(folder).waiting == ("tells",)


def test_what_comes_while_the_worker_leaves_is_carried_out_too(
    folder, waiting, work, monkeypatch
):
    alone = queue.alone
    came = []

    @contextmanager
    def late(folder):
        with alone(folder) as mine:
            yield mine
            if not came:
                came.append(1)
                waiting("tells")

    monkeypatch.setattr(queue, "alone", late)

    work()

    assert read_run(folder / "tells").state is State.DONE


def test_runs_that_are_deleted_or_damaged_are_passed_over(folder, waiting, work):
    waiting("stops", "fails", "tells")
    runs.delete(folder / "stops")
    (folder / "fails" / runs.RECORD).write_text("{")

    assert [name for name, _ in work()] == ["tells", "tells"]
    assert read_queue(folder) == Queue()


class TestStop:
    """Stopping without a worker."""

    def test_a_run_that_waits_waits_no_more(self, folder, waiting):
        waiting("tells", "fails")

        assert queue.stop(folder / "tells")

        assert read_queue(folder).waiting == ("fails",)

    def test_a_run_nobody_works_on_is_left_as_it_is(self, folder, waiting):
        prepare(recipe("tells"), folder / "tells")

        assert not queue.stop(folder / "tells")
        assert not queue.stop(folder / "tells", pause=True)

        assert runs.stop_requested(folder / "tells") is None
        assert read_queue(folder) == Queue()

    def test_stopping_a_run_that_is_held_lets_others_begin(self, folder, waiting):
        waiting("tells", "fails")
        assert queue.stop(folder / "tells", pause=True)
        assert queue.following(folder) == ""

        assert queue.stop(folder / "tells")

        assert queue.following(folder) == "fails"

    def test_a_run_stopped_and_let_wait_again_is_not_stopped(
        self, folder, waiting, work
    ):
        waiting("tells")
        queue.stop(folder / "tells")
        queue.enqueue(folder, "tells")

        work()

        assert read_run(folder / "tells").state is State.DONE
