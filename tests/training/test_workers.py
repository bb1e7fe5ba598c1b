"""Tests of facecam.training.workers, and that nobody outlives whom they work for."""

import functools
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import cv2
import pytest

from facecam.errors import DatasetError, TrainingError
from facecam.training import workers
from tests.fakes import wait
from tests.training.processes import ended

ROOT = Path(__file__).parents[2]
PARENT = """
from pathlib import Path
from facecam.training.workers import map_tasks
from tests.training.test_workers import sleep_long

if __name__ == "__main__":
    list(map_tasks(sleep_long, [Path({folder!r})] * 2, workers=2))
"""
"""Waits for two workers that would go on for minutes."""


def square(number):
    return number * number


def slow_first(number):
    time.sleep(0.3 if number == 0 else 0)
    return number, os.getpid()


def refuse(number):
    raise DatasetError(f"Picture {number} is damaged. Delete it.")


def die(number):
    os._exit(9)


def threads(_):
    return cv2.getNumThreads()


def sleep_long(folder):
    (folder / str(os.getpid())).touch()
    time.sleep(200)


def touch_for_a_second(path):
    path.touch()
    time.sleep(1.0)


def load(folder):
    (folder / f"loaded-{os.getpid()}").touch()


def refuse_to_load():
    raise DatasetError("There is no net. Fit it first.")


def test_nothing_to_do_gives_nothing():
    assert list(workers.map_tasks(square, [], workers=2)) == []


@pytest.mark.parametrize("count", [0, 2])
def test_results_come_in_the_order_of_the_tasks(count):
    told = []

    results = workers.map_tasks(square, range(20), count, told.append)

    assert list(results) == [number * number for number in range(20)]
    assert told == list(range(1, 21))


def test_a_slow_task_does_not_change_the_order_and_several_processes_work():
    results = list(workers.map_tasks(slow_first, range(8), workers=2))

    assert [number for number, _ in results] == list(range(8))
    assert os.getpid() not in {process for _, process in results}
    assert len({process for _, process in results}) == 2


def test_tasks_are_taken_only_as_they_can_be_handed_out():
    tasks = itertools.count()

    results = workers.map_tasks(square, tasks, workers=2)
    first = [next(results) for _ in range(3)]
    results.close()

    assert first == [0, 1, 4]
    assert next(tasks) <= 3 + 2 * workers.AHEAD


def test_who_leaves_waits_only_for_what_was_begun(tmp_path):
    tasks = [tmp_path / str(number) for number in range(workers.AHEAD)]

    results = workers.map_tasks(touch_for_a_second, tasks, workers=1)
    next(results)
    results.close()

    assert not tasks[-1].exists()


@pytest.mark.parametrize("count", [0, 2])
def test_an_error_in_a_task_reaches_the_caller_with_its_type(count):
    with pytest.raises(DatasetError, match="Picture 7 is damaged"):
        list(workers.map_tasks(refuse, [7], count))


@pytest.mark.parametrize("count", [0, 2])
def test_what_all_tasks_use_is_loaded_once_per_worker(count, tmp_path):
    prepare = functools.partial(load, tmp_path)

    list(workers.map_tasks(square, range(20), count, prepare=prepare))

    assert 1 <= len(list(tmp_path.glob("loaded-*"))) <= max(1, count)


@pytest.mark.parametrize("count", [0, 1])
def test_an_error_while_loading_reaches_the_caller_with_its_type(count):
    with pytest.raises(DatasetError, match="There is no net"):
        list(workers.map_tasks(square, [1], count, prepare=refuse_to_load))


def test_a_worker_that_is_ended_from_outside_says_what_to_do():
    with pytest.raises(TrainingError, match="fewer workers"):
        list(workers.map_tasks(die, range(4), workers=2))


def test_a_worker_leaves_the_other_cores_alone():
    assert list(workers.map_tasks(threads, [0], workers=1)) == [1]


def test_workers_end_when_their_parent_is_killed(tmp_path):
    program = PARENT.format(folder=str(tmp_path))
    (tmp_path / "parent.py").write_text(program)
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    pids = []

    def both_work():
        pids[:] = [int(path.name) for path in tmp_path.iterdir() if path.stem.isdigit()]
        return len(pids) == 2

    wait(both_work, 90)
    parent.kill()
    parent.wait()

    wait(lambda: all(map(ended, pids)), 10)
