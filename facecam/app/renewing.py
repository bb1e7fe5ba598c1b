"""Taking over another detector: `facecam deploy` or `rollback` in another program.

The window looks for it; the picture goes on meanwhile, and so do tracks and names.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from facecam.app.engine import Engine
from facecam.app.notices import SHORTLY, Notice
from facecam.app.workshop import stamp
from facecam.errors import FacecamError

EVERY = 2000
"""How often is looked whether there is another one, milliseconds: one small file."""
KEY = "detector"


class Renewing(QObject):
    """Looks now and then whether another detector was installed.

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
        self._busy = False
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.look)
        if engine.config.detector.kind == "mtcnn":  # others have no weights
            self._timer.start()

    def look(self) -> None:
        """Put another detector to use if one is installed.

        Only one that is the same at two looks: by then it lies there whole.
        """
        now = stamp(self._engine.config)
        again, self._seen = now == self._seen, now
        new = again and now not in (b"", self._engine.detector)
        if new and self._engine.state.loaded and not self._busy:
            self._busy = True
            self._engine.renew_detector(self._renewed, self._failed)

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
