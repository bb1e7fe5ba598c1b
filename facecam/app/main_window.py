"""The window: a header, one place at a time, a status line.

Live is built at once and goes on behind the other places, which are built when they
are first shown (see `places`).
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from facecam.app import icons, theme, words
from facecam.app.engine import Engine, EngineState
from facecam.app.following import Following
from facecam.app.live_tab import LiveTab
from facecam.app.live_tools import tool
from facecam.app.notices import Action, Notice
from facecam.app.people.forgetting import finish_interrupted
from facecam.app.places import Place, Places
from facecam.app.renewing import Renewing
from facecam.app.settings import Settings
from facecam.app.status_line import StatusLine
from facecam.app.tasks import Tasks
from facecam.app.training.joining import Training
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.app.enrol.place import EnrolPlace
    from facecam.app.people.place import PeoplePlace

WATCHING = ("live", "enrol")
"""Places that look at the camera and therefore offer it in the header."""
ROOMY = 960
"""Width from which places are named in words, logical pixels."""
LATER = 3000
"""When training runs are first looked for, milliseconds after the window opened."""
CLOSE_TIMEOUT = 2.0
"""Longest time closing waits for threads to end, seconds."""
ABOUT = "Teach how faces are found and named"
LOCKED = "The people are protected: faces get no names until you give the passphrase."
SCHEME_TEXTS = {
    "auto": "Colours: as the system",
    "light": "Colours: light",
    "dark": "Colours: dark",
}


class MainWindow(QMainWindow):
    """Everything on the screen."""

    went_wrong = Signal(str)
    """Details of an unexpected error, from any thread."""

    def __init__(self, config: Config, source: str = "", start: bool = True) -> None:
        super().__init__()
        self.setWindowTitle("facecam")
        self.setAcceptDrops(True)
        self._config = config
        self._first_source, self._start = source, start
        self._shown = False
        self.settings = Settings(config.home / "window.ini", config.window.recent)
        self.tasks = Tasks(self)
        self.ended = True
        """Whether nothing ran on in the background when it was closed."""
        self.engine = Engine(config, self.tasks, self)
        self.training = Training(self.engine, self.tasks, self.settings, self)
        self.live = LiveTab(self.engine, self.tasks, self.settings, self)
        self.status = StatusLine(self)
        self.scheme = tool(self, "scheme-auto", SCHEME_TEXTS["auto"])
        self.places = Places(self._plan(), self)
        self._header = QWidget(self)
        self._header.setObjectName("header")
        self._header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._arrange()
        self._connect()
        self._choose_scheme(self.settings.text("view/scheme", "auto"))
        self.places.show_place("live")
        self._order_tabs()
        self._restore_size()

    def _plan(self) -> tuple[Place, ...]:
        """Say which places there are, in their order."""
        return (
            Place("live", "Live", "live", "Who is seen now", lambda: self.live),
            Place("enrol", "Enrol", "add", "Teach a new face", self._make_enrol),
            Place("people", "People", "person", "Who is enrolled", self._make_people),
            Place("training", "Training", "training", ABOUT, self.training.make),
        )

    def _make_enrol(self) -> QWidget:
        from facecam.app.enrol.place import EnrolPlace

        place = EnrolPlace(self.engine, self.tasks, self.settings, self)
        place.use_live(self.live)
        place.live_wanted.connect(lambda: self.places.show_place("live"))
        return place

    def _make_people(self) -> QWidget:
        from facecam.app.people.place import PeoplePlace

        place = PeoplePlace(self.engine, self.tasks, self.settings, self)
        place.enrol_wanted.connect(self._enrol_from)
        header = self.live.tools.panel, *place.tools.buttons, self.scheme
        for before, after in pairwise(header):
            self.setTabOrder(before, after)
        return place

    def _enrol_from(self, way: str) -> None:
        """Go to Enrol: by "enrol" with the camera, from "pictures" or a "folder"."""
        place = self._enrol()
        ways = {"pictures": place.choose_pictures, "folder": place.choose_folder}
        if way in ways:
            ways[way]()

    def _enrol(self) -> EnrolPlace:
        """Go to Enrol."""
        self.places.show_place("enrol")
        return self._built_enrol()

    def _built_enrol(self) -> EnrolPlace:
        from facecam.app.enrol.place import EnrolPlace

        place = self.places.place("enrol")
        assert isinstance(place, EnrolPlace)
        return place

    def _arrange(self) -> None:
        row = QHBoxLayout(self._header)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(4)
        row.addWidget(self.places)
        row.addSpacing(8)
        row.addWidget(self.live.tools.camera)
        row.addStretch(1)
        row.addWidget(self.places.tools)
        row.addWidget(self.scheme)
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self.places.stack, 1)
        column.addWidget(self.status)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(theme.apply)
        self.scheme.clicked.connect(self._next_scheme)
        self.places.changed.connect(self._show_tools)
        self.live.status_changed.connect(self.status.show_status)
        self.live.fullscreen_wanted.connect(self.toggle_fullscreen)
        self.engine.state_changed.connect(self._show_engine)
        Following(self.engine, self)
        finish_interrupted(self.engine, self.live.stage.toasts.show_notice)
        Renewing(self.engine, self.live.stage.toasts.show_notice, self)
        self.training.join(self.places, self.live, self.status)
        self.training.report_wanted.connect(self._show_report_card)
        self.training.person_wanted.connect(self._show_person)
        self.training.enrol_wanted.connect(self._enrol_from)
        self.engine.people_changed.connect(
            lambda people: self.status.show_people(words.people(len(people)))
        )
        keeping = self.live.keeping
        keeping.changed.connect(lambda _: self.status.show_keeping(keeping.text))
        self.status.show_keeping(keeping.text)
        self.went_wrong.connect(self._show_crash)

    def _order_tabs(self) -> None:
        """Make Tab go in the order of reading: header, picture, people."""
        tools, panel = self.live.tools, self.live.panel
        order = [
            *self.places.buttons.values(),
            tools.source,
            tools.start,
            tools.snapshot,
            tools.teach,
            tools.landmarks,
            tools.timings,
            tools.mirror,
            tools.fullscreen,
            tools.panel,
            self.scheme,
            panel.search,
            panel.list,
        ]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _restore_size(self) -> None:
        self.setMinimumSize(800, 520)
        if self.settings.geometry.isEmpty():
            self.resize(1200, 760)
        else:
            self.restoreGeometry(QByteArray(self.settings.geometry))

    def _begin(self) -> None:
        """Load nets and people and start watching, once the window is on the screen."""
        self.live.setFocus()  # no button: Space starts and stops
        self.status.show_runtime("loading…")
        self.engine.load()
        self.live.look_for_cameras()
        QTimer.singleShot(LATER, self.training.runs.begin)
        source = self._first_source or self.settings.source
        if source and self._start:
            self.live.start(source)
        elif self._first_source:
            self.live.tools.source.show_source(self._first_source)

    def _show_tools(self, key: str) -> None:
        """Offer the camera where it is looked at; full screen is for Live alone."""
        self.live.tools.camera.setVisible(key in WATCHING)
        if key != "live" and self.isFullScreen():
            self.toggle_fullscreen()

    def toggle_fullscreen(self) -> None:
        """Show only the picture on the whole screen, or everything again."""
        on = not self.isFullScreen()
        self._header.setVisible(not on)
        self.status.setVisible(not on)
        self.live.show_fullscreen(on)
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _show_report_card(self) -> None:
        self._people().show_page("report")

    def _show_person(self, key: str) -> None:
        self._people().open_person(key)

    def _people(self) -> PeoplePlace:
        """Go to People."""
        from facecam.app.people.place import PeoplePlace

        place = self.places.show_place("people")
        assert isinstance(place, PeoplePlace)
        return place

    def _show_people_place(self) -> None:
        self.places.show_place("people")

    def _show_engine(self, state: EngineState) -> None:
        self.status.show_runtime(state.runtime)
        self.status.show_keeping(self.live.keeping.text)
        self.live.panel.show_locked(state.locked)
        unlock = Action("Unlock", self._show_people_place, True)
        if state.locked:
            self.status.show_people("people locked")
            self.live.offers.show_notice(Notice("locked", LOCKED, actions=(unlock,)))
        else:
            self.live.offers.hide_notice("locked")

    def _next_scheme(self) -> None:
        names = list(theme.SCHEMES)
        now = names.index(self.settings.text("view/scheme", "auto"))
        self._choose_scheme(names[(now + 1) % len(names)])

    def _choose_scheme(self, name: str) -> None:
        name = name if name in theme.SCHEMES else "auto"
        self.settings.keep("view/scheme", name)
        theme.choose(name)
        icons.wear(self.scheme, f"scheme-{name}")
        self.scheme.setToolTip(SCHEME_TEXTS[name])
        self.scheme.setAccessibleName(SCHEME_TEXTS[name])

    def _show_crash(self, details: str) -> None:
        copy = Action(
            "Copy details", lambda: QGuiApplication.clipboard().setText(details)
        )
        text = "Something went wrong. The details are in the log."
        self.live.offers.show_notice(Notice("crash", text, "error", (copy,)))

    def showEvent(self, event: QShowEvent) -> None:
        """Begin, the first time, as soon as the window has been painted."""
        super().showEvent(event)
        if not self._shown:
            self._shown = True
            QTimer.singleShot(0, self._begin)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space starts and stops, Escape leaves; where no control wants them."""
        if self.places.current != "live":
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.live.start_or_stop()
        elif event.key() == Qt.Key.Key_Escape and self.live.stage.card.isVisible():
            self.live.stage.card.close_card()
        elif event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.toggle_fullscreen()
        elif event.key() == Qt.Key.Key_Escape:
            self.live.setFocus()  # out of a field: letters are shortcuts again
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file or a folder may be dropped to be watched."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Watch what was dropped; in People, enrol from it."""
        files = [url for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            if self.places.current == "people":
                self._enrol().import_paths([Path(f.toLocalFile()) for f in files])
                return
            self.places.show_place("live")
            self.live.start(files[0].toLocalFile())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name the places in words where there is room."""
        super().resizeEvent(event)
        self.places.show_compact(self.width() < ROOMY)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop everything, within two seconds."""
        if not self.isFullScreen():
            self.settings.geometry = self.saveGeometry()
        self.settings.save()
        self.hide()
        self.live.stop()
        if self.places.is_built("enrol"):
            self._built_enrol().stop()
        self.ended = self.tasks.close(CLOSE_TIMEOUT)
        super().closeEvent(event)
