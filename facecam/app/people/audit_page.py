"""The audit: what is probably wrong with the gallery, and a button that cures it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facecam.app import words
from facecam.app.empty_state import EmptyState
from facecam.app.engine import Engine
from facecam.app.people import invitations
from facecam.app.people.curing import Curing
from facecam.app.people.finding_card import FindingCard
from facecam.app.people.people_page import Around
from facecam.app.tasks import Report, Task, Tasks
from facecam.errors import FacecamError
from facecam.report.findings import Audit, Finding, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from facecam.faces import Identity
    from facecam.gallery import Gallery, PersonViews
    from facecam.vision.identifier import Identifier

HEADINGS = {
    Kind.STRAY: "Probably somebody else",
    Kind.TWICE: "Probably enrolled twice",
    Kind.MISTAKEN: "Called by a wrong name",
    Kind.ALIKE: "Look-alikes",
    Kind.CONFUSING: "Confusing pictures",
    Kind.POOR: "Poor pictures",
    Kind.FEW: "Too few pictures",
}
FIRST = 6
"""So many findings of a kind are shown at once; the rest when asked for."""
SETTLE = 400
"""Milliseconds after a change until the audit looks again."""


class AuditPage(QWidget):
    """Findings as cards, looked for again whenever the people have changed."""

    person_wanted = Signal(str)
    enrol_wanted = Signal(str)

    def __init__(self, engine: Engine, tasks: Tasks, around: Around) -> None:
        assert isinstance(around, QWidget)
        super().__init__(around)
        self._engine, self._tasks = engine, tasks
        self._pictures = around.pictures
        self.curing = Curing(engine, around.changes, around.pictures, self)
        self.audit: Audit | None = None
        self.cards: list[FindingCard] = []
        self._open: Counter[Kind] = Counter()
        self._task: Task | None = None
        self._stale = True
        self._settle = QTimer(self, singleShot=True, interval=SETTLE)
        self._settle.timeout.connect(self.look)
        self.tools = QWidget(self)
        self.summary = QLabel(self.tools)
        self.summary.setObjectName("quiet")
        self.summary.setAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        self.summary.setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        )
        self.again = QPushButton("Look again", self.tools)
        self.bar = QProgressBar(self, maximum=1000, textVisible=False)
        self.empty = EmptyState(self)
        self._area = QScrollArea(self, widgetResizable=True)
        self._list = QWidget(self._area)
        self._column = QVBoxLayout(self._list)
        self._stack = QStackedWidget(self)
        self._arrange()
        self.again.clicked.connect(self._press)
        self.empty.chosen.connect(self.enrol_wanted)
        self.curing.changed.connect(self._changed)
        engine.people_changed.connect(self._changed)

    def _arrange(self) -> None:
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.summary, 1)
        row.addWidget(self.again)
        self._list.setObjectName("column")
        self._column.setContentsMargins(16, 8, 16, 24)
        self._column.setSpacing(8)
        self._area.setWidget(self._list)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._area)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self.bar.hide()
        self.empty.show_message(invitations.AUDITING)

    def show_page(self) -> None:
        """Look for mistakes if anything has changed since."""
        if self._stale:
            self.look()

    def look(self) -> None:
        """Look for mistakes in the background."""
        if not self._engine.state.loaded:
            return
        if self._task is not None:
            self._task.cancel()
        self._stale = False
        self.bar.setMaximum(0)
        self.bar.show()
        self.again.setText("Cancel")
        self.again.show()
        self._task = self._engine.ask(self._read, self._examine, self._failed)

    def _press(self) -> None:
        """Look again; or stop looking, if that is under way."""
        if self._task is None:
            self.look()
            return
        self._task.cancel()
        self._end()
        self._stale = True

    def _end(self) -> None:
        self._task = None
        self.bar.hide()
        self.again.setText("Look again")

    def _read(
        self, gallery: Gallery, report: Report
    ) -> tuple[Mapping[Identity, PersonViews], Identifier]:
        """Read what is needed, on the lane of the gallery; quick."""
        from facecam import pipeline

        report("Reading", 0)
        views = gallery.views()
        return views, pipeline.fit_identifier(self._engine.config, gallery)

    def _examine(self, seen: tuple[Mapping[Identity, PersonViews], Identifier]) -> None:
        """Compare, on a lane of its own: enrolling somebody does not wait for it."""
        views, identifier = seen
        config = self._engine.config

        def work(report: Report) -> Audit:
            from facecam.report import accepted
            from facecam.report.audit import audit

            known = accepted.load(config.home)
            return audit(views, identifier, config.audit, known, report)

        self.bar.setMaximum(1000)
        self._task = self._tasks.start_reporting(
            *(work, self._progress, self.show_audit, self._failed), lane="audit"
        )

    def _progress(self, text: str, share: float) -> None:
        self.bar.setValue(round(share * 1000))
        self.bar.setAccessibleName(text)

    def _failed(self, error: Exception) -> None:
        self._end()
        if not isinstance(error, FacecamError):
            raise error
        self._stale = True
        problem = invitations.cannot_audit(str(error))
        self.empty.show_message(problem)
        self._stack.setCurrentWidget(self.empty)

    def _changed(self) -> None:
        """Look again soon, or when the page is shown next."""
        self._stale = True
        if self.isVisible():
            self._settle.start()

    def show_audit(self, audit: Audit) -> None:
        """Show what was found."""
        self._end()
        self.audit = audit
        count = len(audit.findings)
        things = "1 thing" if count == 1 else f"{count:,} things"
        about = f"{words.people(audit.people)}, {words.pictures(audit.pictures)}"
        self.summary.setText(f"{about}: {things} to look at" if count else about)
        self.summary.setVisible(audit.people > 0)
        self.again.setVisible(audit.people > 0)
        if not audit.people:
            self.empty.show_message(invitations.NOBODY_TO_AUDIT)
        elif not count:
            message = invitations.nothing_wrong(audit.people, audit.pictures)
            self.empty.show_message(message)
        self._fill()
        self._stack.setCurrentWidget(self._area if count else self.empty)

    def _fill(self) -> None:
        """Lay out the cards of what was found, keeping the place scrolled to."""
        at = self._area.verticalScrollBar().value()
        self._clear()
        for kind in Kind:
            found = self.audit.of(kind) if self.audit else ()
            if found:
                self._section(kind, found)
        self._column.addStretch(1)
        QTimer.singleShot(0, self, lambda: self._area.verticalScrollBar().setValue(at))

    def _clear(self) -> None:
        self.cards.clear()
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _section(self, kind: Kind, found: tuple[Finding, ...]) -> None:
        heading = QLabel(f"{HEADINGS[kind]}  ·  {len(found)}", self._list)
        heading.setObjectName("heading")
        heading.setContentsMargins(0, 16, 0, 0)
        self._column.addWidget(heading)
        people = {person.identity.id: person for person in self._engine.people}
        count = FIRST * (1 + self._open[kind])
        for finding in found[:count]:
            card = FindingCard(finding, people, self._pictures, self._list)
            card.remedied.connect(self.curing.cure)
            card.accepted.connect(self.curing.accept)
            card.opened.connect(self.person_wanted)
            self.cards.append(card)
            self._column.addWidget(card)
        if len(found) > count:
            more = QPushButton(
                f"Show {min(FIRST, len(found) - count)} more", self._list
            )
            more.setProperty("link", True)
            more.clicked.connect(lambda: self._more(kind))
            self._column.addWidget(more)

    def _more(self, kind: Kind) -> None:
        self._open[kind] += 1
        self._fill()
