"""Tests of facecam.training.progress."""

import pytest

from facecam.training.progress import BAR, Pace, duration, line, number, told
from facecam.training.step import Progress


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    """Estimates the seconds left at a time, with so much done."""
    estimates = Pace(clock)

    def at(seconds, done, total=100, step="03-pnet-fit"):
        clock.now = 1000.0 + seconds
        return estimates.estimated(Progress(step, done, total, {})).left

    return at


def test_nobody_can_tell_at_the_beginning(pace):
    assert pace(0, 0) is None
    assert pace(1, 5) is None


def test_the_rest_takes_as_long_as_what_was_done_lately(pace):
    pace(0, 0)

    assert pace(10, 20) == 40
    assert pace(20, 100) == 0


def test_a_step_gone_on_with_counts_only_what_is_added(pace):
    pace(0, 80)

    assert pace(10, 90) == 10


def test_what_was_long_ago_does_not_count(pace):
    for second in range(0, 100, 10):
        pace(second, second // 10)
    for second in range(100, 200):
        left = pace(second, 10 + second - 100, total=1000)

    assert left == pytest.approx(1000 - 109, rel=0.05)


def test_another_step_or_another_count_begins_anew(pace):
    pace(0, 0)
    assert pace(10, 50) is not None

    assert pace(11, 0, step="04-pnet-check") is None
    assert pace(22, 10, step="04-pnet-check") is not None
    assert pace(23, 11, total=50, step="04-pnet-check") is None
    pace(30, 20, total=50, step="04-pnet-check")
    assert pace(31, 0, total=50, step="04-pnet-check") is None


def test_nothing_done_for_a_while_is_no_pace(pace):
    pace(0, 7)

    assert pace(10, 7) is None


def test_what_the_step_says_itself_stays(clock):
    progress = Progress("fit", 1, 10, {}, left=12.5)

    assert Pace(clock).estimated(progress) is progress


def test_a_line_says_how_far_a_step_is():
    progress = Progress("fit", 50, 100, {"loss": 0.1234, "faces": 7}, "warm", 75.0)

    bar = "█" * (BAR // 2) + "·" * (BAR // 2)
    assert line(progress, 200) == (
        f"fit  {bar}  50/100  1:15 left  warm  loss 0.123  faces 7"
    )


@pytest.mark.parametrize("width", range(1, 90))
def test_a_line_never_is_wider_than_the_terminal(width):
    progress = Progress("03-pnet-fit", 50, 100, {"loss": 0.1234}, "warming up", 75.0)

    text = line(progress, width)

    assert len(text) <= width
    assert text.startswith("03-pnet-fit"[:width])


def test_a_step_of_nothing_has_an_empty_bar():
    assert line(Progress("fit", 0, 0, {}), 80) == f"fit  {'·' * BAR}  0/0"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (0.97, "0.97"),
        (0.12345, "0.123"),
        (7.0, "7"),
        (123456.7, "123457"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
    ],
)
def test_metrics_in_words(value, words):
    assert number(value) == words
    assert told({"loss": value, "n": 1}) == f"loss {words}, n 1"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (59.6, "1:00"), (754, "12:34"), (3600, "1:00:00"), (7384, "2:03:04")],
)
def test_durations_in_words(seconds, words):
    assert duration(seconds) == words
