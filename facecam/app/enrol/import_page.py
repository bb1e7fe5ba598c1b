"""Enrolling from files: what was found, the progress, then a report of all of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import words
from facecam.app.empty_state import larger
from facecam.app.engine import Engine
from facecam.app.enrol import reporting
from facecam.app.enrol.check_row import CheckRow
from facecam.app.enrol.importing import (
    Importing,
    ask_for_folder,
    ask_for_pictures,
    named,
)
from facecam.app.enrol.name_field import NameField
from facecam.app.enrol.report_rows import ReportList
from facecam.app.tasks import Tasks
from facecam.app.thumbnails import Thumbnails
from facecam.faces import Identity

if TYPE_CHECKING:
    from facecam.enrolment.importing import Imported
    from facecam.enrolment.planning import Plan

__all__ = ["ImportPage", "ask_for_folder", "ask_for_pictures"]

WIDTH = 960
"""Of the page's column at most, logical pixels."""
LOOK = 0.1
"""Seconds between two looks at the progress."""
CONSENT = (
    "They agree that pictures of their faces are kept on this computer to recognise "
    "them. The pictures can be deleted at any time."
)


class ImportPage(QWidget):
    """One import at a time: asks, shows progress, reports."""

    closed = Signal()

    def __init__(
        self, engine: Engine, tasks: Tasks, thumbnails: Thumbnails, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self.importing = Importing(engine, tasks, self)
        self.busy = False
        """Whether there is anything to show."""
        self.running = False
        self._plan: Plan | None = None
        self._imported: Imported | None = None
        self._paths: Sequence[Path] = ()
        self._name = ""
        self._apart = False
        """Whether each folder in the folder is a person, by the user's word."""
        self._make_widgets(tasks, thumbnails)
        self._arrange()
        self._connect()

    def _make_widgets(self, tasks: Tasks, thumbnails: Thumbnails) -> None:
        self.title = QLabel(self, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        larger(self.title, 1.4)
        self.text = QLabel(self, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.text.setObjectName("quiet")
        self.bar = QProgressBar(self, textVisible=False)
        self.name = NameField(thumbnails, self)
        self.name.setAccessibleName("Name of the person in the pictures")
        self.name.setMaximumWidth(320)
        self.name.show_people(self._engine.people)
        self.split = QPushButton(self)
        self.split.setProperty("link", True)
        self.consent = CheckRow(CONSENT, self)
        self._heads = [QLabel(self), QLabel(self)]
        for head in self._heads:
            head.setObjectName("heading")
        self.who = ReportList(tasks, "People", self)
        self.left_out = ReportList(tasks, "Pictures left out", self)
        self.undo = QPushButton("Undo", self)
        self.cancel = QPushButton("Cancel", self)
        self.go = QPushButton("Enrol", self)
        self.go.setProperty("primary", True)
        self.done = QPushButton("Done", self)
        self.done.setProperty("primary", True)
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 * LOOK))

    def _arrange(self) -> None:
        page = QFrame(self)
        page.setObjectName("sheet")
        page.setMaximumWidth(WIDTH)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        lists = (self.who, self.left_out)
        for number, (head, rows) in enumerate(zip(self._heads, lists, strict=True)):
            grid.addWidget(head, 0, number)
            grid.addWidget(rows, 1, number)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.undo)
        buttons.addStretch(1)
        for button in (self.cancel, self.go, self.done):
            buttons.addWidget(button)
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(8)
        for widget in (self.title, self.text, self.bar, self.name):
            column.addWidget(widget)
        column.addWidget(self.split, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(8)
        column.addLayout(grid, 1000)
        column.addStretch(1)
        column.addWidget(self.consent)
        column.addSpacing(8)
        column.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.addStretch(1)
        row.addWidget(page, 100)
        row.addStretch(1)

    def _connect(self) -> None:
        importing = self.importing
        importing.planned.connect(self._show_plan)
        importing.finished.connect(self._show_report)
        importing.failed.connect(self._show_failure)
        importing.undone.connect(self._close)
        self.name.changed.connect(self._check)
        self._engine.people_changed.connect(self.name.show_people)
        self.consent.toggled.connect(self._check)
        self.cancel.clicked.connect(self.give_up)
        self.go.clicked.connect(self._run)
        self.done.clicked.connect(self._close)
        self.split.clicked.connect(self._turn)
        self.undo.clicked.connect(self._undo)
        self._timer.timeout.connect(self._look)

    def begin(self, paths: Sequence[Path], name: str = "") -> bool:
        """Look what there is in files and folders; False while another one runs."""
        if self.running:
            return False
        self.busy = True
        self._plan = self._imported = None
        self._apart = False
        self._stage("Looking at the folders…", "", self.cancel)
        self.cancel.setFocus()
        self.bar.setRange(0, 0)
        self.bar.show()
        self._paths, self._name = paths, name
        self.importing.plan(paths, name)
        return True

    def _turn(self) -> None:
        """Take a folder's folders for people, or all of it for one person."""
        if self._apart:
            self.importing.plan(self._paths, self._name)
        else:
            self.importing.plan_tree(self._paths[0])
        self._apart = not self._apart

    def _offer_split(self, plan: Plan) -> bool:
        """Offer the other way to read a folder that can be read in two ways."""
        if len(self._paths) != 1 or not reporting.mixed(self._paths[0]):
            return False
        name = words.short(self._paths[0].name)
        self.split.setText(
            f"No, all pictures in {name} show one person"
            if self._apart
            else f"No, each folder in {name} is a person"
        )
        return True

    def give_up(self) -> None:
        """Cancel, or close what is over."""
        if self.running:
            self.importing.cancel()
            self.cancel.setEnabled(False)
            self.text.setText("Stopping after this picture…")
        else:
            self._close()

    def _stage(self, title: str, text: str, *shown: QWidget) -> None:
        """Show a title, a text, and no more than some of the widgets."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        lists = (self.who, self.left_out, *self._heads)
        buttons = (self.undo, self.cancel, self.go, self.done)
        others = (self.bar, self.name, self.split, self.consent)
        for widget in (*others, *lists, *buttons):
            widget.setVisible(widget in shown)
        self.cancel.setEnabled(True)

    def _show_plan(self, plan: Plan) -> None:
        """Say whose pictures were found, and ask whether they agree."""
        if not self.busy:
            return
        self._plan = plan
        nameless = any(not batch.name for batch in plan.people)
        title, text = reporting.found(plan)
        shown = [self.who, self._heads[0], self.consent, self.cancel, self.go]
        if plan.skipped:
            shown += [self.left_out, self._heads[1]]
        if nameless:
            shown.append(self.name)
        if self._offer_split(plan):
            shown.append(self.split)
        self._stage(title, text, *shown)
        self._heads[0].setText("Who")
        self._heads[1].setText("Left out")
        self.who.rows.show_rows(reporting.batches(plan))
        self.left_out.rows.show_rows(reporting.left_out(plan.skipped))
        self.consent.setChecked(False)
        self.go.setText(f"Enrol from {words.pictures(plan.files)}")
        self._check()
        (self.name if nameless else self.consent).setFocus()

    def _check(self) -> None:
        """Say why it cannot go on yet."""
        typed = bool(self.name.typed) or not self.name.isVisibleTo(self)
        agreed = self.consent.isChecked()
        reason = "" if agreed else "They have to agree first."
        reason = reason if typed else "Say who is in the pictures first."
        self.go.setEnabled(typed and agreed and bool(self._plan and self._plan.files))
        self.go.setToolTip(reason)

    def _run(self) -> None:
        if self._plan is None:
            return
        plan, who = named(self._plan, self.name.typed), self.name.who
        alone = isinstance(who, Identity) and len(plan.people) == 1
        self.running = True
        self._stage("Looking at the pictures…", "Preparing…", self.bar, self.cancel)
        self.bar.setRange(0, max(plan.files, 1))
        self.bar.setValue(0)
        self.cancel.setFocus()
        self._timer.start()
        self.importing.run(plan, who if alone and isinstance(who, Identity) else None)

    def _look(self) -> None:
        """Show how far it has come."""
        progress = self.importing.progress
        self.bar.setValue(progress.done)
        if progress.done and self.cancel.isEnabled():
            done = f"{progress.done:,} of {words.pictures(progress.total)}"
            self.text.setText(done)

    def _show_report(self, imported: Imported) -> None:
        """Say who got how many pictures, and what was left out and why."""
        self._end(imported)
        title, text = reporting.summary(imported)
        shown: list[QWidget] = [self.done]
        if imported.people:
            shown += [self.who, self._heads[0]]
        if imported.left_out:
            shown += [self.left_out, self._heads[1]]
        if imported.kept and self._undoable(imported):
            shown.append(self.undo)
        self._stage(title, text, *shown)
        self._heads[0].setText("Enrolled")
        self._heads[1].setText(f"Left out ({len(imported.left_out):,})")
        self.who.rows.show_rows(
            reporting.outcomes(imported.people, self._engine.thumbnail)
        )
        self.left_out.rows.show_rows(reporting.left_out(imported.left_out))
        self.done.setFocus()

    def _undoable(self, imported: Imported) -> bool:
        """Tell whether all of it can be taken back: each person is a change."""
        changed = sum(1 for outcome in imported.people if outcome.kept)
        return changed <= self._engine.config.gallery.undo_steps

    def _show_failure(self, text: str) -> None:
        self._end(None)
        self._stage("That did not work", text, self.done)
        self.done.setFocus()

    def _end(self, imported: Imported | None) -> None:
        self.running = False
        self._imported = imported
        self._timer.stop()

    def _undo(self) -> None:
        if self._imported is not None:
            self._stage("Undoing…", "")
            self.importing.undo()

    def _close(self) -> None:
        self.busy = False
        self._plan = self._imported = None
        self.who.rows.show_rows(())
        self.left_out.rows.show_rows(())
        self.name.start_anew()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape cancels, or closes the report."""
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        else:
            super().keyPressEvent(event)
