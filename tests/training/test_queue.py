"""The queue of training runs."""

import threading

import pytest

from facecam.errors import TrainingError
from facecam.training import queue
from facecam.training.queue import Queue, read_queue


def test_runs_follow_in_the_order_they_came(tmp_path):
    for name in ("a", "b", "c", "b"):
        queue.enqueue(tmp_path, name)

    assert read_queue(tmp_path) == Queue(("a", "b", "c"))
    for name in ("a", "b", "c"):
        assert queue.following(tmp_path) == name
        queue.dequeue(tmp_path, name)
    assert queue.following(tmp_path) == ""


def test_a_run_can_be_put_first_and_taken_out(tmp_path):
    for name in ("a", "b", "c"):
        queue.enqueue(tmp_path, name)

    queue.enqueue(tmp_path, "c", first=True)
    queue.dequeue(tmp_path, "a")

    assert read_queue(tmp_path).waiting == ("c", "b")


def test_nothing_begins_while_a_run_is_held(tmp_path):
    queue.enqueue(tmp_path, "next")
    queue.hold(tmp_path, "paused")
    assert queue.following(tmp_path) == ""

    queue.enqueue(tmp_path, "paused", first=True)

    assert read_queue(tmp_path) == Queue(("paused", "next"))
    assert queue.following(tmp_path) == "paused"


def test_a_held_run_that_is_taken_out_lets_the_others_begin(tmp_path):
    queue.enqueue(tmp_path, "next")
    queue.hold(tmp_path, "paused")

    queue.dequeue(tmp_path, "paused")

    assert queue.following(tmp_path) == "next"


def test_a_damaged_queue_says_what_to_do(tmp_path):
    (tmp_path / queue.FILE).write_text("[", "utf-8")

    with pytest.raises(TrainingError, match="Delete it; the runs stay"):
        queue.enqueue(tmp_path, "a")


def test_only_one_works_the_queue_off(tmp_path):
    with queue.alone(tmp_path) as first, queue.alone(tmp_path) as second:
        assert (first, second) == (True, False)
    with queue.alone(tmp_path) as again:
        assert again


def test_changes_at_once_all_count(tmp_path):
    names = [f"run-{n}" for n in range(20)]
    threads = [
        threading.Thread(target=queue.enqueue, args=(tmp_path, n)) for n in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(read_queue(tmp_path).waiting) == sorted(names)
