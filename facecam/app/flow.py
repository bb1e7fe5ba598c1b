"""A layout that fills rows from the left and goes on in the next, as words do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

WIDEST = 1.35
"""How much an item may be stretched."""


class Flow(QLayout):
    """Items of equal width, as many in a row as fit, stretched to fill it."""

    def __init__(self, parent: QWidget, spacing: int) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = spacing
        self.setContentsMargins(0, 0, 0, 0)

    def move_widget(self, widget: QWidget, place: int) -> None:
        """Put a widget that is in it, or is new, at a place."""
        old = next((i for i in self._items if i.widget() is widget), None)
        if old is None:
            self.addWidget(widget)
            old = self._items[-1]
        self._items.remove(old)
        self._items.insert(place, old)
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        """Qt adds."""
        self._items.append(item)

    def count(self) -> int:
        """Qt asks."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Qt asks."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Qt takes."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Qt asks."""
        return self._place(QRect(0, 0, width, 0), apply=False)

    def setGeometry(self, rect: QRect) -> None:
        """Qt gives room."""
        super().setGeometry(rect)
        self._place(rect, apply=True)

    def sizeHint(self) -> QSize:
        """As small as the largest item."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """As small as the largest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, apply: bool) -> int:
        """Put the items in rows; return the height they need."""
        wide = max((item.sizeHint().width() for item in self._items), default=1)
        columns = max((rect.width() + self._gap) // (wide + self._gap), 1)
        stretched = (rect.width() - self._gap * (columns - 1)) // columns
        side = min(stretched, round(wide * WIDEST))
        x, y, height = rect.x(), rect.y(), 0
        for number, item in enumerate(self._items):
            if number and number % columns == 0:
                x, y, height = rect.x(), y + height + self._gap, 0
            size = QSize(side, item.sizeHint().height())
            if apply:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            height = max(height, size.height())
        return y + height - rect.y()
