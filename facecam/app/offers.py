"""The banner about what is missing for names, or stands in, and installing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from facecam import artifacts
from facecam.app.engine import Engine, EngineState
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.app.tasks import Report, Task
from facecam.config import Config, EmbedderConfig, chosen
from facecam.errors import ConfigError, FacecamError

KEY = "model"
OFFER = (
    "Names need the {wanted} model ({size} MB). Until then, faces are found and "
    "followed without names."
)
STANDING_IN = (
    "{used} compares the faces, because {wanted} ({size} MB) is chosen but not "
    "installed."
)
FULL = (
    "{used} compares the faces. {wanted}, a download of {size} MB, tells people apart "
    "more surely."
)
TAKES_OVER = (
    "{wanted} is installed. It takes over once everybody's pictures are embedded."
)
NAMES_NOW = "{wanted} is installed. Faces get their names now."
TOOK_OVER = "Faces are compared by {wanted} from now on."
FILES = "FaceNet weights (*.h5 *.pb *.pt *.npz);;All files (*)"


class ModelOffer(QObject):
    """Offers to install or import the embedder as long as there is none."""

    def __init__(self, engine: Engine, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._notices = engine, notices
        self._task: Task | None = None
        self._told = False
        """Whether was said that another embedder stands in; once is enough."""
        self._coming = False
        """Whether one is being loaded that takes over from another."""
        engine.state_changed.connect(self._follow)
        engine.progressed.connect(self._loading)

    def _follow(self, state: EngineState) -> None:
        self._notices.hide_notice("loading")
        self._notices.hide_notice("engine")
        if state.problem:
            again = Action("Try again", self._again)
            self._notices.show_notice(
                Notice("engine", state.problem, "error", (again,))
            )
        elif not state.can_name:
            self._offer()
        elif state.loaded and self._used() != self._wanted().called:
            if not self._told:
                self._offer()
            self._told = True
        else:
            self._notices.hide_notice(KEY)
            if self._coming and state.loaded:
                self._coming = False
                self._tell(TOOK_OVER)

    def _loading(self, text: str, share: float) -> None:
        notice = Notice("loading", text, progress=share, closable=False)
        self._notices.show_notice(notice)

    def _again(self) -> None:
        self._notices.hide_notice("engine")
        self._engine.load()

    def _wanted(self) -> artifacts.Manifest:
        config = self._engine.config
        return artifacts.find(config.embedder.model, "embedder", config)

    def _used(self) -> str:
        """Return what the embedder is called that is used."""
        name, config = self._engine.embedder[0], self._engine.config
        return artifacts.find(name, "embedder", config).called

    def _offer(self) -> None:
        """Say what is missing, or stands in, and offer what was wanted."""
        wanted, text = self._wanted(), OFFER
        actions = [
            Action("Install", self.install, primary=True),
            Action("Import…", self.choose_file),
        ]
        if self._engine.state.can_name:
            usual = wanted.name == EmbedderConfig().model
            text = FULL if usual else STANDING_IN
            actions.append(Action(f"Keep {self._used()}", self.keep))
        said = text.format(
            used=self._used(), wanted=wanted.called, size=wanted.size >> 20
        )
        self._notices.show_notice(Notice(KEY, said, "info", actions))

    def keep(self) -> None:
        """Choose the embedder that stands in, so that no other is offered again."""
        from facecam import switching

        self._notices.hide_notice(KEY)
        name, home = self._engine.embedder[0], self._engine.config.home
        text = ""
        try:
            switching.require_choice(self._engine.config, name)
            chosen.choose(home, "embedder", "model", name)
        except ConfigError as error:
            text = str(error)
        except OSError as error:
            text = f"The choice cannot be kept: {error}. Make room, or say it again."
        if text:
            self._notices.show_notice(Notice("model failed", text, "error"))
        else:
            self._engine.load()  # nothing else runs, but it is the one wanted now

    def install(self) -> None:
        """Download and convert, with progress."""
        self._progress("Connecting…", 0.0)
        self._start(_download)

    def choose_file(self) -> None:
        """Ask for a file of weights and take it over."""
        title = "Choose a file with FaceNet's weights"
        parent = self._notices.window()
        path, _ = QFileDialog.getOpenFileName(parent, title, "", FILES)
        if path:
            self.import_file(Path(path))

    def import_file(self, path: Path) -> None:
        """Take weights from a file, with progress."""
        self._progress(f"Reading {path.name}…", 0.0)
        self._start(lambda config, report: _import(config, path, report))

    def cancel(self) -> None:
        """Give up; what was downloaded stays for the next attempt."""
        if self._task is not None:
            self._task.cancel()
        self._offer()

    def _start(self, work: Callable[[Config, Report], None]) -> None:
        self._task = self._engine.install(
            work, self._progress, self._done, self._failed
        )

    def _progress(self, text: str, share: float) -> None:
        self._notices.hide_notice("model failed")
        actions = (Action("Cancel", self.cancel),)
        notice = Notice(KEY, text, "info", actions, progress=share, closable=False)
        self._notices.show_notice(notice)

    def _done(self) -> None:
        self._notices.hide_notice(KEY)
        self._coming = self._engine.state.can_name
        self._tell(TAKES_OVER if self._coming else NAMES_NOW)

    def _tell(self, text: str) -> None:
        said = text.format(wanted=self._wanted().called)
        self._notices.show_notice(Notice("installed", said, "done", seconds=SHORTLY))

    def _failed(self, error: Exception) -> None:
        self._offer()
        if not isinstance(error, FacecamError):
            raise error
        self._notices.show_notice(Notice("model failed", str(error), "error"))


def _download(config: Config, report: Report) -> None:
    from facecam import installation

    installation.install(config, config.embedder.model, report)


def _import(config: Config, path: Path, report: Report) -> None:
    from facecam import installation

    installation.import_file(config, path, report)
