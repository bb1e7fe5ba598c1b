"""The Enrol place: guided capture of one person, or pictures from files."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from facecam.app.engine import Engine
from facecam.app.enrol.capturing import Capturing
from facecam.app.enrol.drop_hint import DropHint
from facecam.app.enrol.form import Form
from facecam.app.enrol.guiding import Guiding
from facecam.app.enrol.import_page import ImportPage
from facecam.app.enrol.importing import ask_for_folder, ask_for_pictures
from facecam.app.enrol.saying import Saying
from facecam.app.enrol.side_panel import SidePanel
from facecam.app.enrol.stage import EnrolStage
from facecam.app.enrol.taken import Taken
from facecam.app.notices import Notices
from facecam.app.offers import ModelOffer
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.thumbnails import Thumbnails

if TYPE_CHECKING:
    from facecam.app.live_tab import LiveTab

LOADING = "Still loading. This takes a moment."
NO_MODEL = "Enrolling needs the FaceNet model; see above."
LOCKED = "The people are locked. Unlock them first, in People."
NO_SOURCE = "Choose a camera first."
SAVING = "Learning the pictures taken…"


class EnrolPlace(QWidget):
    """Stage and panel; during an import, its progress and report instead."""

    live_wanted = Signal()
    """The user wants to see the name in Live."""

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._live: LiveTab | None = None
        self.tools = QWidget(self)
        thumbnails = self._thumbnails = Thumbnails(tasks, engine.thumbnail, self)
        self.offers = Notices(self, floating=False)
        self.stage = EnrolStage(engine.config.window, self)
        self.form, self.taken = Form(thumbnails, self), Taken(self)
        self.panel = SidePanel(self.form, self.taken, self)
        self.capturing = Capturing(engine, self)
        self.guiding = Guiding(
            engine, self.capturing, self.stage, self.taken, thumbnails
        )
        self.saying = Saying(engine, self.capturing, self.stage.toasts, self.offers)
        self.importing = ImportPage(engine, tasks, thumbnails, self)
        self.pages = QStackedWidget(self)
        self._hint = DropHint(self)
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(1000 / engine.config.window.frame_rate))
        self._arrange()
        self._connect()
        ModelOffer(engine, self.offers, self)
        self.form.name.show_people(engine.people)

    def _arrange(self) -> None:
        self.setObjectName("place")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self.form.name)  # but for a capture: Space takes a picture
        self.setAcceptDrops(True)
        capture = QWidget(self)
        column = QVBoxLayout()
        column.addWidget(self.offers)
        column.addWidget(self.stage, 1)
        row = QHBoxLayout(capture)
        row.addLayout(column, 1)
        row.addWidget(self.panel)
        self.pages.addWidget(capture)
        self.pages.addWidget(self.importing)
        whole = QHBoxLayout(self)
        whole.addWidget(self.pages)
        for layout in (column, row, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)

    def _connect(self) -> None:
        form, taken = self.form, self.taken
        self._timer.timeout.connect(self._tick)
        self._engine.people_changed.connect(form.name.show_people)
        self._thumbnails.ready.connect(form.name.show_faces)
        self._thumbnails.ready.connect(self.guiding.show_faces)
        self._engine.state_changed.connect(self._show_missing)
        form.started.connect(self.start)
        form.pictures_wanted.connect(self.choose_pictures)
        form.folder_wanted.connect(self.choose_folder)
        taken.undone.connect(self.capturing.undo)
        taken.finished.connect(self.guiding.finish)
        taken.cancelled.connect(self.cancel)
        self.capturing.changed.connect(self._show_capture)
        self.capturing.saved.connect(self._ready_for_next)
        self.saying.live_wanted.connect(self.live_wanted)
        self.importing.closed.connect(self._show_pages)
        QShortcut(QKeySequence.StandardKey.Undo, self, self._undo)

    def use_live(self, live: LiveTab) -> None:
        """Look at what Live watches; there is one camera for both."""
        self._live = live
        self.stage.empty.chosen.connect(live.choose)
        live.watching.changed.connect(self._watching_changed)
        live.tools.source.chosen.connect(self._another_source)
        self._show_missing()

    def start(self) -> None:
        """Begin to take pictures, opening the camera first if it is not running."""
        live, form = self._live, self.form
        if live is None or not self.capturing.begin(
            form.name.who, form.glasses.isChecked(), form.agreed_before
        ):
            self._show_missing()
            return
        self.guiding.begin()
        if not live.watching.active:
            live.start(live.tools.source.source)
        self.setFocus()  # no field: Space takes a picture

    def cancel(self) -> None:
        """Give up; nothing is kept."""
        if self.capturing.active:
            self.capturing.cancel()
            self.saying.cancelled()

    def choose_pictures(self) -> None:
        """Ask for pictures and enrol people from them."""
        self.import_paths(ask_for_pictures(self))

    def choose_folder(self) -> None:
        """Ask for a folder and enrol people from it."""
        self.import_paths(ask_for_folder(self))

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Enrol people from pictures, folders, or a tree of a folder per person."""
        if paths and not self.capturing.active and self.importing.begin(paths):
            self._show_pages()

    def _watching_changed(self) -> None:
        """Say so when the source stops during a capture."""
        self._show_missing()
        if self._live is not None and not self._live.watching.active:
            self.guiding.source_ended()

    def _another_source(self) -> None:
        """Give up: it may well be somebody else who is seen there."""
        self.cancel()
        self._show_missing()

    def stop(self) -> None:
        """End what is under way, as when the window closes; nothing half is kept."""
        self.importing.importing.cancel()
        self.capturing.cancel()

    def _undo(self) -> None:
        if self.capturing.active:
            self.capturing.undo()
        elif self.stage.toasts.text("enrolled"):
            self.saying.undo(lambda: None)

    def _show_pages(self) -> None:
        """Show the import while there is one, else the picture."""
        busy = self.importing.busy
        self.pages.setCurrentIndex(1 if busy else 0)
        (self.importing if busy else self).setFocus()

    def _show_capture(self) -> None:
        """Let the panel follow the capture."""
        name: QWidget | None = None if self.capturing.active else self.form.name
        self.setFocusProxy(name)  # type: ignore[arg-type]  # None takes it away
        self.panel.show_capture(self.capturing.active)
        self.stage.view.show_advice(self.capturing.advice)
        if self.capturing.saving:
            self.saying.learning(self.capturing.name)
        if not self.capturing.active:
            self.stage.card.close_card()
            if self.isVisible():
                self.form.name.setFocus()
        self._show_missing()

    def _ready_for_next(self) -> None:
        self.form.start_anew()
        self._show_missing()
        if self.isVisible():
            self.form.name.setFocus()

    def _show_missing(self) -> None:
        """Say what is missing before anything can start."""
        state, live = self._engine.state, self._live
        missing = ""
        if self.capturing.saving:
            missing = SAVING
        elif not state.loaded and not state.problem:
            missing = LOADING
        elif state.locked:
            missing = LOCKED
        elif state.problem or not state.can_name:
            missing = state.problem or NO_MODEL
        elif live is None or not (live.watching.active or live.tools.source.source):
            missing = NO_SOURCE
        self.form.show_missing(missing)

    def _tick(self) -> None:
        """Show the newest frame and what the coach says of it."""
        live, now = self._live, time.monotonic()
        session = live.watching.session if live else None
        frame = session.frames.peek() if session else None
        if session is None or frame is None:
            self.stage.show_video(False)
            if live is not None:
                self.stage.empty.show_message(live.stage.empty.message)
        else:
            status = session.status.peek()
            self.stage.view.mirrored = bool(status and status.mirrored)
            self.stage.show_video(True)
            self.stage.view.show_frame(frame, session.results.peek(), now)
        self.guiding.follow(now)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the camera, and go on with a capture that was paused."""
        super().showEvent(event)
        self.stage.view.clear()
        self.capturing.go_on()
        self._show_missing()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Pause: Live names faces again, and nothing is painted here."""
        super().hideEvent(event)
        self.capturing.pause()
        self._timer.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space takes a picture, Escape gives up; where no control wants them."""
        if not self.capturing.active:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.capturing.shoot()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancel()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures and folders may be dropped to enrol people from them."""
        free = not (self.capturing.active or self.importing.running)
        if free and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._hint.show_over(self.rect())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the hint away."""
        self._hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Enrol from what was dropped."""
        self._hint.hide()
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.import_paths([Path(url.toLocalFile()) for url in urls])
