"""Tests of facecam.app.training.people: fitted again, measured, explained."""

import shutil
import threading
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QLabel, QWidget

from facecam import pipeline, vault
from facecam.app import following, theme
from facecam.app.engine import EngineState
from facecam.app.people.unlocking import UnlockCard
from facecam.app.training.people import cards, elsewhere, measuring, table
from facecam.app.training.people.page import ClassifierPage
from facecam.errors import GalleryError, WeightsMissing
from facecam.gallery import Gallery, Shot
from facecam.media import write_image
from facecam.report import card, standings
from facecam.vision.cohort import Cohort
from tests.fakes import BlobDetector, ColourEmbedder, picture

FIT = pipeline.fit_identifier
PEOPLE = {
    "Ada": ((100, 80, 60), (40, 60, 90), (60, 30, 70)),
    "Grace": ((150, 30, 120), (140, 40, 100)),
    "Zoë": ((20, 20, 150),),
}


@pytest.fixture
def nets(nets, monkeypatch):
    """Fakes for the nets; what fits and keeps the classifiers is the real thing."""
    strangers = np.random.default_rng(0).normal(size=(500, 51)).astype("f4")
    cohort = Cohort.of(strangers)
    monkeypatch.setattr(pipeline, "fit_identifier", FIT)
    monkeypatch.setattr(pipeline, "load_cohort", lambda config: cohort)
    monkeypatch.setattr(following, "EVERY", 20)
    monkeypatch.setattr(elsewhere, "EVERY", 60)
    quick = replace(nets.report, same_moment=1.0, strangers=500, draws=50)
    said = {"report": {"same_moment": 1.0}}  # else what belongs to the embedder wins
    return replace(nets, report=quick, given=said)


@pytest.fixture
def another(nets):
    """The gallery as another program has it."""
    return Gallery(nets.people, BlobDetector(), ColourEmbedder(), nets.gallery)


@pytest.fixture
def enrolled(another):
    """Ids by name."""
    ids = {}
    for name, blobs in PEOPLE.items():
        first, *others = (Shot(picture(blob)) for blob in blobs)
        who = another.enrol(name, [first]).person.identity
        for shot in others:
            another.enrol(who, [shot])
        ids[name] = who.id
    return ids


@pytest.fixture
def opened(window, qtbot):
    """Open the page; -> a function that does."""

    hosts = []

    def open_page():
        host = QWidget()
        hosts.append(host)
        qtbot.addWidget(host)
        page = ClassifierPage(window.engine, window.tasks, window.settings, host)
        host.resize(1280, 580)
        page.resize(1280, 580)
        host.show()
        page.show_page()
        return page

    return open_page


@pytest.fixture
def page(enrolled, opened, qtbot):
    """The page of three people, measured."""
    page = opened()
    qtbot.waitUntil(lambda: measured(page), timeout=20_000)
    return page


def measured(page):
    return page.measuring.snapshot is not None and not (
        page.measuring.busy or page.measuring.stale
    )


def column(page, which):
    model = page.everybody.table.sorted
    return [model.index(row, which).data() for row in range(model.rowCount())]


def told(page):
    return [line.line.text for line in page.changes.lines]


def put_by_hand(nets, identity_id, tmp_path, blob=(90, 90, 80)):
    write_image(tmp_path / "more.png", picture(blob))
    shutil.copy(tmp_path / "more.png", nets.people / identity_id / "more.png")


# Nothing to show yet ----------------------------------------------------------------


def test_nobody_enrolled_says_what_the_page_is_for(opened, qtbot):
    page = opened()

    assert page.stack.currentWidget() is page.empty
    assert page.empty.message.title == "Nobody is enrolled yet"
    with qtbot.waitSignal(page.enrol_wanted) as asked:
        page.empty.button("enrol").click()
    assert asked.args == ["enrol"]


def test_without_a_net_that_tells_people_apart_it_says_where_to_get_one(opened, window):
    window.engine.state = EngineState(loaded=True, can_name=False)
    page = opened()

    assert page.empty.message.title == "Faces cannot be named yet"


