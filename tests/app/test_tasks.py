"""Tests of facecam.app.tasks."""

import threading
import time

import pytest

from facecam.app.tasks import Tasks
from facecam.errors import ModelError


@pytest.fixture
def tasks(qapp):
    tasks = Tasks()
    yield tasks
    assert tasks.close(5.0)


def test_the_answer_arrives_on_the_main_thread(tasks, qtbot):
    worked, answers = [], []

    def work():
        worked.append(threading.current_thread())
        return 42

    tasks.start(work, lambda n: answers.append((n, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [(42, threading.main_thread())]
    assert worked[0] is not threading.main_thread()


def test_an_error_arrives_instead_of_an_answer(tasks, qtbot):
    answers, errors = [], []

    def work():
        raise ModelError("The file is damaged.")

    tasks.start(work, answers.append, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert str(errors[0]) == "The file is damaged."
    assert answers == []


def test_a_lane_works_in_order_and_does_not_delay_another(tasks, qtbot):
    gate, done = threading.Event(), []
    tasks.start(gate.wait, lambda _: done.append("slow"), lane="install")
    tasks.start(lambda: 1, lambda _: done.append("after slow"), lane="install")
    tasks.start(lambda: 1, lambda _: done.append("other"))
    qtbot.waitUntil(lambda: done == ["other"])
    gate.set()
    qtbot.waitUntil(lambda: done == ["other", "slow", "after slow"])


def test_progress_is_told_and_a_cancelled_task_ends_without_an_answer(tasks, qtbot):
    said, answers, ended = [], [], threading.Event()

    def work(report):
        try:
            while True:
                report("Downloading", 0.5)
                time.sleep(0.001)
        finally:
            ended.set()

    task = tasks.start_reporting(
        work, lambda text, share: said.append((text, share)), answers.append
    )
    qtbot.waitUntil(lambda: bool(said))
    task.cancel()
    assert ended.wait(5)
    count = len(said)
    qtbot.wait(30)
    assert said[0] == ("Downloading", 0.5)
    assert len(said) == count
    assert answers == []


def test_nothing_is_delivered_after_closing(qapp, qtbot):
    tasks, answers = Tasks(), []
    tasks.start(lambda: 1, answers.append)
    assert tasks.close(5.0)
    qtbot.wait(20)
    assert answers == []


def test_closing_does_not_wait_longer_than_told(qapp):
    tasks, gate = Tasks(), threading.Event()
    tasks.start(gate.wait)
    began = time.monotonic()
    assert not tasks.close(0.05)
    assert time.monotonic() - began < 1
    gate.set()


def test_a_lane_is_one_thread_however_much_it_does(tasks, qtbot):
    answers: list[int] = []
    for n in range(20):
        tasks.start(lambda n=n: n, answers.append, lane="counting")
    qtbot.waitUntil(lambda: len(answers) == 20)
    assert answers == list(range(20))
    assert [t.name for t in threading.enumerate()].count("counting") == 1
