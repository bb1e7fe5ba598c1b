"""The guided start with commands that answer when a test says so."""

import json
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QImage

from facecam.app.engine import Engine
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.training import following
from facecam.app.training.commands import Answer
from facecam.app.training.following import Runs
from facecam.app.training.setup import asking as commanding
from facecam.app.training.setup.page import SetupPage
from tests.app.training.setup.answers import LABELLED, found, numbers


class FakeCommand(QObject):
    """Answers, or waits until a test lets it."""

    progressed = Signal(float, str)
    ended = Signal(object)

    def __init__(self, words, parent):
        super().__init__(parent)
        self.words, self.started, self.cancelled = words, False, False

    def start(self):
        self.started = True

    def cancel(self):
        self.cancelled = True

    def answer(self, value=None, code=0, error=""):
        self.ended.emit(Answer(code, json.loads(json.dumps(value)), error))


class Commands:
    """Makes commands and remembers them."""

    def __init__(self):
        self.made = []

    def __call__(self, config, words, parent):
        self.made.append(FakeCommand(words, parent))
        return self.made[-1]

    def last(self, kind):
        """The latest of a kind: "look", "check", "numbers" or "detector"."""
        return next(one for one in reversed(self.made) if one.words[1] == kind)

    def count(self, kind):
        return sum(one.words[1] == kind for one in self.made)

    def answer_numbers(self):
        command = self.last("numbers")
        command.answer(numbers(command.words[3]))


@pytest.fixture
def commands():
    return Commands()


@pytest.fixture
def tasks():
    lanes = Tasks()
    yield lanes
    lanes.close(5)


@pytest.fixture
def runs(qapp, config, tasks, monkeypatch):
    """Runs of an empty home; nothing is launched, but counted."""
    launched = []
    monkeypatch.setattr(
        following, "launch", lambda config, words: launched.append(words) or True
    )
    runs = Runs(config, tasks, qapp)
    runs.launched = launched
    return runs


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "window.ini", 5)


@pytest.fixture
def make_page(qtbot, config, tasks, runs, settings, commands, monkeypatch):
    """Make a page, as opening the window anew does."""
    monkeypatch.setattr(commanding, "SETTLE", 0)

    made = []

    def make():
        made.append(SetupPage(Engine(config, tasks), runs, settings, None, commands))
        made[-1].resize(1040, 600)
        made[-1].show()
        return made[-1]

    yield make
    for (
        page
    ) in made:  # at once: each widget left is drawn anew by the next test's theme
        shiboken6.delete(page)


@pytest.fixture
def page(make_page):
    return make_page()


@pytest.fixture
def add(page, commands):
    """Add a folder and answer what is in it."""

    def add(name, content=LABELLED, preset="fine-tune", code=0):
        page.add((Path("/pictures") / name,))
        commands.last("look").answer(found(name, content, preset), code)
        return page.folders.cards[Path("/pictures") / name]

    return add


@pytest.fixture
def report(tmp_path):
    """Return what `train check` answers, with sheets that are there."""

    def report(*severities, sheets=("1-faces-pictures", "samples-12")):
        (tmp_path / "sheets").mkdir(exist_ok=True)
        for number, name in enumerate(sheets):
            image = QImage(600, 400, QImage.Format.Format_RGB32)
            image.fill(QColor.fromHsv(40 * number, 255, 200))
            image.save(str(tmp_path / "sheets" / f"{name}.png"))
        counts = {"pictures": 300, "faces": 1200, "learned": 1000, "learned_points": 0}
        texts = {"text": "Faces have no points.", "cure": "Add a set with points."}
        parts = [
            {"part": "pnet samples", "seconds": 60, "disk": 4e8},
            {"part": "pnet fit", "seconds": 780, "disk": 1e6},
        ]
        return {
            "findings": [{"severity": each, **texts} for each in severities],
            "left_out": 0,
            "training": {
                **counts,
                "by_size": {"below 10 px": 0, "10–20 px": 1200},
                "blur": {"clear": 900, "heavy": 300},
            },
            "held_out": counts,
            "sets": [],
            "estimates": {
                "seconds": 840, "disk": 4.01e8, "parts": parts, "memory": 1.5e9,
                "free_disk": 4e10, "free_memory": 8e9,
            },
            "sheets": [f"sheets/{name}.png" for name in sheets],
            "folder": str(tmp_path),
        }  # fmt: skip

    return report


@pytest.fixture
def checked(page, add, commands, report, qtbot):
    """A page whose data were looked at: -> function of the findings' severities."""

    def checked(*severities):
        add("wider")
        qtbot.waitUntil(lambda: commands.count("check") == 1)
        errors = "error" in severities
        commands.last("check").answer(report(*severities), int(errors))
        return page

    return checked
