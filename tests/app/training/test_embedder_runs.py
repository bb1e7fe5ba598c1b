"""What the page of the embedder shows first, and where it leads."""

import json

from facecam.training import runs
from tests.app.training.test_detector_page import some_run


def embedder_run(config, name):
    """Write the record of an embedder's run that nobody has begun."""
    root = some_run(config, name)
    record = json.loads((root / runs.RECORD).read_text())
    request = {"data": [], "loss": "distil", "start": "scratch"}
    told = {**record, "kind": "embedder", "request": request}
    (root / runs.RECORD).write_text(json.dumps(told))
    return root


def test_the_embedders_come_first_and_offer_to_train_one(window, qtbot):
    page = window.places.show_place("training").embedder
    assert page.stack.currentWidget() is page.sheet

    page.sheet.training.begin.click()

    assert page.stack.currentWidget() is page.setup
    page.rail.entry_wanted.emit()
    assert page.stack.currentWidget() is page.sheet


def test_a_run_is_opened_on_the_page_of_its_kind(window, qtbot):
    embedder_run(window.training.runs.config, "mine")
    some_run(window.training.runs.config, "found")
    place = window.places.show_place("training")
    qtbot.waitUntil(lambda: len(window.training.runs.states) == 2)

    window.training.open_run("mine")
    assert place.embedder.run.name == "mine"
    window.training.open_run("found")

    assert place.detector.run.name == "found"
    assert place.detector.names == ["found"]
    assert place.embedder.names == ["mine"]


def test_a_run_that_is_deleted_or_given_up_leads_back_to_the_embedders(window, qtbot):
    embedder_run(window.training.runs.config, "mine")
    page = window.places.show_place("training").embedder
    page.show_run("mine")

    page.run.deleted.emit("mine")
    assert page.stack.currentWidget() is page.sheet
    page.begin_from("mine")
    assert page.setup.plan.origin == "mine"
    page.setup.cancelled.emit()

    assert page.stack.currentWidget() is page.sheet
