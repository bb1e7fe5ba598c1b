"""A grid of cards that fills the width: the list view of people and of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QWidget

MARGIN = 12


class Grid(QListView):
    """Cards in rows; arrows go everywhere, Enter opens, Delete takes away."""

    opened = Signal(object)
    """QModelIndex."""
    delete_wanted = Signal()
    menu_wanted = Signal(object, QPoint)
    """QModelIndex, a place on the screen."""
    dropped = Signal(object, object)
    """QModelIndex under the pointer, a list of Path."""

    def __init__(self, width: int, lines: int, below: int, parent: QWidget) -> None:
        """Lay cards out.

        Args:
            width: least width of a card, logical pixels.
            lines: lines of text under the square picture of a card.
            below: height of what else is under it, logical pixels.
            parent: whose child this is.
        """
        super().__init__(parent)
        self._least, self._lines, self._below = width, lines, below
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.customContextMenuRequested.connect(self._menu)
        self.doubleClicked.connect(lambda index: self.opened.emit(index))
        self.setViewportMargins(MARGIN, MARGIN, MARGIN, 0)
        self.verticalScrollBar().setSingleStep(32)

    def chosen(self) -> list[QModelIndex]:
        """Return what is selected, in the order of the rows."""
        return sorted(self.selectionModel().selectedIndexes(), key=lambda i: i.row())

    def go_to(self, index: QModelIndex) -> None:
        """Select a row, give it the keyboard and bring it into view."""
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def fit(self) -> None:
        """Share the width out among as many cards as have room."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        room = self.maximumViewportSize().width() - bar - 2
        columns = max(room // self._least, 1)
        width = max(room // columns, 64)
        size = QSize(width, width + self.height_below())
        if size != self.gridSize():
            delegate = self.itemDelegate()
            if hasattr(delegate, "cell"):
                delegate.cell = size
            self.setGridSize(size)

    def height_below(self) -> int:
        """Return the height under a picture, which grows with the font."""
        return self._below + self._lines * (self.fontMetrics().height() + 2)

    def _menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            self.menu_wanted.emit(index, self.viewport().mapToGlobal(point))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete takes away; the rest is a list's own."""
        key = event.key()
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(
                event
            )  # the Enter that ends a new name comes here too
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
        elif key == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        elif key == Qt.Key.Key_Escape and len(self.chosen()) > 1:
            self.setCurrentIndex(self.currentIndex())
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew where the number of columns changes."""
        super().resizeEvent(event)
        self.fit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped onto a card."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show which card would take them."""
        if dropped_files(event):
            self.setCurrentIndex(self.indexAt(event.position().toPoint()))
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files over; those dropped beside the cards, to the window."""
        index = self.indexAt(event.position().toPoint())
        paths = dropped_files(event)
        if not index.isValid():
            self.window().dropEvent(event)
        elif paths:
            event.acceptProposedAction()
            self.dropped.emit(index, paths)


def dropped_files(event: QDropEvent) -> Sequence[Path]:
    """Return the local files of a drag."""
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
