"""The page of a run in every state, changed in place while the run goes on."""

import shutil

import numpy as np
import pytest
from filelock import FileLock
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from facecam.app import theme
from facecam.app.engine import Engine
from facecam.app.tasks import Tasks
from facecam.app.training import following
from facecam.app.training.results.standing import Standing
from facecam.app.training.run.page import RunPage
from facecam.config import Config
from facecam.errors import TrainingError
from facecam.training import queue, runs
from facecam.training.detector import hardest
from facecam.training.detector.crops.samples import Kind, join
from tests.app.training.run.made import NETS, STEPS, MadeRun
from tests.training.detector.drawn import some

FIT = "06-rnet-fit"


@pytest.fixture
def config(tmp_path):
    return Config(home=tmp_path)


@pytest.fixture
def launched(monkeypatch):
    """What the window would have started in the background."""
    begun = []
    monkeypatch.setattr(
        following, "launch", lambda config, words: begun.append(words) or True
    )
    return begun


@pytest.fixture
def page(qtbot, config, launched):
    """A page on the runs of a home, shown; nothing is chosen."""
    window, tasks = QWidget(), Tasks()
    qtbot.addWidget(window)
    follower = following.Runs(config, tasks, window)
    shown = RunPage(Engine(config, tasks, window), follower, window)
    shown.resize(1040, 580)
    window.resize(1040, 580)
    window.show()
    yield shown
    assert tasks.close(5)


@pytest.fixture
def made(config):
    return MadeRun(config.runs)


def follow(page, qtbot, name="2026-11-22"):
    """Show a run and wait until it was read."""
    page._runs.look()
    page.show_run(name)
    qtbot.waitUntil(lambda: page.header.shown.title != "", timeout=5000)
    refresh(page, qtbot)


def refresh(page, qtbot):
    """Look again, and wait until everything is read."""
    qtbot.waitUntil(lambda: not page._runs._looking)
    page._runs.look()
    qtbot.waitUntil(lambda: not page._runs._looking)
    before = page._seen
    page._look()
    qtbot.waitUntil(lambda: page._seen is not before and not page._reading)


@pytest.fixture
def running(made):
    """A run in the middle of R-Net's fit, worked on."""
    made.finish_before(FIT)
    made.step(FIT, done=2600, total=8000, left=95.0, metrics={"loss": 0.5})
    with FileLock(made.root / "run.lock", is_singleton=False):
        yield made


def buttons(page):
    return [b.text() for b in page.header.buttons.values() if b.isVisibleTo(page)]


def row(page, name):
    return page.course.steps.rows[STEPS.index(name)]


def test_a_run_says_what_it_is_and_how_it_stands(page, running, qtbot):
    follow(page, qtbot)

    assert page.header.title.text() == "Fine-tune"
    assert page.header.stands.text() == "Running"
    assert "learns from people" in page.header.shown.about
    assert "from the detector in use" in page.header.shown.about
    assert "Step 7 of 12 · R-Net: learn" in page.header.progress.text()
    assert buttons(page) == ["Pause", "Stop"]
    assert not page.segments.isVisible()


def test_steps_are_told_apart_by_words_and_shapes(page, running, qtbot):
    follow(page, qtbot)

    done, going, waiting = (row(page, n) for n in ("03-pnet-fit", FIT, "09-onet-fit"))
    assert done.detail.text() == "8,000 steps; number 7,000 was best"
    assert done.time.text() == "1 min"
    assert going.time.text() == "32 % · 2 min left"
    assert going.detail.text() == "2,600 of 8,000 steps"
    assert going.bar.isVisibleTo(page)
    assert not waiting.bar.isVisibleTo(page)
    assert "has not begun" in waiting.accessibleName()
    shapes = {bytes(one.sign.grab().toImage().bits()) for one in (done, going, waiting)}
    assert len(shapes) == 3


def test_time_left_is_that_of_the_whole_run(page, running, qtbot):
    running.expect(60.0)

    follow(page, qtbot)

    assert "about 4 min left" in page.header.progress.text()


def test_widgets_are_changed_in_place(page, running, qtbot):
    follow(page, qtbot)
    rows = list(page.course.steps.rows)
    figures = page.course.curves.figures

    running.step(FIT, done=4000, total=8000, left=50.0)
    refresh(page, qtbot)

    assert page.course.steps.rows == rows
    assert page.course.curves.figures is figures
    assert row(page, FIT).time.text() == "50 % · 50 s left"


