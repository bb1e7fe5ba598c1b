"""The row of places in the header, and the stack they are shown in.

A place is built when it is first shown, so that opening the window waits for none of
them. It is a widget with `tools` for the header; it learns from Qt's own show and
hide events when it is looked at, and sets a focus proxy where typing should go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from facecam.app import icons, theme

HEIGHT = 36


@dataclass(frozen=True)
class Place:
    """One place of the window, before it is built."""

    key: str
    text: str
    icon: str
    about: str
    """What it is for, as a tooltip."""
    make: Callable[[], QWidget]


class Places(QWidget):
    """The row of buttons; `stack` holds the places, `tools` what they put beside it."""

    changed = Signal(str)
    """The key of the place that is shown from now on."""
    built = Signal(object)
    """A place, the first time it is shown."""

    def __init__(self, places: Sequence[Place], parent: QWidget) -> None:
        super().__init__(parent)
        self.stack = QStackedWidget(parent)
        self.tools = QWidget(parent)
        self.current = ""
        self._places = {place.key: place for place in places}
        self._made: dict[str, QWidget] = {}
        self._group = QButtonGroup(self)
        self.buttons = {place.key: PlaceButton(place.text, self) for place in places}
        row = QHBoxLayout(self)
        beside = QHBoxLayout(self.tools)
        for layout in (row, beside):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(4)
        for number, place in enumerate(places, 1):
            button = self.buttons[place.key]
            self._explain(button, place, f"Ctrl+{number}")
            self._group.addButton(button)
            row.addWidget(button)

    def _explain(self, button: PlaceButton, place: Place, key: str) -> None:
        icons.wear(button, place.icon)
        button.setAccessibleName(place.text)
        button.setAccessibleDescription(place.about)
        button.setToolTip(f"{place.about} ({key})")
        button.toggled.connect(lambda on: on and self.show_place(place.key))
        shortcut = QShortcut(QKeySequence(key), self.window())
        shortcut.activated.connect(lambda: self.show_place(place.key))

    def show_place(self, key: str) -> QWidget:
        """Show a place, building it the first time; return it."""
        place = self.place(key)
        if key != self.current:
            self.current = key
            self.buttons[key].setChecked(True)
            for other, widget in self._made.items():
                _tools(widget).setVisible(other == key)
            self.stack.setCurrentWidget(place)
            place.setFocus()
            self.changed.emit(key)
        return place

    def place(self, key: str) -> QWidget:
        """Return a place, building it if nobody has asked for it yet."""
        if key not in self._made:
            place = self._made[key] = self._places[key].make()
            tools = _tools(place)
            layout = self.tools.layout()
            assert layout is not None
            tools.hide()
            layout.addWidget(tools)
            self.stack.addWidget(place)
            self.built.emit(place)
        return self._made[key]

    def is_built(self, key: str) -> bool:
        """Tell whether a place was ever asked for."""
        return key in self._made

    def show_compact(self, compact: bool) -> None:
        """Show icons alone where the window is narrow, or icons and words."""
        styles = Qt.ToolButtonStyle
        for button in self.buttons.values():
            only, beside = styles.ToolButtonIconOnly, styles.ToolButtonTextBesideIcon
            button.setToolButtonStyle(only if compact else beside)
            button.updateGeometry()


class PlaceButton(QToolButton):
    """Says which place is shown by a bar and by weight, not by colour alone."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("place", True)
        self.setText(f" {text}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def sizeHint(self) -> QSize:
        """Take the same room whether chosen, and bold, or not."""
        if self.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly:
            return QSize(HEIGHT + 4, HEIGHT)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        text = QFontMetrics(bold).horizontalAdvance(self.text())
        return QSize(text + self.iconSize().width() + 28, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button and, under the place that is shown, a bar."""
        super().paintEvent(event)
        if self.isChecked():
            bar = QRectF(0, self.height() - 3, 20, 3)
            bar.moveCenter(QRectF(self.rect()).center())
            bar.moveBottom(self.height() - 1)
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.current().accent))
                painter.drawRoundedRect(bar, 1.5, 1.5)


def _tools(place: QWidget) -> QWidget:
    tools: object = getattr(place, "tools", None)
    assert isinstance(tools, QWidget), "A place has tools for the header."
    return tools
