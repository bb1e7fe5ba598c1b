"""What the page of the detector shows first, and where it leads."""

import json

import numpy as np

from facecam.training import runs
from facecam.training.detector import hard_examples
from tests.fakes import picture


def opened(window, qtbot):
    page = window.places.show_place("training").detector
    qtbot.waitUntil(lambda: page.stack.currentWidget() is not page.waiting)
    return page


def some_run(config, name="first"):
    """Write the record of a run that nobody has begun."""
    root = config.runs / name
    root.mkdir(parents=True)
    record = {
        "kind": "detector",
        "command": ["facecam", "train", "detector"],
        "request": {"data": [], "start": "deployed"},
        "config": {},
        "versions": {},
        "started": 1.0,
        "steps": [{"name": "00-check", "fingerprint": "x"}],
    }
    (root / runs.RECORD).write_text(json.dumps(record))
    return root


def test_without_runs_the_first_one_is_set_up(window, qtbot):
    page = opened(window, qtbot)

    assert page.stack.currentWidget() is page.setup


def test_the_newest_run_is_shown_at_once_though_nobody_has_looked_yet(window, qtbot):
    some_run(window.training.runs.config)

    page = opened(window, qtbot)

    assert page.stack.currentWidget() is page.run
    assert page.run.name == "first"


def test_who_goes_elsewhere_meanwhile_stays_there(window, qtbot):
    some_run(window.training.runs.config)
    page = window.places.show_place("training").detector
    page.show_history()

    qtbot.waitUntil(lambda: window.training.runs.known)

    assert page.stack.currentWidget() is page.history


def test_cancelling_a_new_run_leads_back_to_the_newest_one(window, qtbot):
    some_run(window.training.runs.config)
    page = opened(window, qtbot)
    page.begin()

    page.setup.cancelled.emit()

    assert page.stack.currentWidget() is page.run


def test_a_run_that_is_deleted_is_left(window, qtbot):
    some_run(window.training.runs.config)
    page = opened(window, qtbot)

    page.run.deleted.emit("first")

    assert page.stack.currentWidget() is page.history


def test_another_run_goes_on_from_the_one_shown(window, qtbot):
    some_run(window.training.runs.config)
    page = opened(window, qtbot)

    page.run.another_wanted.emit("first")

    assert page.stack.currentWidget() is page.setup
    assert page.setup.plan.origin == "first"


def test_hard_examples_in_live_lead_to_a_run_from_them(window, qtbot, tmp_path):
    page = opened(window, qtbot)

    window.live.fine_tune_wanted.emit(tmp_path)

    assert page.stack.currentWidget() is page.setup
    assert [folder.path for folder in page.setup.plan.folders] == [tmp_path]


def test_the_pool_leads_to_live(window, qtbot):
    page = opened(window, qtbot)

    page.pool.live_wanted.emit()

    assert window.places.current == "live"


def test_the_count_of_hard_examples_follows_what_is_removed(window, qtbot):
    box, pool = np.float32((60, 60, 140, 140)), window.training.runs.config.hard
    for at in (box, box + 8):
        kind = hard_examples.Kind.FALSE_ALARM
        hard_examples.add(pool, picture((60, 60, 80)), at, kind)
    page = opened(window, qtbot)
    qtbot.waitUntil(lambda: page.rail.model.rows[0].about == "2")
    page.show_pool()
    qtbot.waitUntil(lambda: len(page.pool.model.examples) == 2)

    page.pool.remove.click()

    qtbot.waitUntil(lambda: page.rail.model.rows[0].about == "1")