def test_curves_move_as_the_fit_goes_on(page, running, qtbot):
    running.measure(FIT, (1000, {"classification": 0.5, "recall": 0.75}))
    follow(page, qtbot)
    losses, found, errors = (f.plot for f in page.course.curves.figures)
    first = losses.items_by_key["classification"].getData()[0]

    running.measure(FIT, (2000, {"classification": 0.25, "recall": 0.875}))
    running.step(FIT, done=2620, total=8000, metrics={"loss": 0.4})
    refresh(page, qtbot)

    assert list(first) == [1000]
    assert list(losses.items_by_key["classification"].getData()[0]) == [1000, 2000]
    assert list(losses.batch.getData()[0]) == [2600, 2620]
    assert list(found.items_by_key["recall"].getData()[1]) == [0.75, 0.875]
    assert errors.hint.isVisibleTo(page)
    assert "1,000" in errors.hint.text()


def test_pointing_at_a_curve_tells_its_values(page, running, qtbot):
    running.measure(FIT, (1000, {"recall": 0.75}), (2000, {"recall": 0.875}))
    follow(page, qtbot)
    plot = page.course.curves.figures[1].plot
    box = plot.getPlotItem().vb

    plot._point(box.mapViewToScene(QPointF(1900, 0.9)))

    assert plot.said.isVisibleTo(plot)
    assert plot.said.text() == "after step 2,000\nof the faces: 87.5 %"


def test_lines_differ_by_dashes_and_marks(page, running, qtbot):
    running.measure(FIT, (1000, {"classification": 1.0, "box": 1.0, "landmarks": 1.0}))
    follow(page, qtbot)

    items = page.course.curves.figures[0].plot.items_by_key.values()

    assert len({item.opts["pen"].style() for item in items}) == 3
    assert len({item.opts["symbol"] for item in items}) == 3


def test_another_net_is_chosen_by_hand_and_kept(page, running, qtbot):
    running.measure("03-pnet-fit", (1000, {"recall": 0.5}))
    running.measure(FIT, (1000, {"recall": 0.75}))
    follow(page, qtbot)
    curves = page.course.curves
    assert curves.fit == FIT

    curves.segments.buttons["03-pnet-fit"].click()
    refresh(page, qtbot)

    assert curves.fit == "03-pnet-fit"
    assert list(curves.figures[1].plot.items_by_key["recall"].getData()[1]) == [0.5]
    assert not curves.segments.buttons["09-onet-fit"].isEnabled()


def test_a_long_curve_is_thinned_to_the_pixels(page, running, qtbot):
    follow(page, qtbot)
    for step in range(2700, 7700):
        running.step(FIT, done=step, total=8000, metrics={"loss": step / 1000})
    refresh(page, qtbot)
    plot = page.course.curves.figures[0].plot

    assert len(plot.batch.getData()[0]) <= 2 * plot.width()


def test_what_the_nets_find_together_is_shown_with_what_is_needed(page, running, qtbot):
    follow(page, qtbot)
    stages = page.course.curves.together.bars.stages

    assert [one.recall for one in stages] == [0.979, None, None]
    assert [one.needed for one in stages] == [0.8, 0.7, 0.5]
    told = page.course.curves.together.bars.accessibleDescription()
    assert "P-Net: 97.9 %" in told
    assert "R-Net: not tried yet, 70 % are needed" in told


def test_hard_examples_are_shown_as_pictures_with_their_scores(page, running, qtbot):
    out = running.measure(FIT, (2000, {"recall": 0.75}))
    samples = join([some(Kind.POSITIVE, 3), some(Kind.NEGATIVE, 2)], 12)
    hardest.write(out, 2000, samples, np.float32([0.9, 0.02, 0.5, 0.1, 0.75]))

    follow(page, qtbot)
    hard = page.course.hard

    assert hard.isVisibleTo(page)
    assert hard.about.text() == "R-Net, measured after step 2,000"
    assert "2 %, 50 %, 90 %" in hard.faces.accessibleDescription()
    assert "75 %, 10 %" in hard.backgrounds.accessibleDescription()


