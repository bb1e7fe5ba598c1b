"""Step 3: the look at the data, with findings, statistics, costs and contact sheets."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app.training.setup.asking import Checking, Stage
from facecam.app.training.setup.kinds import SetupKind
from facecam.app.training.setup.pictures import SheetPictures
from facecam.app.training.setup.results import Checked
from facecam.app.training.setup.saying import span
from facecam.app.training.setup.section import Section, Sign, plain
from facecam.app.training.setup.seen import SeenView

DUE = "Looking at the data…"
SKIPPED = (
    "Not looked at as it is now. The run looks for itself before it learns, and ends "
    "there if something is wrong."
)
SHARES = 1000


class LookSection(Section):
    """Shows how the look at the data stands, and what it has brought."""

    sheet_wanted = Signal(int)
    """A contact sheet is to be seen large: its place."""

    def __init__(
        self,
        kind: SetupKind,
        checking: Checking,
        pictures: SheetPictures,
        parent: QWidget,
    ) -> None:
        super().__init__(3, "A look at the data", parent)
        self.checking, self._pictures = checking, pictures
        self._what = kind.look
        self.sign = Sign("info", "quiet", self)
        self.text = plain("", self)
        self.left = QLabel(self)
        self.left.setObjectName("quiet")
        self.bar = QProgressBar(self, textVisible=False)
        self.bar.setAccessibleName("Looking at the data")
        self.skip = QPushButton("Skip", self)
        self.look = QPushButton("Look at the data", self)
        self.seen = SeenView(kind.sheets, pictures, self)
        self._shown: Checked | None = None
        self._arrange()
        self.skip.clicked.connect(checking.skip)
        self.look.clicked.connect(checking.start)
        self.seen.sheets.opened.connect(self.sheet_wanted)
        checking.changed.connect(self._show)
        checking.progressed.connect(self._progress)
        self._show()

    def _arrange(self) -> None:
        self.skip.setToolTip("Start without having looked; the run looks for itself")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.text, 1)
        row.addWidget(self.left)
        row.addWidget(self.skip)
        row.addWidget(self.look)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.bar)
        self.body.addLayout(column)
        self.body.addWidget(self.seen)

    def _show(self) -> None:
        stage, checked = self.checking.stage, self.checking.checked
        busy = stage in (Stage.DUE, Stage.RUNNING)
        self.bar.setVisible(busy)
        self.skip.setVisible(busy)
        self.left.setVisible(busy)
        self.look.setVisible(stage in (Stage.SKIPPED, Stage.DONE, Stage.FAILED))
        self.look.setText(
            "Look at the data" if stage is Stage.SKIPPED else "Look again"
        )
        if busy:
            self.bar.setMaximum(0)
            self.left.setText("")
        name, colour, text = self._verdict(stage, checked)
        self.sign.show_sign(name, colour)
        self.sign.setVisible(not busy)
        self.text.setText(text)
        self.text.setObjectName("quiet" if name == "info" else "")
        self.text.style().polish(self.text)
        self.show_done(
            stage is Stage.DONE and checked is not None and not checked.errors
        )
        if checked is not self._shown:
            self._shown = checked
            self._pictures.forget()
            if checked is not None:
                self.seen.show_checked(checked)
                for before, after in pairwise((self.look, *self.seen.sheets.buttons)):
                    self.setTabOrder(before, after)
        self.seen.setVisible(checked is not None and not busy)

    def _verdict(self, stage: Stage, checked: Checked | None) -> tuple[str, str, str]:
        """Return icon, colour and words for how it stands."""
        if stage is Stage.FAILED:
            return "warning", "danger", self.checking.error
        if stage is Stage.SKIPPED:
            return "info", "quiet", SKIPPED
        if stage is not Stage.DONE or checked is None:
            return "info", "quiet", self._what if stage is Stage.IDLE else DUE
        if checked.errors:
            return "warning", "danger", "Training on this data cannot work."
        notes = len(checked.findings)
        if any(one.severity == "warning" for one in checked.findings):
            things = "1 thing" if notes == 1 else f"{notes} things"
            return "warning", "warning", f"Training can start. {things} to know first."
        return "check", "good", "Training on this data can start."

    def _progress(self, share: float, text: str, left: float | None) -> None:
        self.bar.setMaximum(SHARES)
        self.bar.setValue(round(SHARES * share))
        self.text.setText(f"{text}…" if text else DUE)
        self.left.setText("" if left is None else f"{span(left)} left")
        self.bar.setAccessibleDescription(f"{text} {self.left.text()}")
