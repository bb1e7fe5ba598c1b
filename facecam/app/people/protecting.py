"""Turning the protection of the people on and off, and choosing another passphrase."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam import vault
from facecam.app.empty_state import larger
from facecam.app.engine import Engine
from facecam.app.enrol.check_row import CheckRow
from facecam.app.people.lasting import LastingDialog
from facecam.app.people.unlocking import error_label, passphrase_line
from facecam.app.tasks import Report, Tasks
from facecam.errors import FacecamError, VaultLocked

WIDTH = 480
TITLES = {
    "off": "Protect the people",
    "on": "The people are protected",
    "turning on": "Protecting was interrupted",
    "turning off": "Ending the protection was interrupted",
}
TEXTS = {
    "off": "Pictures, names and everything learned from them are encrypted on this "
    "disk. facecam then asks for the passphrase when it starts. What was changed until "
    "now can no longer be undone.",
    "on": "Whoever does not know the passphrase sees neither pictures nor names.",
    "turning on": "Some files are encrypted, some not yet. Everything can be read "
    "meanwhile.",
    "turning off": "Some files are still encrypted. Everything can be read meanwhile.",
}
LOST = "I know: if the passphrase is lost, nobody can ever read the people again."


class ProtectionDialog(LastingDialog):
    """Shows how the people are protected, and changes it.

    Args:
        engine: learns the vault and loads the people anew.
        tasks: does the work in the background.
        parent: the window.
    """

    changed = Signal()
    _progressed = Signal(str, float)

    def __init__(
        self, engine: Engine, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._tasks = engine, tasks
        self._home = engine.config.home
        self.setFixedWidth(WIDTH)
        self._make_widgets()
        self._arrange()
        self._progressed.connect(lambda _, s: self.bar.setValue(round(s * 1000)))
        self.refresh()

    def _make_widgets(self) -> None:
        self.title, self.text = QLabel(self), QLabel(self, wordWrap=True)
        larger(self.title, 1.2)
        self.text.setObjectName("quiet")
        self.old = passphrase_line("Passphrase", self)
        self.new = passphrase_line("New passphrase, at least 8 characters", self)
        self.again = passphrase_line("The same again", self)
        self.lost = CheckRow(LOST, self)
        self.lost.setAccessibleName(LOST)
        self.wrong = error_label(self)
        self.bar = QProgressBar(self, maximum=1000, textVisible=False)
        self.no = QPushButton("Cancel", self)
        self.no.clicked.connect(self.reject)
        self.off = QPushButton("End the protection", self)
        self.off.setProperty("danger", True)
        self.off.clicked.connect(self._turn_off)
        self.yes = QPushButton(self)
        self.yes.setProperty("primary", True)
        self.yes.clicked.connect(self._agree)
        for line in (self.old, self.new, self.again):
            line.textChanged.connect(self._check)
            line.returnPressed.connect(self._agree)
        self.lost.toggled.connect(self._check)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        for widget in (self.title, self.text):
            column.addWidget(widget)
        self.text.setFixedWidth(WIDTH - 48)
        column.addSpacing(8)
        for line in (self.old, self.new, self.again):
            column.addWidget(line)
        column.addWidget(self.lost)
        column.addWidget(self.wrong)
        column.addWidget(self.bar)
        column.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.off)
        buttons.addStretch(1)
        for button in (self.off, self.no, self.yes):
            button.setAutoDefault(False)
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        column.addLayout(buttons)

    def refresh(self) -> None:
        """Show what there is to choose now."""
        state = self.state = vault.protection(self._home)
        self._busy = False
        self.title.setText(TITLES[state])
        self.setWindowTitle(TITLES[state])
        self.text.setText(TEXTS[state])
        self.yes.setText(
            {"off": "Protect", "on": "Change passphrase"}.get(state, "Finish")
        )
        for line in (self.old, self.new, self.again):
            line.clear()
        self.old.setVisible(state != "off")
        choosing = state in ("off", "on")
        self.new.setVisible(choosing)
        self.again.setVisible(choosing)
        self.lost.setVisible(state == "off")
        self.off.setVisible(state == "on")
        self.wrong.hide()
        self.bar.hide()
        self._check()

    def _check(self) -> None:
        """Say whether what was filled in is enough."""
        old, new = self.old.text(), self.new.text()
        same = bool(new) and new == self.again.text()
        ready = {"off": same and self.lost.isChecked(), "on": same and bool(old)}
        self.yes.setEnabled(not self._busy and ready.get(self.state, bool(old)))
        self.off.setEnabled(not self._busy and bool(old))
        self.wrong.hide()

    def _agree(self) -> None:
        if not self.yes.isEnabled():
            return
        old, new = self.old.text(), self.new.text()
        if self.state == "off":
            self._do(lambda report: self._convert(self._created(new), True, report))
        elif self.state == "on":
            self._do(lambda _: self._change(old, new))
        else:
            on = self.state == "turning on"
            self._do(lambda report: self._convert(self._opened(old), on, report))

    def _turn_off(self) -> None:
        old = self.old.text()
        self._do(lambda report: self._convert(self._opened(old), False, report))

    def _do(self, work: Callable[[Report], vault.Vault | None]) -> None:
        self._busy = True
        self._check()
        self.bar.setValue(0)
        self.bar.show()
        self._tasks.start(lambda: work(self._progressed.emit), self._done, self._failed)

    # On the lane "work" -----------------------------------------------------------

    def _created(self, passphrase: str) -> vault.Vault:
        return vault.create(self._home, passphrase)

    def _opened(self, passphrase: str) -> vault.Vault:
        return vault.open_vault(self._home, passphrase)

    def _change(self, old: str, new: str) -> None:
        vault.change_passphrase(self._home, old, new)

    def _convert(self, opened: vault.Vault, on: bool, report: Report) -> vault.Vault:
        from facecam.forgetting import sealing

        sealing.convert(self._engine.config, opened, on, report)
        return opened

    # On the main thread -----------------------------------------------------------

    def _done(self, opened: vault.Vault | None) -> None:
        self._busy = False
        if opened is not None:
            on = vault.protection(self._home) != "off"
            self._engine.vault = opened if on else None
            self._engine.load()
        self.changed.emit()
        self.accept()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, FacecamError):
            self.refresh()
            raise error
        if not isinstance(error, VaultLocked):
            self.refresh()
        self._busy = False
        self.bar.hide()
        self._check()
        self.wrong.setText(str(error))
        self.wrong.show()
