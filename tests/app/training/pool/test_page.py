"""Tests of the page of the hard examples: shown, filtered, pruned, put back."""

import json
import time

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFileDialog, QWidget

from facecam import vault
from facecam.app.engine import Engine
from facecam.app.tasks import Tasks
from facecam.app.teaching.teaching import ENOUGH
from facecam.app.training.pool import page as pages
from facecam.app.training.pool import saying
from facecam.app.training.pool.page import PoolPage
from facecam.app.training.pool.whole import LargeView
from facecam.config import Config
from facecam.errors import DatasetError
from facecam.faces import Identity
from facecam.gallery import Person
from facecam.training.detector import hard_examples
from facecam.training.detector.hard_examples import LIST, Kind
from tests.fakes import picture

LEFT = Qt.MouseButton.LeftButton
IMAGE = picture((60, 60, 80))
BOX = np.float32((60, 60, 140, 140))
POINTS = np.float32([(80, 90), (120, 90), (100, 110), (85, 125), (115, 125)])


@pytest.fixture
def folder(tmp_path):
    """Two false alarms and a missed face with points, in two pictures."""
    hard = tmp_path / "hard"
    hard_examples.add(hard, IMAGE, BOX, Kind.MISSED_FACE, POINTS)
    hard_examples.add(hard, IMAGE, BOX + 8, Kind.FALSE_ALARM)
    hard_examples.add(hard, IMAGE[::-1], BOX - 8, Kind.FALSE_ALARM)
    return hard


@pytest.fixture
def page(tmp_path, qtbot):
    """The page, shown; the pool was looked at."""
    tasks = Tasks()
    window = QWidget()
    engine = Engine(Config(home=tmp_path), tasks, window)
    page = PoolPage(engine, tasks, window)
    qtbot.addWidget(window)
    window.resize(1032, 577)
    page.setGeometry(window.rect())
    window.show()
    look(page, qtbot)
    yield page
    window.close()
    assert tasks.close(5)


def look(page, qtbot):
    page.show_page()
    qtbot.waitUntil(
        lambda: page.empty.message is not saying.READING or bool(cards(page))
    )


def cards(page):
    return [str(example.kind) for example in page.model.examples]


def choose(page, *rows):
    select = QItemSelectionModel.SelectionFlag.Select
    page.grid.clearSelection()
    for row in rows:
        page.grid.selectionModel().select(page.model.index(row), select)


def told(page, qtbot):
    qtbot.waitUntil(lambda: bool(page.toasts.text(pages.KEY)))
    return page.toasts.text(pages.KEY)


def undo(page, qtbot):
    qtbot.mouseClick(page.toasts.button(pages.KEY, "Undo"), LEFT)


def test_an_empty_pool_says_how_to_teach_and_goes_to_live(page, qtbot):
    assert page.empty.message is saying.NOTHING
    assert not page.fine_tune.isVisible()
    with qtbot.waitSignal(page.live_wanted):
        qtbot.mouseClick(page.empty.button(saying.LIVE), LEFT)


def test_examples_are_shown_newest_first_and_counted_in_words(folder, page):
    assert cards(page) == ["false alarm", "false alarm", "missed face"]
    assert page.model.examples[0].box[0] == 52
    said = "2 false alarms and 1 missed face in 2 pictures"
    assert page.count.text() == said
    assert page.kinds.buttons["false alarm"].text() == "False alarms  2"


