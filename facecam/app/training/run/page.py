"""One run: its steps, curves and log, and in the end what it brought.

Whatever is shown was read from the run's directory: `Runs` says how it stands, a reader
on a lane of its own brings curves, pictures and the log. Widgets are made once and
changed in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from facecam.app.empty_state import EmptyState, Message
from facecam.app.engine import Engine
from facecam.app.notices import Notice, Notices
from facecam.app.segments import Segment, Segments
from facecam.app.training.following import Runs
from facecam.app.training.results.comparison import ComparisonView
from facecam.app.training.results.result_view import ResultView
from facecam.app.training.results.standing import Standing
from facecam.app.training.run import header, summary
from facecam.app.training.run.course import Course
from facecam.app.training.run.deeds import RunDeeds
from facecam.app.training.run.header import RunHeader
from facecam.app.training.run.reading import FIT, RunReader, Seen
from facecam.training.runs import RunState

MakeResult: TypeAlias = Callable[[Engine, Runs, QWidget], ResultView[Any]]
"""Makes what shows what a finished run has brought."""
LANE = "run"
PATIENCE = 45_000
"""How long a run may take to begin or to end until buttons are offered again, ms."""
RESULT, COURSE = "result", "course"
READING = Message("Reading the run", icon="training", busy=True)
GONE = Message(
    "This run is not there any more",
    "Its folder was deleted, moved or renamed. Choose another run at the left, or put "
    "the folder back.",
    "training",
)
DAMAGED = "This run cannot be read"


class RunPage(QWidget):
    """One run, followed while it goes on."""

    another_wanted = Signal(str)
    """Another run is to go on from this one: its name."""
    deleted = Signal(str)
    """A run is gone: its name."""

    def __init__(
        self,
        engine: Engine,
        runs: Runs,
        parent: QWidget,
        make_result: MakeResult = ComparisonView,
    ) -> None:
        super().__init__(parent)
        self._engine, self._runs, self._make_result = engine, runs, make_result
        self.name = ""
        """Of the run that is shown, or ""."""
        self._seen = Seen()
        self._reader: RunReader | None = None
        self._reading = self._once_more = False
        self._asked = ""
        self._waited = False
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._was_done: bool | None = None
        self.deeds = RunDeeds(runs, self)
        self.header = RunHeader(self)
        self.segments = Segments(
            (
                Segment(RESULT, "Result", "What the run has brought"),
                Segment(COURSE, "Course", "How it went: steps, curves, log"),
            ),
            self,
        )
        self.problems = Notices(self, floating=False)
        self.course = Course(self)
        self.result: ResultView[Any] | None = None
        self.empty = EmptyState(self)
        self._body = QStackedWidget(self)
        self._stack = QStackedWidget(self)
        self._arrange()
        self._connect()
        self.empty.show_message(READING)

    def _arrange(self) -> None:
        top = QWidget(self)
        column = QVBoxLayout(top)
        column.setContentsMargins(24, 16, 24, 8)
        column.setSpacing(8)
        column.addWidget(self.header)
        self.header.add(self.segments)
        column.addWidget(self.problems)
        margins = self.problems.layout()
        assert margins is not None
        margins.setContentsMargins(0, 0, 0, 0)
        page = QWidget(self)
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(top)
        whole.addWidget(self._body, 1)
        self._body.addWidget(self.course)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self._page = page

    def _connect(self) -> None:
        self._runs.changed.connect(self._look)
        self.header.pressed.connect(self._press)
        self.header.noted.connect(lambda text: self.deeds.note(self.name, text))
        self.segments.chosen.connect(self._show_part)
        self.deeds.failed.connect(self._say)
        self.deeds.done.connect(self._acted)
        self._patience.timeout.connect(self._give_up)

    def show_run(self, name: str) -> None:
        """Follow a run, by the name of its directory."""
        if name != self.name:
            self.name = name
            self._seen, self._reader = Seen(), None
            self._asked, self._was_done = "", None
            self.problems.hide_notice("deed")
            self.empty.show_message(READING)
            self._stack.setCurrentWidget(self.empty)
        if self._runs.state(name) is None:
            self._runs.look()
        self._look()

    # Reading ----------------------------------------------------------------------

    def _look(self) -> None:
        """Show how the run stands, and read the rest."""
        if not self.name or not self.isVisible():
            return
        self._show()
        self._read()

    def _read(self) -> None:
        if self._reading:
            self._once_more = True
            return
        state = self._runs.state(self.name)
        fits = _fits(state) if state else ()
        if self._reader is None or self._reader.fits != fits:
            self._reader = RunReader(self._runs.config.runs / self.name, fits)
        reader = self._reader
        self._reading, self._once_more = True, False
        done: Callable[[Seen], None] = lambda seen: self._take(reader, seen)  # noqa: E731
        self._runs.tasks.start(reader.read, done, self._not_read, LANE)

    def _take(self, reader: RunReader, seen: Seen) -> None:
        self._reading = False
        if reader is self._reader:
            self._seen = seen
            self._show()
        if self._once_more or reader is not self._reader:
            self._read()

    def _not_read(self, error: Exception) -> None:
        self._reading = False
        raise error

    # Showing ----------------------------------------------------------------------

    def _show(self) -> None:
        run = self._runs.state(self.name)
        if run is None or not self._seen.there:
            self.empty.show_message(self._message(run))
            self._stack.setCurrentWidget(self.empty)
            return
        said = summary.headline(
            run, self._runs.queue, self._seen, self._others(), self._runs.idle
        )
        self._settle(said.standing)
        if self._asked:
            said = summary.waiting_for(said, self._asked)
        self.header.show_headline(said)
        self.header.show_note(run.note)
        self._offer(said.standing is Standing.DONE)
        self.course.show_run(run, self._seen, said.standing)
        self._stack.setCurrentWidget(self._page)

    def _message(self, run: RunState | None) -> Message:
        if not self._seen.there:
            return GONE
        if self._seen.problem:
            return Message(DAMAGED, self._seen.problem, "warning")
        return READING

    def _others(self) -> bool:
        """Tell whether another run is worked on."""
        return any(
            one.running for one in self._runs.states if one.path.name != self.name
        )

    def _offer(self, done: bool) -> None:
        """Offer the result once there is one; show it first."""
        if done != self._was_done:
            self._was_done = done
            self.segments.setVisible(done)
            self.segments.choose(RESULT if done else COURSE)
            self._show_part(self.segments.current)

    def _show_part(self, key: str) -> None:
        self.header.note.setVisible(key == COURSE)  # the result has it, too
        if key == COURSE:
            self._body.setCurrentWidget(self.course)
            return
        if self.result is None:
            self.result = self._make_result(self._engine, self._runs, self)
            self.result.another_wanted.connect(self.another_wanted)
            self.result.deleted.connect(self.deleted)
            self._body.addWidget(self.result)
        self.result.show_run(self.name)
        self._body.setCurrentWidget(self.result)

    # Doing ------------------------------------------------------------------------

    def _press(self, key: str) -> None:
        run = self._runs.state(self.name)
        if run is None:
            return
        self.problems.hide_notice("deed")
        self._asked, self._waited = key, False
        self._patience.start()
        if key == header.PAUSE:
            self.deeds.pause(self.name)
        elif key == header.STOP:
            self.deeds.stop(self.name)
        elif key == header.WITHDRAW:
            self.deeds.withdraw(self.name)
        else:
            self.deeds.resume(self.name)
        self._show()

    def _acted(self) -> None:
        """Go on offering buttons, unless a run is still to stop or to begin."""
        if self._asked == header.WITHDRAW:
            self._asked = ""
        self._show()

    def _give_up(self) -> None:
        """Offer the buttons again: what was asked for has not happened."""
        self._asked = ""
        self._show()

    def _settle(self, standing: Standing) -> None:
        """Wait no more for what has happened, or has failed at once."""
        running, waits = standing is Standing.RUNNING, standing is Standing.WAITING
        ends = self._asked in (header.PAUSE, header.STOP)
        begins = self._asked in header.GOING_ON
        tried = running or (self._others() if waits else self._waited)
        if (ends and not running) or (begins and tried):
            self._asked = ""
        self._waited = self._waited or waits

    def _say(self, problem: str) -> None:
        self._asked = ""
        self.problems.show_notice(Notice("deed", problem, "error"))
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Read again what went on while nobody looked."""
        super().showEvent(event)
        self._look()


def _fits(run: RunState) -> tuple[str, ...]:
    """Return the steps that have curves."""
    return tuple(step.name for step in run.steps if step.name.endswith(FIT))
