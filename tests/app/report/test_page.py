"""Tests of facecam.app.report: the promise, the slider, the curves, everybody."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from facecam.app import theme
from facecam.app.report import table
from facecam.app.report.plots import Det, Roc, Scores
from facecam.config import chosen
from facecam.errors import GalleryError
from facecam.gallery import Gallery, Shot
from facecam.report import card as cards
from facecam.vision.identifier import Identifier
from tests.fakes import BlobDetector, ColourEmbedder, picture

NAMES = ("Ada", "Zoë 王 🦉")


def shots(tint, count):
    """Pictures of somebody with a colour of their own, a little different each."""
    views = []
    for k in range(count):
        image = picture((60 + 5 * k, 70 + 3 * k, 60)).astype(np.float32)
        image *= 0.1 + 0.9 * np.array([tint % 2, tint // 2 % 2, tint // 4 % 2])
        image[..., 2] += (image.max(axis=2) > 90) * 4 * k
        views.append(Shot(image.clip(0, 255).astype(np.uint8)))
    return views


def open_page(window):
    place = window.places.show_place("people")
    place.show_page("report")
    return place.page("report")


def enrol(config, name, tint, count, together=False):
    gallery = Gallery(config.people, BlobDetector(), ColourEmbedder(), config.gallery)
    if together:
        return gallery.enrol(name, shots(tint, count), capture="one").person.identity
    first, *others = shots(tint, count)
    who = gallery.enrol(name, [first]).person.identity
    for shot in others:
        gallery.enrol(who, [shot])
    return who


@pytest.fixture
def nets(nets):
    """The stand-in tells pictures of one person only from copies."""
    said = {"report": {"same_moment": 1.0}}  # else what belongs to the embedder wins
    return replace(nets, report=replace(nets.report, same_moment=1.0), given=said)


@pytest.fixture
def people(nets):
    return [enrol(nets, name, 3 * n + 1, 6) for n, name in enumerate(NAMES)]


@pytest.fixture
def page(people, window, qtbot):
    shown = open_page(window)
    qtbot.waitUntil(lambda: shown.sheet is not None, timeout=20_000)
    return shown


def told(page):
    return page.sheet.setting.headline.text()


def test_nobody_enrolled_says_what_the_page_is_for(window, qtbot):
    page = open_page(window)

    qtbot.waitUntil(lambda: page.empty.message.title == "Nobody is enrolled yet")
    assert page.stack.currentWidget() is page.empty
    assert page.sheet is None
    page.empty.button("enrol").click()
    assert window.places.current == "enrol"


def test_the_promise_is_a_sentence(page):
    assert told(page).startswith("Your people are recognised")
    assert "at about 1 wrong name per 500 strangers." in told(page)
    assert page.sheet.setting.apply.text() == "In use"
    assert not page.sheet.setting.apply.isEnabled()


def test_pictures_of_one_sitting_are_not_enough(nets, window, qtbot):
    enrol(nets, "Ada", 3, 4, together=True)
    window.engine.load()
    page = open_page(window)

    qtbot.waitUntil(lambda: page.sheet is not None, timeout=20_000)

    assert told(page).startswith("Not enough pictures to promise this.")
    assert "Ada has pictures of one sitting only" in page.sheet.setting.problem.text()


def test_the_slider_moves_the_line_and_the_words(page):
    setting = page.sheet.setting
    before = told(page)

    setting.slider.setValue(setting.slider.maximum())

    assert "100,000 strangers" in told(page)
    assert told(page) != before
    assert setting.apply.isEnabled()
    for chart in page.sheet.charts:
        assert chart.line.value() == pytest.approx(5.0)


def test_the_slider_stays_under_the_pointer_while_it_is_moved(page, qtbot):
    setting = page.sheet.setting
    before = setting.slider.geometry()

    for value in range(setting.slider.maximum() + 1):
        setting.slider.setValue(value)
        qtbot.wait(10)
        assert setting.slider.geometry() == before


def test_ctrl_z_takes_back_the_setting_while_that_is_said(page, window, qtbot):
    page.apply(100.0)

    qtbot.mouseClick(
        window.places.show_place("people").tools.undo, Qt.MouseButton.LeftButton
    )

    assert window.engine.config.identifier.strangers_per_wrong_name == 500
    assert len(window.engine.people) == len(NAMES)


def test_the_slider_can_be_moved_with_keys(page, qtbot):
    slider = page.sheet.setting.slider
    value = slider.value()

    qtbot.keyClick(slider, Qt.Key.Key_Right)

    assert slider.value() == value + 1
    assert "1,000 strangers" in told(page)


def test_applying_changes_what_the_identifier_does_now_and_later(page, window, qtbot):
    setting = page.sheet.setting
    steps = [promise.strangers for promise in page.card.promises]
    setting.slider.setValue(steps.index(2000.0))

    setting.apply.click()

    config = window.engine.config
    assert config.identifier.strangers_per_wrong_name == 2000
    stored = json.loads((config.home / chosen.FILE).read_text())
    assert stored == {"identifier": {"strangers_per_wrong_name": 2000.0}}
    recognizer = window.engine._recognizer
    qtbot.waitUntil(
        lambda: recognizer.identifier.config.strangers_per_wrong_name == 2000,
        timeout=10_000,
    )
    assert page.card.setting == 2000
    assert setting.apply.text() == "In use"


def test_applying_can_be_undone(page, window, qtbot):
    page.apply(100.0)
    assert "100 strangers from now on" in said(page)

    button = page.toasts._lines["setting"].findChildren(type(page.tools.cancel))[0]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert window.engine.config.identifier.strangers_per_wrong_name == 500
    assert page.card.setting == 500
    assert "500 strangers" in told(page)


def test_a_setting_of_facecam_toml_wins_and_is_said(page, window):
    home = window.engine.config.home
    (home / "facecam.toml").write_text("[identifier]\nstrangers_per_wrong_name = 300\n")

    page.apply(1000.0)

    assert "facecam.toml says 300" in said(page)
    assert window.engine.config.identifier.strangers_per_wrong_name == 500


def test_everybody_is_listed_and_sorted(page):
    model = page.sheet.table.sorted

    def column(which):
        return [model.index(row, which).data() for row in range(model.rowCount())]

    assert sorted(column(table.NAME)) == sorted(NAMES)
    assert column(table.PICTURES) == ["6", "6"]
    page.sheet.table.sortByColumn(table.NAME, Qt.SortOrder.DescendingOrder)
    assert column(table.NAME) == list(NAMES[::-1])
    assert all(text.endswith("of 6") for text in column(table.RECOGNISED))


def test_faces_stand_beside_the_names(page, qtbot):
    cell = page.sheet.table.sorted.index(0, table.NAME)
    role = Qt.ItemDataRole.DecorationRole

    qtbot.waitUntil(lambda: page.sheet.table.sorted.index(0, 0).data(role) is not None)

    assert not cell.data(role).isNull()


def test_pointing_at_a_curve_tells_its_values(page):
    for chart, word in (
        (page.sheet.roc, "recognised"),
        (page.sheet.det, "missed"),
        (page.sheet.scores, "own people"),
    ):
        chart.tell(2.0)
        assert chart.said.isVisible()
        assert word in chart.said.text()
        assert chart.rect().contains(chart.said.geometry())


def test_no_menu_of_a_chart_outlives_it(page):
    loose = [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QMenu) and widget.title() == "Plot Options"
    ]

    assert loose == []
    assert page.sheet.roc.findChildren(QMenu)


def test_the_curves_follow_the_colours(page, qtbot):
    def ground(chart):
        return chart.backgroundBrush().color().name()

    assert ground(page.sheet.roc) == theme.LIGHT.surface

    theme.choose("dark")

    for chart in page.sheet.charts:
        qtbot.waitUntil(lambda c=chart: ground(c) == theme.DARK.surface)


def test_a_change_is_shown_only_while_somebody_looks(page, window, nets, qtbot):
    first = page.card
    window.places.show_place("live")
    done = []
    window.engine.change(
        lambda gallery: gallery.enrol("Grace", shots(5, 2)), done.append, pytest.fail
    )
    qtbot.waitUntil(lambda: bool(done), timeout=10_000)
    assert page.card is first
    assert page.tools.text.text().endswith("changed since")

    open_page(window)

    qtbot.waitUntil(lambda: page.card.people == 3, timeout=20_000)
    assert page.tools.text.text().startswith("3 people, as of")


def test_making_it_can_be_cancelled_and_begun_again(page, window, monkeypatch, qtbot):
    told = []

    def slowly(enrolled, config, report):
        while True:
            told.append(1)
            report("Trying", 0.5)

    with monkeypatch.context() as patch:
        patch.setattr(cards, "make_card", slowly)
        page.refresh()
        qtbot.waitUntil(lambda: bool(told), timeout=10_000)
        assert page.tools.cancel.isVisible()
        page.tools.cancel.click()
    assert not page.tools.cancel.isVisible()
    assert page.sheet.isVisible()
    before = page.card

    page.tools.refresh.click()

    qtbot.waitUntil(lambda: page.card is not before, timeout=20_000)


def test_what_goes_wrong_is_said_in_place_and_cured(people, window, monkeypatch, qtbot):
    def broken(enrolled, config, report):
        raise GalleryError("The disk is gone. Put it back.")

    with monkeypatch.context() as patch:
        patch.setattr(cards, "make_card", broken)
        page = open_page(window)
        qtbot.waitUntil(lambda: page.empty.message.title == "No report card")
        assert page.empty.message.text == "The disk is gone. Put it back."

    page.refresh()

    qtbot.waitUntil(lambda: page.sheet is not None, timeout=20_000)


def test_the_curves_stand_below_each_other_where_there_is_little_room(page, window):
    window.resize(1200, 760)
    assert page.sheet.roc.mapTo(page, page.sheet.roc.rect().topLeft()).x() < (
        page.sheet.det.mapTo(page, page.sheet.det.rect().topLeft()).x()
    )


def test_every_control_has_a_name(page):
    setting = page.sheet.setting
    assert setting.slider.accessibleName() == "Strangers per wrong name"
    assert page.tools.refresh.accessibleName()
    assert page.sheet.table.accessibleName()
    for kind in (Scores, Roc, Det):
        assert page.sheet.findChild(kind).accessibleName()


def test_nothing_of_it_is_imported_before_it_is_shown():
    from facecam.app.report import page as module

    assert "pyqtgraph" not in vars(module)
    assert Identifier.__module__ not in vars(module)


def said(page):
    return " ".join(label.text() for label in page.toasts.findChildren(QLabel))
