"""Tests of the look at the data: by itself, skipped, failed; what it shows."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from facecam.app.training.setup.asking import Stage
from facecam.app.training.setup.results import read_checked, title
from facecam.app.training.setup.saying import span
from facecam.training import progress


def test_data_are_looked_at_once_they_and_the_preset_are_known(
    page, add, commands, qtbot, config
):
    add("wider")
    assert page.checking.stage is Stage.DUE
    assert not page.bar.start.isEnabled()
    qtbot.waitUntil(lambda: commands.count("check") == 1)

    assert commands.last("check").words == (
        *("train", "check", "--data", "/pictures/wider"),
        *("--preset", "fine-tune", "--from", "deployed"),
        *("--out", str(config.runs / "check")),
    )
    assert "Skip" in page.bar.text.text()


def test_progress_says_what_is_done_and_what_is_left(
    page, add, commands, qtbot, monkeypatch
):
    now = [0.0]
    monkeypatch.setattr(progress.Pace.__init__, "__defaults__", (lambda: now[0],))
    add("wider")
    qtbot.waitUntil(lambda: commands.count("check") == 1)

    commands.last("check").progressed.emit(0.1, "Looking at pictures")
    now[0] = 30.0
    commands.last("check").progressed.emit(0.4, "Looking at pictures")

    assert page.look.text.text() == "Looking at pictures…"
    assert page.look.left.text() == "1 minute left"
    assert page.look.bar.value() == 400


def test_the_look_is_skipped_and_caught_up_on(page, add, commands, qtbot, report):
    add("wider")
    qtbot.waitUntil(lambda: commands.count("check") == 1)

    page.look.skip.click()

    assert commands.last("check").cancelled
    assert page.bar.start.isEnabled()
    assert page.look.look.isVisible()

    page.look.look.click()
    commands.last("check").answer(report())
    assert page.checking.stage is Stage.DONE


def test_another_preset_is_looked_at_anew_but_choosing_it_again_is_not(
    checked, commands, qtbot
):
    page = checked()
    page.what.presets.cards["fine-tune"].radio.click()
    assert page.checking.stage is Stage.DONE

    page.what.presets.cards["trial"].radio.click()

    qtbot.waitUntil(lambda: commands.count("check") == 2)
    assert "trial" in commands.last("check").words
    assert not page.look.seen.isVisible()


def test_a_changed_number_makes_the_look_old_but_does_not_look_by_itself(
    checked, commands
):
    page = checked()
    page.what.advanced.open.click()
    commands.answer_numbers()
    page.what.advanced.numbers.change("seed", "7")
    page.what.advanced.changed.emit()

    assert page.checking.stage is Stage.SKIPPED
    assert page.bar.start.isEnabled()
    page.look.look.click()
    assert "seed=7" in commands.last("check").words


def test_findings_are_told_by_words_and_signs_with_their_cures(checked):
    page = checked("warning", "note")

    first, second = page.look.seen.rows
    assert first.accessibleName() == (
        "Warning: Faces have no points. Add a set with points."
    )
    assert second.accessibleName().startswith("Note:")
    assert page.look.text.text() == "Training can start. 2 things to know first."
    assert page.bar.start.isEnabled()


def test_errors_keep_the_run_from_starting_and_say_where_to_look(checked):
    page = checked("error", "note")

    assert page.look.text.text() == "Training on this data cannot work."
    assert not page.bar.start.isEnabled()
    assert "see step 3" in page.bar.text.text()
    assert not page.look.done


def test_without_findings_all_is_well(checked):
    page = checked()

    assert page.look.text.text() == "Training on this data can start."
    assert page.look.done
    assert page.look.seen.rows == []


def test_a_look_that_fails_says_why_and_leaves_the_start_to_the_run(
    page, add, commands, qtbot
):
    add("wider")
    qtbot.waitUntil(lambda: commands.count("check") == 1)

    commands.last("check").answer(None, 1, "The process crashed. Close other programs.")

    assert page.look.text.text() == "The process crashed. Close other programs."
    assert page.look.look.text() == "Look again"
    assert page.bar.start.isEnabled()


def test_faces_and_costs_are_bars_that_a_screen_reader_can_read(checked):
    page = checked()
    told = {
        chart.bars.accessibleName(): chart.bars.accessibleDescription()
        for chart in page.look.seen.charts
    }

    assert told["Faces by size"] == "below 10 px: 0  (0%); 10–20 px: 1,200  (100%)"
    assert "heavy: 300  (25%)" in told["Faces by sharpness"]
    assert "P-Net fit: 13:00" in told["Time and disk by part"]
    assert "14 minutes" in page.look.seen.costs.text()


def test_bars_are_as_long_as_their_values(checked):
    page = checked()
    bars = next(
        chart.bars for chart in page.look.seen.charts
        if chart.bars.accessibleName() == "Faces by sharpness"
    )  # fmt: skip
    image = bars.grab().toImage()
    accent = image.pixelColor(image.width() // 2, 12)  # 900 of 900: a full bar

    def length(row):
        line = range(image.width())
        return sum(image.pixelColor(x, 24 * row + 12) == accent for x in line)

    assert length(1) == pytest.approx(length(0) / 3, abs=2)


def test_the_estimate_stands_on_the_preset_and_beside_start_until_data_change(
    checked, add
):
    page = checked()
    card = page.what.presets.cards["fine-tune"]
    assert card.cost.text() == "About 14 minutes, 401 MB"
    assert "about 14 minutes" in page.bar.text.text()

    add("more")
    assert card.cost.text() == card.said.rough


def test_sheets_are_read_in_the_background_and_clicked_through(checked, qtbot):
    page = checked()
    first, second = page.look.seen.sheets.buttons
    assert first.text() == "Pictures: faces"
    qtbot.waitUntil(lambda: second.image is not None)

    first.click()
    viewer = page.viewer
    assert viewer.isVisible()
    qtbot.waitUntil(lambda: viewer.canvas.item.pixmap().width() == 600)
    assert viewer.count.text() == "1 of 2"
    assert not viewer.before.isEnabled()

    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.title.text() == "Samples for P-Net, 12 pixels"
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.number == 1

    qtbot.keyClick(viewer, Qt.Key.Key_Escape)
    assert not viewer.isVisible()
    assert page.focusWidget() is second


def test_a_sheet_is_fitted_and_zoomed(checked, qtbot):
    page = checked()
    page.look.seen.sheets.buttons[0].click()
    viewer, canvas = page.viewer, page.viewer.canvas
    qtbot.waitUntil(lambda: canvas.item.pixmap().width() == 600)
    fitted = canvas.zoom
    shown = canvas.mapFromScene(canvas.sceneRect()).boundingRect()
    assert canvas.viewport().rect().adjusted(-1, -1, 1, 1).contains(shown)

    for _ in range(4):
        qtbot.keyClick(viewer, Qt.Key.Key_Plus)
    assert canvas.zoom == pytest.approx(fitted * 1.25**4)
    qtbot.keyClick(viewer, Qt.Key.Key_0)
    assert canvas.zoom == pytest.approx(fitted)

    at = QPointF(300, 200)
    place = canvas.mapToScene(at.toPoint())
    nothing = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.NoScrollPhase
    canvas.wheelEvent(
        QWheelEvent(at, at, QPoint(), QPoint(0, 480), *nothing, phase, False)
    )
    assert canvas.zoom > fitted
    moved = canvas.mapFromScene(place) - at.toPoint()
    assert moved.manhattanLength() <= 4  # what lies under the pointer stays there


def test_a_sheet_that_has_gone_says_so(checked, qtbot, tmp_path):
    page = checked()
    for path in (tmp_path / "sheets").iterdir():
        path.unlink()
    page.viewer._pictures.forget()

    page.look.sheet_wanted.emit(0)

    qtbot.waitUntil(lambda: "cannot be read" in page.viewer.state.text())


def test_sheets_of_another_look_replace_those_of_the_same_name(
    checked, commands, report, qtbot
):
    page = checked()
    (first, _) = page.look.seen.sheets.buttons
    qtbot.waitUntil(lambda: first.image is not None)
    before = first.image.pixelColor(9, 9)

    page.look.look.click()
    commands.last("check").answer(report(sheets=("0-b-faces", "1-faces-pictures")))

    (_, again) = page.look.seen.sheets.buttons
    qtbot.waitUntil(lambda: again.image is not None)
    assert again.image.pixelColor(9, 9) != before


@pytest.mark.parametrize("answer", [None, {}, {"findings": []}, []])
def test_another_answer_is_no_look_at_data(answer):
    with pytest.raises(ValueError, match=r"\w"):
        read_checked(answer)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sheets/2-my-set-faces.png", "Faces close up: my-set"),
        ("sheets/samples-48.png", "Samples for O-Net, 48 pixels"),
        ("sheets/other.png", "other"),
    ],
)
def test_sheets_are_called_by_what_they_show(name, said):
    assert title(name) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (12, "less than a minute"),
        (70, "1 minute"),
        (3580, "1 hour"),
        (5000, "1 hour 20 minutes"),
        (7150, "2 hours"),
        (40_000, "11 hours"),
    ],
)
def test_spans_of_time_are_said_as_people_do(seconds, said):
    assert span(seconds) == said
