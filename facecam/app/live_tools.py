"""The buttons of the header for the live picture: source, start, what is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from facecam.app import icons
from facecam.app.source_chooser import SourceChooser


class LiveTools(QWidget):
    """A row of controls; it knows nothing of what they do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.camera = QWidget(self)
        """Source and start, for every place that watches the camera."""
        self.source = SourceChooser(self.camera)
        self.start = QPushButton(self.camera)
        self.start.setFixedWidth(112)
        self.start.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.snapshot = tool(self, "snapshot", "Take a snapshot", "S")
        self.landmarks = tool(self, "landmarks", "Landmarks", "L", checkable=True)
        self.timings = tool(self, "timings", "Times of the stages", "T", checkable=True)
        self.mirror = tool(self, "mirror", "Mirror the picture", "M", checkable=True)
        self.teach = tool(self, "draw-face", "Draw a face that was missed", "D")
        self.fullscreen = tool(self, "fullscreen", "Full screen", "F")
        self.panel = tool(self, "panel", "List of people", "P", checkable=True)
        first, row = QHBoxLayout(self.camera), QHBoxLayout(self)
        for layout in (first, row):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(4)
        first.addWidget(self.source)
        first.addSpacing(4)
        first.addWidget(self.start)
        shown = self.landmarks, self.timings, self.mirror
        for button in (self.snapshot, self.teach, None, *shown, None):
            row.addWidget(button) if button else row.addSpacing(8)
        row.addWidget(self.fullscreen)
        row.addWidget(self.panel)
        self.show_running(False)

    def listen(self, place: QWidget) -> None:
        """Let letters typed in a place press the buttons."""
        for key, button in (
            ("S", self.snapshot),
            ("L", self.landmarks),
            ("T", self.timings),
            ("M", self.mirror),
            ("F", self.fullscreen),
            ("D", self.teach),
        ):
            QShortcut(QKeySequence(key), place, button.click)

    def show_running(self, running: bool) -> None:
        """Offer Stop while something is watched, else Start."""
        self.start.setText(" Stop" if running else " Start")
        self.start.setToolTip(f"{'Stop' if running else 'Start'} (Space)")
        self.start.setAccessibleName("Stop" if running else "Start")
        if self.start.property("primary") is running or self.start.icon().isNull():
            self.start.setProperty("primary", not running)
            self.start.style().unpolish(self.start)
            self.start.style().polish(self.start)
        roles = self.palette().ColorRole
        role = roles.ButtonText if running else roles.HighlightedText
        icons.wear(self.start, "stop" if running else "play", role)
        self.show_picture(running)

    def show_picture(self, there: bool) -> None:
        """Offer what is done with a picture while there is one."""
        self.snapshot.setEnabled(there)
        self.teach.setEnabled(there)


def tool(
    parent: QWidget, icon: str, text: str, key: str = "", *, checkable: bool = False
) -> QToolButton:
    """Return a flat icon button that explains itself."""
    button = QToolButton(parent)
    button.setProperty("flat", True)
    button.setCheckable(checkable)
    button.setAccessibleName(text)
    button.setToolTip(f"{text} ({key})" if key else text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setFixedSize(36, 36)
    icons.wear(button, icon)
    return button
