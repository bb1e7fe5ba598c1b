"""Tests of facecam.app.training.results.history: all runs, and how they differ."""

import json

import pytest
from PySide6.QtCore import Qt

from facecam.app.dialogs import Question
from facecam.app.training.results import history_rows as rows
from facecam.app.training.results.history import HistoryPage
from tests.app.training.results.made import BEGUN


@pytest.fixture
def page(qtbot, home, runs, engine, commands):
    shown = HistoryPage(engine, runs, None)
    qtbot.addWidget(shown)
    shown.resize(1032, 640)
    shown.show()
    return shown


@pytest.fixture
def three(home, look, page):
    """A trial, a fine-tune with results in use, a full run that failed."""
    home.run("trial", done=2, preset="trial", begun=BEGUN)
    home.evaluated("best", begun=BEGUN + 100)
    (home.config.runs / "best" / "note.txt").write_text("with Helen")
    root = home.run("bad", done=1, preset="full", begun=BEGUN + 200)
    home.tell(root, name="01-index", state="failed", error="No face. Add some.")
    home.install("training run best")
    page.in_use_now.look()
    look()
    page.show_page()
    return page


def table(page):
    model = page.sorted
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def select(page, *numbers):
    page.table.clearSelection()
    selection = page.table.selectionModel()
    flags = selection.SelectionFlag
    for number in numbers:
        selection.select(page.sorted.index(number, 0), flags.Select | flags.Rows)


def differing(page):
    shown = page.panel.table
    return [
        tuple(shown.item(row, column).text() for column in range(3))
        for row in range(shown.rowCount())
    ]


def test_without_a_run_there_is_the_button_for_the_first_one(page, qtbot):
    page.show_page()

    assert page.stack.currentWidget() is page.empty
    with qtbot.waitSignal(page.new_wanted):
        page.empty.button("new").click()


def test_every_run_is_a_row_the_newest_first(three):
    bad, best, trial = table(three)

    assert bad[rows.PURPOSE : rows.TOOK] == ["Full training", "failed"]
    assert best[rows.MEASURED : rows.USED] == ["93.0 %", "88.0 %", "5.0 %", "0.25"]
    assert best[rows.USED :] == ["✓ in use", "with Helen"]
    assert best[rows.TOOK] == "4 min"
    assert trial[rows.MEASURED] == "–"
    assert three.count.text() == "3 runs"


def test_why_a_run_failed_is_said_when_pointed_at(three):
    tip = three.sorted.index(0, rows.STATE).data(Qt.ItemDataRole.ToolTipRole)

    assert "No face. Add some." in tip


def test_columns_sort_by_what_they_mean(three):
    three.table.sortByColumn(rows.MEASURED, Qt.SortOrder.DescendingOrder)
    assert table(three)[0][rows.MEASURED] == "93.0 %"

    three.table.sortByColumn(rows.BEGAN, Qt.SortOrder.AscendingOrder)
    assert table(three)[0][rows.PURPOSE] == "Quick trial"


def test_two_runs_differ_by_their_numbers_the_older_first(three):
    select(three, 0, 2)

    found = differing(three)
    assert ("Pictures: share", "0.25", "1") in found
    assert ("P-Net, fit: steps", "300", "8000") in found
    assert three.panel.title.text().startswith(f"{len(found)} differences between")
    assert "Quick trial of" in three.panel.table.horizontalHeaderItem(1).text()


def test_two_runs_differ_by_what_they_learned_from(home, look, page):
    asked = {"data": ["/pictures/other"], "start": "scratch"}
    home.run("one", request=asked)
    home.run("two", begun=BEGUN + 1)
    look()
    page.show_page()

    select(page, 0, 1)

    assert differing(page) == [
        ("Pictures learned from", "other", "mine"),
        ("Starts from", "nothing", "the detector in use then"),
    ]


def test_one_run_differs_from_what_is_usual_for_it(home, look, page):
    root = home.run("one")
    record = json.loads((root / "run.json").read_text())
    record["config"]["onet"]["fit"]["rate"] = 0.001
    record["config"]["workers"] = 16
    (root / "run.json").write_text(json.dumps(record))
    look()
    page.show_page()

    select(page, 0)

    assert differing(page) == [("O-Net, fit: rate", "0.0003", "0.001")]
    assert page.panel.table.horizontalHeaderItem(1).text() == "Usual: Fine-tune"


def test_more_than_two_cannot_be_compared(three):
    select(three, 0, 1, 2)

    assert three.panel.title.text() == "Two runs can be compared at a time."
    assert differing(three) == []
    assert not three.open.isEnabled()


def test_enter_and_a_double_click_open_a_run(three, qtbot):
    told = []
    three.chosen.connect(told.append)

    select(three, 1)
    qtbot.keyClick(three.table, Qt.Key.Key_Return)
    three.table.doubleClicked.emit(three.sorted.index(0, 0))

    assert told == ["best", "bad"]


def test_a_run_is_deleted_by_its_key_after_a_question(
    three, commands, monkeypatch, qtbot
):
    monkeypatch.setattr(Question, "agreed", lambda question: True)

    select(three, 2)
    qtbot.keyClick(three.table, Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: bool(commands), timeout=5000)
    assert commands[-1].words == ("train", "delete", "trial")
    commands[-1].answer(code=1, error="A file of it is open.")
    assert "A file of it is open." in three.notices.text("delete")


def test_what_is_worked_on_is_not_deleted(home, look, page):
    home.work_on(home.run("one"))
    look()
    page.show_page()

    select(page, 0)

    assert not page.delete.isEnabled()


def test_damaged_runs_are_listed_with_what_to_do(home, look, page, qtbot):
    home.run("one")
    broken = home.config.runs / "broken"
    broken.mkdir()
    (broken / "run.json").write_text("{")
    look()
    page.show_page()

    qtbot.waitUntil(lambda: len(table(page)) == 2, timeout=5000)
    line = table(page)[1]
    assert (line[rows.BEGAN], line[rows.STATE]) == ("broken", "damaged")
    assert "Move the run away or delete it" in line[rows.NOTE]
    select(page, 1)
    assert "Move the run away or delete it" in page.panel.title.text()
    assert not page.open.isEnabled()
    assert page.delete.isEnabled()


def test_what_is_chosen_stays_chosen_when_runs_come(three, home, look):
    select(three, 1)

    home.run("newest", begun=BEGUN + 300)
    look()

    assert [line.name for line in three.selected] == ["best"]


def test_a_sentence_alone_takes_no_more_room_than_it_needs(
    home, runs, engine, commands, look, qtbot
):
    home.run("one")
    look()
    page = HistoryPage(engine, runs, None)
    qtbot.addWidget(page)
    page.show_page()  # before it is laid out
    page.resize(1032, 640)
    page.show()

    assert page.panel.height() < 4 * page.panel.title.fontMetrics().height()
