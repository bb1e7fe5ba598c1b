"""The course of a run: what went wrong, its steps, curves, pictures, and the log."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from facecam.app.notices import Notice, Notices
from facecam.app.training.results.standing import Standing
from facecam.app.training.run import saying
from facecam.app.training.run.curves_card import CurvesCard
from facecam.app.training.run.hard_card import HardCard
from facecam.app.training.run.log_card import LogCard
from facecam.app.training.run.meters import Meters
from facecam.app.training.run.reading import Seen
from facecam.app.training.run.steps import StepList
from facecam.training.runs import CUT, RunState

NARROW = 800
"""From this width on steps and curves stand side by side, logical pixels."""
STEPS = 296
"""Width of the steps beside the curves, logical pixels."""
WIDEST = 1480


class Course(QScrollArea):
    """A column of cards that scrolls; made once, then changed in place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, widgetResizable=True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._root = ""
        self.trouble = Notices(self, floating=False)
        self.steps = StepList(self)
        self.meters = Meters(self)
        self.hard = HardCard(self)
        self.curves = CurvesCard(self.hard, self)
        self.log = LogCard(self)
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._arrange()

    def _arrange(self) -> None:
        column = QWidget(self)
        column.setObjectName("column")
        column.setMaximumWidth(WIDEST)
        right = QVBoxLayout()
        right.setSpacing(16)
        for card in (self.meters, self.curves, self.hard, self.log):
            right.addWidget(card)
        right.addStretch(1)
        self._pair.setSpacing(16)
        self._pair.addWidget(self.steps, 0, Qt.AlignmentFlag.AlignTop)
        self._pair.addLayout(right, 1)
        margins = self.trouble.layout()
        assert margins is not None
        margins.setContentsMargins(0, 0, 0, 0)
        outer = QVBoxLayout(column)
        outer.setContentsMargins(24, 8, 24, 24)
        outer.setSpacing(16)
        outer.addWidget(self.trouble)
        outer.addLayout(self._pair)
        outer.addStretch(1)
        self.setWidget(column)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.hard.hide()

    def show_run(self, run: RunState, seen: Seen, standing: Standing) -> None:
        """Show how a run stands, and what was read beside."""
        if str(run.path) != self._root:
            self._root = str(run.path)
            self.meters.forget()
            self.curves.begin(run)
            self.verticalScrollBar().setValue(0)
        self._show_trouble(run, standing)
        self.steps.show_steps(run.steps, standing is Standing.PAUSED)
        self.meters.setVisible(run.running)
        self.meters.show_uses(run.uses)
        self.curves.show_run(run, seen)
        self.log.show_log(seen.log, run.path)

    def _show_trouble(self, run: RunState, standing: Standing) -> None:
        """Say what went wrong and what to do."""
        failed = run.error if standing is Standing.FAILED else ""
        halted = standing in (Standing.STOPPED, Standing.PAUSED)
        self._tell("failed", saying.wrong(failed), "error")
        self._tell("cut", CUT if run.cut and halted else "", "info")

    def _tell(self, key: str, text: str, kind: str) -> None:
        if not text:
            self.trouble.hide_notice(key)
        elif self.trouble.text(key) != text:
            self.trouble.show_notice(Notice(key, text, kind, closable=False))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the steps above the curves where there is little room."""
        super().resizeEvent(event)
        wide = event.size().width() >= NARROW
        direction = QBoxLayout.Direction
        self._pair.setDirection(
            direction.LeftToRight if wide else direction.TopToBottom
        )
        self.steps.setMinimumWidth(STEPS if wide else 0)
        self.steps.setMaximumWidth(STEPS if wide else WIDEST)

    def minimumSizeHint(self) -> QSize:
        """Be as narrow as need be."""
        return QSize(320, 200)
