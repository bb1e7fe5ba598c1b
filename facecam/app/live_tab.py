"""The Live place: watches a source and shows who is seen."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHideEvent,
    QImage,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from facecam.app import invitations, words
from facecam.app.engine import Engine
from facecam.app.keeping import Keeping
from facecam.app.live_tools import LiveTools
from facecam.app.naming import Naming
from facecam.app.notices import Action, Notice, Notices
from facecam.app.offers import ModelOffer
from facecam.app.people_panel import PeoplePanel
from facecam.app.presence import Presence
from facecam.app.settings import Settings
from facecam.app.snapshots import save_snapshot
from facecam.app.source_chooser import CameraChoice
from facecam.app.stage import Stage
from facecam.app.status_line import Status
from facecam.app.switches import Switches
from facecam.app.tasks import Tasks
from facecam.app.teaching.teaching import Teaching
from facecam.app.thumbnails import Thumbnails
from facecam.app.video_view import to_qimage
from facecam.app.watching import Watching
from facecam.faces import Recognition

if TYPE_CHECKING:
    from facecam.live import LiveSession, State


SLOW = 0.25
"""Seconds between two looks at what is not drawn on the picture."""
BEHIND = 0.1
"""Seconds between two looks at the picture while another place is shown."""


class LiveTab(QWidget):
    """Stage and people; its tools go into the window's header."""

    status_changed = Signal(object)
    fullscreen_wanted = Signal()
    fine_tune_wanted = Signal(object)
    """A fine-tune from the hard examples is wanted: their folder, a Path."""

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        config = engine.config.window
        self._engine, self._tasks, self._settings = engine, tasks, settings
        thumbnails = Thumbnails(tasks, engine.thumbnail, self)
        self.watching = Watching(engine.config.camera, tasks, self)
        self.tools = LiveTools()
        self.offers = Notices(self, floating=False)
        """Above the stage: errors and what is missing."""
        self.stage = Stage(config, thumbnails, self)
        self.panel = PeoplePanel(config, thumbnails, self)
        self.keeping = Keeping.of(engine, tasks)
        shown = self.stage, self.panel, self.offers
        self.naming = Naming(engine, self.keeping, *shown)
        self.teaching = Teaching(engine, tasks, self.stage, self.naming)
        self.model_offer = ModelOffer(engine, self.offers, self)
        self._switches = Switches(self.tools, self.stage.view, self.panel, settings)
        self._presence = Presence(config)
        self._recognition: Recognition | None = None
        self._failure = ""
        """Why there is no picture, until something else is done."""
        self._looked = 0.0
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(1000 / config.frame_rate))
        self._arrange()
        self._connect()
        self._show_idle()

    def _arrange(self) -> None:
        self.setObjectName("place")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout()
        column.addWidget(self.offers)
        column.addWidget(self.stage, 1)
        row = QHBoxLayout(self)
        row.addLayout(column, 1)
        row.addWidget(self.panel)
        for layout in (column, row):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)

    def _connect(self) -> None:
        tools = self.tools
        self._timer.timeout.connect(self._tick)
        self.watching.changed.connect(self._watching_changed)
        self._engine.people_changed.connect(
            lambda: self.watching.look_again(self._timer.start)
        )
        tools.source.recent = self._settings.recent
        tools.source.show_source(self._settings.source)
        tools.source.chosen.connect(self.start)
        tools.source.rescan.connect(self.look_for_cameras)
        tools.start.clicked.connect(self.start_or_stop)
        tools.snapshot.clicked.connect(self.snapshot)
        tools.fullscreen.clicked.connect(self.fullscreen_wanted)
        tools.teach.clicked.connect(self.teaching.begin)
        self.teaching.fine_tune_wanted.connect(self.fine_tune_wanted)
        self.stage.teach.left.connect(self.setFocus)
        self.stage.empty.chosen.connect(self.choose)
        self.stage.card.closed.connect(self.setFocus)  # Space starts and stops again
        self._engine.state_changed.connect(self.naming.views.clear)  # tracks anew
        self.keeping.failed.connect(self._show_keeping_problem)
        tools.listen(self)
        QShortcut(QKeySequence("P"), self, self._switches.toggle_panel)
        QShortcut(QKeySequence.StandardKey.Find, self, self._switches.find_person)
        QShortcut(QKeySequence.StandardKey.Open, self, tools.source.choose_file)

    def start(self, source: str) -> None:
        """Watch a source from now on and remember it."""
        self._settings.remember_source(source)
        self.tools.source.recent = self._settings.recent
        self.tools.source.show_source(source)
        self._clear()
        self.setFocus()
        self.stage.show_video(False)
        self.stage.empty.show_message(invitations.opening(source, self._name))
        self.watching.start(source, self._engine.recognizer_for_session)

    def stop(self) -> None:
        """Stop watching."""
        self.watching.stop()
        self._clear()
        self._show_idle()

    def start_or_stop(self) -> None:
        """Do what the button says."""
        if self.watching.active:
            self.stop()
        elif source := self.tools.source.source:
            self.start(source)
        else:
            self.tools.source.open()

    def look_for_cameras(self) -> None:
        """List the webcams in the background."""

        def work() -> list[CameraChoice]:
            from facecam.camera import list_cameras

            return [CameraChoice(info.id, info.name) for info in list_cameras()]

        self._tasks.start(work, self._show_cameras, lane="look")

    def snapshot(self) -> None:
        """Save the picture as the camera took it, and say where."""
        picture, home = self.stage.view.picture(), self._engine.config.home
        say = self.stage.toasts.show_notice
        if picture is not None:
            save_snapshot(picture, home / "snapshots", self._tasks, say)

    def show_fullscreen(self, on: bool) -> None:
        """Leave nothing but the picture, or bring everything back."""
        self.panel.setVisible(not on and self.tools.panel.isChecked())
        self.stage.show_fullscreen(on)

    @property
    def _name(self) -> str:
        return self.tools.source.name_of(self.tools.source.source)

    def _tick(self) -> None:
        """Show the newest frame and faces; now and then everything else."""
        session, now = self.watching.session, time.monotonic()
        if session is None:
            return
        frame, recognition = session.frames.peek(), session.results.peek()
        begins = frame is not None and not self._switches.know_source
        self.stage.view.show_frame(frame, recognition, now)
        if recognition is not None and recognition is not self._recognition:
            self._recognition = recognition
            self._presence.follow(recognition, now)
            self.naming.follow(recognition)
            self.teaching.follow(recognition)
            self.keeping.follow(recognition, self._name)
        if not self.watching.active:
            self._rest()
        elif begins or now - self._looked >= SLOW:
            self._looked = now
            self._look_at(session)

    def _rest(self) -> None:
        """Stop looking once a recording's last picture stands still."""
        if self.stage.view.settled:
            self._show_seen()
            self._timer.stop()

    def _look_at(self, session: LiveSession[Recognition]) -> None:
        """Say how the session goes, who is in view, and what went wrong."""
        from facecam.live import State

        status = session.status.peek()
        if status is None:
            return
        self.stage.show_video(session.frames.peek() is not None)
        if status.state is State.RECONNECTING:
            self.offers.show_notice(Notice("source", status.text, "error"))
        else:
            self.offers.hide_notice("source")
        self._show_seen()
        self._show_status(session, status.state)
        if status.state is State.LIVE:
            self._switches.show_source(status.mirrored)
        elif status.state is State.FAILED:
            self._failed(status.text)
        elif status.state is State.ENDED:
            self._ended(status.text)

    def _show_status(self, session: LiveSession[Recognition], state: State) -> None:
        """Say in the status line how it goes and how fast."""
        mood, said = {
            "opening": ("busy", f"Opening {self._name}…"),
            "live": ("live", f"Live · {self._name}"),
            "reconnecting": ("busy", f"Reconnecting to {self._name}…"),
        }.get(state.value, ("idle", self._name))
        stats, engine = session.stats, self._engine.state
        if not engine.loaded and not engine.problem:
            self.status_changed.emit(Status("busy", f"{said} · loading…"))
            return
        latency = ""
        if stats.latency is not None:
            latency = words.latency(stats.latency, named=engine.can_name)
        rate = words.rate(stats.processed_fps)
        self.status_changed.emit(Status(mood, said, rate, latency))

    def _show_seen(self) -> None:
        """List who is in view, unknown faces with their best view."""
        seen = self._presence.at(time.monotonic())
        pictures: dict[int, QImage] = {}
        for one in seen:
            if one.identity is None and (views := self.naming.views.of(one.face.track)):
                pictures[one.face.track] = to_qimage(views[0].portrait()).copy()
        self.panel.show_seen(seen, pictures)

    def _failed(self, text: str) -> None:
        """Say why there is no picture and offer what can be done."""
        self.watching.stop()
        self._clear()
        self._failure = text
        self._show_idle()

    def _ended(self, text: str) -> None:
        """Keep the last picture and offer to play again."""
        source = self.watching.source
        self.watching.end()
        self.keeping.leave()
        self.tools.show_picture(True)
        again = Action("Play again", lambda: self.start(source), primary=True)
        self.stage.toasts.show_notice(Notice("ended", text, "info", (again,)))
        self.status_changed.emit(Status("idle", f"{self._name} · ended"))

    def _show_keeping_problem(self, text: str) -> None:
        """Say why visits or strangers cannot be kept."""
        if text:
            self.offers.show_notice(Notice("keeping", text, "error"))
        else:
            self.offers.hide_notice("keeping")

    def _watching_changed(self) -> None:
        """Let button and timer follow."""
        self.tools.show_running(self.watching.active)
        self._looked = 0.0
        wanted = self.watching.session or self.watching.active
        self._timer.start() if wanted else self._timer.stop()

    def _clear(self) -> None:
        """Forget what was seen."""
        self._failure = ""
        self._recognition = None
        self.keeping.leave()
        self._presence.clear()
        self._switches.forget_source()
        self.naming.clear()
        self.teaching.clear()
        self.stage.view.clear()
        self.stage.toasts.hide_notice("ended")
        self.offers.hide_notice("source")
        self.panel.show_seen([], {})

    def _show_idle(self) -> None:
        """Say what can be done while nothing is watched, and what went wrong."""
        source, status = self.tools.source, Status("idle", "Ready")
        known = source.cameras, source.source, self._name
        message = invitations.idle(*known)
        if self._failure:
            message = invitations.failed(*known, self._failure)
            status = Status("bad", message.title)
        self.stage.show_video(False)
        self.stage.empty.show_message(message)
        self.status_changed.emit(status)

    def choose(self, key: str) -> None:
        """Do what a button of the empty state says."""
        chooser = self.tools.source
        ways = {
            invitations.AGAIN: lambda: self.start(chooser.source),
            invitations.STOP: self.stop,
            invitations.LOOK: self.look_for_cameras,
            invitations.FILE: chooser.choose_file,
            invitations.FOLDER: chooser.choose_folder,
            invitations.ADDRESS: chooser.choose_address,
        }
        ways.get(key, lambda: self.start(key))()

    def _show_cameras(self, cameras: list[CameraChoice]) -> None:
        self.tools.source.show_cameras(cameras)
        if not self.watching.active and self.stage.empty.isVisibleTo(self.stage):
            self._show_idle()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key opens the menu of the picture."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.teaching.show_keyboard_menu()
        else:
            super().contextMenuEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the picture as often as the screen shows one."""
        super().showEvent(event)
        self._timer.setInterval(round(1000 / self._engine.config.window.frame_rate))

    def hideEvent(self, event: QHideEvent) -> None:
        """Go on behind another place, but look only now and then."""
        super().hideEvent(event)
        self._timer.setInterval(round(1000 * BEHIND))