def test_what_the_run_takes_of_the_computer_is_told(page, running, qtbot):
    uses = {"processor": 1.5, "memory": 2e9, "disk": 3e8, "free": 4e10}
    follow(page, qtbot)
    assert "not known" in page.course.meters.memory.accessibleName()

    running.tell({"time": 2.0, "uses": uses})
    refresh(page, qtbot)

    assert page.course.meters.processor.value.text().startswith("1.5 of")
    assert page.course.meters.memory.value.text() == "2 GB"
    assert page.course.meters.free.value.text() == "40 GB"


def test_the_log_follows_its_end_unless_somebody_reads(page, running, qtbot):
    log = running.root / "log.txt"
    log.write_text("".join(f"line {n}\n" for n in range(200)))
    follow(page, qtbot)
    text, bar = page.course.log.text, page.course.log.text.verticalScrollBar()
    assert bar.value() == bar.maximum()

    with log.open("a") as file:
        file.write("line 200\n")
    refresh(page, qtbot)
    assert text.toPlainText().endswith("line 199\nline 200")
    assert bar.value() == bar.maximum()

    bar.setValue(3)
    with log.open("a") as file:
        file.write("line 201\n")
    refresh(page, qtbot)
    assert text.toPlainText().endswith("line 201")
    assert bar.value() == 3
    page.course.log.copy.click()
    assert "line 201" in QGuiApplication.clipboard().text()


def test_pause_keeps_the_place_and_stops_the_run(page, running, config, qtbot):
    follow(page, qtbot)

    page.header.buttons["pause"].click()
    qtbot.waitUntil(lambda: queue.read_queue(config.runs).held == "2026-11-22")

    qtbot.waitUntil(lambda: runs.stop_requested(running.root) is not None)
    assert page.header.stands.text() == "Pausing…"
    assert not page.header.buttons["stop"].isEnabled()


def test_a_paused_run_is_resumed_first(page, made, config, launched, qtbot):
    made.finish_before(FIT)
    made.step(FIT, "stopped", done=2600, total=8000)
    queue.enqueue(config.runs, "other")
    queue.hold(config.runs, "2026-11-22")
    follow(page, qtbot)
    assert page.header.stands.text() == "Paused"
    assert row(page, FIT).time.text() == "paused at 32 %"
    assert buttons(page) == ["Resume", "Stop"]

    page.header.buttons["resume"].click()
    qtbot.waitUntil(lambda: bool(launched))

    waiting = queue.read_queue(config.runs)
    assert waiting == queue.Queue(("2026-11-22", "other"), "")
    assert launched == [("train", "work")]


def test_stopping_lets_the_next_one_begin(page, running, config, qtbot):
    follow(page, qtbot)

    page.header.buttons["stop"].click()

    qtbot.waitUntil(lambda: runs.stop_requested(running.root) is not None)
    assert queue.read_queue(config.runs).held == ""
    assert page.header.stands.text() == "Stopping…"


def test_stopping_sees_to_those_that_wait(page, running, config, launched, qtbot):
    queue.enqueue(config.runs, "next")  # whoever worked the queue off was killed
    follow(page, qtbot)

    page.header.buttons["stop"].click()

    qtbot.waitUntil(lambda: launched == [("train", "work")])


def test_a_run_that_ended_just_now_is_not_paused(page, made, config, qtbot):
    lock = FileLock(made.root / "run.lock", is_singleton=False)
    with lock:
        follow(page, qtbot)

    page.header.buttons["pause"].click()
    assert page.header.stands.text() == "Pausing…"
    with qtbot.waitSignal(page.deeds.done):
        pass

    assert queue.read_queue(config.runs).held == ""


def test_a_run_that_nobody_begins_says_so(page, made, config, launched, qtbot):
    queue.enqueue(config.runs, "2026-11-22")
    follow(page, qtbot)

    assert page.header.stands.text() == "Waits to be started"
    assert buttons(page) == ["Start now", "Take out of the queue"]

    page.header.buttons["now"].click()
    qtbot.waitUntil(lambda: bool(launched))
    assert page.header.stands.text() == "Starting…"


