"""Which visits are shown: whose, when, where."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from facecam.app import icons
from facecam.app.box import Box

if TYPE_CHECKING:
    from facecam.events import Wanted
    from facecam.gallery import Person

EVERYBODY, KNOWN, STRANGERS = "everybody", "known", "strangers"
DAYS = (
    ("Any day", -1),
    ("Today", 0),
    ("Yesterday", 1),
    ("Last 7 days", 6),
    ("Last 30 days", 29),
)


class Filters(QWidget):
    """A row of boxes to choose from, the number of visits, and what to do with them."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("filters")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.who = self._box("Who")
        self.when = self._box("When")
        self.where = self._box("Where")
        self.count = QLabel(self)
        self.count.setObjectName("quiet")
        self.export = QPushButton("Export…", self)
        self.export.setToolTip("Save these visits as a table (CSV) or as JSON")
        self.clear = QPushButton("Delete all…", self)
        self.clear.setProperty("flat", True)
        icons.wear(self.export, "export")
        for text, back in DAYS:
            self.when.addItem(text, back)
        self._arrange()
        self.show_people(())
        self.show_sources(())
        for box in (self.who, self.when, self.where):
            box.activated.connect(lambda _: self.changed.emit())

    def _box(self, name: str) -> Box:
        box = Box(self)
        box.setAccessibleName(name)
        box.setMaxVisibleItems(16)
        policy = Box.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        box.setSizeAdjustPolicy(policy)
        box.setMinimumContentsLength(12)
        return box

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(8)
        for box in (self.who, self.when, self.where):
            row.addWidget(box)
        row.addSpacing(8)
        row.addWidget(self.count, 1)
        row.addWidget(self.clear)
        row.addWidget(self.export)

    def show_people(self, people: Sequence[Person]) -> None:
        """Offer everybody enrolled."""
        items = [
            ("Everybody", EVERYBODY),
            ("Everybody known", KNOWN),
            ("Strangers", STRANGERS),
            *((p.identity.name, f"id {p.identity.id}") for p in people),
        ]
        _fill(self.who, items)

    def show_sources(self, sources: Sequence[str]) -> None:
        """Offer every source there are visits of."""
        items = [("Everywhere", ""), *((source, source) for source in sources)]
        _fill(self.where, items)

    def show_count(self, shown: int, all_of_them: int) -> None:
        """Say how many visits there are."""
        visits = "1 visit" if all_of_them == 1 else f"{all_of_them:,} visits"
        more = f"{shown:,} of {visits}" if shown < all_of_them else visits
        self.count.setText(more)

    @property
    def narrowed(self) -> bool:
        """Whether not all visits are wanted."""
        return any(box.currentIndex() > 0 for box in (self.who, self.when, self.where))

    def reset(self) -> None:
        """Want all visits again."""
        for box in (self.who, self.when, self.where):
            box.setCurrentIndex(0)
        self.changed.emit()

    def wanted(self, enrolled: Sequence[str]) -> Wanted:
        """Return which visits are chosen, of these people."""
        from facecam.events import Wanted

        who = str(self.who.currentData())
        people: tuple[str, ...] | None = None
        if who == KNOWN:
            people = tuple(enrolled)
        elif who == STRANGERS:
            people = ("",)
        elif who != EVERYBODY:
            people = (who.removeprefix("id "),)
        since, until = _days(int(self.when.currentData()))
        return Wanted(people, since, until, str(self.where.currentData()))


def _days(back: int) -> tuple[float, float]:
    """Return when the days begin and end that a choice means, seconds since 1970."""
    if back < 0:
        return 0.0, float("inf")
    midnight = datetime.fromtimestamp(time.time()).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    since = midnight - timedelta(days=back)
    until = midnight if back == 1 else midnight + timedelta(days=1)
    return since.timestamp(), until.timestamp()


def _fill(box: Box, items: Sequence[tuple[str, str]]) -> None:
    """Offer other items; what was chosen stays so if it is among them."""
    before = box.currentData()
    if [(box.itemText(n), box.itemData(n)) for n in range(box.count())] == list(items):
        return
    box.clear()
    for text, value in items:
        box.addItem(text, value)
    box.setCurrentIndex(max(box.findData(before), 0))
