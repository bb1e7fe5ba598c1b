"""What a finished run has brought: read anew, said on a card, with what can be done."""

from __future__ import annotations

from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from facecam.app.engine import Engine
from facecam.app.training.following import Runs
from facecam.app.training.kinds import RunKind
from facecam.app.training.results.acts import DEPLOY, Acts
from facecam.app.training.results.in_use import InUse
from facecam.app.training.results.verdict_card import Verdict, VerdictCard
from facecam.errors import FacecamError
from facecam.training.runs import RunState, State

LANE = "runs"
WIDEST, NARROW = 1160, 900
"""Logical pixels."""
R = TypeVar("R")


class ResultView(QScrollArea, Generic[R]):
    """A column of cards, the verdict first; who inherits reads and fills them."""

    another_wanted = Signal(str)
    """Another run is to begin where this one has ended: its name."""
    deleted = Signal(str)
    """A run is gone: its name."""

    def __init__(
        self, kind: RunKind, engine: Engine, runs: Runs, parent: QWidget
    ) -> None:
        super().__init__(parent, widgetResizable=True)
        self._engine, self._runs = engine, runs
        self.in_use_now = InUse.of(runs, kind.name)
        self.name = ""
        self.results: R | None = None
        self.cards: list[QFrame] = []
        """Shown once there are results."""
        self._problem = ""
        self._read: tuple[float, str] | None = None
        self.card = VerdictCard(self, kind)
        self.acts = Acts(runs, self.card.notices, self, kind)
        self._begin_column()
        self._listen()

    def show_run(self, name: str) -> None:
        """Show what a run has brought."""
        if name != self.name:
            self.name, self.results, self._problem = name, None, ""
            self._read = None
            self.card.note.clear()
            self.card.notices.hide_notice(DEPLOY)  # it was about the other run
            self.verticalScrollBar().setValue(0)
        self._follow()

    @property
    def run(self) -> RunState | None:
        """The run that is shown."""
        return self._runs.state(self.name)

    @property
    def in_use(self) -> bool:
        """Whether what it has made is in use now."""
        return bool(self.name) and self.in_use_now.run == self.name

    def delete(self) -> None:
        """Delete the run, after one question: it cannot be undone."""
        name = self.name
        self.acts.delete(name, lambda: self.deleted.emit(name))

    def add_card(self, title: str, *widgets: QWidget) -> QFrame:
        """Add a card below the others."""
        frame = QFrame(self._column)
        frame.setObjectName("card")
        column = QVBoxLayout(frame)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        heading = QLabel(title, frame)
        heading.setObjectName("heading")
        column.addWidget(heading)
        for widget in widgets:
            column.addWidget(widget)
        self._inner.insertWidget(self._inner.count() - 1, frame)
        self.cards.append(frame)
        return frame

    # What who inherits says -------------------------------------------------------

    def read_results(self, root: Path) -> R:
        """Read what a run has brought, in the background.

        Raises:
            FacecamError: says why it cannot be read, and what to do.
        """
        raise NotImplementedError

    def fill(self, results: R) -> None:
        """Show other results."""
        raise NotImplementedError

    def judge(self, results: R) -> None:
        """Say what holds of the results now: in use or not, and what speaks against."""
        raise NotImplementedError

    # Following --------------------------------------------------------------------

    def _begin_column(self) -> None:
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setAccessibleName("What the run has brought")
        self._column = QWidget(self)
        self._column.setObjectName("column")
        self._column.setMaximumWidth(WIDEST)
        self._inner = QVBoxLayout(self._column)
        self._inner.setContentsMargins(24, 16, 24, 24)
        self._inner.setSpacing(16)
        self._inner.addWidget(self.card)
        self._inner.addStretch(1)
        self.setWidget(self._column)

    def _listen(self) -> None:
        card = self.card
        card.use.clicked.connect(self._use)
        card.again.clicked.connect(lambda: self.acts.compare_again(self.name))
        card.other.clicked.connect(lambda: self.another_wanted.emit(self.name))
        card.delete.clicked.connect(self.delete)
        card.note.editingFinished.connect(self._keep_note)
        self._runs.changed.connect(self._follow)
        self.in_use_now.changed.connect(self._show)

    def _use(self) -> None:
        """Put it to use; where the card says what speaks against it, all the same."""
        self.acts.deploy(self.name, force=bool(self.card.verdict.against))

    def _keep_note(self) -> None:
        run, text = self.run, self.card.note.text().strip()
        if run is not None and text != run.note:
            self.acts.write_note(run.path, text)

    def _follow(self) -> None:
        """Read what the run has brought, if it has been evaluated anew since."""
        run = self.run
        if run is None or not self.isVisible():
            return
        self.card.show_note(run.note)
        self.card.delete.setEnabled(not run.running)
        self.card.delete.setToolTip(
            "Stop it first." if run.running else "Delete it with all it has made."
        )
        last = run.steps[-1]
        stamp = (last.seconds or 0.0, repr(sorted(last.metrics.items())))
        if run.state is State.DONE and stamp != self._read:
            self._read = stamp
            self._begin(run)
        self._show()

    def _begin(self, run: RunState) -> None:
        def got(results: R) -> None:
            if run.path.name == self.name:
                self.results, self._problem = results, ""
                self.fill(results)
                self._show()

        def failed(error: Exception) -> None:
            if not isinstance(error, FacecamError | OSError):
                raise error
            if run.path.name == self.name:
                self.results, self._problem = None, str(error)
                self._show()

        self._runs.tasks.start(lambda: self.read_results(run.path), got, failed, LANE)

    def _show(self) -> None:
        """Say what holds now, or why nothing can be said."""
        results = self.results
        for card in self.cards:
            card.setVisible(results is not None)
        for button in (self.card.use, self.card.other, self.card.report):
            button.setEnabled(results is not None)
        if results is not None:
            self.judge(results)
            return
        said = self._problem or "Reading what it has brought…"
        self.card.show_verdict(Verdict(said, mood="bad" if self._problem else "info"))
        self.card.use.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Look at what has changed meanwhile."""
        super().showEvent(event)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the buttons where there is little room."""
        super().resizeEvent(event)
        self.card.fold(event.size().width() < NARROW)