def test_taking_out_a_run_that_begins_stops_it(page, made, config, launched, qtbot):
    queue.enqueue(config.runs, "2026-11-22")
    queue.enqueue(config.runs, "next")
    follow(page, qtbot)

    with qtbot.waitSignal(page.deeds.done):
        page.header.buttons["withdraw"].click()

    assert queue.read_queue(config.runs).waiting == ("next",)
    assert runs.stop_requested(made.root) is not None
    assert not launched


def test_where_no_process_can_be_started_it_is_said(page, made, qtbot, monkeypatch):
    monkeypatch.setattr(following, "launch", lambda config, words: False)
    follow(page, qtbot)

    page.header.buttons["start"].click()

    qtbot.waitUntil(lambda: "could not be started" in page.problems.text("deed"))
    keys = ("start", "now")
    assert any(page.header.buttons[key].isEnabled() for key in keys)


def test_a_run_that_waits_says_for_how_many(page, running, config, qtbot):
    MadeRun(config.runs, "later")
    for name in ("next", "later"):
        queue.enqueue(config.runs, name)
    follow(page, qtbot, "later")
    assert page.header.stands.text() == "Waits for 2 others"
    assert buttons(page) == ["Take out of the queue"]

    page.header.buttons["withdraw"].click()
    qtbot.waitUntil(lambda: "later" not in queue.read_queue(config.runs).waiting)

    refresh(page, qtbot)
    assert page.header.stands.text() == "Not started"
    assert buttons(page) == ["Start"]
    assert page.course.curves.waiting.isVisibleTo(page)


def test_one_that_begins_takes_the_hold_of_another(page, made, config, launched, qtbot):
    MadeRun(config.runs, "paused")
    queue.hold(config.runs, "paused")
    queue.enqueue(config.runs, "2026-11-22")
    follow(page, qtbot)
    assert page.header.stands.text() == "Waits: another run is paused"

    page.header.buttons["now"].click()
    qtbot.waitUntil(lambda: bool(launched))

    assert queue.read_queue(config.runs) == queue.Queue(("2026-11-22",), "")
    refresh(page, qtbot)
    assert page.header.stands.text() == "Starting…"
    page._patience.timeout.emit()
    assert page.header.stands.text() == "Starts next"
    assert page.header.buttons["now"].isEnabled()


def test_a_failed_step_says_what_to_do_and_offers_it(page, made, config, qtbot):
    made.finish_before("07-rnet-check")
    error = "The disk is full: 2 MB left. Free about 100 MB."
    made.step("07-rnet-check", "failed", done=3, total=68, error=error)

    follow(page, qtbot)

    assert page.header.stands.text() == "Failed"
    assert page.course.trouble.text("failed") == error
    assert row(page, "07-rnet-check").time.text() == "failed at 4 %"
    assert buttons(page) == ["Try again"]

    page.header.buttons["again"].click()
    qtbot.waitUntil(lambda: queue.read_queue(config.runs).waiting == ("2026-11-22",))


def test_a_run_that_failed_before_its_first_step_says_why(page, made, qtbot):
    made.tell({"time": 2.0, "failed": "/data/people is not there. Put it back."})

    follow(page, qtbot)

    assert page.course.trouble.text("failed").startswith("/data/people is not there")


def test_one_that_fails_again_at_once_can_be_tried_again(page, made, config, qtbot):
    made.tell({"time": 2.0, "failed": "There is no folder people."})
    follow(page, qtbot)
    page.header.buttons["again"].click()
    assert page.header.stands.text() == "Starting…"
    qtbot.waitUntil(lambda: bool(queue.read_queue(config.runs).waiting))
    refresh(page, qtbot)
    assert page.header.stands.text() == "Starting…"

    queue.begin(config.runs, "2026-11-22")  # it began, and failed between two looks
    refresh(page, qtbot)

    assert page.header.stands.text() == "Failed"
    assert page.header.buttons["again"].isEnabled()


def test_a_run_that_somebody_has_stopped_says_no_more(page, made, qtbot):
    made.finish_before(FIT)
    made.step(FIT, "stopped", done=2600, total=8000)

    follow(page, qtbot)

    assert page.header.stands.text() == "Stopped"
    assert page.course.trouble.text("cut") == ""