def test_protected_people_ask_for_the_passphrase_in_place(nets, opened, window, qtbot):
    vault.create(nets.home, "a long passphrase")
    window.engine.load()
    qtbot.waitUntil(lambda: window.engine.state.locked)
    page = opened()
    assert page.stack.currentWidget() is page.locked

    unlock = page.locked.findChild(UnlockCard)
    unlock.line.setText("a long passphrase")
    unlock.button.click()

    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.empty, timeout=20_000)
    assert page.empty.message.title == "Nobody is enrolled yet"


# Fitting ----------------------------------------------------------------------------


def test_fitting_again_without_a_change_keeps_everybody(page, qtbot):
    assert page.fit.learned.text() == "3 people, 6 pictures"
    assert "Last fitted" in page.fit.about.text()

    qtbot.mouseClick(page.fit.again, Qt.MouseButton.LeftButton)
    assert not page.fit.again.isEnabled()

    qtbot.waitUntil(lambda: not page.fitting.busy, timeout=20_000)
    said = page.fit.outcome.line.text
    assert said.startswith("Done in 0.")
    assert said.endswith(": nothing was new, 3 people kept.")
    assert page.fit.again.isEnabled()


def test_from_nothing_everybody_comes_out_as_before(page, window, qtbot):
    before = window.engine._recognizer.identifier

    page.fit.anew.click()
    qtbot.waitUntil(lambda: not page.fitting.busy, timeout=20_000)

    assert "3 people fitted anew, each as it was before." in page.fit.outcome.line.text
    assert window.engine._recognizer.identifier is before


def test_a_picture_put_in_by_hand_is_learned_with_one_button(
    page, enrolled, nets, window, tmp_path, qtbot
):
    assert not page.outside.isVisible()
    put_by_hand(nets, enrolled["Ada"], tmp_path)
    qtbot.waitUntil(page.outside.isVisible, timeout=20_000)
    assert page.outside.told.line.text == "Not learned yet: Ada has 1 picture more."
    before = window.engine._recognizer.identifier

    qtbot.mouseClick(page.outside.take, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: "Ada: 1 picture more" in told(page), timeout=20_000)
    assert not page.outside.isVisible()
    assert page.fit.learned.text() == "3 people, 7 pictures"
    after = window.engine._recognizer.identifier
    assert after is not before
    ada = [i.id for i in after.identities].index(enrolled["Ada"])
    assert len(after.rows[ada].own) == 4


def test_what_another_program_changes_is_taken_over_by_itself(page, another, qtbot):
    another.enrol("Hedy", [Shot(picture((30, 30, 40)))])

    qtbot.waitUntil(lambda: "Hedy" in column(page, table.NAME), timeout=20_000)
    qtbot.waitUntil(lambda: "Hedy is new, with 1 picture" in told(page), timeout=20_000)

    assert not page.outside.isVisible()
    (said,) = (text for text in told(page) if "another program" in text)
    assert said.endswith(": Hedy is new, with 1 picture")
    assert "just now" in said


def test_what_takes_long_shows_its_progress_and_can_be_cancelled(
    page, window, monkeypatch, qtbot
):
    begun = threading.Event()

    def slowly(config, gallery, report, anew):
        while True:
            begun.set()
            report(0.5)

    monkeypatch.setattr(page.fit.doing._soon, "start", page.fit.doing.show)
    monkeypatch.setattr(pipeline, "fit_people", slowly)
    before = window.engine._recognizer.identifier
    page.fit.anew.click()
    qtbot.waitUntil(lambda: page.fit.doing.bar.value() == 500, timeout=20_000)
    assert begun.is_set()
    assert page.fit.doing.isVisible()
    assert page.fit.doing.text.text().startswith("Fitting")

    page.fit.doing.cancel.click()

    assert not page.fitting.busy
    assert not page.fit.doing.isVisible()
    assert window.engine._recognizer.identifier is before


def test_what_is_quick_shows_no_bar(page):
    page.fit.doing.begin()

    assert not page.fit.doing.isVisible()
    assert page.fit.doing._soon.interval() == cards.SOON == 1000


def test_what_goes_wrong_is_said_in_place_and_goes_when_cured(page, monkeypatch, qtbot):
    def broken(config, gallery, report, anew):
        raise GalleryError("The disk is gone. Put it back.")

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "fit_people", broken)
        page.fit.again.click()
        qtbot.waitUntil(page.fit.wrong.isVisible, timeout=20_000)
        assert page.fit.wrong.text() == "The disk is gone. Put it back."

    page.fit.again.click()

    qtbot.waitUntil(page.fit.outcome.isVisible, timeout=20_000)
    assert not page.fit.wrong.isVisible()


