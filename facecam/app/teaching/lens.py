"""A part of a picture in a widget: which part, where it lies, mirrored or not."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize

from facecam.app.placement import Placement, fit
from facecam.app.teaching.drawing import Corners, Spot


@dataclass(frozen=True)
class Lens:
    """The region of a picture that is shown; spots stay those of the whole picture."""

    region: tuple[int, int, int, int]
    """x, y, width, height, pixels of the picture."""
    placement: Placement

    @property
    def scale(self) -> float:
        """Logical pixels per pixel of the picture."""
        return self.placement.scale

    def to_widget(self, spot: Spot) -> QPointF:
        """Map a spot of the picture into the widget."""
        x, y, _, _ = self.region
        return self.placement.to_widget(spot[0] - x, spot[1] - y)

    def to_picture(self, point: QPointF) -> Spot:
        """Map a point of the widget into the picture."""
        x, y, _, _ = self.region
        across, down = self.placement.to_picture(point)
        return across + x, down + y

    def step(self, dx: float, dy: float) -> Spot:
        """Map a movement on the screen, logical pixels, into the picture."""
        across = -dx if self.placement.mirrored else dx
        return across / self.scale, dy / self.scale

    def box(self, box: Corners) -> QRectF:
        """Map a box of the picture into the widget."""
        one, other = self.to_widget(box[:2]), self.to_widget(box[2:])
        return QRectF(one, other).normalized()


def lens(region: tuple[int, int, int, int], area: QRect, mirrored: bool) -> Lens:
    """Show a region as large as it fits into an area of a widget."""
    _, _, width, height = region
    return Lens(region, fit(QSize(width, height), area, mirrored))
