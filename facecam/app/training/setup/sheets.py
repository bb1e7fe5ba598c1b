"""The drawn contact sheets: small ones in rows, and one of them as large as can be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from facecam.app import theme
from facecam.app.flow import Flow
from facecam.app.training.setup.pictures import SheetPictures
from facecam.app.training.setup.results import Sheet

SIZE = QSize(208, 152)
"""Of a small sheet without its title, logical pixels."""
TITLE = 28


class SheetButton(QAbstractButton):
    """A small sheet with its title below; pressed, it is shown large."""

    def __init__(self, sheet: Sheet, parent: QWidget) -> None:
        super().__init__(parent)
        self.sheet = sheet
        self.image: QImage | None = None
        self.setText(sheet.title)
        self.setAccessibleName(f"Contact sheet. {sheet.title}")
        self.setToolTip(f"{sheet.title}: click to look at it")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_image(self, image: QImage | None) -> None:
        """Show the picture; nothing yet while it is None."""
        self.image = image
        self.update()

    def sizeHint(self) -> QSize:
        """Picture and title."""
        return SIZE + QSize(0, TITLE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the upper part of the picture, the title, and where the keyboard is."""
        colours = theme.current()
        frame = QRectF(1, 1, self.width() - 2, self.height() - TITLE - 2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.fillRect(frame, QColor(colours.hover))
            if self.image is not None and not self.image.isNull():
                painter.drawImage(frame, self.image, _cropped(self.image, frame))
            elif self.image is not None:
                painter.setPen(QColor(colours.quiet))
                painter.drawText(
                    frame, int(Qt.AlignmentFlag.AlignCenter), "Cannot be read"
                )
            marked = self.hasFocus() or self.underMouse()
            rim = QColor(colours.accent if marked else colours.line)
            painter.setPen(QPen(rim, 2 if self.hasFocus() else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 4, 4)
            painter.setPen(QColor(colours.text))
            room = QRectF(2, frame.bottom(), self.width() - 4, TITLE)
            middle = Qt.TextElideMode.ElideMiddle
            text = self.fontMetrics().elidedText(self.text(), middle, self.width() - 4)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)

    def enterEvent(self, event: QEvent) -> None:
        """Be marked."""
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Be marked no more."""
        self.update()


class SheetsView(QWidget):
    """All sheets; `opened` says which one somebody wants to see large."""

    opened = Signal(int)

    def __init__(self, pictures: SheetPictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self.buttons: list[SheetButton] = []
        self._flow = Flow(self, 12)
        pictures.ready.connect(self._ready)

    def show_sheets(self, sheets: Sequence[Sheet]) -> None:
        """Show other sheets."""
        for button in self.buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [SheetButton(sheet, self) for sheet in sheets]
        for number, button in enumerate(self.buttons):
            self._flow.addWidget(button)
            button.show_image(self._pictures.small(button.sheet.path))
            button.clicked.connect(lambda _, number=number: self.opened.emit(number))
            button.show()

    def _ready(self, path: Path) -> None:
        for button in self.buttons:
            if button.sheet.path == path and button.image is None:
                button.show_image(self._pictures.small(path))


def _cropped(image: QImage, frame: QRectF) -> QRectF:
    """Return the upper part of a picture that has the form of the frame."""
    wide, high = image.width(), image.height()
    form = frame.width() / frame.height()
    return QRectF(0, 0, min(wide, high * form), min(high, wide / form))
