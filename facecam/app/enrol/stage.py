"""Where the live picture of the Enrol place is, and what needs to be said over it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from facecam.app import theme
from facecam.app.empty_state import EmptyState
from facecam.app.enrol.coach_view import CoachView
from facecam.app.enrol.warning_card import WIDTH, WarningCard
from facecam.app.notices import Notices
from facecam.config import WindowConfig

SMALLEST = QSize(400, 320)


class EnrolStage(QWidget):
    """Picture or empty state; confirmations and warnings at the bottom."""

    def __init__(self, config: WindowConfig, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumSize(SMALLEST)
        self.view = CoachView(config, self)
        self.empty = EmptyState(self)
        self.toasts = Notices(self)
        self.card = WarningCard(self)
        self.toasts.fitted.connect(self._arrange)
        self.card.fitted.connect(self._arrange)
        self.show_video(False)

    def show_video(self, shown: bool) -> None:
        """Show the video or the empty state."""
        self.view.setVisible(shown)
        self.empty.setVisible(not shown)

    def _arrange(self) -> None:
        """Put confirmations and warnings at the bottom, in the middle."""
        size = self.toasts.size_in(self.width())
        left = (self.width() - size.width()) // 2
        top = self.height() - size.height() + 8
        self.toasts.setGeometry(left, top, size.width(), size.height())
        self.toasts.raise_()
        wide = min(self.width() - 48, WIDTH)
        layout = self.card.layout()
        assert layout is not None
        high = max(layout.heightForWidth(wide), layout.sizeHint().height())
        bottom = self.height() - high - 32
        self.card.setGeometry((self.width() - wide) // 2, bottom, wide, high)
        self.card.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill with the stage's colour."""
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), QColor(theme.current().stage))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put every layer in its place."""
        super().resizeEvent(event)
        self.view.setGeometry(self.rect())
        self.empty.setGeometry(self.rect().adjusted(24, 24, -24, -24))
        self._arrange()