# The setting ------------------------------------------------------------------------


def test_the_setting_is_a_sentence_with_a_way_to_change_it(page, qtbot):
    assert page.setting.threshold.text() == "About 1 wrong name in 500 strangers"
    with qtbot.waitSignal(page.report_wanted):
        page.setting.open.click()


# How surely -------------------------------------------------------------------------


def test_everybody_is_listed_with_what_would_help(page):
    assert sorted(column(page, table.NAME)) == ["Ada", "Grace", "Zoë"]
    zoe = column(page, table.NAME).index("Zoë")
    assert column(page, table.PICTURES)[zoe] == "1"
    assert column(page, table.RECOGNISED)[zoe] == "not known yet"
    assert column(page, table.HELP)[zoe] == "two more, of another day"
    ada = column(page, table.NAME).index("Ada")
    assert column(page, table.RECOGNISED)[ada].endswith("of 3")
    assert column(page, table.RESEMBLES)[ada].split(" · ")[0].strip("\u2068\u2069") in (
        "Grace",
        "Zoë",
    )


def test_columns_sort_by_what_they_mean(page):
    listed = page.everybody.table
    listed.sortByColumn(table.PICTURES, Qt.SortOrder.DescendingOrder)
    assert column(page, table.NAME) == ["Ada", "Grace", "Zoë"]

    listed.sortByColumn(table.NAME, Qt.SortOrder.DescendingOrder)

    assert column(page, table.NAME) == ["Zoë", "Grace", "Ada"]


def test_a_person_is_opened_by_enter_double_click_or_button(page, enrolled, qtbot):
    listed = page.everybody.table
    listed.sortByColumn(table.NAME, Qt.SortOrder.AscendingOrder)
    listed.choose(enrolled["Grace"])
    opened = []
    page.person_wanted.connect(opened.append)

    qtbot.keyClick(listed, Qt.Key.Key_Return)
    page.everybody.open.click()
    place = listed.visualRect(listed.sorted.index(0, 0)).center()
    for click in (qtbot.mouseClick, qtbot.mouseDClick):
        click(listed.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))

    assert opened == [enrolled["Grace"], enrolled["Grace"], enrolled["Ada"]]


def test_numbers_are_kept_and_not_measured_again(page, opened, monkeypatch, qtbot):
    def never(*_):
        raise AssertionError("measured again")

    monkeypatch.setattr(card, "make_card", never)
    other = opened()

    qtbot.waitUntil(lambda: measured(other), timeout=20_000)
    assert column(other, table.RECOGNISED) == column(page, table.RECOGNISED)
    assert other.everybody.note.text().startswith("Measured")


def test_many_people_are_measured_only_when_asked(enrolled, opened, monkeypatch, qtbot):
    monkeypatch.setattr(measuring, "QUICK", 0.0)
    page = opened()
    qtbot.waitUntil(lambda: page.measuring.snapshot is not None, timeout=20_000)
    assert not page.measuring.busy
    assert page.everybody.note.text() == (
        "Not measured yet. Measuring takes about 1\u00a0s."
    )
    assert set(column(page, table.RECOGNISED)) == {"not measured yet"}

    page.everybody.measure.click()

    qtbot.waitUntil(lambda: measured(page), timeout=20_000)
    assert "not measured yet" not in column(page, table.RECOGNISED)


def test_measuring_can_be_cancelled(page, monkeypatch, qtbot):
    def slowly(enrolled, config, report):
        while True:
            report("Trying", 0.5)

    monkeypatch.setattr(card, "make_card", slowly)
    before = column(page, table.RECOGNISED)
    page.everybody.measure.click()
    qtbot.waitUntil(lambda: page.everybody.doing.bar.value() == 500, timeout=20_000)

    page.everybody.doing.cancel.click()

    assert not page.measuring.busy
    assert page.everybody.measure.isEnabled()
    assert column(page, table.RECOGNISED) == before


