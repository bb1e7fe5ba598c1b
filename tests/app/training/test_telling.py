"""What the window says of training runs."""

from pathlib import Path

import pytest

from facecam.app.training.telling import KEY, QUEUE
from facecam.training.runs import RunState, State, StepState


def run(*steps, running=False, name="2026-11-22"):
    numbered = tuple(
        StepState(f"{n:02d}", n, len(steps), **step) for n, step in enumerate(steps, 1)
    )
    error = "".join(step.error for step in numbered)
    head = Path("runs") / name, "detector", (), {}, {}, {}, 0.0
    return RunState(*head, numbered, running, error=error)


DONE = {"state": State.DONE}


@pytest.fixture
def seen(window, monkeypatch):
    """Return a function that lets the window see other runs."""

    def see(*states):
        window.training.runs._show((states, window.training.runs.queue, "", False))

    return see


def test_the_status_line_says_how_far_a_run_is(window, seen):
    assert window.status.training.text() == ""

    seen(run(DONE, {"state": State.RUNNING, "done": 31, "total": 50}, running=True))
    assert window.status.training.text() == "training: step 2 of 2, 62%"

    seen(run(DONE, DONE))
    assert window.status.training.text() == ""


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (DONE, "The training run 2026-11-22 is done."),
        ({"state": State.STOPPED}, "2026-11-22 has stopped. It can go on"),
        ({"state": State.STOPPED, "cut": True}, "2026-11-22 was cut off. It can go on"),
        (
            {"state": State.FAILED, "error": "The disk is full. Make room."},
            "2026-11-22 has failed: The disk is full. Make room.",
        ),
    ],
)
def test_the_end_of_a_run_is_told_where_somebody_looks(window, seen, last, said):
    window.places.show_place("people")
    seen(run(DONE, {"state": State.RUNNING}, running=True))
    assert not window.places.place("people").toasts.text(KEY)

    seen(run(DONE, last))

    assert said in window.places.place("people").toasts.text(KEY)


def test_runs_that_ended_before_the_window_opened_are_not_news(window, seen):
    seen(run(DONE))

    assert not window.live.stage.toasts.text(KEY)


def test_from_the_notice_one_comes_to_the_run(window, seen, qtbot):
    seen(run({"state": State.RUNNING}, running=True))
    seen(run(DONE))

    window.live.stage.toasts.button(KEY, "Look").click()

    assert window.places.current == "training"
    place = window.places.place("training")
    assert place.detector.stack.currentWidget() is place.detector.run


def test_a_damaged_queue_is_told_once_with_what_to_do(window, qtbot):
    told = []
    window.training.runs.troubled.connect(told.append)
    path = window.training.runs.config.runs / "queue.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[", "utf-8")

    for _ in range(2):
        window.training.runs.look()
        qtbot.waitUntil(lambda: not window.training.runs._looking)

    assert "Delete it; the runs stay" in window.live.stage.toasts.text(QUEUE)
    path.unlink()
    window.training.runs.look()
    qtbot.waitUntil(lambda: told[-1] == "")
    assert len(told) == 2
