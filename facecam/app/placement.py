"""Where a picture lies in a widget: scaled to fit, in the middle, maybe mirrored.

Pure geometry: the way from picture pixels to widget pixels and back.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize

from facecam.faces import Face, Floats


@dataclass(frozen=True)
class Placement:
    """A picture of `size` pixels drawn into `target`, in logical pixels."""

    size: QSize
    target: QRectF
    mirrored: bool = False

    @property
    def scale(self) -> float:
        """Logical pixels per picture pixel."""
        return self.target.width() / max(self.size.width(), 1)

    def to_widget(self, x: float, y: float) -> QPointF:
        """Map a point of the picture into the widget."""
        if self.mirrored:
            x = self.size.width() - x
        corner, scale = self.target.topLeft(), self.scale
        return QPointF(corner.x() + x * scale, corner.y() + y * scale)

    def to_picture(self, point: QPointF) -> tuple[float, float]:
        """Map a point of the widget into the picture."""
        x = (point.x() - self.target.x()) / self.scale
        y = (point.y() - self.target.y()) / self.scale
        return (self.size.width() - x if self.mirrored else x), y

    def box(self, box: Floats) -> QRectF:
        """Map a box of the picture into the widget."""
        x1, y1, x2, y2 = (float(value) for value in box)
        one, other = self.to_widget(x1, y1), self.to_widget(x2, y2)
        return QRectF(one, other).normalized()


def fit(size: QSize, area: QRect, mirrored: bool = False) -> Placement:
    """Place a picture in an area: as large as fits, its shape kept, in the middle."""
    width, height = max(size.width(), 1), max(size.height(), 1)
    scale = min(area.width() / width, area.height() / height)
    wide, high = round(width * scale), round(height * scale)
    left = area.x() + (area.width() - wide) // 2
    top = area.y() + (area.height() - high) // 2
    return Placement(size, QRectF(left, top, wide, high), mirrored)


def face_at(faces: list[Face], x: float, y: float) -> Face | None:
    """Return the smallest face whose box contains a point of the picture."""
    hit = [
        face
        for face in faces
        if face.box[0] <= x < face.box[2] and face.box[1] <= y < face.box[3]
    ]
    return min(hit, key=lambda face: _area(face.box), default=None)


def _area(box: Floats) -> float:
    return float((box[2] - box[0]) * (box[3] - box[1]))
