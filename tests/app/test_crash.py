"""Tests of facecam.app.crash."""

import logging
import sys
import threading

import pytest

from facecam.app import crash


@pytest.fixture
def log(tmp_path):
    before = list(crash.log.handlers)
    yield crash.start_log(tmp_path / "logs")
    for handler in set(crash.log.handlers) - set(before):
        crash.log.removeHandler(handler)
        handler.close()


def failing():
    raise RuntimeError("broken")


def test_what_nobody_caught_is_logged_and_told(log):
    told = []
    end = crash.watch(told.append)
    try:
        failing()
    except RuntimeError:
        sys.excepthook(*sys.exc_info())
    finally:
        end()
    assert "RuntimeError: broken" in told[0]
    assert told[0].startswith("facecam ")
    assert "in failing" in log.read_text("utf-8")


def test_failures_in_threads_are_told_too(log):
    told = []
    end = crash.watch(told.append)
    thread = threading.Thread(target=failing)
    thread.start()
    thread.join()
    end()
    assert "RuntimeError: broken" in told[0]


def test_the_hooks_are_put_back(log):
    before = sys.excepthook, threading.excepthook
    end = crash.watch(lambda details: None)
    assert sys.excepthook is not before[0]
    end()
    assert (sys.excepthook, threading.excepthook) == before


def test_a_log_that_cannot_be_written_is_done_without(tmp_path, caplog):
    blocked = tmp_path / "file"
    blocked.touch()
    with caplog.at_level(logging.WARNING):
        assert crash.start_log(blocked / "logs") is None
    assert "No log" in caplog.text
