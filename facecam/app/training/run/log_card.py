"""The end of a run's log: what a terminal would have shown."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QFontDatabase,
    QGuiApplication,
    QTextOption,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons

HEIGHT = 200
LINES = 2000


class LogCard(QFrame):
    """The log; follows its end unless somebody has scrolled up."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._shown = ""
        self._folder = Path()
        self.copy = QPushButton("Copy", self)
        self.copy.setToolTip("Copy what is shown, as to ask somebody about it")
        self.folder = QPushButton("Open folder", self)
        self.folder.setToolTip("Show the files of this run")
        icons.wear(self.folder, "folder")
        self.text = QPlainTextEdit(self)
        self._dress()
        heading = QLabel("Log", self)
        heading.setObjectName("heading")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(heading)
        head.addStretch(1)
        for button in (self.copy, self.folder):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.text)
        self.copy.clicked.connect(self._copy)
        self.folder.clicked.connect(self._open)

    def _dress(self) -> None:
        self.text.setObjectName("log")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setMaximumBlockCount(LINES)
        self.text.setFixedHeight(HEIGHT)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName("Log of the run")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)

    def show_log(self, text: str, folder: Path) -> None:
        """Show the end of a log, adding what is new."""
        self._folder = folder
        if text is self._shown or text == self._shown:
            return
        bar = self.text.verticalScrollBar()
        at, follow = bar.value(), not self._shown or bar.value() >= bar.maximum()
        if self._shown and text.startswith(self._shown):
            self.text.appendPlainText(text[len(self._shown) :].rstrip("\n"))
        else:
            self.text.setPlainText(text.rstrip("\n"))
            bar.setValue(bar.maximum() if follow else at)
        self._shown = text
        self.copy.setEnabled(bool(text))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
