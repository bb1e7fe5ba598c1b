"""During a capture: what is still wanted, what was taken, and the three buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, theme
from facecam.app.empty_state import larger
from facecam.app.thumbnails import rounded

SIDE = 60
"""Of a picture in the list, logical pixels."""
COLUMNS = 2


@dataclass(frozen=True)
class Step:
    """A line of the checklist."""

    text: str
    done: bool
    now: bool = False
    """Whether it is asked for at this moment."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture taken."""

    image: QImage
    word: str
    """Its quality in a word or two."""
    about: str
    """All there is to say about it."""


class Taken(QWidget):
    """The side panel of a capture."""

    undone = Signal()
    finished = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = QLabel(self, textFormat=Qt.TextFormat.PlainText)
        self._title.setObjectName("heading")
        self.count = QLabel(self)
        larger(self.count, 1.4)
        self._bar = QProgressBar(self, textVisible=False)
        self._steps: list[_StepRow] = []
        self._grid = QGridLayout()
        self.list = QListWidget(self)
        self.note = QLabel(self, wordWrap=True)
        self.note.setObjectName("quiet")
        self.undo = _button("Undo last", "undo", "Remove the last picture (Ctrl+Z)")
        self.cancel = _button("Cancel", "", "Keep nothing of it (Esc)")
        self.finish = _button("Finish", "", "Enrol with these pictures")
        self.finish.setProperty("primary", True)
        self._name = ""
        self._dress_list()
        self._arrange()
        self.undo.clicked.connect(self.undone)
        self.cancel.clicked.connect(self.cancelled)
        self.finish.clicked.connect(self.finished)

    def _dress_list(self) -> None:
        self.list.setAccessibleName("Pictures taken")
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setIconSize(QSize(SIDE, SIDE))
        self.list.setGridSize(QSize(SIDE + 10, SIDE + 28))
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _arrange(self) -> None:
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self.count)
        column.addWidget(self._bar)
        column.addSpacing(4)
        column.addLayout(self._grid)
        column.addSpacing(4)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        column.addWidget(self.undo)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.cancel)
        row.addWidget(self.finish, 1)
        column.addLayout(row)

    def begin(self, name: str) -> None:
        """Be ready for a capture of somebody."""
        self._name = name
        self._write_title()
        self.list.clear()
        self.show_steps(())
        self.show_count(0, 1, True)

    def rename(self, name: str) -> None:
        """The pictures are somebody else's than was thought."""
        self._name = name
        self._write_title()

    def show_count(self, taken: int, about: int, more: bool) -> None:
        """Say how many pictures there are, of about how many."""
        about = max(about, taken, 1)
        count = f"{taken} of about {about} pictures" if more else f"{taken} pictures"
        self.count.setText("1 picture" if taken == 1 and not more else count)
        self._bar.setRange(0, about)
        self._bar.setValue(taken)
        self.undo.setEnabled(taken > 0)
        self.finish.setEnabled(taken > 0)
        self.finish.setToolTip(
            "Enrol with these pictures" if taken else "No picture has been taken yet"
        )

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Say which views there are and which are wanted."""
        while len(self._steps) < len(steps):
            row = _StepRow(self)
            number = len(self._steps)
            self._steps.append(row)
            self._grid.addWidget(row, number // COLUMNS, number % COLUMNS)
        for number, row in enumerate(self._steps):
            row.setVisible(number < len(steps))
            if number < len(steps):
                row.show_step(steps[number])

    def show_pictures(self, pictures: Sequence[Picture]) -> None:
        """Show the pictures taken, the last one last."""
        self.list.clear()
        for number, picture in enumerate(pictures, 1):
            icon = rounded(picture.image, SIDE, 10, self.devicePixelRatioF())
            item = QListWidgetItem(icon, picture.word, self.list)
            item.setToolTip(picture.about)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"Picture {number}: {picture.about}"
            )
        self.list.scrollToBottom()

    def _write_title(self) -> None:
        room = max(self.width() - 48, 80)
        right = Qt.TextElideMode.ElideRight
        self._title.setText(
            self._title.fontMetrics().elidedText(self._name, right, room)
        )
        self._title.setToolTip(self._name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the name to the room."""
        super().resizeEvent(event)
        self._write_title()


class _StepRow(QWidget):
    """A sign and a word; done, wanted now, or still open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._step = Step("", False)
        self.setFixedHeight(28)

    def show_step(self, step: Step) -> None:
        """Show another state."""
        if step != self._step:
            self._step = step
            state = "taken" if step.done else "wanted now" if step.now else "open"
            self.setAccessibleName(f"{step.text}: {state}")
            self.setToolTip(f"{step.text}: {state}")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a tick, a dashed ring or a thin ring; and the word."""
        colours, step = theme.current(), self._step
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            sign = QRectF(3, (self.height() - 16) / 2, 16, 16)
            if step.done:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.good))
                painter.drawEllipse(sign)
                ink = QColor(colours.surface)
                tick = icons.pixmap("check", ink, 12, self.devicePixelRatioF())
                painter.drawPixmap(round(sign.x()) + 2, round(sign.y()) + 2, tick)
            else:
                pen = QPen(QColor(colours.accent if step.now else colours.quiet))
                pen.setWidthF(2.5 if step.now else 1.25)
                if step.now:
                    pen.setDashPattern([1.6, 1.2])
                painter.setPen(pen)
                painter.drawEllipse(sign.adjusted(1, 1, -1, -1))
            font = self.font()
            font.setWeight(font.Weight.DemiBold if step.now else font.Weight.Normal)
            painter.setFont(font)
            quiet = step.done or not step.now
            painter.setPen(QColor(colours.quiet if quiet else colours.text))
            room = QRect(28, 0, self.width() - 28, self.height())
            middle = Qt.AlignmentFlag.AlignVCenter
            right = Qt.TextElideMode.ElideRight
            text = painter.fontMetrics().elidedText(step.text, right, room.width())
            painter.drawText(room, int(middle), text)


def _button(text: str, icon: str, about: str) -> QPushButton:
    button = QPushButton(f" {text}" if icon else text)
    button.setToolTip(about)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if icon:
        icons.wear(button, icon)
    return button