def test_a_card_says_kind_day_size_and_points(folder, page):
    spoken = page.model.index(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Missed face, Today, 80 × 80 pixels, five points"
    assert "was not found" in page.model.index(2).data(Qt.ItemDataRole.ToolTipRole)
    assert "points" not in page.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_card_shows_the_picture_and_the_box_once_they_are_read(folder, page, qtbot):
    def bright():
        shot = page.grid.viewport().grab().toImage()
        cell = page.grid.visualRect(page.model.index(2))
        spots = [cell.center() - type(cell.center())(n, 20) for n in range(-30, 30, 3)]
        ratio = shot.devicePixelRatio()
        return sum(QColor(shot.pixel(s * ratio)).lightness() > 80 for s in spots)

    qtbot.waitUntil(lambda: bright() > 3)


def test_one_kind_can_be_looked_at_alone(folder, page, qtbot):
    qtbot.mouseClick(page.kinds.buttons["missed face"], LEFT)
    assert cards(page) == ["missed face"]
    choose(page, 0)
    page._remove()
    told(page, qtbot)
    assert page.empty.message.title == "No missed face was kept"

    qtbot.mouseClick(page.empty.button(saying.ALL), LEFT)

    assert cards(page) == ["false alarm", "false alarm"]


def test_several_are_removed_at_once_and_put_back(folder, page, qtbot):
    before = (folder / LIST).read_bytes()
    choose(page, 0, 2)
    assert page.count.text() == "2 of 3 chosen"
    assert page.remove.text() == "Remove 2"

    qtbot.mouseClick(page.remove, LEFT)

    assert told(page, qtbot) == "Removed 2 examples."
    assert cards(page) == ["false alarm"]
    assert len(list(folder.glob("*.jpg"))) == 1
    undo(page, qtbot)
    qtbot.waitUntil(lambda: "Put 2 examples back." in told(page, qtbot))
    assert len(cards(page)) == 3
    assert (folder / LIST).read_bytes() == before


def test_delete_removes_what_is_chosen_and_enter_shows_it_large(
    folder, page, qtbot, monkeypatch
):
    opened = []
    monkeypatch.setattr(LargeView, "exec", lambda view: opened.append(view.row))
    page.grid.go_to(page.model.index(1))
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    assert opened == [1]

    qtbot.keyClick(page.grid, Qt.Key.Key_Delete)

    assert told(page, qtbot) == "Removed 1 example."
    assert len(cards(page)) == 2


def test_nothing_can_be_removed_while_nothing_is_chosen(folder, page):
    page.grid.clearSelection()
    assert not page.remove.isEnabled()
    assert page.beside.title.text() == "None chosen"


def test_the_chosen_one_is_shown_whole_beside(folder, page, qtbot):
    page.grid.go_to(page.model.index(2))
    beside = page.beside
    qtbot.waitUntil(lambda: beside.picture.image is not None)
    assert beside.title.text() == "Missed face"
    assert "Box of 80 × 80 pixels, five points" in beside.facts.text()
    assert beside.picture.image.width() == 320
    corner = beside.picture.placement().to_widget(60, 60).toPoint()
    shot = beside.picture.grab().toImage()
    around = [(corner.x() + dx, corner.y() + 20) for dx in range(-3, 4)]
    assert any(shot.pixelColor(x, y).blue() > 180 for x, y in around)


def test_the_large_picture_goes_on_with_the_arrows(folder, page, qtbot):
    view = LargeView(page.model.examples, 0, page._tasks, page)
    qtbot.addWidget(view)
    view.show()
    assert view.caption.text().startswith("1 of 3")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(view, key)
    assert view.caption.text().startswith("3 of 3  ·  Missed face")
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert not view.isVisible()


def test_a_picture_that_is_gone_is_said_and_can_be_removed(folder, page, qtbot):
    page.model.examples[0].picture.unlink()
    for row in (2, 0):  # the first one was read already
        page.grid.go_to(page.model.index(row))
    image = page.beside.picture
    qtbot.waitUntil(lambda: image.image is not None and image.image.isNull())
    page._remove()
    assert told(page, qtbot) == "Removed 1 example."


def test_a_fine_tune_begins_with_the_whole_pool(folder, page, qtbot):
    assert f"about {ENOUGH}" in page.hint.text()
    with qtbot.waitSignal(page.fine_tune_wanted) as wanted:
        qtbot.mouseClick(page.fine_tune, LEFT)
    assert wanted.args == [folder]


def test_damaged_lines_are_named_and_can_be_taken_out(folder, page, qtbot):
    text = (folder / LIST).read_text()
    (folder / LIST).write_text("nonsense\n" + text)
    page.show_page()
    qtbot.waitUntil(lambda: bool(page.offers.text("damaged")))
    assert "Line 1 of hard.jsonl cannot be read" in page.offers.text("damaged")
    assert len(cards(page)) == 3

    qtbot.mouseClick(page.offers.button("damaged", "Take out"), LEFT)

    qtbot.waitUntil(lambda: not page.offers.text("damaged"))
    assert (folder / LIST).read_text() == text
    undo(page, qtbot)
    qtbot.waitUntil(lambda: bool(page.offers.text("damaged")))


def test_many_damaged_lines_are_named_shortly():
    assert "Lines 1, 2, 3, 4, 5 and 4 more of" in saying.damaged(range(1, 10))


def test_a_list_that_cannot_be_read_at_all_says_why(folder, page, qtbot):
    (folder / LIST).write_bytes(b"\xff\xfe\x00")
    page.show_page()
    qtbot.waitUntil(lambda: page.empty.isVisible())
    assert "UTF-16" in page.empty.message.text
    (folder / LIST).write_text("")
    qtbot.mouseClick(page.empty.button(saying.AGAIN), LEFT)
    qtbot.waitUntil(lambda: page.empty.message is saying.NOTHING)


def test_pictures_that_lie_open_beside_protected_people_are_said(folder, page, qtbot):
    vault.create(folder.parent, "correct horse battery")
    page.show_page()
    qtbot.waitUntil(lambda: bool(page.offers.text("open")))
    assert "2 pictures here can be read by anybody" in page.offers.text("open")

    qtbot.mouseClick(page.offers.button("open", "Remove all"), LEFT)

    qtbot.waitUntil(lambda: page.empty.isVisible() and not page.offers.text("open"))
    assert not list(folder.glob("*.jpg"))
    undo(page, qtbot)
    qtbot.waitUntil(lambda: "people are protected" in told(page, qtbot))


def test_another_pool_is_brought_and_taken_back(
    folder, page, qtbot, tmp_path, monkeypatch
):
    other = tmp_path / "other"
    hard_examples.add(other, IMAGE, BOX + 3, Kind.MISSED_FACE)
    ask = staticmethod(lambda parent, title: str(other))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", ask)

    qtbot.mouseClick(page.bring, LEFT)

    assert told(page, qtbot) == "Brought 1 example."
    assert len(cards(page)) == 4
    undo(page, qtbot)
    qtbot.waitUntil(lambda: len(cards(page)) == 3)
    page.bring_from(folder)
    qtbot.waitUntil(lambda: "here already" in told(page, qtbot))


def test_a_folder_without_examples_brings_an_explanation(page, qtbot, tmp_path):
    page.bring_from(tmp_path)
    assert "no hard.jsonl in it" in told(page, qtbot)


def test_an_unexpected_error_is_not_hidden(page):
    for ends in (page._wrong, page._unreadable):
        with pytest.raises(ZeroDivisionError):
            ends(ZeroDivisionError())
    page._wrong(DatasetError("The cure."))
    assert page.toasts.text(pages.KEY) == "The cure."


def test_a_page_built_after_live_looked_shows_the_same(folder, page, qtbot):
    again = PoolPage(page.pool.parent(), page._tasks, page)
    assert again.pool is page.pool
    again.show_page()
    qtbot.waitUntil(lambda: len(cards(again)) == 3)


def test_what_live_adds_appears_at_once(folder, page, qtbot):
    from facecam.app.teaching.mark import MISSED_FACE, Mark

    page.grid.go_to(page.model.index(1))
    mark = Mark(IMAGE, BOX + 20, MISSED_FACE)
    page.pool.keep(mark, lambda example: None, page._wrong)
    qtbot.waitUntil(lambda: len(cards(page)) == 4)
    assert cards(page)[0] == "missed face"


def test_after_somebody_was_forgotten_nothing_can_be_put_back(folder, page, qtbot):
    engine = page.pool.parent()
    ada, grace = (Person(Identity(f"{n}-1", n), folder) for n in ("ada", "grace"))
    engine.people_changed.emit((ada, grace))
    choose(page, 0)
    page._remove()
    told(page, qtbot)
    qtbot.waitUntil(lambda: bool(page.thumbs._known))

    engine.people_changed.emit((ada, grace))
    assert page.toasts.text(pages.KEY)
    engine.people_changed.emit((grace,))

    assert not page.toasts.text(pages.KEY)
    assert not page.thumbs._known


def test_hundreds_are_shown_without_reading_them_all(tmp_path, page, qtbot):
    hard = tmp_path / "hard"
    hard_examples.add(hard, IMAGE, BOX, Kind.FALSE_ALARM)
    entry = json.loads((hard / LIST).read_text())
    lines = [json.dumps({**entry, "box": [n, 5, n + 40, 60]}) for n in range(800)]
    (hard / LIST).write_text("\n".join(lines))

    began = time.monotonic()
    page.show_page()
    qtbot.waitUntil(lambda: len(cards(page)) == 800)
    page.grid.viewport().grab()

    assert time.monotonic() - began < 3
    assert page.count.text() == "800 false alarms in 1 picture"
    assert len(page.thumbs._wishes) < 100


@pytest.mark.parametrize(("width", "beside"), [(1032, True), (600, False)])
def test_where_there_is_little_room_the_cards_have_it(folder, page, width, beside):
    page.resize(width, 500)
    assert page.beside.isVisible() is beside


def test_tab_goes_in_the_order_of_reading(folder, page, qtbot):
    stops, going = [page.kinds.buttons["all"], page.bring, page.open_folder], []
    stops += [page.grid, page.beside.large, page.remove, page.fine_tune]
    page.fine_tune.setFocus()

    for _ in stops:
        qtbot.keyClick(page.window().focusWidget(), Qt.Key.Key_Tab)
        going.append(page.window().focusWidget())

    assert going == stops
