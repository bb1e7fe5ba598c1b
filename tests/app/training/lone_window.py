"""A window on one run, for tests of what goes wrong: a page that is pressed and read.

`python -m tests.app.training.lone_window begin HOME RUN` starts a run, says so, and
waits to be killed; `… fill HOME RUN` starts it, fills the disk under it, says what the
page says, makes room and goes on.
"""

import json
import sys
import time
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from facecam import config as settings
from facecam.app.engine import Engine
from facecam.app.main import application
from facecam.app.tasks import Tasks
from facecam.app.training.following import Runs
from facecam.app.training.run.page import RunPage
from facecam.training import runs
from facecam.training.runs import State

PATIENCE = 120.0
"""Seconds that something may take on a busy machine."""
LOOK_MS = 20
FILLER = "films.bin"
SIZES = (1 << 20, 1 << 12, 1)
"""Bytes written at once until the disk takes no more, larger ones first."""


class LoneWindow:
    """The page of one run in a window of its own, and what a person does there."""

    def __init__(self, config, name):
        application()
        self.name = name
        self.tasks = Tasks()
        self.window = QWidget()
        self.window.resize(1040, 580)
        self.runs = Runs(config, self.tasks, self.window)
        self.page = RunPage(
            Engine(config, self.tasks, self.window), self.runs, self.window
        )
        self.page.resize(1040, 580)
        self.ended = []
        self.runs.ended.connect(self.ended.append)
        self.window.show()
        self.runs.begin()
        self.page.show_run(name)

    @property
    def stands(self):
        """How the run stands, as the page says it."""
        return self.page.header.stands.text()

    @property
    def trouble(self):
        """What went wrong, as the page says it."""
        trouble = self.page.course.trouble
        return trouble.text("failed") or trouble.text("cut")

    @property
    def offered(self):
        """The keys of the buttons that can be pressed."""
        buttons = self.page.header.buttons.items()
        return [key for key, one in buttons if one.isVisible() and one.isEnabled()]

    def press(self, key):
        """Press a button as soon as it can be."""
        self.until(lambda: key in self.offered)
        self.page.header.buttons[key].click()

    def step(self, name):
        """Return the state of a step as the window knows it."""
        run = self.runs.state(self.name)
        steps = run.steps if run else ()
        return next((one.state for one in steps if one.name == name), None)

    def until(self, true):
        """Wait while the window goes on.

        Raises:
            TimeoutError: it has not come true.
        """
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                raise TimeoutError(f"{self.stands} {self.offered} {self.trouble}")
            QTest.qWait(LOOK_MS)

    def begins(self, key, step):
        """Press a button that lets the run go on; return once it begins a step."""
        journal = self.runs.config.runs / self.name / runs.JOURNAL
        self.press(key)
        self.until(lambda: journal.exists() and f'"{step}"' in journal.read_text())

    def resumes(self, key, step):
        """Press a button and see the run get a step done."""
        self.press(key)
        self.until(lambda: self.stands == "Running")
        self.until(lambda: self.step(step) is State.DONE)

    def close(self):
        """Close the window; whatever it has begun goes on."""
        self.window.close()
        self.window.deleteLater()
        assert self.tasks.close(5)


def fill(window, config, step):
    """Fill the disk under a run, make room, go on -> what the window has said."""
    filler = config.runs / FILLER
    window.begins("start", step)
    with filler.open("wb", buffering=0) as file:
        for size in SIZES:
            _write_all(file, size)
    window.until(lambda: window.stands == "Failed")
    told = {"full": window.trouble}
    filler.unlink()
    window.resumes("again", step)
    window.press("stop")
    window.until(lambda: window.stands == "Stopped")
    told["end"] = [window.stands, window.trouble, window.step(step)]
    return told


def _write_all(file, size):
    try:
        while True:
            file.write(bytes(size))
    except OSError:
        return


def main(what, home, name, step):
    """Do what was asked for in a window."""
    config = settings.load(Path(home))
    window = LoneWindow(config, name)
    if what == "begin":
        window.begins("start", step)
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        window.until(lambda: False)
    sys.stdout.write(json.dumps(fill(window, config, step)))
    window.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
