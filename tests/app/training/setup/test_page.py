"""Tests of the guided start: three clicks from pictures to a run in the queue."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from facecam.app.training.setup.asking import Stage
from facecam.app.training.setup.plan import NO_LABELS, Role
from facecam.training.queue import Queue
from tests.app.training.setup.answers import BARE, LABELLED, POOL, found

WIDER = Path("/pictures/wider")


def chosen(page):
    """Names and roles of the folders."""
    return {folder.path.name: folder.role for folder in page.plan.folders}


def drop(page, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    page.dragEnterEvent(QDragEnterEvent(QPointF(9, 9).toPoint(), *how, none))
    assert page.hint.isVisible()
    page.dropEvent(QDropEvent(QPointF(9, 9), *how, none))
    assert not page.hint.isVisible()


def test_an_empty_page_says_what_to_do_first(page):
    page.begin()

    assert page.folders.invitation.isVisible()
    assert page.folders.choose.isVisible()
    assert page.bar.text.text() == "Choose pictures first."
    assert not page.bar.start.isEnabled()


def test_three_clicks_lead_to_a_run_in_the_queue(
    page, commands, report, runs, qtbot, monkeypatch
):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(WIDER))
    page.folders.choose.click()  # the first click, and a folder in the dialog
    commands.last("look").answer(found(WIDER, LABELLED))
    qtbot.waitUntil(lambda: commands.count("check") == 1)  # by itself
    commands.last("check").answer(report())

    with qtbot.waitSignal(page.started) as begun:
        page.bar.start.click()  # the last one
        commands.last("detector").answer({"run": "/runs/today", "name": "today"})

    assert begun.args == ["today"]
    assert commands.last("detector").words == (
        *("train", "detector", "--data", str(WIDER)),
        *("--preset", "fine-tune", "--from", "deployed", "--later"),
    )
    assert runs.launched == [("train", "work")]


def test_a_folder_says_what_was_found_in_it(add):
    card = add("wider")

    assert card.layout_words.text().startswith("WIDER FACE")
    assert "345 pictures · 1,526 faces" in card.counts.text()
    assert "280 train, 65 val" in card.counts.text()
    assert card.faults.text().startswith("2 pictures or faces")
    assert "list.txt:12" in card.faults.toolTip()
    assert card.accessibleName().startswith("wider: 345 pictures")


def test_a_folder_that_cannot_be_read_says_so_and_is_looked_at_again(
    page, add, commands
):
    card = add("empty", {"error": "The folder is empty. Unpack a set into it."})

    assert card.error.text() == "The folder is empty. Unpack a set into it."
    assert not card.role.isVisible()
    assert "cannot be read" in page.bar.text.text()

    card.again.click()
    assert card.bar.isVisible()
    commands.last("look").answer(found("empty", LABELLED))
    assert not card.error.isVisible()
    assert page.plan.problem == ""


def test_a_command_that_fails_is_told_on_the_card(page, commands):
    page.add((WIDER,))

    commands.last("look").answer(None, 1, "Permission denied. Ask for it.")

    assert page.folders.cards[WIDER].error.text() == "Permission denied. Ask for it."


def test_folders_are_looked_at_one_after_another(page, commands):
    page.add((Path("/a"), Path("/b"), Path("/a")))
    assert [one.words[2] for one in commands.made] == ["/a"]

    commands.last("look").answer(found("/a", LABELLED))
    assert [one.words[2] for one in commands.made] == ["/a", "/b"]
    assert list(chosen(page)) == ["a", "b"]


def test_a_folder_taken_away_while_it_is_looked_at_is_forgotten(page, commands):
    page.add((Path("/a"), Path("/b")))
    first = commands.last("look")

    page.folders.cards[Path("/a")].remove.click()

    assert first.cancelled
    assert commands.last("look").words[2] == "/b"
    assert list(chosen(page)) == ["b"]


def test_roles_are_chosen_by_themselves_and_by_hand(page, add):
    add("wider")
    card = add("holiday", BARE)
    assert chosen(page) == {"wider": Role.LEARN, "holiday": Role.REMEMBER}

    card.role.setCurrentIndex(card.role.findText("Without faces"))
    card.role.activated.emit(card.role.currentIndex())

    assert chosen(page)["holiday"] is Role.WITHOUT_FACES
    assert "false alarm" in card.about.text()


def test_what_is_to_be_remembered_is_not_used_from_scratch_and_says_so(page, add):
    add("wider")
    card = add("holiday", BARE)

    page.what.presets.cards["full"].radio.click()

    assert "Not used" in card.about.text()


def test_folders_are_dropped_onto_the_page(page):
    drop(page, "/pictures/a", "/pictures/b")

    assert list(chosen(page)) == ["a", "b"]


def test_the_suggested_preset_is_chosen_until_somebody_chooses(page, add):
    add("few", preset="trial")
    assert page.plan.preset == "trial"
    assert page.what.presets.cards["trial"].mark.isVisible()

    add("many", preset="full")
    assert page.plan.preset == "full"
    assert page.what.presets.cards["full"].mark.toolTip() == "For full."

    page.what.presets.cards["fine-tune"].radio.click()
    add("more", preset="full")
    assert page.plan.preset == "fine-tune"
    assert page.what.presets.cards["full"].mark.isVisible()


def test_presets_are_chosen_with_the_arrow_keys(page, add, qtbot):
    add("wider")
    radio = page.what.presets.cards["fine-tune"].radio
    radio.setFocus()

    qtbot.keyClick(radio, Qt.Key.Key_Right)

    assert page.plan.preset == "full"


def test_a_click_anywhere_on_a_preset_chooses_it(page, add, qtbot):
    add("wider")
    card = page.what.presets.cards["trial"]

    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)

    assert page.plan.preset == "trial"
    assert card.property("chosen")


def test_presets_stand_below_each_other_where_there_is_little_room(page, qtbot):
    first, second, _ = page.what.presets.cards.values()
    assert first.y() == second.y()

    page.resize(700, 600)

    qtbot.waitUntil(lambda: first.x() == second.x())
    assert page.area.horizontalScrollBar().maximum() == 0


def test_a_pool_of_hard_examples_begins_a_fine_tune_with_the_data_used_last(
    make_page, commands, qtbot
):
    before = make_page()
    before.add((WIDER, Path("/pictures/negatives")))
    commands.last("look").answer(found(WIDER, LABELLED))
    commands.last("look").answer(found("negatives", BARE))
    before.checking.skip()
    before.bar.start.click()
    commands.last("detector").answer({"name": "first"})

    page = make_page()
    page.begin((Path("/home/hard"),))

    assert chosen(page) == {
        "wider": Role.LEARN,
        "negatives": Role.WITHOUT_FACES,
        "hard": Role.HARD,
    }
    assert page.plan.preset == "fine-tune"
    for content in (LABELLED, BARE, POOL):
        commands.last("look").answer(found("x", content))
    assert page.plan.problem == ""
    card = page.folders.cards[Path("/home/hard")]
    assert card.layout_words.text().startswith("Hard examples")
    assert not card.role.isEnabled()


def test_another_run_goes_on_from_one_that_is_done(page, commands, add):
    page.begin(origin="first")
    add("wider")
    page.checking.skip()

    page.bar.start.click()

    assert "goes on from first" in page.bar.text.text()
    words = commands.last("detector").words
    assert words[words.index("--from") + 1] == "first"
    commands.last("detector").answer({"name": "second"})
    page.begin()  # without: from the detector in use again
    assert page.plan.start == "deployed"


def test_hard_examples_alone_are_not_enough(page, commands):
    page.begin((Path("/home/hard"),))
    commands.last("look").answer(found("hard", POOL))

    assert page.bar.text.text() == NO_LABELS
    assert not page.bar.start.isEnabled()


def test_folders_chosen_lately_are_offered_after_a_restart(make_page, commands, add):
    add("wider")

    page = make_page()
    page.folders.recent.click()

    (action,) = page.folders.menu.actions()
    assert action.toolTip() == str(WIDER)
    action.trigger()
    assert list(chosen(page)) == ["wider"]
    page.folders.menu.close()


def test_as_last_time_brings_folders_and_roles_back(make_page, commands, add, page):
    add("wider")
    page.checking.skip()
    page.bar.start.click()
    commands.last("detector").answer({"name": "first"})

    again = make_page()
    assert again.folders.last.isVisible()
    again.folders.last.click()

    assert chosen(again) == {"wider": Role.LEARN}


def test_damaged_memories_count_as_none(make_page, settings):
    settings.keep("training/recent", '{"a": 1}')
    settings.keep("training/last", '[["/a", "nonsense"], 3, ["/b"]]')

    page = make_page()

    assert not page.folders.recent.isVisible()
    assert not page.folders.last.isVisible()


def test_a_name_is_given_to_the_run_or_refused_in_place(page, add, commands, config):
    add("wider")
    page.checking.skip()

    page.what.name.setText("a/b")
    assert page.what.name_error.isVisible()
    assert not page.bar.start.isEnabled()

    page.what.name.setText(" with masks ")
    page.bar.start.click()

    words = commands.last("detector").words
    assert words[words.index("--run") + 1] == str(config.runs / "with masks")


def test_what_was_chosen_stays_when_another_run_is_set_up(page, add, commands):
    add("wider")
    page.checking.skip()
    page.what.name.setText("one")
    page.bar.start.click()
    commands.last("detector").answer({"name": "one"})

    page.hide()
    page.show()
    page.begin()

    assert chosen(page) == {"wider": Role.LEARN}
    assert page.what.name.text() == ""
    assert page.checking.stage is Stage.SKIPPED
    assert page.bar.start.isEnabled()


def test_a_run_waits_while_another_one_is_under_way(page, add, runs):
    add("wider")
    page.checking.skip()
    assert page.bar.start.text() == "Start"

    runs.queue = Queue(waiting=("other",))
    runs.changed.emit()

    assert page.bar.start.text() == "Put into the queue"
    assert "runs before it" in page.bar.more.text()

    runs.queue = Queue(held="other")
    runs.changed.emit()
    assert "other is paused" in page.bar.more.text()


def test_a_run_that_cannot_be_prepared_says_why_and_can_be_tried_again(
    page, add, commands, runs
):
    add("wider")
    page.checking.skip()
    page.bar.start.click()
    assert not page.bar.start.isEnabled()
    assert page.bar.bar.isVisible()

    commands.last("detector").answer(None, 1, "The disk is full. Free 2 GB.")

    assert page.bar.error.text() == "The disk is full. Free 2 GB."
    assert page.bar.start.isEnabled()
    assert not runs.launched

    page.bar.start.click()
    assert not page.bar.error.isVisible()
    assert commands.count("detector") == 2


def test_preparing_a_run_can_be_cancelled(page, add, commands, qtbot):
    add("wider")
    page.checking.skip()
    page.bar.start.click()

    with qtbot.assertNotEmitted(page.cancelled):
        page.bar.cancel.click()

    assert commands.last("detector").cancelled
    assert page.bar.start.isEnabled()


def test_cancel_goes_back_where_there_are_runs_to_go_back_to(page, runs, qtbot):
    assert not page.bar.cancel.isVisible()
    page.bar.cancel.show()

    with qtbot.waitSignal(page.cancelled):
        page.bar.cancel.click()


def test_the_tab_key_goes_from_pictures_to_start(page, add, qtbot):
    add("wider")
    page.checking.skip()
    seen, widget = [], page.folders.cards[WIDER].role
    while widget not in seen:
        seen.append(widget)
        widget = widget.nextInFocusChain()

    order = (
        page.folders.cards[WIDER].role,
        page.folders.choose,
        page.what.presets.cards["fine-tune"].radio,
        page.what.name,
        page.what.advanced.open,
        page.look.look,
        page.bar.start,
    )
    places = [seen.index(widget) for widget in order]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["choose", "recent", "last"])
def test_buttons_say_what_they_do(page, name):
    button = getattr(page.folders, name)

    assert button.text()
    assert button.toolTip() or not button.isVisible()


def test_a_run_that_nobody_can_work_on_says_so_and_stays_here(
    page, add, commands, runs, monkeypatch, qtbot
):
    monkeypatch.setattr(runs, "work", lambda: False)
    add("wider")
    page.checking.skip()
    page.bar.start.click()

    with qtbot.assertNotEmitted(page.started):
        commands.last("detector").answer({"name": "one"})

    assert "facecam train work" in page.bar.error.text()


def test_a_pool_begun_from_again_is_looked_at_again(page, commands):
    pool = Path("/home/hard")
    page.begin((pool,))
    commands.last("look").answer(found("hard", POOL))

    page.begin((pool,))
    commands.last("look").answer(found("hard", {**POOL, "pictures": 8}))

    assert commands.count("look") == 2
    assert "8 pictures" in page.folders.cards[pool].counts.text()


def test_tab_goes_in_the_order_of_reading(page, add, commands, report, qtbot):
    around = QWidget()
    qtbot.addWidget(around)
    first = QPushButton(around)
    page.setParent(around)
    around.show()
    page.show()
    cards = [add("wider"), add("more")]
    qtbot.waitUntil(lambda: commands.count("check") == 1)
    commands.last("check").answer(report("warning"))
    content, place, going = page.area.widget(), first, []
    while (place := place.nextInFocusChain()) is not first:
        stops = place.focusPolicy() & Qt.FocusPolicy.TabFocus
        if stops and place.isVisibleTo(page) and page.isAncestorOf(place):
            going.append(place)
    page.setParent(None)

    assert going[:4] == [each for card in cards for each in (card.role, card.remove)]
    assert going[-1] is page.bar.start
    inside = [each for each in going if content.isAncestorOf(each)]
    rows = [each.mapTo(content, each.rect().topLeft()).y() for each in inside]
    assert rows == sorted(rows)
    assert inside[-2:] == page.look.seen.sheets.buttons
