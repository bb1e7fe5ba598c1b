"""The button that says what is being watched, and the menu to choose something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QMenu,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from facecam.app import icons, theme, words
from facecam.app.dialogs import AddressDialog

FILES = (
    "Videos and pictures (*.mp4 *.mov *.avi *.mkv *.webm *.m4v *.mpg *.mpeg *.wmv "
    "*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff);;All files (*)"
)
WIDTH = 232
NARROWEST = 128
"""Where the window is small, logical pixels."""


@dataclass(frozen=True)
class CameraChoice:
    """A webcam to choose: what to open, and what to call it."""

    source: str
    name: str


class SourceChooser(QPushButton):
    """Shows the source in use; pressed, offers all others."""

    chosen = Signal(str)
    rescan = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = ""
        self.cameras: Sequence[CameraChoice] | None = None
        """None while nobody has looked yet."""
        self.recent: Sequence[str] = ()
        self.setObjectName("source")
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to Start
        self.setAccessibleName("Source")
        self.setToolTip("Choose what to watch")
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        self.clicked.connect(self.open)
        self.show_source("")

    def show_source(self, source: str) -> None:
        """Say which source is in use; "" for none."""
        self.source = source
        name = self.name_of(source) if source else "Choose a source"
        self._write(name)
        self.setAccessibleDescription(name)
        icons.wear(self, words.source_icon(source) if source else "camera")

    def _write(self, name: str) -> None:
        """Write as much of a name as there is room for."""
        room = self.width() - 76
        elided = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        self.setText(f"  {elided.replace('&', '&&')}")

    def sizeHint(self) -> QSize:
        """Be as wide as there is room for."""
        return QSize(WIDTH, super().sizeHint().height())

    def show_cameras(self, cameras: Sequence[CameraChoice]) -> None:
        """Take over which cameras there are; an open menu is filled anew."""
        self.cameras = cameras
        self.show_source(self.source)
        if self._menu.isVisible():
            self._fill()

    def name_of(self, source: str) -> str:
        """Return the name of a source, of a camera the one it has itself."""
        for camera in self.cameras or ():
            if camera.source == source:
                return camera.name
        return words.source_name(source)

    def open(self) -> None:
        """Show the menu below the button and look which cameras there are now."""
        self.rescan.emit()
        self._menu.setMinimumWidth(self.width())
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def choose_file(self) -> None:
        """Ask for a video or a picture."""
        title = "Choose a video or a picture"
        path, _ = QFileDialog.getOpenFileName(self.window(), title, "", FILES)
        if path:
            self.chosen.emit(path)

    def choose_folder(self) -> None:
        """Ask for a folder of pictures."""
        title = "Choose a folder of pictures"
        path = QFileDialog.getExistingDirectory(self.window(), title)
        if path:
            self.chosen.emit(path)

    def choose_address(self) -> None:
        """Ask for the address of a camera in the network."""
        dialog = AddressDialog(self.window())
        if dialog.agreed():
            self.chosen.emit(dialog.address)

    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        self._add_cameras(menu)
        menu.addSeparator()
        self._add("Video or picture…", "film", self.choose_file)
        self._add("Folder of pictures…", "folder", self.choose_folder)
        self._add("Network address…", "network", self.choose_address)
        self._add("Demo clip", "demo", lambda: self.chosen.emit(words.DEMO))
        known = {camera.source for camera in self.cameras or ()} | {words.DEMO}
        recent = [source for source in self.recent if source not in known]
        if recent:
            self._heading("Recent")
        for source in recent:
            self._add_source(source, words.source_name(source))

    def _add_cameras(self, menu: QMenu) -> None:
        self._heading("Cameras")
        if self.cameras is None:
            menu.addAction("Looking for cameras…").setEnabled(False)
        elif not self.cameras:
            menu.addAction("No camera found").setEnabled(False)
        for camera in self.cameras or ():
            self._add_source(camera.source, camera.name)
        self._add("Look again", "refresh", self._look_again)

    def _look_again(self) -> None:
        self.cameras = None
        self.open()

    def _heading(self, text: str) -> None:
        if self._menu.actions():
            self._menu.addSeparator()
        self._menu.addAction(text).setEnabled(False)

    def _add(self, text: str, icon: str, then: object) -> None:
        colour = QColor(theme.current().quiet)
        action = self._menu.addAction(icons.icon(icon, colour), text)
        action.triggered.connect(then)

    def _add_source(self, source: str, name: str) -> None:
        chosen = source == self.source
        colours = theme.current()
        icon = icons.icon(
            "check" if chosen else words.source_icon(source),
            QColor(colours.accent if chosen else colours.quiet),
        )
        middle = Qt.TextElideMode.ElideMiddle
        shown = self.fontMetrics().elidedText(name, middle, 2 * WIDTH)
        action = self._menu.addAction(icon, shown.replace("&", "&&"))
        if not words.is_address(source) and Path(source).is_absolute():
            action.setToolTip(source)
        action.triggered.connect(lambda: self.chosen.emit(source))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button and a chevron at its right end."""
        super().paintEvent(event)
        colour = QColor(theme.current().quiet)
        chevron = icons.pixmap("chevron-down", colour, 18, self.devicePixelRatioF())
        top = (self.height() - 18) // 2
        with QPainter(self) as painter:
            painter.drawPixmap(self.width() - 28, top, chevron)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the name to the room."""
        super().resizeEvent(event)
        self._write(self.accessibleDescription())

    def changeEvent(self, event: QEvent) -> None:
        """Fit the name to the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.show_source(self.source)
