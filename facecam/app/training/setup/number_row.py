"""One number of the configuration: a field, its unit, its sentence, and Undo."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons
from facecam.app.toggle import Toggle
from facecam.app.training.setup.numbers import NAMES, Number, Numbers, written
from facecam.app.training.setup.section import plain, quiet

FIELD, UNIT, NARROWEST = 136, 40, 160
"""Widths of the field, the unit, and the words at least, logical pixels."""


class NumberRow(QWidget):
    """Shows one number; `typed` says what somebody wants it to be."""

    typed = Signal(str, str)
    """Name and text."""
    undone = Signal(str)

    def __init__(self, number: Number, with_group: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.number = number
        group = NAMES.get(number.group, number.group)
        name = f"{group}: {number.label}" if with_group else number.label
        self.label = plain(name, self)
        self.field = QLineEdit(self)
        self.switch = Toggle("", self)
        self.unit = QLabel(number.unit, self)
        self.unit.setObjectName("quiet")
        self.undo = QToolButton(self)
        self.about = quiet(number.about, self)
        self.error = plain("", self)
        self.error.setObjectName("wrong")
        self._explain(f"{group}: {number.label}")
        self._arrange()
        self.field.textEdited.connect(lambda text: self.typed.emit(number.name, text))
        self.switch.clicked.connect(
            lambda on: self.typed.emit(number.name, "true" if on else "false")
        )
        self.undo.clicked.connect(lambda: self.undone.emit(number.name))

    def _explain(self, name: str) -> None:
        """Say everywhere what the number does, and what it is called in a file."""
        number = self.number
        unit = f" ({number.unit})" if number.unit else ""
        for widget in (self.label, self.field, self.switch):
            widget.setToolTip(f"{number.about}\n{number.name}")
        for widget in (self.field, self.switch):
            widget.setAccessibleName(f"{name}{unit}")
            widget.setAccessibleDescription(number.about)
        self.undo.setProperty("flat", True)
        icons.wear(self.undo, "undo")
        usual = written(number.value) or "nothing"
        self.undo.setToolTip(f"Back to {usual}")
        self.undo.setAccessibleName(f"{name}: back to {usual}")
        if number.value is None:
            self.field.setPlaceholderText("chosen by itself")

    def _arrange(self) -> None:
        is_switch = isinstance(self.number.value, bool)
        self.field.setVisible(not is_switch)
        self.switch.setVisible(is_switch)
        self.field.setFixedWidth(FIELD)
        self.unit.setFixedWidth(UNIT)
        policy = self.undo.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.undo.setSizePolicy(policy)
        said = QVBoxLayout()
        said.setSpacing(0)
        for label in (self.label, self.about, self.error):
            label.setMinimumWidth(NARROWEST)
            said.addWidget(label)
        edit = QHBoxLayout()
        edit.setSpacing(8)
        edit.addWidget(self.field)
        edit.addWidget(self.switch)
        if is_switch:
            edit.addSpacing(FIELD - self.switch.sizeHint().width())
        edit.addWidget(self.unit)
        edit.addWidget(self.undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(16)
        row.addLayout(said, 1)
        row.addLayout(edit)
        row.setAlignment(edit, Qt.AlignmentFlag.AlignVCenter)

    def show_number(self, numbers: Numbers) -> None:
        """Show what the number is now, whether it was changed, and what is wrong."""
        name = self.number.name
        text, changed = numbers.text(name), numbers.changed(name)
        if self.field.text() != text and not self.field.hasFocus():
            self.field.setText(text)  # what is being typed stays as it is
        self.switch.setChecked(text == "True")
        error = numbers.wrong.get(name, ("", ""))[1]
        self.error.setText(error)
        self.error.setVisible(bool(error))
        self.undo.setVisible(changed)
        font = self.label.font()
        if font.bold() != changed:
            font.setBold(changed)
            self.label.setFont(font)
        state = "changed. " if changed else ""
        said = error or f"{state}{self.number.about}"
        self.field.setAccessibleDescription(said)
        self.switch.setAccessibleDescription(said)
