"""Hard examples as cards: looked at, pruned, and learned from.

Live adds to them, other programs may. What is removed here can be put back.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facecam.app.empty_state import EmptyState, Message
from facecam.app.engine import Engine
from facecam.app.live_tools import tool
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.app.people.grid import Grid
from facecam.app.segments import Segment, Segments
from facecam.app.tasks import Tasks
from facecam.app.teaching.mark import FALSE_ALARM, MISSED_FACE
from facecam.app.teaching.pool import Pool
from facecam.app.teaching.teaching import ENOUGH
from facecam.app.training.pool import saying
from facecam.app.training.pool.cards import (
    BELOW,
    LINES,
    WIDTH,
    ExamplePainter,
    ExamplesModel,
)
from facecam.app.training.pool.thumbs import Thumbs
from facecam.app.training.pool.whole import Beside, LargeView
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.training.detector.hard_examples import HardExample
    from facecam.training.detector.hard_pool import Removed

KEY = "pool"
ROOMY = 760
"""Width from which the whole picture is shown beside the cards, logical pixels."""
FEW = f"From about {ENOUGH} on a fine-tune pays."


class PoolPage(QWidget):
    """Hard examples as cards, one of them whole, and what can be done with them."""

    fine_tune_wanted = Signal(object)
    """A fine-tune from these is wanted: the folder of the pool, a Path."""
    live_wanted = Signal()
    """The live picture is wanted, to teach there."""

    def __init__(self, engine: Engine, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.pool = Pool.of(engine, tasks)
        self.thumbs = Thumbs(tasks, self)
        self.offers = Notices(self, floating=False)
        self.toasts = Notices(self)
        self.model = ExamplesModel(self)
        self.grid = Grid(WIDTH, LINES, BELOW, self)
        self.grid.setAcceptDrops(False)
        self.grid.setAccessibleName("Hard examples")
        self.grid.setModel(self.model)
        cell = QSize(WIDTH, WIDTH + 48)
        self.grid.setItemDelegate(ExamplePainter(self.thumbs, cell, self.grid))
        self.empty = EmptyState(self)
        self.beside = Beside(tasks, self)
        self.kinds = Segments(_segments(), self)
        self.bring = tool(self, "import", "Bring examples from another folder…")
        self.open_folder = tool(self, "folder", "Open the folder of these pictures")
        self.count, self.hint = QLabel(self), QLabel(self)
        self.hint.setObjectName("quiet")
        self.remove = QPushButton("Remove", self)
        self.remove.setToolTip("Take the chosen examples out of the pool (Delete)")
        self.fine_tune = QPushButton("Fine-tune from these…", self)
        self.fine_tune.setToolTip(
            "Set up a fine-tune of the detector that learns from all of these"
        )
        self.fine_tune.setProperty("primary", True)
        self._stack = QStackedWidget(self)
        self._arrange()
        self._connect()
        self._say(saying.READING)

    def show_page(self) -> None:
        """Look at the pool anew."""
        self.thumbs.try_again()
        self.pool.look(self._show, self._unreadable)

    def chosen(self) -> list[HardExample]:
        """Return the examples that are selected."""
        return [self.model.examples[index.row()] for index in self.grid.chosen()]

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(24, 12, 16, 0)
        bar.setSpacing(8)
        bar.addWidget(self.kinds)
        bar.addStretch(1)
        bar.addWidget(self.bring)
        bar.addWidget(self.open_folder)
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.empty)
        left = QVBoxLayout()
        left.addWidget(self.offers)
        left.addLayout(bar)
        left.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.addLayout(left, 1)
        row.addWidget(self.beside)
        self._foot = self._make_foot()
        column = QVBoxLayout(self)
        column.addLayout(row, 1)
        column.addWidget(self._foot)
        for layout in (left, row, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        order = *self.kinds.buttons.values(), self.bring, self.open_folder, self.grid
        last = self.beside.large, self.remove, self.fine_tune
        for before, after in pairwise((*order, *last)):
            self.setTabOrder(before, after)

    def _make_foot(self) -> QWidget:
        foot = QWidget(self)
        foot.setObjectName("actionBar")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 10, 16, 10)
        row.setSpacing(8)
        for label in (self.count, self.hint):
            row.addWidget(label)
        row.addStretch(1)
        row.addWidget(self.remove)
        row.addWidget(self.fine_tune)
        return foot

    def _connect(self) -> None:
        self.pool.changed.connect(self._show)
        self.pool.forgotten.connect(self._forget)
        self.thumbs.ready.connect(lambda: self.grid.viewport().update())
        self.kinds.chosen.connect(lambda key: self._show())
        self.grid.opened.connect(lambda index: self._show_large(index.row()))
        self.grid.delete_wanted.connect(self._remove)
        chosen = self.grid.selectionModel()
        chosen.selectionChanged.connect(self._show_chosen)
        self.model.modelReset.connect(self._show_chosen)
        self.beside.large_wanted.connect(self._show_current_large)
        self.bring.clicked.connect(self._choose_folder)
        self.open_folder.clicked.connect(self._open)
        self.remove.clicked.connect(self._remove)
        self.fine_tune.clicked.connect(
            lambda: self.fine_tune_wanted.emit(self.pool.folder)
        )
        self.empty.chosen.connect(self._choose)
        self.toasts.fitted.connect(self._arrange_toasts)

    def _choose(self, key: str) -> None:
        """Do what a button of the empty state says."""
        ways = {
            saying.LIVE: self.live_wanted.emit,
            saying.IMPORT: self._choose_folder,
            saying.ALL: lambda: self.kinds.choose("all"),
            saying.AGAIN: self.show_page,
        }
        ways[key]()

    def _show(self) -> None:
        """Show what the pool holds now, the newest first."""
        held = self.pool.held
        if held is None:
            return
        examples, kind = held.listing.examples, self.kinds.current
        row = self.grid.currentIndex().row()
        shown = [one for one in reversed(examples) if kind in ("all", str(one.kind))]
        self.model.show_examples(shown)
        if shown and not self.grid.currentIndex().isValid():
            self.grid.go_to(self.model.index(min(max(row, 0), len(shown) - 1)))
        counts = {"all": len(examples)} | {
            kind: sum(one.kind == kind for one in examples)
            for kind in (FALSE_ALARM, MISSED_FACE)
        }
        for key, title in KINDS.items():
            self.kinds.say(key, f"{title}  {counts[key]:,}")
        self._say_problems()
        if not examples:
            self._say(saying.NOTHING)
        elif not shown:
            self._say(saying.nothing_of(kind))
        else:
            self._stack.setCurrentWidget(self.grid)
        self._show_chosen()

    def _say(self, message: Message) -> None:
        self.empty.show_message(message)
        self._stack.setCurrentWidget(self.empty)
        self._show_chosen()

    def _say_problems(self) -> None:
        """Say which lines are damaged, and whether pictures lie open."""
        held = self.pool.held
        self.offers.hide_notice("damaged")
        self.offers.hide_notice("open")
        if held is not None and held.listing.damaged:
            out = Action("Take out", self._mend)
            text = saying.damaged(held.listing.damaged)
            self.offers.show_notice(Notice("damaged", text, "error", (out,)))
        if held is not None and held.open:
            every = Action("Remove all", lambda: self._take(self.pool.examples))
            text = saying.lying_open(held)
            self.offers.show_notice(Notice("open", text, "error", (every,)))

    def _show_chosen(self) -> None:
        """Offer what can be done with what is chosen, and show one of them."""
        examples, chosen = self.pool.examples, self.chosen()
        there = self._stack.currentWidget() is self.grid
        self.beside.setVisible(there and self.width() >= ROOMY)
        self._foot.setVisible(bool(examples))
        self.kinds.setVisible(bool(examples))
        self.open_folder.setEnabled(bool(examples))
        said = saying.counted(examples)
        if len(chosen) > 1:
            said = f"{len(chosen):,} of {len(examples):,} chosen"
        self.count.setText(said)
        self.hint.setText(FEW)
        self.hint.setVisible(len(examples) < ENOUGH and len(chosen) < 2)
        self.remove.setEnabled(bool(chosen))
        self.remove.setText(f"Remove {len(chosen):,}" if len(chosen) > 1 else "Remove")
        row = self.grid.currentIndex().row()
        current = self.model.examples[row : row + 1] if row >= 0 and chosen else []
        self.beside.show_example(current[0] if current else None)

    def _show_large(self, row: int) -> None:
        LargeView(self.model.examples, row, self._tasks, self.window()).exec()

    def _show_current_large(self) -> None:
        row = self.grid.currentIndex().row()
        if row >= 0:
            self._show_large(row)

    def _remove(self) -> None:
        if chosen := self.chosen():
            self._take(tuple(chosen))

    def _take(self, examples: tuple[HardExample, ...]) -> None:
        self.pool.remove(examples, self._removed, self._wrong)

    def _mend(self) -> None:
        self.pool.mend(self._removed, self._wrong)

    def _removed(self, removed: Removed) -> None:
        """Say what went, and offer to put it back."""
        back = Action("Undo", lambda: self._put_back(removed))
        said = f"Removed {saying.number(len(removed.lines), 'example')}."
        self._toast(Notice(KEY, said, "done", (back,), seconds=2 * SHORTLY))
        self.grid.setFocus()

    def _put_back(self, removed: Removed) -> None:
        said = f"Put {saying.number(len(removed.lines), 'example')} back."
        done = Notice(KEY, said, "done", seconds=SHORTLY)
        self.pool.restore(removed, lambda _: self._toast(done), self._wrong)

    def _forget(self) -> None:
        """Put nothing back, and keep no picture in memory: somebody was forgotten."""
        self.toasts.hide_notice(KEY)
        self.thumbs.clear()
        self.beside.show_example(None)
        self.show_page()

    def _choose_folder(self) -> None:
        title = "A folder with hard examples"
        if folder := QFileDialog.getExistingDirectory(self, title):
            self.bring_from(Path(folder))

    def bring_from(self, folder: Path) -> None:
        """Add the examples of another pool."""

        def done(brought: tuple[HardExample, ...]) -> None:
            if not brought:
                said = "Every example of that folder is here already."
                self._toast(Notice(KEY, said, "info", seconds=SHORTLY))
                return
            back = Action("Undo", lambda: self._take(brought))
            said = f"Brought {saying.number(len(brought), 'example')}."
            self._toast(Notice(KEY, said, "done", (back,), seconds=2 * SHORTLY))

        self.pool.bring(folder, done, self._wrong)

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.pool.folder)))

    def _toast(self, notice: Notice) -> None:
        self.toasts.hide_notice(KEY)
        self.toasts.show_notice(notice)

    def _wrong(self, error: Exception) -> None:
        """Say what cannot be done; anything unexpected is a bug."""
        if not isinstance(error, FacecamError):
            raise error
        self._toast(Notice(KEY, str(error), "error"))

    def _unreadable(self, error: Exception) -> None:
        if not isinstance(error, FacecamError):
            raise error
        self.model.show_examples(())
        self._say(saying.unreadable(error))

    def _arrange_toasts(self) -> None:
        size = self.toasts.size_in(self.width())
        left = (self.width() - size.width()) // 2
        top = self.height() - self._foot.height() - size.height() + 16
        self.toasts.setGeometry(left, top, size.width(), size.height())
        self.toasts.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the cards the room of the picture beside them where there is little."""
        super().resizeEvent(event)
        self._show_chosen()
        self._arrange_toasts()


KINDS = {"all": "All", FALSE_ALARM: "False alarms", MISSED_FACE: "Missed faces"}


def _segments() -> tuple[Segment, ...]:
    about = {"all": "Everything the detector got wrong", **saying.ABOUT}
    return tuple(Segment(key, title, about[key]) for key, title in KINDS.items())
