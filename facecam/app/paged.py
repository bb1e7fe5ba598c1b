"""A place with several pages: a row of segments chooses the one that is shown.

Pages are built when they are first shown, and learn by `show_page` that they are looked
at. What a page has as `tools` stands beside the segments while it is shown. What was
done is said in lines at the bottom.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from facecam.app.notices import Notices
from facecam.app.segments import Segment, Segments


class PagedPlace(QWidget):
    """Segments above pages.

    Args:
        segments: each with what makes its page.
        parent: the window.
    """

    def __init__(
        self, segments: tuple[Segment, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.toasts = Notices(self)
        self.segments = Segments(segments, self)
        self.pages = QStackedWidget(self)
        self._plan = {segment.key: segment for segment in segments}
        self._made: dict[str, QWidget] = {}
        self._instead: QWidget | None = None
        self._beside = QHBoxLayout()
        self._stack_up()
        self.toasts.fitted.connect(self._arrange_toasts)
        self.segments.chosen.connect(self.show_page)

    def page(self, key: str) -> QWidget:
        """Return a page, building it if nobody has asked for it yet."""
        if key not in self._made:
            make = self._plan[key].make
            assert make is not None
            page = self._made[key] = make()
            self.pages.addWidget(page)
            if isinstance(tools := getattr(page, "tools", None), QWidget):
                self._beside.addWidget(tools)
        return self._made[key]

    def show_page(self, key: str) -> None:
        """Show a page, its tools beside the segments."""
        self.segments.choose(key)
        page = self.page(key)
        for other, widget in self._made.items():
            if isinstance(tools := getattr(widget, "tools", None), QWidget):
                tools.setVisible(other == key)
        self.pages.setCurrentWidget(self._instead or page)
        self.setFocusProxy(page)
        if self.isVisible():
            page.setFocus()
            _tell(page)

    def show_instead(self, widget: QWidget | None) -> None:
        """Show something in the place of every page; None shows the pages again."""
        if self._instead is not None:
            self._instead.deleteLater()
        self._instead = widget
        if widget is not None:
            self.pages.addWidget(widget)
        self.show_page(self.segments.current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the lines at the bottom in their place."""
        super().resizeEvent(event)
        self._arrange_toasts()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell the page that it is looked at again."""
        super().showEvent(event)
        _tell(self.page(self.segments.current))

    def _stack_up(self) -> None:
        self.setObjectName("place")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar = QWidget(self)
        bar.setObjectName("placeBar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(16)
        row.addWidget(self.segments)
        self._beside.setContentsMargins(0, 0, 0, 0)
        row.addLayout(self._beside, 100)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.pages, 1)

    def _arrange_toasts(self) -> None:
        """Put what was done at the bottom, in the middle."""
        size = self.toasts.size_in(self.width())
        left = (self.width() - size.width()) // 2
        top = self.height() - size.height() + 8
        self.toasts.setGeometry(left, top, size.width(), size.height())
        self.toasts.raise_()


def _tell(page: QWidget) -> None:
    """Let a page know that it is looked at."""
    shown = getattr(page, "show_page", None)
    if callable(shown):
        shown()
