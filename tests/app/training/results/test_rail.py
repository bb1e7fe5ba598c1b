"""Tests of facecam.app.training.results.rail: the runs beside the page."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolTip

from facecam.app import theme
from facecam.app.training.results.rail import NARROW, WIDE, RunsRail
from facecam.training import queue
from tests.app.training.results.made import BEGUN


@pytest.fixture
def rail(qtbot, home, runs):
    shown = RunsRail(runs, None)
    qtbot.addWidget(shown)
    shown.resize(WIDE, 600)
    shown.show()
    return shown


def spoken(rail):
    return [row.spoken for row in rail.model.rows]


def click(qtbot, rail, key):
    index = rail.model.index(rail.model.number(key))
    place = rail.list.visualRect(index).center()
    qtbot.mouseClick(rail.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_without_a_run_there_are_the_button_and_two_entries(rail, qtbot):
    assert spoken(rail) == ["Hard examples", "History"]
    with qtbot.waitSignal(rail.new_wanted):
        rail.new.click()


def test_runs_stand_in_their_order_with_state_purpose_and_day(home, rail, look):
    home.run("old", done=4, preset="trial", begun=BEGUN)
    home.run("new", done=1, begun=BEGUN + 100)

    look()

    _, _, new, old = spoken(rail)
    assert new.startswith("Fine-tune, ")
    assert new.endswith("· stopped")
    assert old.startswith("Quick trial, ")
    assert old.endswith("· done")


def test_runs_that_train_something_else_are_listed_elsewhere(home, rail, look):
    home.run("one", kind="embedder")

    look()

    assert spoken(rail) == ["Hard examples", "History"]


def test_a_run_under_way_says_how_far_it_is(home, rail, look, qtbot):
    root = home.run("one", done=1)
    estimates = [{"part": "index", "seconds": 60}, {"part": "pnet fit", "seconds": 120}]
    (root / "00-check" / "preflight.json").write_text(
        f'{{"estimates": {{"parts": {estimates}}}}}'.replace("'", '"')
    )
    home.tell(root, name="01-index", state="running", done=30, total=60, left=30.0)
    home.work_on(root)

    look()

    qtbot.waitUntil(lambda: "left" in spoken(rail)[2], timeout=5000)
    row = rail.model.rows[2]
    assert 0 < row.share < 1
    assert f"{100 * row.share:.0f} % · " in row.about
    assert "begun" in row.tip


def test_what_changes_is_painted_in_its_place(home, rail, look, qtbot):
    root = home.run("one")
    home.run("two", begun=BEGUN - 5)
    look()
    resets, changed = [], []
    rail.model.modelReset.connect(lambda: resets.append(1))
    rail.model.dataChanged.connect(lambda first, last: changed.append(first.row()))

    home.step(root / "00-check")
    look()

    assert (resets, changed) == ([], [2])


def test_runs_that_wait_say_their_place(home, rail, look, config):
    for name in ("one", "two"):
        home.run(name, begun=BEGUN - (name == "two"))
        queue.enqueue(config.runs, name)
    queue.hold(config.runs, "two")

    look()

    _, _, one, two = spoken(rail)
    assert one == "Fine-tune, next in the queue"
    assert two.endswith("· paused")


def test_the_run_in_use_is_marked_as_soon_as_it_is(home, rail, look):
    home.run("one", done=4)
    look()
    assert not rail.model.rows[2].in_use

    home.install("training run one")
    rail.in_use_now.look()

    assert spoken(rail)[2].endswith(", in use")


def test_hard_examples_are_counted(home, rail, config, qtbot):
    config.hard.mkdir()
    (config.hard / "hard.jsonl").write_text("{}\n{}\n\n{}")

    rail.hide()
    rail.show()

    qtbot.waitUntil(lambda: spoken(rail)[0] == "Hard examples, 3", timeout=5000)


def test_arrows_and_clicks_choose_each_once(home, rail, look, qtbot):
    home.run("one")
    home.run("two", begun=BEGUN - 5)
    look()
    told = []
    rail.chosen.connect(told.append)
    rail.entry_wanted.connect(lambda: told.append("pool"))
    rail.history_wanted.connect(lambda: told.append("history"))
    rail.choose("one")
    assert told == []

    rail.list.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(rail.list, key)
    click(qtbot, rail, "two")

    assert told == ["two", "one", "history", "pool", "two"]


def test_what_is_chosen_stays_so_when_runs_come(home, rail, look):
    home.run("one")
    look()
    rail.choose("one")

    home.run("two", begun=BEGUN + 5)
    look()

    current = rail.list.currentIndex()
    assert rail.model.rows[current.row()].key == "one"
    rail.choose("new")
    assert not rail.list.selectionModel().hasSelection()


def test_folded_it_shows_signs_and_says_the_rest_when_pointed_at(home, rail, look):
    home.run("one", done=4)
    look()

    rail.fold.click()

    assert rail.width() == NARROW
    assert rail.new.text() == ""
    assert rail.new.accessibleName() == "New run"
    index = rail.model.index(2)
    assert "done" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert not QToolTip.isVisible()
    rail.fold.click()
    assert rail.width() == WIDE


def test_signs_are_drawn_in_both_schemes(home, rail, look):
    home.run("one", done=4)
    look()
    rect = rail.list.visualRect(rail.model.index(2))
    place = rail.list.viewport().mapTo(rail, rect.topLeft() + QPoint(20, 18))

    def reddish(image):
        colours = [
            image.pixelColor(place + QPoint(x, y))
            for x in range(-8, 9)
            for y in range(-8, 9)
        ]
        good = theme.current().good
        return sum(colour.name() == good for colour in colours)

    assert reddish(rail.grab().toImage()) > 0
    theme.choose("dark")
    assert reddish(rail.grab().toImage()) > 0
