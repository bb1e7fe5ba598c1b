"""Faces side by side: the one in question, and those to compare it with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from facecam.app import theme
from facecam.app.people.cards import portrait
from facecam.app.people.pictures import Pictures

if TYPE_CHECKING:
    from facecam.gallery import Person, Portrait

SIDE = 104
"""Of a group of faces, logical pixels."""
GAP = 16
BETWEEN = 4


@dataclass(frozen=True)
class Group:
    """Up to four faces of one person; a single one is large."""

    caption: str
    person: Person
    faces: Sequence[Portrait]
    doubted: bool = False
    """Whether these are the ones in question: they get a rim."""


class Strip(QWidget):
    """Groups of faces with what they are below."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._groups: list[Group] = []
        pictures.ready.connect(self.update)

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Show faces."""
        self._groups = list(groups)
        self.setAccessibleName(", ".join(group.caption for group in groups))
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the groups are."""
        count = max(len(self._groups), 1)
        height = SIDE + 8 + self.fontMetrics().height()
        return QSize(count * SIDE + (count - 1) * GAP + 4, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the groups from left to right."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, group in enumerate(self._groups):
                self._draw(painter, group, 2 + number * (SIDE + GAP))

    def _draw(self, painter: QPainter, group: Group, left: float) -> None:
        colours, metrics = theme.current(), painter.fontMetrics()
        for place, face in zip(_places(len(group.faces)), group.faces, strict=False):
            place.translate(left, 2)
            portrait(painter, place, self._pictures.of(group.person, face))
            if group.doubted:
                painter.setPen(QPen(QColor(colours.warning), 2))
                painter.drawRoundedRect(place, 10, 10)
        painter.setPen(QColor(colours.quiet))
        line = QRectF(left, SIDE + 8, SIDE, metrics.height())
        elide = Qt.TextElideMode.ElideRight
        text = metrics.elidedText(group.caption, elide, SIDE)
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter, text)


def _places(count: int) -> list[QRectF]:
    """Return where faces are: one large, else in two rows of two."""
    if count == 1:
        return [QRectF(0, 0, SIDE - 4, SIDE - 4)]
    side = (SIDE - 4 - BETWEEN) / 2
    step = side + BETWEEN
    return [
        QRectF(column * step, row * step, side, side)
        for row in range(2)
        for column in range(2)
    ]
