"""Somebody who never opened a terminal trains a detector, uses it and takes it back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from facecam.app.main import application
from facecam.app.main_window import MainWindow
from facecam.app.training.setup.asking import Stage
from facecam.app.training.setup.plan import TRIAL
from facecam.config import load
from facecam.training import runs
from facecam.training.runs import State

LEFT = Qt.MouseButton.LeftButton
SOON, LATER = 60_000, 240_000
"""Milliseconds: for what is at hand, and for training, on a busy machine."""
QUICK = {"onet.fit.steps": "60", "onet.fit.every": "20", "preflight.steps": "0"}


@pytest.fixture
def opened(qtbot, mtcnn_config):
    """Return a function that opens the window, watching a clip with a face."""
    windows = []
    path = mtcnn_config.home / "facecam.toml"
    numbers = "[retraining]\nnice = 0  # other tests may go on beside\n"
    path.write_text(path.read_text("utf-8") + numbers, "utf-8")
    config = load(mtcnn_config.home)

    def open_window():
        application()
        window = MainWindow(config, "demo")
        qtbot.addWidget(window)
        window.resize(1280, 720)
        window.show()
        window.training.runs.begin()
        windows.append(window)
        return window

    yield open_window
    for window in windows:
        window.close()
    for root in mtcnn_config.runs.glob("*/"):
        if (root / runs.RECORD).is_file() and runs.is_running(root):
            runs.request_stop(root)
            qtbot.waitUntil(lambda one=root: not runs.is_running(one), timeout=SOON)


@pytest.fixture
def press(qtbot):
    """Return a function that presses the button with some words, once it can be."""

    def press(page, words, timeout=SOON):
        def there():
            return next(
                (
                    button
                    for button in page.findChildren(QPushButton)
                    if button.isVisible()
                    and button.isEnabled()
                    and words in (button.text().strip(), button.accessibleName())
                ),
                None,
            )

        qtbot.waitUntil(lambda: there() is not None, timeout=timeout)
        qtbot.mouseClick(there(), LEFT)

    return press


def detector_page(window, qtbot):
    """Go to Training › Detector by the keyboard's way."""
    qtbot.mouseClick(window.places.buttons["training"], LEFT)
    return window.places.place("training").detector


def set_number(setup, name, text, qtbot):
    """Find a number among the advanced ones and type another."""
    advanced = setup.what.advanced
    qtbot.waitUntil(lambda: advanced.search.isEnabled(), timeout=SOON)
    advanced.search.setText(name)
    qtbot.waitUntil(
        lambda: any(row.number.name == name for row in advanced.rows), timeout=SOON
    )
    (row,) = (row for row in advanced.rows if row.number.name == name)
    row.field.selectAll()
    qtbot.keyClicks(row.field, text)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_from_a_folder_to_another_detector_and_back(opened, press, data, qtbot):
    window = opened()
    qtbot.waitUntil(lambda: bool(window.live.stage.view.faces), timeout=SOON)
    folders = data / "detection_wider_layout", data / "landmark68_helen_afw"
    name = begun(window, folders, press, qtbot)
    seen_to_learn(window, name, press, qtbot)
    window.close()

    window = opened()
    taken_up_again(window, name, press, qtbot)
    used_and_taken_back(window, press, qtbot)


def begun(window, folders, press, qtbot):
    """Choose folders and a quick trial, look at the data, start; return the run."""
    page = detector_page(window, qtbot)
    press(page.rail, "New run…")
    setup = page.setup
    setup.add(folders)
    qtbot.waitUntil(
        lambda: all(one.found is not None for one in setup.plan.folders), timeout=SOON
    )
    assert setup.plan.folders[0].found.layout == "WIDER FACE"
    setup.what.presets.cards[TRIAL].radio.click()
    press(setup, "Advanced")
    for name, text in QUICK.items():
        set_number(setup, name, text, qtbot)
    ended = (Stage.DONE, Stage.SKIPPED)  # skipped: a number was changed under way
    qtbot.waitUntil(lambda: setup.checking.stage in ended, timeout=LATER)
    if setup.checking.checked is None:
        press(setup, "Look at the data")
    qtbot.waitUntil(lambda: setup.checking.checked is not None, timeout=LATER)
    assert setup.checking.checked.sheets
    press(setup, "Start")
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.run, timeout=SOON)
    return page.run.name


def seen_to_learn(window, name, press, qtbot):
    """See the curves grow while Live goes on; stop the run."""
    page = window.places.place("training").detector
    qtbot.waitUntil(lambda: step(window, name, "03-pnet-fit").done > 0, timeout=LATER)
    qtbot.waitUntil(lambda: drawn(page) > 1, timeout=LATER)
    seen = drawn(page)
    qtbot.waitUntil(lambda: drawn(page) > seen, timeout=LATER)
    assert window.live.watching.session.stats.processed_fps > 0
    press(page.run, "Stop")
    qtbot.waitUntil(lambda: stands(window, name) is State.STOPPED, timeout=SOON)
    assert not runs.is_running(window.training.runs.config.runs / name)


def taken_up_again(window, name, press, qtbot):
    """Go on with a run in another window, to its end."""
    page = detector_page(window, qtbot)
    qtbot.waitUntil(lambda: window.training.runs.state(name) is not None, timeout=SOON)
    page.show_run(name)
    press(page.run, "Resume")
    qtbot.waitUntil(lambda: stands(window, name) is State.RUNNING, timeout=SOON)
    qtbot.waitUntil(lambda: stands(window, name) is State.DONE, timeout=LATER)


def used_and_taken_back(window, press, qtbot):
    """Compare, use the new detector, see Live take it over, and go back."""
    compared = window.places.place("training").detector.run.result
    qtbot.waitUntil(lambda: compared.isVisible(), timeout=SOON)
    before, session = window.engine.detector, window.live.watching.session
    press(compared, "Use it nevertheless")
    qtbot.waitUntil(lambda: compared.in_use, timeout=SOON)
    qtbot.waitUntil(lambda: window.engine.detector != before, timeout=SOON)
    press(compared, "Go back to the one before")
    qtbot.waitUntil(lambda: not compared.in_use, timeout=SOON)
    qtbot.waitUntil(lambda: window.engine.detector == before, timeout=SOON)
    assert window.live.watching.session is session  # the picture went on
    qtbot.waitUntil(lambda: bool(window.live.stage.view.faces), timeout=SOON)


def step(window, name, of):
    """Return how a step stands, as the window sees it."""
    state = window.training.runs.state(name)
    found = [one for one in state.steps if one.name == of] if state else []
    return found[0] if found else runs.StepState(of, 0, 0)


def stands(window, name):
    state = window.training.runs.state(name)
    return state.state if state else None


def drawn(page):
    """Return how many points of the losses are drawn."""
    figures = page.run.course.curves.figures
    if not figures:
        return 0
    plot = figures[0].plot
    items = (plot.batch, *plot.items_by_key.values())
    return sum(
        len(item.getData()[0]) for item in items if item.getData()[0] is not None
    )
