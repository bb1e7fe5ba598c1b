"""The Live place: watches a source, shows who is seen, gives names to faces."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from facecam.app import words
from facecam.app.empty_state import Choice, Message
from facecam.app.engine import Engine, Enrolled
from facecam.app.live_tools import LiveTools
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.app.offers import ModelOffer
from facecam.app.people_panel import PeoplePanel
from facecam.app.presence import Presence
from facecam.app.settings import Settings
from facecam.app.snapshots import save_snapshot
from facecam.app.source_chooser import CameraChoice
from facecam.app.stage import Stage
from facecam.app.status_line import Status
from facecam.app.tasks import Tasks
from facecam.app.thumbnails import Thumbnails
from facecam.app.video_view import to_qimage
from facecam.app.views import GoodViews, cut
from facecam.app.watching import Watching
from facecam.app.who_is_this import Answer
from facecam.faces import Face, Identity, Recognition

SLOW = 0.25
"""Seconds between two looks at what is not drawn on the picture."""


class LiveTab(QWidget):
    """Stage and people; its tools go into the window's header."""

    status_changed = Signal(object)
    fullscreen_wanted = Signal()

    def __init__(
        self,
        engine: Engine,
        tasks: Tasks,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._config = engine.config.window
        self._engine, self._tasks, self._settings = engine, tasks, settings
        self.watching = Watching(engine.config.camera, tasks, self)
        self.tools = LiveTools()
        thumbnails = Thumbnails(tasks, self)
        self.stage = Stage(self._config, thumbnails, self)
        self.offers = Notices(self, floating=False)
        self.panel = PeoplePanel(self._config, thumbnails, self)
        self.offer = ModelOffer(engine, self.offers, self)
        self._presence = Presence(self._config)
        self._views = GoodViews(self._config)
        self._recognition: Recognition | None = None
        self._mirrored_source: bool | None = None
        self._slow = 0.0
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(1000 / self._config.frame_rate))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(self._with_offers(), 1)
        row.addWidget(self.panel)
        self.setObjectName("place")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._connect()
        self._restore()
        self._show_idle()

    def _with_offers(self) -> QVBoxLayout:
        """Put errors and offers above the stage, where they hide no face."""
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.offers)
        column.addWidget(self.stage, 1)
        return column

    def _connect(self) -> None:
        tools, stage = self.tools, self.stage
        self._timer.timeout.connect(self._tick)
        self.watching.changed.connect(self._watching_changed)
        tools.source.chosen.connect(self.start)
        tools.source.rescan.connect(self.look_for_cameras)
        tools.start.clicked.connect(self.start_or_stop)
        tools.snapshot.clicked.connect(self.snapshot)
        tools.landmarks.toggled.connect(self._show_landmarks)
        tools.timings.toggled.connect(self._show_timings)
        tools.mirror.toggled.connect(self._mirror)
        tools.panel.toggled.connect(self._show_panel)
        tools.fullscreen.clicked.connect(self.fullscreen_wanted)
        stage.empty.chosen.connect(self._choose)
        stage.view.face_clicked.connect(self.ask)
        stage.card.answered.connect(self._enrol)
        self.panel.seen_clicked.connect(self._ask_track)
        self.panel.renamed.connect(
            lambda identity, name: self._engine.rename(identity, name, self._refused)
        )
        self.panel.forgotten.connect(self._forget)
        self._engine.people_changed.connect(self.panel.show_people)
        for key, button in (
            ("S", tools.snapshot),
            ("L", tools.landmarks),
            ("T", tools.timings),
            ("M", tools.mirror),
            ("P", tools.panel),
            ("F", tools.fullscreen),
        ):
            QShortcut(QKeySequence(key), self, button.click)
        QShortcut(QKeySequence.StandardKey.Find, self, self._find)
        QShortcut(QKeySequence.StandardKey.Open, self, tools.source.choose_file)

    def _restore(self) -> None:
        """Set the switches as they were left."""
        keep, tools = self._settings.flag, self.tools
        tools.landmarks.setChecked(keep("view/landmarks", True))
        tools.timings.setChecked(keep("view/timings", False))
        tools.panel.setChecked(keep("view/panel", True))
        self._show_panel(tools.panel.isChecked())
        tools.source.recent = self._settings.recent
        tools.source.show_source(self._settings.source)
        tools.mirror.setEnabled(False)

    # Watching ---------------------------------------------------------------------

    def start(self, source: str) -> None:
        """Watch a source from now on and remember it."""
        self._settings.remember_source(source)
        self.tools.source.recent = self._settings.recent
        self.tools.source.show_source(source)
        self.stage.toasts.hide_notice("ended")
        self._clear()
        self.watching.start(source, self._engine.recognizer_for_session())

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
        if picture is not None:
            save_snapshot(
                picture, home / "snapshots", self._tasks, self.stage.toasts.show_notice
            )

    def _tick(self) -> None:
        """Show the newest frame and faces; now and then everything else."""
        session, now = self.watching.session, time.monotonic()
        if session is None:
            return
        recognition = session.results.peek()
        self.stage.view.show_frame(session.frames.peek(), recognition, now)
        if recognition is not None and recognition is not self._recognition:
            self._recognition = recognition
            self._presence.follow(recognition, now)
            self._views.collect(recognition)
        if now - self._slow >= SLOW:
            self._slow = now
            self._look_at_session()

    def _look_at_session(self) -> None:
        """Say how the session goes, who is in view, and what went wrong."""
        from facecam.live import State

        session = self.watching.session
        status = session.status.peek() if session else None
        if session is None or status is None:
            return
        pictured = session.frames.peek() is not None
        self.stage.show_video(pictured)
        if status.state is State.LIVE and self._mirrored_source is None:
            self._offer_mirror(status.mirrored)
        if status.state is State.RECONNECTING:
            self._say("source", status.text, "error")
        else:
            self.offers.hide_notice("source")
        if status.state is State.FAILED:
            self._failed(status.text)
        elif status.state is State.ENDED:
            self._ended(status.text)
        elif not pictured:
            name = self.tools.source.name_of(self.watching.source)
            self.stage.empty.show_message(
                Message(
                    f"Opening {name}…",
                    icon=words.source_icon(self.watching.source),
                    busy=True,
                    choices=(Choice("stop", "Cancel", "close"),),
                )
            )
        self._show_seen()
        self._show_status(status.state)

    def _show_status(self, state: object) -> None:
        from facecam.live import State

        session = self.watching.session
        if session is None:
            return
        stats, name = session.stats, self.tools.source.name_of(self.watching.source)
        mood, said = {
            State.OPENING: ("busy", f"Opening {name}…"),
            State.LIVE: ("live", f"Live · {name}"),
            State.RECONNECTING: ("busy", f"Reconnecting to {name}…"),
        }.get(state, ("idle", name))  # type: ignore[call-overload]
        if not self._engine.state.loaded and not self._engine.state.problem:
            mood, said = "busy", f"{said} · loading the nets…"
        latency = words.latency(stats.latency) if stats.latency is not None else ""
        self.status_changed.emit(
            Status(mood, said, words.rate(stats.processed_fps), latency)
        )

    def _failed(self, text: str) -> None:
        """Say why there is no picture and offer what can be done."""
        self.watching.stop()
        self._clear()
        name = self.tools.source.name_of(self.watching.source)
        self.stage.show_video(False)
        self.stage.empty.show_message(
            Message(
                f"No picture from {name}",
                text,
                "camera-off",
                choices=(
                    Choice("again", "Try again", "refresh", primary=True),
                    *self._choices(),
                ),
            )
        )
        self.status_changed.emit(Status("bad", f"No picture from {name}"))

    def _ended(self, text: str) -> None:
        """Keep the last picture and offer to play again."""
        source = self.watching.source
        self.watching.active = False
        self._timer.stop()
        self.tools.show_running(False)
        self.tools.snapshot.setEnabled(True)
        again = Action("Play again", lambda: self.start(source), primary=True)
        self.stage.toasts.show_notice(Notice("ended", text, "info", (again,)))

    # Faces and people -------------------------------------------------------------

    def ask(self, face: Face) -> None:
        """Ask who a face is, beside it."""
        views = self._views.of(face.track)
        if not views and self._recognition is not None:
            frame = self._recognition.frame
            found = [f for f in self._recognition.faces if f.track == face.track]
            views = tuple(cut(frame.image, one, frame.time) for one in found)
        beside = self.stage.view.rectangle(face)
        self.stage.card.ask(face, views, self._engine.people, beside)

    def _ask_track(self, track: int) -> None:
        faces = self._recognition.faces if self._recognition else ()
        for face in [*self.stage.view.faces, *faces]:
            if face.track == track:
                self.ask(face)
                return

    def _enrol(self, answer: Answer) -> None:
        self._engine.enrol(answer.who, answer.views, self._enrolled, self._refused)

    def _enrolled(self, enrolled: Enrolled) -> None:
        identity, kept = enrolled.person.identity, words.pictures(enrolled.added)
        undo = Action("Undo", lambda: self._forget(identity))
        text = (
            f"{identity.name} is enrolled with {kept}."
            if enrolled.new
            else f"{kept[0].upper()}{kept[1:]} added to {identity.name}."
        )
        self.offers.hide_notice("refused")
        self.stage.toasts.show_notice(
            Notice(
                "enrolled",
                text,
                "done",
                (undo,) if enrolled.new else (),
                seconds=SHORTLY,
            )
        )

    def _forget(self, identity: Identity) -> None:
        self.stage.toasts.hide_notice("enrolled")
        self._engine.forget(identity, self._refused)

    def _refused(self, error: Exception) -> None:
        from facecam.errors import FacecamError

        if not isinstance(error, FacecamError):
            raise error
        self._say("refused", str(error), "error")

    def _show_seen(self) -> None:
        seen = self._presence.at(time.monotonic())
        pictures: dict[int, QImage] = {}
        for one in seen:
            views = self._views.of(one.face.track) if one.identity is None else ()
            if views:
                pictures[one.face.track] = to_qimage(views[0].portrait()).copy()
        self.panel.show_seen(seen, pictures)

    # What is shown ----------------------------------------------------------------

    def _watching_changed(self) -> None:
        active = self.watching.active
        self.tools.show_running(active)
        self._slow = 0.0
        if active:
            self._timer.start()
        else:
            self._timer.stop()

    def _clear(self) -> None:
        self.stage.view.clear()
        self.stage.card.close_card()
        self._presence.clear()
        self._views.clear()
        self._recognition = self._mirrored_source = None
        self.panel.show_seen([], {})

    def _show_idle(self) -> None:
        """Say what can be done while nothing is watched."""
        self.stage.show_video(False)
        self.stage.empty.show_message(self._invitation())
        self.status_changed.emit(Status("idle", "Ready"))

    def _invitation(self) -> Message:
        cameras, source = self.tools.source.cameras, self.tools.source.source
        if source:
            name = self.tools.source.name_of(source)
            start = Choice("again", f"Start {name}", "play", primary=True)
            icon = words.source_icon(source)
            return Message(
                name, "Not watching.", icon, choices=(start, *self._choices())
            )
        if cameras is None:
            return Message("Looking for cameras…", icon="camera", busy=True)
        if not cameras:
            text = "Connect a camera and look again, or watch something else."
            return Message(
                "No camera found", text, "camera-off", choices=self._choices()
            )
        return Message("What shall we watch?", "", "camera", choices=self._choices())

    def _choices(self) -> tuple[Choice, ...]:
        cameras, source = self.tools.source.cameras, self.tools.source.source
        found = [
            Choice(camera.source, camera.name, "camera")
            for camera in cameras or ()
            if camera.source != source
        ]
        if not found and source not in [camera.source for camera in cameras or ()]:
            found = [Choice("look", "Look for cameras", "refresh")]
        return (
            *found[:4],
            Choice("file", "Video or picture…", "film"),
            Choice("folder", "Folder of pictures…", "folder"),
            Choice("address", "Network address…", "network"),
            *(
                [Choice(words.DEMO, "Demo clip", "demo")]
                if source != words.DEMO
                else []
            ),
        )

    def _choose(self, key: str) -> None:
        chooser = self.tools.source
        ways = {
            "again": lambda: self.start(chooser.source),
            "stop": self.stop,
            "look": self.look_for_cameras,
            "file": chooser.choose_file,
            "folder": chooser.choose_folder,
            "address": chooser.choose_address,
        }
        ways.get(key, lambda: self.start(key))()

    def _show_cameras(self, cameras: list[CameraChoice]) -> None:
        self.tools.source.show_cameras(cameras)
        if not self.watching.active and self.stage.empty.isVisibleTo(self.stage):
            self._show_idle()

    def _offer_mirror(self, mirrored: bool) -> None:
        """Mirror a webcam unless the user once said no, and nothing else."""
        self._mirrored_source = mirrored
        name = f"view/mirror {'webcams' if mirrored else 'others'}"
        self.tools.mirror.setEnabled(True)
        self.tools.mirror.setChecked(self._settings.flag(name, mirrored))

    def _mirror(self, on: bool) -> None:
        self.stage.view.mirrored = on
        self.stage.view.update()
        if self._mirrored_source is not None:
            kind = "webcams" if self._mirrored_source else "others"
            self._settings.keep(f"view/mirror {kind}", on)

    def _show_landmarks(self, on: bool) -> None:
        self.stage.view.landmarks = on
        self.stage.view.update()
        self._settings.keep("view/landmarks", on)

    def _show_timings(self, on: bool) -> None:
        self.stage.view.timings = on
        self.stage.view.update()
        self._settings.keep("view/timings", on)

    def _show_panel(self, on: bool) -> None:
        self.panel.setVisible(on)
        self._settings.keep("view/panel", on)

    def show_fullscreen(self, on: bool) -> None:
        """Leave nothing but the picture, or bring everything back."""
        self.panel.setVisible(not on and self.tools.panel.isChecked())
        self.stage.show_fullscreen(on)

    def _find(self) -> None:
        if not self.tools.panel.isChecked():
            self.tools.panel.click()
        self.panel.search.setFocus()

    def _say(self, key: str, text: str, kind: str) -> None:
        self.offers.show_notice(Notice(key, text, kind))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop watching."""
        self._timer.stop()
        self.watching.stop()
        super().closeEvent(event)
