"""Tests of facecam.app.training.results.standing and signs: words and shapes."""

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import pytest

from facecam.app.training.results import signs
from facecam.app.training.results.standing import (
    Standing,
    moment,
    place,
    purpose,
    standing,
)
from facecam.config.overrides import override
from facecam.config.presets import with_preset
from facecam.config.retraining import RetrainingConfig
from facecam.training.queue import Queue
from facecam.training.runs import RunState, State, StepState


def run(preset="fine-tune", start="deployed", state=State.STOPPED, **more):
    config = asdict(with_preset(RetrainingConfig(), preset))
    step = StepState("01-index", 1, 1, state)
    known = {"running": False, "request": {"start": start}} | more
    return RunState(
        Path("runs/a"), "detector", (), config=config, versions={}, started=0.0,
        steps=(step,), **known,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("preset", "words"),
    [("trial", "Quick trial"), ("fine-tune", "Fine-tune"), ("full", "Full training")],
)
def test_a_run_is_for_what_its_preset_is_for(preset, words):
    assert purpose(run(preset, "scratch" if preset == "full" else "deployed")) == words


def test_a_number_changed_by_hand_does_not_change_what_a_run_is_for():
    numbers = override(with_preset(RetrainingConfig(), "trial"), {"seed": 9})
    numbers = override(numbers, {"pnet": {"fit": {"steps": 400}}})

    assert purpose(replace(run(), config=asdict(numbers))) == "Quick trial"


def test_a_fine_tune_from_hard_examples_says_so():
    request = {"start": "deployed", "hard": ["/home/ada/hard"]}

    assert purpose(run(request=request)) == "Fine-tune on hard examples"


@pytest.mark.parametrize(
    ("state", "queue", "stands"),
    [
        (run(running=True), Queue(("a",)), Standing.RUNNING),
        (run(), Queue(("a",)), Standing.WAITING),
        (run(), Queue(("b",), held="a"), Standing.PAUSED),
        (run(), Queue(), Standing.STOPPED),
        (run(state=State.WAITING), Queue(), Standing.STOPPED),
        (run(state=State.FAILED), Queue(), Standing.FAILED),
        (run(state=State.DONE), Queue(), Standing.DONE),
        (run(state=State.DONE), Queue(("a",)), Standing.WAITING),
    ],
)
def test_a_run_stands_as_its_steps_and_the_queue_say(state, queue, stands):
    assert standing(state, queue) is stands


def test_the_place_in_the_queue_is_said_in_words():
    waiting = [f"other-{n}" for n in range(12)]

    assert place(run(), Queue(("a",))) == "next in the queue"
    assert place(run(), Queue((*waiting[:1], "a"))) == "2nd in the queue"
    assert place(run(), Queue((*waiting[:11], "a"))) == "12th in the queue"
    assert place(run(), Queue()) == ""


def test_days_near_by_are_said_in_words():
    now = datetime(2026, 11, 22, 12, 0).timestamp()

    assert moment(datetime(2026, 11, 22, 10, 12).timestamp(), now) == "today 10:12"
    assert moment(datetime(2026, 11, 21, 9, 5).timestamp(), now) == "yesterday 09:05"
    assert moment(datetime(2026, 10, 2, 9, 5).timestamp(), now) == "2 October 09:05"


def test_every_state_has_a_shape_of_its_own_without_colour(qapp):
    shapes = {}
    for stands in Standing:
        drawn = signs.icon(stands, 1.0).pixmap(16, 16).toImage()
        shapes[stands] = bytes(
            drawn.pixelColor(x, y).alpha() > 127
            for x in range(drawn.width())
            for y in range(drawn.height())
        )

    assert all(any(shape) for shape in shapes.values())
    assert len(set(shapes.values())) == len(Standing)
