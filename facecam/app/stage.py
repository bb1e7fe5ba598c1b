"""Where the picture is: video, and over it whatever needs to be said.

Everything lies over everything else, so what comes and goes never moves the picture.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from facecam.app import theme
from facecam.app.empty_state import EmptyState
from facecam.app.notices import Notices
from facecam.app.teaching.view import TeachView
from facecam.app.thumbnails import Thumbnails
from facecam.app.video_view import MARGIN, VideoView
from facecam.app.who_is_this import WhoIsThis
from facecam.config import WindowConfig

SMALLEST = QSize(480, 360)


class Stage(QWidget):
    """Video, a frozen picture or empty state; confirmations at the bottom, one card."""

    def __init__(
        self,
        config: WindowConfig,
        thumbnails: Thumbnails,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setMinimumSize(SMALLEST)
        self.view = VideoView(config, self)
        self.teach = TeachView(self)
        self.empty = EmptyState(self)
        self.toasts = Notices(self)
        self.toasts.fitted.connect(self._arrange_toasts)
        self.card = WhoIsThis(thumbnails, self)
        self.show_video(False)

    def show_video(self, shown: bool) -> None:
        """Show the video or the empty state."""
        self.view.setVisible(shown)
        self.empty.setVisible(not shown)

    def show_fullscreen(self, on: bool) -> None:
        """Let the picture fill everything, or leave a margin around it."""
        self.view.margin = 0 if on else MARGIN
        self.view.update()

    def _arrange_toasts(self) -> None:
        """Put the confirmations at the bottom, in the middle."""
        size = self.toasts.size_in(self.width())
        left = (self.width() - size.width()) // 2
        top = self.height() - size.height() + 8
        self.toasts.setGeometry(left, top, size.width(), size.height())
        self.toasts.raise_()
        self.card.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill with the stage's colour."""
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), QColor(theme.current().stage))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put every layer in its place."""
        super().resizeEvent(event)
        self.view.setGeometry(self.rect())
        self.teach.setGeometry(self.rect())
        self.empty.setGeometry(self.rect().adjusted(24, 24, -24, -24))
        self._arrange_toasts()
        self.card.keep_inside()
