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
from facecam.config import Config
from facecam.errors import FacecamError

KEY = "model"
OFFER = (
    "Names need the {wanted} model ({size} MB). Until then, faces are found and "
    "followed without names."
)
STANDING_IN = (
    "{used} compares the faces, because {wanted} ({size} MB) is chosen but not "
    "installed."
)
FILES = "FaceNet weights (*.h5 *.pb *.pt *.npz);;All files (*)"


class ModelOffer(QObject):
    """Offers to install or import the embedder as long as there is none."""

    def __init__(self, engine: Engine, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._notices = engine, notices
        self._task: Task | None = None
        self._told = False
        """Whether was said that another embedder stands in; once is enough."""
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
            self._offer(OFFER)
        elif state.loaded and self._used() != self._wanted().called:
            if not self._told:
                self._offer(STANDING_IN)
            self._told = True
        else:
            self._notices.hide_notice(KEY)

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

    def _offer(self, text: str = "") -> None:
        wanted = self._wanted()
        text = text or (STANDING_IN if self._engine.state.can_name else OFFER)
        said = text.format(
            used=self._used(), wanted=wanted.called, size=wanted.size >> 20
        )
        actions = (
            Action("Install", self.install, primary=True),
            Action("Import…", self.choose_file),
        )
        self._notices.show_notice(Notice(KEY, said, "info", actions))

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
        text = f"{self._wanted().called} is installed. Faces get their names now."
        self._notices.show_notice(Notice("installed", text, "done", seconds=SHORTLY))

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
