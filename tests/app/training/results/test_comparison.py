"""Tests of facecam.app.training.results.comparison: a run beside the one in use."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from pyqtgraph import ScatterPlotItem
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QDesktopServices

from facecam.app import theme
from facecam.app.dialogs import Question
from facecam.app.training.results import acts, curve, measures
from facecam.app.training.results.comparison import ComparisonView
from facecam.app.training.results.pair_view import SHOWN, region
from facecam.training import queue
from facecam.training.detector.evaluation.figures import Landmarks
from tests.app.training.results.made import FACE, STEPS, WALL, trial


@pytest.fixture
def view(qtbot, home, runs, engine, commands):
    shown = ComparisonView(engine, runs, None)
    qtbot.addWidget(shown)
    shown.resize(1000, 900)
    shown.show()
    return shown


@pytest.fixture
def open_run(view, look, qtbot):
    """Show a run and wait until what it has brought is read."""

    def open_run(name="one"):
        look()
        view.in_use_now.look()
        view.show_run(name)
        qtbot.waitUntil(lambda: view.results is not None, timeout=5000)
        return view

    return open_run


def worse_one():
    return replace(trial(0.93), landmarks=Landmarks(150, 0.09, 0.09, 0.2, 0.16))


def headline(view):
    return view.card.headline.text()


def cells(view, row):
    model = view.table.measures
    return [model.index(row, column).data() for column in range(4)]


def colours(widget):
    image = widget.grab().toImage()
    step = range(0, image.height(), 2)
    return {image.pixelColor(x, y).name() for y in step for x in range(image.width())}


def test_the_verdict_is_one_sentence_and_the_numbers_stand_side_by_side(home, open_run):
    home.evaluated("one")

    view = open_run()

    assert headline(view) == (
        "Better: it finds 93 % of the faces, the detector in use 85 %."
    )
    assert view.card.use.text() == "Use this detector"
    assert not view.card.against.isVisible()
    heads = [
        view.table.measures.headerData(n, Qt.Orientation.Horizontal) for n in range(4)
    ]
    assert heads == ["Measured", "In use", "This run", "This run is"]
    first = ["All faces found, at ½ false alarm", "85.0 %", "93.0 %", "▲ better"]
    assert cells(view, 0) == first


def test_each_number_explains_itself(home, open_run):
    home.evaluated("one")
    model = open_run().table.measures
    tip = Qt.ItemDataRole.ToolTipRole

    assert "Of 200 faces labelled" in model.index(0, 0).data(tip)
    assert "more than chance" in model.index(0, measures.OUTCOME).data(tip)


def test_using_it_asks_the_command_and_says_how_it_went(home, open_run, commands):
    home.evaluated("one")
    view = open_run()

    view.card.use.click()
    commands[-1].progressed.emit(0.4, "compiling")
    notices = view.card.notices
    assert notices.text("deploy") == "Putting it to use · compiling"
    home.install("training run one")
    commands[-1].answer({"changed": True})

    assert commands[-1].words == ("deploy", "one")
    assert "from now on" in notices.text("deploy")
    assert view.in_use
    assert view.card.used.isVisible()
    assert not view.card.use.isVisible()
    assert "the one before 85 %" in headline(view)


def test_one_can_go_back_from_what_is_in_use(home, open_run, commands):
    home.evaluated("one")
    home.install("training run one")
    view = open_run()

    view.card.back.click()
    home.install("weights", before="training run one")
    commands[-1].answer({"source": "weights"})

    assert commands[-1].words == ("rollback", "detector")
    assert "The detector of weights is in use again" in view.card.notices.text("deploy")
    assert not view.in_use


def test_what_gets_worse_is_said_before_it_is_used_nevertheless(
    home, open_run, commands
):
    home.evaluated("one", new=worse_one())
    view = open_run()

    assert "1 measure is worse." in headline(view)
    assert view.card.against.text() == (
        "Five points off, by eye distance: 9.0 % instead of 6.0 %."
    )
    assert view.card.use.text() == "Use it nevertheless"
    view.card.use.click()

    assert commands[-1].words == ("deploy", "one", "--force")


def test_a_refusal_offers_to_use_it_nevertheless(home, open_run, commands):
    home.evaluated("one")
    view = open_run()

    view.card.use.click()
    reasons = ["Landmark error: 0.09 (worse).", "False alarms: 0.9 (worse)."]
    forcing = "To use it all the same: facecam deploy one --force"
    commands[-1].answer({"refused": reasons}, code=1, error=forcing)

    told = view.card.notices.text("deploy").splitlines()
    assert told == ["The detector in use stays.", *reasons]
    view.card.notices.button("deploy", "Use it nevertheless").click()

    assert commands[-1].words == ("deploy", "one", "--force")


def test_an_error_is_said_in_place_and_cancelling_leaves_nothing(
    home, open_run, commands
):
    home.evaluated("one")
    view = open_run()

    view.card.use.click()
    commands[-1].answer(code=1, error="The disk is full: free 20 MB.")
    assert view.card.notices.text("deploy") == "The disk is full: free 20 MB."
    view.card.use.click()
    view.card.notices.button("deploy", "Cancel").click()

    assert commands[-1].cancelled
    assert view.card.notices.text("deploy") == ""


def test_compared_with_another_than_the_one_in_use_it_is_compared_again(
    home, open_run, runs, config, qtbot
):
    home.evaluated("one")
    home.install("training run other")
    view = open_run()

    assert "another detector than the one in use now" in view.card.against.text()
    view.card.again.click()

    qtbot.waitUntil(lambda: runs.launched == [("train", "work")], timeout=5000)
    assert queue.read_queue(config.runs).waiting == ("one",)


def test_a_run_is_deleted_after_one_question(
    home, open_run, commands, monkeypatch, qtbot
):
    home.evaluated("one")
    home.install("training run one")
    view, asked = open_run(), []
    answers = iter((False, True))

    def agreed(question):
        asked.append(question.text.text())
        return next(answers)

    monkeypatch.setattr(Question, "agreed", agreed)
    view.card.delete.click()
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=5000)
    assert commands == []
    view.card.delete.click()
    qtbot.waitUntil(lambda: bool(commands), timeout=5000)
    with qtbot.waitSignal(view.deleted) as told:
        commands[-1].answer({})

    assert commands[-1].words == ("train", "delete", "one")
    assert "kB of the disk are free again" in asked[0]
    assert "is a copy of its own, and stays in use" in asked[0]
    assert told.args == ["one"]


def test_what_is_worked_on_is_not_deleted(home, open_run, look, view):
    root = home.evaluated("one")
    open_run()
    assert view.card.delete.isEnabled()

    home.work_on(root)
    look()

    assert not view.card.delete.isEnabled()
    assert view.card.delete.toolTip() == "Stop it first."


def test_the_report_opens_in_the_browser_while_it_is_there(home, open_run, monkeypatch):
    root = home.evaluated("one")
    opened = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(url.fileName())
    )
    view = open_run()

    view.card.report.click()
    (root / STEPS[-1] / "report.html").unlink()
    view.card.report.click()

    assert opened == ["report.html"]
    assert "The report is not there any more" in view.card.basis.text()


def test_another_run_can_begin_from_this_one(home, open_run, qtbot):
    home.evaluated("one")
    view = open_run()

    with qtbot.waitSignal(view.another_wanted) as told:
        view.card.other.click()

    assert told.args == ["one"]


def test_a_note_is_kept_when_it_is_written(home, open_run, qtbot):
    root = home.evaluated("one")
    view = open_run()

    qtbot.keyClicks(view.card.note, "with Helen ")
    qtbot.keyClick(view.card.note, Qt.Key.Key_Return)

    qtbot.waitUntil((root / "note.txt").exists, timeout=5000)
    assert (root / "note.txt").read_text() == "with Helen"


def test_a_damaged_file_says_what_to_do(home, view, look, qtbot):
    root = home.evaluated("one")
    (root / STEPS[-1] / "trial.json").write_text("{")
    look()

    view.show_run("one")

    qtbot.waitUntil(lambda: "Delete that folder" in headline(view), timeout=5000)
    assert not view.card.use.isVisible()


def test_a_first_detector_is_shown_alone(home, open_run):
    root = home.evaluated("one")
    folder = root / STEPS[-1]
    (folder / "deployed.json").unlink()
    (folder / "differences.json").unlink()
    compared = {"verdicts": [], "passes": True, "reasons": []}
    (folder / "comparison.json").write_text(json.dumps(compared))

    view = open_run()

    assert headline(view).startswith("It finds 93 % of the faces")
    assert not view.table.isVisible()
    assert view.key.names == ("This run",)


def test_curves_are_of_the_faces_chosen_and_told_when_pointed_at(home, open_run):
    home.evaluated("one")
    view = open_run()

    assert view.plot.say(0.5) == (
        "all faces, 0.50 false alarms per picture:\n"
        "This run finds 93 %\nIn use finds 85 %"
    )
    view.groups.setCurrentIndex(1)
    assert "This run finds 88 %" in view.plot.say(0.5)
    assert "masked faces" in view.plot.accessibleDescription()


def test_the_lines_differ_by_more_than_colour(home, open_run):
    home.evaluated("one")
    view = open_run()

    assert curve.stroke(0).style() != curve.stroke(1).style()
    assert "dashed line with a square" in view.key.accessibleDescription()
    marks = [item for item in view.plot.items() if isinstance(item, ScatterPlotItem)]
    assert {item.opts["symbol"] for item in marks if len(item.data)} == {"o", "s"}


def test_a_curve_steps_up_where_more_false_alarms_find_more():
    x, y = curve.steps(trial(0.9).groups["all"])

    assert x == [0.0, 0.25, 0.25, 1.0]
    assert y == pytest.approx([0.7, 0.7, 0.9, 0.9])


def test_curves_follow_the_scheme(home, open_run):
    home.evaluated("one")
    view = open_run()

    theme.choose("dark")

    background = view.plot.backgroundBrush().color()
    assert background == QColor(theme.DARK.surface)


def test_pairs_are_clicked_through(home, open_run, qtbot):
    home.evaluated("one")
    pairs = open_run().pairs
    qtbot.waitUntil(lambda: pairs.new.scene is not None, timeout=5000)

    assert pairs.kinds.current == "found"
    assert pairs.kinds.buttons["found"].text() == "Newly found  2"
    assert not pairs.kinds.buttons["lost"].isEnabled()
    assert pairs.counter.text() == "1 of 2"
    assert pairs.said[0].text() == "<b>In use</b> misses this face"
    assert (pairs.old.scene.shown, pairs.new.scene.shown) == ((), (FACE, WALL))
    pairs.next.click()
    assert (pairs.counter.text(), pairs.new.scene.box) == ("2 of 2", WALL)
    qtbot.keyClick(pairs, Qt.Key.Key_Right)
    assert pairs.counter.text() == "1 of 2"
    qtbot.keyClick(pairs, Qt.Key.Key_Left)
    assert pairs.counter.text() == "2 of 2"
    pairs.kinds.buttons["raised"].click()
    assert pairs.file.text() == "scene.png · score 0.87"


def test_boxes_are_drawn_on_the_picture_of_whom_they_are(home, open_run, qtbot):
    home.evaluated("one")
    pairs = open_run().pairs
    qtbot.waitUntil(lambda: pairs.new.scene is not None, timeout=5000)

    assert SHOWN.name() in colours(pairs.new)
    assert SHOWN.name() not in colours(pairs.old)


def test_the_surroundings_or_the_whole_picture_are_shown(home, open_run, qtbot):
    home.evaluated("one")
    pairs = open_run().pairs
    pairs.kinds.buttons["raised"].click()
    qtbot.waitUntil(lambda: pairs.new.scene is not None, timeout=5000)

    near = region(pairs.new.scene)
    assert near.width() < 320
    assert near.contains(*WALL[:2])
    pairs.whole.click()
    assert region(pairs.new.scene).width() == 320


def test_a_picture_that_is_gone_is_said_so_in_its_place(home, open_run, qtbot):
    home.evaluated("one")
    home.pictures.rename(home.pictures.with_name("moved"))

    pairs = open_run().pairs

    qtbot.waitUntil(lambda: "Bring its folder back" in pairs.old.text, timeout=5000)


def test_a_run_of_an_earlier_version_refers_to_the_report(home, open_run, qtbot):
    root = home.evaluated("one")
    (root / STEPS[-1] / "differences.json").unlink()

    view = open_run()

    assert "kept no picture pairs" in view.pairs.empty.text()
    assert view.pairs.report.isVisible()
    assert not view.pairs.kinds.isVisible()


def test_evaluated_anew_it_is_read_anew(home, open_run, look, qtbot):
    root = home.evaluated("one")
    view = open_run()

    home.evaluated_again(root, trial(0.97))
    home.tell(root, name=STEPS[-1], state="done")
    look()

    qtbot.waitUntil(lambda: "97 %" in headline(view), timeout=5000)


def test_what_takes_long_says_how_long_it_still_takes(
    home, open_run, commands, monkeypatch
):
    clock = iter((0.0, 0.0, 10.0))  # begun, told at once, told later
    home.evaluated("one")
    view = open_run()
    monkeypatch.setattr(acts, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    view.card.use.click()
    commands[-1].progressed.emit(0.5, "compiling")

    said = view.card.notices.text("deploy")
    assert said == "Putting it to use · compiling · about 10 s left"


def test_nothing_is_cut_off_in_a_narrow_window(home, open_run, qtbot):
    home.evaluated("one", new=worse_one())
    home.install("training run other")
    view = open_run()

    view.resize(720, 500)

    widget = view.widget()
    qtbot.waitUntil(lambda: widget.width() == view.viewport().width(), timeout=5000)
    assert view.card.again.isVisible()
    assert widget.minimumSizeHint().width() <= view.viewport().width()
