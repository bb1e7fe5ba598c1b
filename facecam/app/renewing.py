"""Taking over another detector or embedder that another program has put to use.

`facecam deploy`, `rollback` and `models use` do; so do `models install` and `remove`.

The window looks for it; the picture goes on meanwhile, and so do tracks and names.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from facecam import artifacts
from facecam.app.engine import Engine
from facecam.app.notices import SHORTLY, Notice
from facecam.app.workshop import embedder_stamp, stamp
from facecam.config import Config
from facecam.errors import FacecamError

EVERY = 2000
"""How often is looked whether there is another one, milliseconds: one small file."""
KEY, EMBEDDER = "detector", "embedder"


def title(name: str, config: Config) -> str:
    """Return what an embedder is called."""
    known = artifacts.embedders(config)
    return next((one.called for one in known if one.name == name), name)


class Renewing(QObject):
    """Looks now and then whether another detector or embedder is to be used.

    Args:
        engine: puts it to use.
        tell: shows what was done, or why it could not be.
        parent: the window.
    """

    def __init__(
        self, engine: Engine, tell: Callable[[Notice], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._engine, self._tell = engine, tell
        self._seen = b""
        self._chosen = "", b""
        self._busy = False
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Put another detector or embedder to use if one is there.

        Only one that is the same at two looks: by then it lies there whole.
        """
        if self._engine.config.detector.kind == "mtcnn":  # others have no weights
            self._look_for_detector()
        self._look_for_embedder()

    def _look_for_detector(self) -> None:
        now = stamp(self._engine.config)
        again, self._seen = now == self._seen, now
        new = again and now not in (b"", self._engine.detector)
        if new and self._engine.state.loaded and not self._busy:
            self._busy = True
            self._engine.renew_detector(self._renewed, self._failed)

    def _look_for_embedder(self) -> None:
        now = embedder_stamp(self._engine.config)
        again, self._chosen = now == self._chosen, now
        new = again and now[1] and now != self._engine.embedder
        if new and self._engine.state.loaded:
            self._engine.load()
            text = f"Faces are compared by {title(now[0], self._engine.config)} now."
            self._tell(Notice(EMBEDDER, text, "done", seconds=SHORTLY))

    def _renewed(self, source: str) -> None:
        self._busy = False
        text = f"Another detector finds the faces now: {source}."
        self._tell(Notice(KEY, text, "done", seconds=SHORTLY))

    def _failed(self, error: Exception) -> None:
        """Say why the detector before goes on; anything else is a bug."""
        self._busy = False
        if not isinstance(error, FacecamError):
            raise error
        text = "The detector installed now cannot be used; the one before goes on."
        self._tell(Notice(KEY, f"{text} {error}", "error"))