def test_whose_results_changed_is_told(page, another, enrolled, opened, qtbot):
    now = page.measuring.kept.now
    ada = now.by_id[enrolled["Ada"]]
    worse = standings.Standing(ada.id, 3, 3, (0.0, 0.0, 0.0), "", 1.0)
    surer = standings.Standing(ada.id, 3, 3, (9e5, 9e5, 0.0), "", 1.0)
    for of, one in (("before", worse), (now.of, surer)):
        kept = standings.Standings(of, now.when, 1.0, 3, None, None, 500.0, (one,))
        standings.keep(another, kept, another.generation)

    other = opened()

    qtbot.waitUntil(lambda: measured(other), timeout=20_000)
    expected = "Ada is recognised more surely: 2 of 3 pictures, before 0 of 3"
    assert expected in told(other)
    row = column(other, table.NAME).index("Ada")
    assert column(other, table.RECOGNISED)[row] == "often, 2 of 3"


def test_of_somebody_forgotten_nothing_is_shown(page, another, enrolled, nets, qtbot):
    another.enrol("Hedy", [Shot(picture((30, 30, 40)))])
    qtbot.waitUntil(lambda: "Hedy is new, with 1 picture" in told(page), timeout=20_000)

    another.forget(another.find("Hedy").identity.id)

    qtbot.waitUntil(lambda: "Hedy" not in column(page, table.NAME), timeout=20_000)
    qtbot.waitUntil(lambda: measured(page), timeout=20_000)
    shown = [label.text() for label in page.findChildren(QLabel)]
    assert not [text for text in shown if "Hedy" in text]
    kept = (nets.people / ".identifier").iterdir()
    assert not [path for path in kept if b"hedy" in path.read_bytes()]


def test_an_error_while_reading_is_said_and_cured(enrolled, opened, monkeypatch, qtbot):
    def broken(config, gallery):
        raise WeightsMissing("The embedder is gone. Install it again.")

    page = opened()
    qtbot.waitUntil(lambda: measured(page), timeout=20_000)
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "fit_identifier", broken)
        page.measuring.look()
        qtbot.waitUntil(page.everybody.wrong.isVisible, timeout=20_000)

    page.measuring.look()

    qtbot.waitUntil(lambda: not page.everybody.wrong.isVisible(), timeout=20_000)


# Looks ------------------------------------------------------------------------------


def test_the_cards_stand_above_the_table_where_there_is_little_room(page):
    direction = QBoxLayout.Direction
    assert page.pair.direction() == direction.LeftToRight

    page.resize(800, 560)

    assert page.pair.direction() == direction.TopToBottom


def test_no_state_is_told_by_colour_alone(page):
    model = page.everybody.table.sorted
    role = Qt.ItemDataRole.DecorationRole
    for row in range(model.rowCount()):
        cell = model.index(row, table.RECOGNISED)
        assert cell.data()
        assert not QIcon(cell.data(role)).isNull()


def test_every_control_and_every_number_is_explained(page):
    for button in page.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.text() or button.accessibleName()
    assert page.everybody.table.accessibleName()
    header, role = page.everybody.table.sorted, Qt.ItemDataRole.ToolTipRole
    for section in range(header.columnCount()):
        said = header.headerData(section, Qt.Orientation.Horizontal, role)
        assert said.endswith(".")
    cell = header.index(0, table.PICTURES)
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole).startswith("Pictures: ")


def test_icons_follow_the_colours(page, qtbot):
    page.fit.show_outcome("Done.", "")
    icon = page.fit.outcome._icon
    before = icon.pixmap().toImage()

    theme.choose("dark")

    qtbot.waitUntil(lambda: icon.pixmap().toImage() != before)


def test_tab_goes_in_the_order_of_reading(page):
    order = [
        page.fit.again,
        page.fit.anew,
        page.setting.open,
        page.everybody.measure,
        page.everybody.open,
        page.everybody.table,
    ]
    chain, widget = [], page.fit.again
    for _ in range(300):
        if widget in order and widget not in chain:
            chain.append(widget)
        widget = widget.nextInFocusChain()
    assert chain == order


def test_words_of_when_something_was_taken_over():
    from facecam.app.training.people import saying

    said = saying.taken_over(datetime.now(), "Ada is new, with 1 picture")

    assert said == (
        "Changed by another program, taken over just now: Ada is new, with 1 picture"
    )