def test_a_run_whose_process_has_gone_says_what_may_have_happened(page, made, qtbot):
    made.finish_before(FIT)
    made.step(FIT, done=2600, total=8000)

    follow(page, qtbot)

    assert page.header.stands.text() == "Stopped"
    assert "was cut off in the middle" in page.course.trouble.text("cut")
    with FileLock(made.root / "run.lock", is_singleton=False):
        refresh(page, qtbot)
    assert page.course.trouble.text("cut") == ""


def test_what_to_do_is_said_to_somebody_who_types_no_commands(page, made, qtbot):
    error = "The disk is full. Free 100 MB and run the same command again: it goes on."
    made.tell({"time": 2.0, "failed": error})

    follow(page, qtbot)

    assert "Free 100 MB and press Try again" in page.course.trouble.text("failed")


def test_an_error_goes_when_it_is_cured(page, made, qtbot):
    made.tell({"time": 2.0, "failed": "Something."})
    follow(page, qtbot)

    made.tell({"begun": 3.0})
    with FileLock(made.root / "run.lock", is_singleton=False):
        refresh(page, qtbot)

    assert page.course.trouble.text("failed") == ""


def test_a_run_that_is_done_shows_its_result_first(page, made, qtbot):
    made.finish(*STEPS)

    follow(page, qtbot)

    assert page.header.shown.standing is Standing.DONE
    assert "took 12 min" in page.header.shown.about
    assert page.segments.isVisible()
    assert page._body.currentWidget() is page.result
    page.segments.buttons["course"].click()
    assert page._body.currentWidget() is page.course


def test_a_run_that_is_deleted_meanwhile_is_said_to_be_gone(page, made, qtbot):
    follow(page, qtbot)

    shutil.rmtree(made.root)
    refresh(page, qtbot)

    assert page.empty.message.title == "This run is not there any more"
    assert page._stack.currentWidget() is page.empty


def test_a_damaged_run_says_what_to_do(page, made, qtbot):
    (made.root / "run.json").write_text('{"kind": "det')

    page.show_run("2026-11-22")

    qtbot.waitUntil(lambda: page.empty.message.title == "This run cannot be read")
    assert "Move the run away or delete it" in page.empty.message.text


def test_a_note_is_kept(page, made, qtbot):
    follow(page, qtbot)

    page.header.note.setText("with masks")
    page.header.note.editingFinished.emit()
    qtbot.waitUntil(lambda: (made.root / "note.txt").exists())

    refresh(page, qtbot)
    assert page._runs.state("2026-11-22").note == "with masks"


def test_a_queue_that_cannot_be_changed_says_so(page, made, monkeypatch, qtbot):
    made.step("00-check", "stopped", done=1, total=2)
    follow(page, qtbot)

    def held(*_, **__):
        raise TrainingError("Another program holds the queue. Try again.")

    monkeypatch.setattr(queue, "enqueue", held)
    page.header.buttons["resume"].click()

    qtbot.waitUntil(lambda: "holds the queue" in page.problems.text("deed"))
    assert page.header.buttons["resume"].isEnabled()


def test_another_run_begins_with_its_own_net_and_log(page, running, config, qtbot):
    running.measure(FIT, (1000, {"recall": 0.5}))
    (running.root / "log.txt").write_text("first\n")
    MadeRun(config.runs, "later")
    follow(page, qtbot)
    assert page.course.curves.fit == FIT

    page.header.shown = type(page.header.shown)()
    follow(page, qtbot, "later")

    assert page.course.curves.fit == f"03-{NETS[0]}-fit"
    assert page.course.log.text.toPlainText() == ""


def test_colours_follow_the_scheme(page, running, qtbot):
    running.measure(FIT, (1000, {"recall": 0.5}))
    follow(page, qtbot)
    plot = page.course.curves.figures[0].plot

    theme.choose("dark")
    QGuiApplication.processEvents()

    shown = plot.grab().toImage().pixelColor(plot.width() - 3, 3).name()
    assert shown == theme.DARK.surface


def test_a_narrow_page_puts_the_steps_above_the_curves(page, running, qtbot):
    follow(page, qtbot)
    steps, curves = page.course.steps, page.course.curves
    assert steps.y() == page.course.meters.y()

    page.resize(700, 560)
    QGuiApplication.processEvents()

    assert curves.geometry().top() > steps.geometry().bottom()
    assert page.course.widget().width() <= 700
