"""A guided start of a training run: pictures, what to train, a look, and off it goes.

One page: what was chosen stays while other pages are looked at. Each step does by
itself what it can, so that choosing pictures and pressing Start is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from facecam.app.engine import Engine
from facecam.app.enrol.drop_hint import DropHint
from facecam.app.settings import Settings
from facecam.app.training.commands import Command
from facecam.app.training.following import Runs
from facecam.app.training.setup.asking import Checking, Looking, MakeCommand, Stage
from facecam.app.training.setup.folders import FoldersSection, Remembered
from facecam.app.training.setup.kinds import DETECTOR, SetupKind
from facecam.app.training.setup.look import LookSection
from facecam.app.training.setup.naming import problem_of
from facecam.app.training.setup.pictures import SheetPictures
from facecam.app.training.setup.plan import FROM, Folder, Found, Plan, Role
from facecam.app.training.setup.section import in_the_middle
from facecam.app.training.setup.sheet_viewer import SheetViewer
from facecam.app.training.setup.starting import StartBar, Starting
from facecam.app.training.setup.what import WhatSection

DROP = "Drop folders to train from these pictures"


class SetupPage(QWidget):
    """A guided start of a training run."""

    kind: SetupKind = DETECTOR
    """What is trained."""
    started = Signal(str)
    """A run was put into the queue: its name."""
    cancelled = Signal()

    def __init__(
        self,
        engine: Engine,
        runs: Runs,
        settings: Settings,
        parent: QWidget,
        command: MakeCommand = Command,
    ) -> None:
        super().__init__(parent)
        config, kind = runs.config, self.kind
        self._runs = runs
        self._remembered = Remembered(settings, kind.group)
        self.plan = Plan(asks=kind.asks, choices=kind.choices)
        self._preset_by_hand = False
        self.looking = Looking(config, command, self, kind.asks)
        self.checking = Checking(config, command, self)
        self.starting = Starting(runs, command, self)
        pictures = SheetPictures(runs.tasks, self)
        self.folders = FoldersSection(kind.invitation, self._remembered, self)
        self.what = WhatSection(kind, runs, command, self)
        self.look = LookSection(kind, self.checking, pictures, self)
        self.bar = StartBar(kind, self)
        self.viewer = SheetViewer(pictures, self)
        self.stack = QStackedWidget(self)
        self.area = QScrollArea(self, widgetResizable=True)
        self.hint = DropHint(self, DROP)
        self._arrange()
        self._connect()
        self._show()

    def begin(self, hard: tuple[Path, ...] = (), origin: str = "") -> None:
        """Set up another run.

        Args:
            hard: pools of hard examples to learn from.
            origin: the run to go on from; "" for the detector in use.
        """
        self._show_form()
        self._change(replace(self.plan, origin=origin))
        if hard or origin:
            if not self.plan.folders:
                self._add_last()
            known = {folder.path for folder in self.plan.folders}
            self.add(hard, Role.HARD)
            for path in known.intersection(hard):  # more is in it than was, perhaps
                self._again(path)
            if self.plan.asks.going_on:
                self._choose_preset(self.plan.asks.going_on)
        self.bar.say_error("")
        self._show()
        self.area.verticalScrollBar().setValue(0)
        self.folders.choose.setFocus()

    def add(self, paths: tuple[Path, ...], role: Role = Role.LEARN) -> None:
        """Add folders; each is recognised by itself.

        Args:
            paths: those that are there already stay as they are.
            role: what they are for; of LEARN, what suits what is found in them.
        """
        there = {folder.path for folder in self.plan.folders}
        added = []
        for path in paths:
            if path not in there:
                there.add(path)
                added.append(Folder(path, role, by_hand=role is not Role.LEARN))
        self._change(replace(self.plan, folders=(*self.plan.folders, *added)))
        for folder in added:
            self.looking.look(folder.path)
            if role is not Role.HARD:
                self._remembered.remember(folder.path)
        self._show()

    def remove(self, path: Path) -> None:
        """Leave a folder out."""
        self.looking.forget(path)
        rest = tuple(one for one in self.plan.folders if one.path != path)
        self._change(replace(self.plan, folders=rest))
        self.folders.choose.setFocus()

    # What somebody wants ----------------------------------------------------------

    def _add_last(self) -> None:
        for path, role in self._remembered.last:
            self.add((path,), role)

    def _again(self, path: Path) -> None:
        self._change(self._with(path, lambda one: replace(one, found=None)))
        self.looking.look(path)

    def _found(self, path: Path, found: Found) -> None:
        """Take over what a folder holds; its role is chosen unless somebody has."""

        def known(one: Folder) -> Folder:
            keep = one.by_hand or bool(found.error)
            role = one.role if keep else self.plan.asks.usual_role(path, found)
            return replace(one, found=found, role=role)

        self._change(self._with(path, known))

    def _choose_role(self, path: Path, role: Role) -> None:
        self._change(
            self._with(path, lambda one: replace(one, role=role, by_hand=True))
        )

    def _choose_preset(self, preset: str) -> None:
        self._preset_by_hand = True
        self._change(replace(self.plan, preset=preset))

    def _choose(self, option: str, value: str) -> None:
        """Take another choice beside the folders, by its option."""
        choices = {**self.plan.choices, option: value}
        origin = "" if option == FROM else self.plan.origin
        self._change(replace(self.plan, choices=choices, origin=origin))

    def _with(self, path: Path, change: Callable[[Folder], Folder]) -> Plan:
        folders = tuple(
            change(one) if one.path == path else one for one in self.plan.folders
        )
        return replace(self.plan, folders=folders)

    def _change(self, plan: Plan) -> None:
        """Go on with another plan; what suits it is chosen by itself."""
        if not self._preset_by_hand:
            plan = replace(plan, preset=plan.asks.suggested(plan.folders)[0])
        if (plan.folders, plan.choices) != (self.plan.folders, self.plan.choices):
            self.what.presets.forget_costs()
        self.plan = plan
        self.what.advanced.use_preset(plan.preset)
        self._show()

    def _numbers_changed(self) -> None:
        self.plan = replace(
            self.plan, settings=dict(self.what.advanced.numbers.settings)
        )
        self._show()

    def _start(self) -> None:
        self.bar.say_error("")
        self.starting.start(self.plan)

    def _cancel(self) -> None:
        """Begin it not, if it is being begun; else go back to where one came from."""
        if self.starting.busy:
            self.starting.cancel()
        else:
            self.cancelled.emit()

    def _begun(self, name: str) -> None:
        self._remembered.remember_run(self.plan.folders)
        self.what.name.clear()
        self._show()
        self.started.emit(name)

    # Showing it -------------------------------------------------------------------

    def _show(self) -> None:
        name = self.what.name.text().strip()
        self.plan = replace(self.plan, name=name)
        self.folders.show_plan(self.plan)
        self.what.show_plan(self.plan)
        self.checking.take(self.plan)
        self._show_bar()

    def _show_bar(self) -> None:
        """Show what would be begun, and whether it can be."""
        checking, runs = self.checking, self._runs
        if checking.stage is Stage.DONE and checking.checked and checking.checked.costs:
            self.what.presets.show_costs(self.plan.preset, checking.checked.costs)
        taken = [state.path.name for state in runs.states]
        problem = problem_of(self.plan.name, taken)
        self.what.show_name_problem(problem)
        self.bar.show_state(
            self.plan, checking, problem or self.what.advanced.wrong, runs
        )
        self.bar.show_busy(self.starting.busy)
        self.bar.cancel.setVisible(bool(runs.states) or self.starting.busy)

    def _open_sheet(self, number: int) -> None:
        if self.checking.checked is not None:
            self.stack.setCurrentWidget(self.viewer)
            self.viewer.show_sheets(self.checking.checked.sheets, number)

    def _show_form(self) -> None:
        if self.stack.currentWidget() is self.viewer:
            self.stack.setCurrentIndex(0)
            buttons = self.look.seen.sheets.buttons
            if self.viewer.number < len(buttons):
                buttons[self.viewer.number].setFocus()

    # Laying it out ----------------------------------------------------------------

    def _arrange(self) -> None:
        self.setAcceptDrops(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its steps have the focus
        self.area.setWidget(in_the_middle((self.folders, self.what, self.look), self))
        form = QWidget(self)
        whole = QVBoxLayout(form)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.area, 1)
        whole.addWidget(self.bar)
        self.stack.addWidget(form)
        self.stack.addWidget(self.viewer)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)

    def _connect(self) -> None:
        folders = self.folders
        folders.chosen.connect(lambda paths: self.add(tuple(paths)))
        folders.last_wanted.connect(self._add_last)
        folders.role_chosen.connect(self._choose_role)
        folders.removed.connect(self.remove)
        folders.retried.connect(self._again)
        self.looking.found.connect(self._found)
        self.looking.progressed.connect(
            lambda path, share: folders.cards[path].show_progress(share)
        )
        self.what.presets.chosen.connect(self._choose_preset)
        if self.what.choices is not None:
            self.what.choices.chosen.connect(self._choose)
        self.what.advanced.changed.connect(self._numbers_changed)
        self.what.name.textChanged.connect(lambda text: self._show())
        self.checking.changed.connect(self._show_bar)
        self.look.sheet_wanted.connect(self._open_sheet)
        self.viewer.closed.connect(self._show_form)
        self.bar.start.clicked.connect(self._start)
        self.bar.cancel.clicked.connect(self._cancel)
        self.starting.changed.connect(self._show_bar)
        self.starting.progressed.connect(self.bar.show_progress)
        self.starting.failed.connect(self.bar.say_error)
        self.starting.begun.connect(self._begun)
        self._runs.changed.connect(self._show_bar)
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        choose = QShortcut(QKeySequence.StandardKey.Open, self, context=scope)
        choose.activated.connect(folders.ask)

    # What Qt says -----------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome folders, and files of annotations."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.hint.show_over(self.rect())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self.hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        self.hint.hide()
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        self._show_form()
        self.add(tuple(Path(url.toLocalFile()) for url in urls))
