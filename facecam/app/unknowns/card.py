"""The card of one stranger: their best views, when they were seen, what to do."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, moments, theme
from facecam.app.unknowns import saying
from facecam.app.unknowns.strangers import Stranger

WIDTH = 296
LARGE, SMALL, GAP = 100, 46, 4


class StrangerCard(QFrame):
    """One stranger. A click chooses; buttons and keys do the rest."""

    name_wanted = Signal(str)
    ignore_wanted = Signal(str)
    delete_wanted = Signal(str)
    toggled = Signal(str, bool)

    def __init__(self, stranger: Stranger, parent: QWidget) -> None:
        super().__init__(parent)
        self.stranger = stranger
        self.chosen = False
        self.setObjectName("strangerCard")
        self.setMinimumWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Click to choose several")
        self._faces = _Faces(self)
        self.when = QLabel(self, textFormat=Qt.TextFormat.PlainText)
        self.when.setObjectName("heading")
        self.about = QLabel(self, textFormat=Qt.TextFormat.PlainText)
        self.about.setObjectName("quiet")
        self.perhaps = QLabel(self, textFormat=Qt.TextFormat.PlainText)
        self.perhaps.setObjectName("quiet")
        self.name = QPushButton("Name…", self)
        self.name.setToolTip("Say who this is (Enter)")
        self.ignore = _flat("ignore", "Ignore: keep no views of this person (I)", self)
        self.delete = _flat("forget", "Delete these views (Del)", self)
        self._arrange()
        key = stranger.group.id
        self.name.clicked.connect(lambda: self.name_wanted.emit(key))
        self.ignore.clicked.connect(lambda: self.ignore_wanted.emit(key))
        self.delete.clicked.connect(lambda: self.delete_wanted.emit(key))
        self.show_stranger(stranger)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 10)
        column.setSpacing(2)
        column.addWidget(self._faces)
        column.addSpacing(8)
        for label in (self.when, self.about, self.perhaps):
            column.addWidget(label)
        column.addSpacing(6)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.name, 1)
        buttons.addWidget(self.ignore)
        buttons.addWidget(self.delete)
        column.addLayout(buttons)

    def show_stranger(self, stranger: Stranger) -> None:
        """Show what is known of them now."""
        self.stranger = stranger
        group, now = stranger.group, time.time()
        views = f"{len(group.views)} view" + "s" * (len(group.views) != 1)
        self.when.setText(moments.between(group.first, group.last, now))
        self.about.setText(f"{views} · {saying.gone(group.expires, now)}")
        likely = stranger.likely
        text = f"Perhaps {likely.name}" if likely else "Resembles nobody enrolled"
        elide = Qt.TextElideMode.ElideRight
        metrics = self.perhaps.fontMetrics()
        self.perhaps.setText(metrics.elidedText(text, elide, WIDTH - 32))
        self.setAccessibleName(f"Stranger, {self.when.text()}, {views}, {text}")
        self._faces.show_faces(stranger, self.chosen)

    def choose(self, chosen: bool) -> None:
        """Mark as one of those to be dealt with together."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.setProperty("chosen", chosen)
            self.style().unpolish(self)
            self.style().polish(self)
            self._faces.show_faces(self.stranger, chosen)
            self.toggled.emit(self.stranger.group.id, chosen)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses or leaves."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.choose(not self.chosen)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click names."""
        self.choose(False)
        self.name_wanted.emit(self.stranger.group.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space chooses, Enter names, I ignores, Delete deletes."""
        key = self.stranger.group.id
        if event.key() == Qt.Key.Key_Space:
            self.choose(not self.chosen)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.name_wanted.emit(key)
        elif event.key() == Qt.Key.Key_I:
            self.ignore_wanted.emit(key)
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit(key)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rim of the keyboard's focus over the frame."""
        super().paintEvent(event)
        if self.hasFocus():
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(QColor(theme.current().accent), 2))
                rim = QRectF(self.rect()).adjusted(1, 1, -1, -1)
                painter.drawRoundedRect(rim, 11, 11)


class _Faces(QWidget):
    """The best view large, the next six small beside it; how many more."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._stranger: Stranger | None = None
        self._chosen = False
        self.setFixedHeight(LARGE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_faces(self, stranger: Stranger, chosen: bool) -> None:
        self._stranger, self._chosen = stranger, chosen
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 30, LARGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the faces in their places; a grey square while one is read."""
        if self._stranger is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            count = len(self._stranger.group.views)
            for number, place in enumerate(_places(min(count, 7))):
                self._face(painter, number, place, count)
            self._mark(painter)

    def _face(self, painter: QPainter, number: int, place: QRectF, count: int) -> None:
        assert self._stranger is not None
        path = QPainterPath()
        path.addRoundedRect(place, 8, 8)
        colours, faces = theme.current(), self._stranger.faces
        painter.fillPath(path, QColor(colours.pressed))
        if number >= len(faces):
            return
        painter.save()
        painter.setClipPath(path)
        painter.drawImage(place, faces[number])
        more = count - 7
        if number == 6 and more > 0:
            painter.fillPath(path, QColor(0, 0, 0, 130))
            painter.setPen(QColor("white"))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"+{more}")
        painter.restore()

    def _mark(self, painter: QPainter) -> None:
        """Draw the tick of a card that is chosen."""
        if not self._chosen:
            return
        colours = theme.current()
        disc = QRectF(self.width() - 24, 0, 24, 24)
        painter.setPen(QPen(QColor(colours.surface), 2))
        painter.setBrush(QColor(colours.accent))
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        pen = QPen(QColor(colours.on_accent), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x, y = disc.x(), disc.y()
        points = [
            QPointF(x + 7, y + 12),
            QPointF(x + 10.5, y + 15.5),
            QPointF(x + 17, y + 8.5),
        ]
        painter.drawPolyline(points)


def _places(count: int) -> list[QRectF]:
    """Return where the faces go: one large, up to six small in two rows."""
    places = [QRectF(0, 0, LARGE, LARGE)]
    for number in range(count - 1):
        row, column = divmod(number, 3)
        left = LARGE + 8 + column * (SMALL + GAP + 4)
        places.append(QRectF(left, row * (SMALL + 8), SMALL, SMALL))
    return places[:count]


def _flat(icon: str, about: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setProperty("flat", True)
    button.setToolTip(about)
    button.setAccessibleName(about.split(":")[0].split(" (")[0])
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    icons.wear(button, icon)
    return button
