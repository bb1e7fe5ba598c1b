"""Step 1: the folders to learn from, dropped or chosen; each recognised by itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain, pairwise
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons
from facecam.app.settings import Settings
from facecam.app.training.setup.folder_card import FolderCard
from facecam.app.training.setup.plan import Folder, Plan, Role
from facecam.app.training.setup.section import Section, Sign, quiet

RECENT, LAST = "recent", "last"
"""Where folders chosen lately, and those of the last run, are remembered: behind the
name of the kind's group."""
KEPT = 8
"""So many folders are remembered."""


class Remembered:
    """Folders chosen lately, and those of the last run with their roles."""

    def __init__(self, settings: Settings, group: str = "training") -> None:
        self._settings, self._group = settings, group

    @property
    def recent(self) -> list[Path]:
        """Folders chosen lately, the last one first."""
        return [Path(each) for each in self._read(RECENT) if isinstance(each, str)]

    @property
    def last(self) -> list[tuple[Path, Role]]:
        """The folders of the last run, without pools of hard examples."""
        pairs = [each for each in self._read(LAST) if isinstance(each, list)]
        known = [pair for pair in pairs if len(pair) == 2 and pair[1] in list(Role)]
        return [(Path(path), Role(role)) for path, role in known]

    def remember(self, folder: Path) -> None:
        """Remember a folder that was chosen."""
        others = [one for one in self.recent if one != folder]
        self._keep(RECENT, [str(one) for one in (folder, *others)][:KEPT])

    def remember_run(self, folders: Sequence[Folder]) -> None:
        """Remember what a run learns from."""
        kept = [one for one in folders if one.role is not Role.HARD]
        self._keep(LAST, [[str(one.path), str(one.role)] for one in kept])

    def _keep(self, name: str, values: Sequence[object]) -> None:
        self._settings.keep(f"{self._group}/{name}", json.dumps(values))

    def _read(self, name: str) -> list[object]:
        try:
            values = json.loads(self._settings.text(f"{self._group}/{name}", "[]"))
        except ValueError:
            return []
        return values if isinstance(values, list) else []


class FoldersSection(Section):
    """Cards of folders; says by signals what somebody wants of them."""

    chosen = Signal(object)
    """A list of Path to be added."""
    last_wanted = Signal()
    """The folders of the last run are to be added."""
    role_chosen = Signal(object, object)
    removed = Signal(object)
    retried = Signal(object)

    def __init__(
        self, invitation: str, remembered: Remembered, parent: QWidget
    ) -> None:
        super().__init__(1, "Pictures", parent)
        self._remembered = remembered
        self.cards: dict[Path, FolderCard] = {}
        self.choose = QPushButton("Choose pictures…", self)
        self.recent = QPushButton("Recent", self)
        self.last = QPushButton("As last time", self)
        self.menu = QMenu(self)
        self.drop = QFrame(self)
        self.invitation = quiet(invitation, self.drop)
        self._list = QVBoxLayout()
        self._arrange()
        self.choose.clicked.connect(self.ask)
        self.recent.clicked.connect(self._open_recent)
        self.last.clicked.connect(self.last_wanted)
        self.show_plan(Plan())

    def _arrange(self) -> None:
        icons.wear(self.choose, "folder")
        icons.wear(self.recent, "recent")
        self.choose.setToolTip("Choose a folder of pictures (Ctrl+O)")
        self.recent.setToolTip("Folders chosen lately")
        self.menu.setToolTipsVisible(True)
        self._list.setSpacing(8)
        self.drop.setObjectName("drop")
        inside = QHBoxLayout(self.drop)
        inside.setContentsMargins(20, 20, 20, 20)
        inside.setSpacing(16)
        inside.addWidget(Sign("picture", "accent", self.drop, 32))
        inside.addWidget(self.invitation, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.choose, self.recent, self.last):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addWidget(self.drop)
        self.body.addLayout(self._list)
        self.body.addLayout(buttons)

    def show_plan(self, plan: Plan) -> None:
        """Show the folders of a plan."""
        paths = [folder.path for folder in plan.folders]
        for path in [path for path in self.cards if path not in paths]:
            card = self.cards.pop(path)
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        for folder in plan.folders:
            card = self.cards.get(folder.path) or self._add(folder.path)
            card.show_folder(folder, plan)
        self._order_tabs()
        self.drop.setVisible(not paths)
        self.choose.setText("Add pictures…" if paths else "Choose pictures…")
        self.choose.setProperty("primary", not paths)
        self.choose.style().unpolish(self.choose)
        self.choose.style().polish(self.choose)
        role = self.palette().ColorRole
        icons.wear(self.choose, "folder", role.ButtonText if paths else role.BrightText)
        self.recent.setVisible(bool(self._remembered.recent))
        last = [path for path, _ in self._remembered.last]
        self.last.setVisible(bool(last) and not paths)
        self.last.setToolTip("\n".join(map(str, last)))
        self.show_done(bool(paths) and all(map(_is_fine, plan.folders)))

    def _order_tabs(self) -> None:
        """Go through the cards before the buttons below them."""
        inside = [*chain(*(card.controls for card in self.cards.values()))]
        for before, after in pairwise((self.choose, *inside)):
            self.setTabOrder(before, after)
        for before, after in pairwise((*inside[-1:], self.choose, self.recent)):
            self.setTabOrder(before, after)

    def ask(self) -> None:
        """Ask for a folder."""
        recent = self._remembered.recent
        beside = str(recent[0].parent) if recent else ""
        title = "Choose a folder of pictures"
        path = QFileDialog.getExistingDirectory(self.window(), title, beside)
        if path:
            self.chosen.emit([Path(path)])

    def _add(self, path: Path) -> FolderCard:
        card = self.cards[path] = FolderCard(path, self)
        card.role_chosen.connect(self.role_chosen)
        card.removed.connect(self.removed)
        card.retried.connect(self.retried)
        self._list.addWidget(card)
        card.show()  # a layout would only do so later
        return card

    def _open_recent(self) -> None:
        self.menu.clear()
        middle = Qt.TextElideMode.ElideMiddle
        for path in self._remembered.recent:
            text = self.fontMetrics().elidedText(str(path), middle, 420)
            action = self.menu.addAction(text.replace("&", "&&"))
            action.setToolTip(str(path))
            action.setEnabled(path not in self.cards)
            action.triggered.connect(lambda _, path=path: self.chosen.emit([path]))
        self.menu.popup(self.recent.mapToGlobal(QPoint(0, self.recent.height() + 4)))


def _is_fine(folder: Folder) -> bool:
    return folder.found is not None and not folder.found.error
