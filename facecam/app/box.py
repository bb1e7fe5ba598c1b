"""A box to choose from, with the chevron of the window's family of icons."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from facecam.app import icons, theme


class Box(QComboBox):
    """A style sheet takes the platform's arrow away; this draws one."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, then the chevron."""
        super().paintEvent(event)
        ratio, quiet = self.devicePixelRatioF(), QColor(theme.current().quiet)
        with QPainter(self) as painter:
            painter.setOpacity(1.0 if self.isEnabled() else 0.4)
            chevron = icons.pixmap("chevron-down", quiet, 16, ratio)
            painter.drawPixmap(self.width() - 24, (self.height() - 16) // 2, chevron)
