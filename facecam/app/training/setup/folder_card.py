"""One folder that was chosen: what was found in it, and what it is for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons, words
from facecam.app.box import Box
from facecam.app.training.setup import saying
from facecam.app.training.setup.plan import Folder, Plan, Role
from facecam.app.training.setup.section import Sign, plain, quiet

ROLE_WIDTH = 168


class RoleBox(Box):
    """A list of roles; the wheel is left to the page, and changes none in passing."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Be scrolled past."""
        event.ignore()


class PathLabel(QLabel):
    """A path, its middle left out where there is no room."""

    def __init__(self, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("quiet")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setToolTip(str(path))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._path = path

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write as much as there is room for."""
        super().resizeEvent(event)
        middle = Qt.TextElideMode.ElideMiddle
        room = event.size().width()
        self.setText(self.fontMetrics().elidedText(str(self._path), middle, room))


class FolderCard(QFrame):
    """A card; `role_chosen` and `removed` say what somebody wants of its folder."""

    role_chosen = Signal(object, object)
    """A Path, and the Role it is to have."""
    removed = Signal(object)
    retried = Signal(object)

    def __init__(self, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.path = path
        self._roles: tuple[Role, ...] = ()
        self.sign = Sign("folder", "quiet", self)
        self.title = QLabel(words.short(path.name or str(path)), self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setObjectName("heading")
        self.where = PathLabel(path.parent, self)
        self.layout_words = plain("", self)
        self.counts = quiet("", self)
        self.faults = plain("", self)
        self.about = quiet("", self)
        self.error = plain("", self)
        self.error.setObjectName("wrong")
        self.bar = QProgressBar(self, maximum=0, textVisible=False)
        self.bar.setAccessibleName(f"Looking at {path.name}")
        self.role = RoleBox(self)
        self.role.setFixedWidth(ROLE_WIDTH)
        self.role.setAccessibleName(f"What {path.name} is for")
        self.again = QPushButton("Look again", self)
        self.remove = QToolButton(self)
        self._arrange()
        self.role.activated.connect(self._choose)
        self.again.clicked.connect(lambda: self.retried.emit(path))
        self.remove.clicked.connect(lambda: self.removed.emit(path))

    def _arrange(self) -> None:
        self.remove.setProperty("flat", True)
        icons.wear(self.remove, "close")
        self.remove.setToolTip("Leave this folder out; nothing is deleted")
        self.remove.setAccessibleName(f"Leave {self.path.name} out")
        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(self.title)
        title.addWidget(self.where, 1)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(title)
        for label in (self.layout_words, self.counts, self.faults, self.error):
            column.addWidget(label)
        column.addWidget(self.about)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 8, 12)
        row.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.sign, 0, top)
        row.addLayout(column, 1)
        for widget in (self.again, self.role, self.remove):
            row.addWidget(widget, 0, top)

    def show_folder(self, folder: Folder, plan: Plan) -> None:
        """Show what is known of the folder, and whether the run will use it."""
        found, used = folder.found, plan.used(folder)
        failed = found is not None and bool(found.error)
        fine = found is not None and not failed
        self.bar.setVisible(found is None)
        self.again.setVisible(failed)
        for label, text in (
            (self.layout_words, saying.layout(found) if found and fine else ""),
            (self.counts, saying.counts(found) if found and fine else ""),
            (self.faults, saying.faults(found) if found and fine else ""),
            (self.error, found.error if found else ""),
        ):
            label.setText(words.breakable(text))
            label.setVisible(bool(text))
        if found is not None and fine:
            self.faults.setToolTip("\n".join(found.examples))
            self._show_roles(plan.asks.roles(found), folder.role)
        self.role.setVisible(fine and bool(self._roles))
        self.about.setText(saying.ROLES[folder.role].about if used else saying.NOT_USED)
        self.about.setVisible(fine and (folder.role is not Role.LEARN or not used))
        self._sign(fine, failed)
        state = self.error.text() or self.counts.text() or "being looked at"
        self.setAccessibleName(f"{self.path.name}: {state}")
        self.setAccessibleDescription(str(self.path))

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What can be pressed or chosen, in the order of reading."""
        return self.again, self.role, self.remove

    def show_progress(self, share: float) -> None:
        """Show how much of the folder was looked at."""
        self.bar.setMaximum(1000 if share > 0 else 0)
        self.bar.setValue(round(1000 * share))

    def _sign(self, fine: bool, failed: bool) -> None:
        name, colour = ("check", "good") if fine else ("folder", "quiet")
        self.sign.show_sign(*(("warning", "danger") if failed else (name, colour)))

    def _show_roles(self, offered: tuple[Role, ...], role: Role) -> None:
        if offered != self._roles:
            self._roles = offered
            self.role.clear()
            for one in offered:
                self.role.addItem(saying.ROLES[one].text)
            for number, one in enumerate(offered):
                tip = Qt.ItemDataRole.ToolTipRole
                self.role.setItemData(number, saying.ROLES[one].about, tip)
        self.role.setCurrentIndex(offered.index(role) if role in offered else 0)
        self.role.setToolTip(saying.ROLES[role].about)
        self.role.setEnabled(len(offered) > 1)

    def _choose(self, number: int) -> None:
        self.role_chosen.emit(self.path, self._roles[number])
