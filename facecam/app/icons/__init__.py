"""One family of icons, drawn in the colour of the text they stand beside.

The pictures are the .svg files in this folder: a 24 unit grid, strokes of 1.75,
`currentColor` only. `wear` gives a button an icon and remembers which, so that
`refresh` can draw all of them again after the colours have changed.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

_NAME = "icon_name"
_ROLE = "icon_role"
_SCALES = (1.0, 1.5, 2.0, 3.0)


@cache
def source(name: str) -> str:
    """Return the SVG text of an icon."""
    return (resources.files(__name__) / f"{name}.svg").read_text("utf-8")


def pixmap(name: str, colour: QColor, size: int = 20, scale: float = 1.0) -> QPixmap:
    """Draw an icon of `size` logical pixels for a screen of that scale."""
    picture = QPixmap(round(size * scale), round(size * scale))
    picture.fill(Qt.GlobalColor.transparent)
    text = source(name).replace("currentColor", colour.name())
    painter = QPainter(picture)
    painter.setOpacity(colour.alphaF())
    box = QRectF(0, 0, picture.width(), picture.height())
    QSvgRenderer(QByteArray(text.encode())).render(painter, box)
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


def icon(name: str, colour: QColor, checked: QColor | None = None) -> QIcon:
    """Return an icon; `checked` is its colour on a button that is switched on."""
    faded = QColor(colour)
    faded.setAlphaF(0.35)
    result = QIcon()
    for scale in _SCALES:
        for tint, mode, state in (
            (colour, QIcon.Mode.Normal, QIcon.State.Off),
            (colour, QIcon.Mode.Selected, QIcon.State.Off),
            (checked or colour, QIcon.Mode.Normal, QIcon.State.On),
            (faded, QIcon.Mode.Disabled, QIcon.State.Off),
        ):
            result.addPixmap(pixmap(name, tint, 20, scale), mode, state)
    return result


def wear(
    button: QAbstractButton,
    name: str,
    role: QPalette.ColorRole = QPalette.ColorRole.ButtonText,
) -> None:
    """Give a button an icon in the palette's colour for `role`."""
    button.setProperty(_NAME, name)
    button.setProperty(_ROLE, role)
    button.setIconSize(QSize(20, 20))
    _draw(button)


def refresh() -> None:
    """Draw every icon given by `wear` again, in today's colours."""
    for widget in QApplication.allWidgets():
        if isinstance(widget, QAbstractButton) and widget.property(_NAME):
            _draw(widget)


def _draw(button: QAbstractButton) -> None:
    palette = QApplication.palette()
    colour = palette.color(button.property(_ROLE))
    accent = palette.color(QPalette.ColorRole.Accent)
    checked = accent if button.isCheckable() else None
    button.setIcon(icon(button.property(_NAME), colour, checked))
