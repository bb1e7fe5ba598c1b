"""The passphrase of protected people, asked for in the place where they would be.

Trying one takes a third of a second by design, so it happens in the background.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, theme
from facecam.app.empty_state import larger
from facecam.app.engine import Engine
from facecam.app.tasks import Tasks
from facecam.errors import FacecamError
from facecam.vault import Vault

WIDTH = 360
LANE = "unlock"


class UnlockCard(QFrame):
    """Asks for the passphrase.

    Args:
        engine: learns the vault and loads the people.
        tasks: tries the passphrase in the background.
        parent: what shows the card.
    """

    unlocked = Signal()

    def __init__(
        self, engine: Engine, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._tasks = engine, tasks
        self.setObjectName("card")
        self.setFixedWidth(WIDTH)
        self._icon = QLabel(self)
        self.title = QLabel("The people are protected", self)
        larger(self.title, 1.2)
        self._text = QLabel(
            "Give the passphrase to see them and to have them named.", self
        )
        self._text.setObjectName("quiet")
        self.line = passphrase_line("Passphrase", self)
        self.line.textChanged.connect(self._typed)
        self.line.returnPressed.connect(self._try)
        self.wrong = error_label(self)
        self.button = QPushButton("Unlock", self)
        self.button.setProperty("primary", True)
        self.button.clicked.connect(self._try)
        self._arrange()
        self._typed("")
        self._draw()
        self.setFocusProxy(self.line)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        middle = Qt.AlignmentFlag.AlignHCenter
        for label in (self._icon, self.title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label, 0, middle)
        self._text.setWordWrap(True)
        self._text.setFixedWidth(WIDTH - 48)
        column.addSpacing(8)
        for widget in (self.line, self.wrong, self.button):
            column.addWidget(widget)

    def _typed(self, text: str) -> None:
        self.wrong.hide()
        self.button.setEnabled(bool(text))

    def _try(self) -> None:
        from facecam import vault

        if not self.button.isEnabled():
            return
        home, passphrase = self._engine.config.home, self.line.text()
        self._wait(True)
        self._tasks.start(
            lambda: vault.open_vault(home, passphrase),
            self._opened,
            self._refused,
            LANE,
        )

    def _opened(self, opened: Vault) -> None:
        self._wait(False)
        self.line.clear()
        self._engine.vault = opened
        self._engine.load()
        self.unlocked.emit()

    def _refused(self, error: Exception) -> None:
        self._wait(False)
        if not isinstance(error, FacecamError):
            raise error
        self.wrong.setText(str(error))
        self.wrong.show()
        self.line.selectAll()
        self.line.setFocus()

    def _wait(self, waiting: bool) -> None:
        self.line.setEnabled(not waiting)
        self.button.setEnabled(not waiting)
        self.button.setText("Checking…" if waiting else "Unlock")

    def _draw(self) -> None:
        colour = QColor(theme.current().quiet)
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap("lock", colour, 40, ratio))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colour scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()


def passphrase_line(name: str, parent: QWidget) -> QLineEdit:
    """Return a field that hides what is typed."""
    line = QLineEdit(parent, placeholderText=name)
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setAccessibleName(name)
    return line


def error_label(parent: QWidget) -> QLabel:
    """Return a line for what went wrong, not shown yet."""
    label = QLabel(parent, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setObjectName("wrong")
    label.hide()
    return label
