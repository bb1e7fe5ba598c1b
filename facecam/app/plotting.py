"""What all plots of the window share. Imports pyqtgraph: import it when first shown.

A plot has the colours of the window, offers nothing of pyqtgraph's but drawing, and
answers to pointing: what its curves say there stands beside the place.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QLabel, QWidget

from facecam.app import theme

APART = 12
"""Of what is said from the place that is pointed at, across; logical pixels."""


class QuietPlot(pg.PlotWidget):  # type: ignore[misc]  # it has no types
    """A plot that only answers to pointing.

    Args:
        axes: by "bottom" and "left".
        height: logical pixels.
        numbers: room for the numbers at the left, logical pixels.
        parent: of the widget.
    """

    tick_offset = 8
    """Of the numbers from the plot, logical pixels."""
    said_offset = 12
    """Of what is said from the place that is pointed at, down."""

    def __init__(
        self,
        axes: Mapping[str, pg.AxisItem],
        height: int,
        numbers: int,
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent, axisItems=dict(axes), enableMenu=False)
        self.setFixedHeight(height)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.setAntialiasing(True)
        item = self.getPlotItem()
        # Never used; without a parent it outlives the plot, and Qt crashes when it
        # goes while all widgets are told of other colours.
        item.ctrlMenu.setParent(self)
        item.ctrlMenu.hide()  # or it is shown with the plot
        item.hideButtons()
        item.setMouseEnabled(False, False)
        item.getViewBox().setDefaultPadding(0)
        item.getViewBox().disableAutoRange()
        item.getAxis("left").setWidth(numbers)
        self.said = QLabel(self)
        self.said.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.said.hide()
        self.scene().sigMouseMoved.connect(self._point)

    def wear_colours(self, *grids: tuple[str, int]) -> None:
        """Take today's colours.

        Args:
            grids: axes with a grid, and how strong it is, 0…255.
        """
        colours = theme.current()
        self.setBackground(QColor(colours.surface))
        for name in ("bottom", "left"):
            axis = self.getPlotItem().getAxis(name)
            axis.setPen(QColor(colours.line))
            axis.setTextPen(QColor(colours.quiet))
            axis.setTickFont(self.font())
            axis.setStyle(tickLength=0, tickTextOffset=self.tick_offset)
        for name, strength in grids:
            self.getPlotItem().getAxis(name).setGrid(strength)
        self.said.setStyleSheet(
            f"background: {colours.window}; color: {colours.text}; padding: 6px 8px;"
            f"border: 1px solid {colours.line}; border-radius: 6px;"
        )

    @property
    def answers(self) -> bool:
        """Whether there is anything to tell."""
        return True

    def tell(self, x: float) -> None:
        """Say what the curves say at a place of the axis below."""
        raise NotImplementedError

    def hush(self) -> None:
        """Say nothing any more."""
        self.said.hide()

    def say_beside(self, x: float, y: float, text: str, above: bool = False) -> None:
        """Show what is said left or right of a place, where there is more room.

        Args:
            x: the place on the axis below.
            y: the place on the axis at the left.
            text: what is said.
            above: stand above it, not below.
        """
        box = self.getPlotItem().vb
        place = self.mapFromScene(box.mapViewToScene(QPointF(x, y)))
        self.said.setText(text)
        self.said.adjustSize()
        width, height = self.said.width(), self.said.height()
        left = place.x() + (APART if place.x() < self.width() / 2 else -APART - width)
        down = -height - self.said_offset if above else self.said_offset
        self.said.move(max(left, 0), place.y() + down)
        self.said.show()

    def _point(self, place: QPointF) -> None:
        box = self.getPlotItem().vb
        if self.answers and box.sceneBoundingRect().contains(place):
            self.tell(box.mapSceneToView(place).x())
        else:
            self.hush()

    def leaveEvent(self, event: QEvent) -> None:
        """Say nothing any more."""
        super().leaveEvent(event)
        self.hush()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()
