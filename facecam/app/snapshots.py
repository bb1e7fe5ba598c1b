"""Saving the picture just seen, and saying where it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from facecam.app.notices import SHORTLY, Action, Notice
from facecam.app.tasks import Tasks
from facecam.faces import Image


def save_snapshot(
    picture: Image, folder: Path, tasks: Tasks, tell: Callable[[Notice], None]
) -> None:
    """Write a picture into a folder in the background and tell about it."""
    now = datetime.now().astimezone()

    def write() -> Path:
        from facecam.media import write_image

        folder.mkdir(parents=True, exist_ok=True)
        path = free_path(folder, now)
        write_image(path, picture)
        return path

    def written(path: Path) -> None:
        look = Action("Show", lambda: _open(folder))
        text = f"Snapshot saved: {path}"
        tell(Notice("snapshot", text, "done", (look,), seconds=SHORTLY))

    def failed(error: Exception) -> None:
        text = f"The snapshot could not be saved in {folder}: {error}"
        tell(Notice("snapshot failed", text, "error"))

    tasks.start(write, written, failed, lane="look")


def free_path(folder: Path, now: datetime) -> Path:
    """Return a name made of the time that no file in the folder has."""
    stem = now.strftime("%Y-%m-%d %H.%M.%S")
    path, number = folder / f"{stem}.jpg", 2
    while path.exists():
        path, number = folder / f"{stem} ({number}).jpg", number + 1
    return path


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
