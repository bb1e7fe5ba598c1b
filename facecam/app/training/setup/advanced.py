"""Every number of the configuration, behind "Advanced": in groups, searched, undone."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons
from facecam.app.people.search import SearchField
from facecam.app.training.commands import UNEXPECTED, Answer, Command
from facecam.app.training.setup.asking import MakeCommand
from facecam.app.training.setup.kinds import SetupKind
from facecam.app.training.setup.number_row import NumberRow
from facecam.app.training.setup.numbers import Number, Numbers, found, read_numbers
from facecam.app.training.setup.section import plain, quiet
from facecam.config import Config

GROUP_WIDTH, GROUP_HEIGHT = 168, 32
MOST = 30
"""So many numbers are shown of those a search finds."""


class Advanced(QWidget):
    """A button that opens all numbers; `changed` when one is another."""

    changed = Signal()

    def __init__(
        self, kind: SetupKind, config: Config, make: MakeCommand, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._kind, self._config, self._make = kind, config, make
        self.numbers = Numbers(kind.numbers(config), kind.with_preset)
        self.rows: list[NumberRow] = []
        self._preset = ""
        self._known: dict[str, tuple[Number, ...]] = {}
        self._command: Command | None = None
        self.open = QPushButton("Advanced", self)
        self.summary = quiet("", self)
        self.undo_all = QPushButton("Undo all", self)
        self.panel = QWidget(self)
        self.search = SearchField("Find a number", self.panel)
        self.groups = QListWidget(self.panel)
        self.nothing = quiet("", self.panel)
        self.error = plain("", self.panel)
        self.error.setObjectName("wrong")
        self.again = QPushButton("Try again", self.panel)
        self.bar = QProgressBar(self.panel, maximum=0, textVisible=False)
        self._column = QVBoxLayout()
        self._arrange()
        self.open.toggled.connect(self._open)
        self.undo_all.clicked.connect(self._undo_all)
        self.search.textChanged.connect(lambda text: self._fill())
        self.search.left.connect(self._leave_search)
        self.groups.currentRowChanged.connect(lambda row: self._choose_group())
        self.again.clicked.connect(self._read)
        self._say()

    def _arrange(self) -> None:
        self.open.setCheckable(True)
        self.open.setProperty("link", True)
        self.undo_all.setProperty("link", True)
        icons.wear(self.open, "chevron-down", self.palette().ColorRole.Accent)
        self.open.setToolTip("Every number of the run, each with its meaning")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.open)
        head.addWidget(self.summary, 1)
        head.addWidget(self.undo_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.panel)
        self.panel.hide()
        self._arrange_panel()

    def _arrange_panel(self) -> None:
        self._fill_groups()
        self._column.setSpacing(0)
        for widget in (self.bar, self.error, self.again, self.nothing):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(20)
        both.addWidget(self.groups, 0, Qt.AlignmentFlag.AlignTop)
        both.addLayout(self._column, 1)
        inner = QVBoxLayout(self.panel)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        inner.addWidget(self.search)
        inner.addLayout(both)

    def _fill_groups(self) -> None:
        self.groups.setFixedWidth(GROUP_WIDTH)
        self.groups.setAccessibleName("Groups of numbers")
        self.groups.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for key, name in self._kind.groups.items():
            item = QListWidgetItem(name, self.groups)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setSizeHint(QSize(GROUP_WIDTH - 8, GROUP_HEIGHT))
        self.groups.setFixedHeight(GROUP_HEIGHT * len(self._kind.groups) + 8)

    @property
    def wrong(self) -> str:
        """Which number cannot be taken, and why; "" if all can."""
        for name, (text, error) in self.numbers.wrong.items():
            label = self.numbers.known[name].label
            return f"{label} cannot be {text or 'nothing'}: {error}"
        return ""

    def use_preset(self, preset: str) -> None:
        """Show the numbers of another preset; what was changed stays changed."""
        if preset == self._preset:
            return
        self._preset = preset
        self.open.setEnabled(bool(preset))
        if self.open.isChecked() or self.numbers.settings:
            self._read()

    def _open(self, on: bool) -> None:
        self.panel.setVisible(on)
        self.open.setAccessibleDescription("open" if on else "closed")
        if on:
            self._read()

    def _read(self) -> None:
        """Ask for the numbers of the preset, unless they are known."""
        if self._command is not None:
            self._command.cancel()
            self._command.deleteLater()
            self._command = None
        if self._preset in self._known:
            self._use()
            return
        words = ("train", "numbers", "--preset", self._preset, *self._kind.asks.numbers)
        command = self._command = self._make(self._config, words, self)
        command.ended.connect(self._answered)
        self._show_state(reading=True)
        command.start()

    def _answered(self, answer: Answer) -> None:
        if self._command is not None:
            self._command.deleteLater()
            self._command = None
        try:
            self._known[self._preset] = read_numbers(answer.value)
        except ValueError:
            self._show_state(error=answer.error or UNEXPECTED)
            return
        self._use()

    def _use(self) -> None:
        self.numbers.use(self._preset, self._known[self._preset])
        self._show_state()
        if self.groups.currentRow() < 0:
            self.groups.setCurrentRow(0)
        self._fill()
        self._tell()

    def _show_state(self, reading: bool = False, error: str = "") -> None:
        self.bar.setVisible(reading)
        self.bar.setAccessibleName("Reading the numbers" if reading else "")
        self.error.setText(error)
        self.error.setVisible(bool(error))
        self.again.setVisible(bool(error))
        fine = not reading and not error
        self.search.setEnabled(fine)
        self.groups.setEnabled(fine)
        self.nothing.hide()
        if not fine:
            self._show_rows([], False)

    # Rows -------------------------------------------------------------------------

    def _fill(self) -> None:
        """Show the numbers that are searched for, or those of the group."""
        words = self.search.text().strip()
        item = self.groups.currentItem()
        if item is not None:  # none is looked at while all are searched
            item.setSelected(not words)
        if words:
            numbers = found(self.numbers.known, words)
        else:
            group = item.data(Qt.ItemDataRole.UserRole) if item else ""
            known = self.numbers.known.values()
            numbers = [number for number in known if number.group == group]
        text = ""
        if not numbers:
            text = f"No number is called so, nor speaks of {words}."
        elif len(numbers) > MOST:
            text = f"The first {MOST} of {len(numbers)}; type more to find others."
        self.nothing.setText(text)
        self.nothing.setVisible(bool(text) and bool(self.numbers.known))
        self._show_rows(numbers[:MOST], bool(words))

    def _show_rows(self, numbers: list[Number], with_group: bool) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [NumberRow(number, with_group, self.panel) for number in numbers]
        for row in self.rows:
            self._column.insertWidget(self._column.count() - 1, row)
            row.typed.connect(self._type)
            row.undone.connect(self._undo)
            row.show_number(self.numbers)
            row.show()

    def _choose_group(self) -> None:
        if self.search.text():
            self.search.clear()
        else:
            self._fill()

    def _leave_search(self) -> None:
        if self.rows:
            self.rows[0].field.setFocus()

    def _type(self, name: str, text: str) -> None:
        self.numbers.change(name, text)
        self._tell()

    def _undo(self, name: str) -> None:
        self.numbers.undo(name)
        self._tell()
        row = next((row for row in self.rows if row.number.name == name), None)
        if row is not None:
            row.field.setFocus()

    def _undo_all(self) -> None:
        self.numbers.undo_all()
        self._tell()

    def _tell(self) -> None:
        for row in self.rows:
            row.show_number(self.numbers)
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        """Say how many numbers were changed, and in which groups."""
        names = {*self.numbers.settings, *self.numbers.wrong}
        count = len(names)
        text = "1 number changed" if count == 1 else f"{count} numbers changed"
        self.summary.setText(text if count else "")
        self.undo_all.setVisible(count > 0)
        per_group = Counter(name.rpartition(".")[0] for name in names)
        for row in range(self.groups.count()):
            item = self.groups.item(row)
            key = item.data(Qt.ItemDataRole.UserRole)
            changed = f"  ·  {per_group[key]}" if per_group[key] else ""
            item.setText(self._kind.groups[key] + changed)
