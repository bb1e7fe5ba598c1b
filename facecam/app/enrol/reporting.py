"""The words of an import: what was found, who got pictures, what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from facecam.app import words
from facecam.app.enrol.report_rows import Row
from facecam.app.video_view import to_qimage
from facecam.faces import Image
from facecam.media import SUFFIXES

if TYPE_CHECKING:
    from facecam.enrolment.importing import Imported, Outcome
    from facecam.enrolment.planning import Plan
    from facecam.enrolment.screening import Skipped
    from facecam.gallery import Person

SIDE = 160
"""Of a thumbnail, pixels: 52 logical ones at three times scaling."""


def found(plan: Plan) -> tuple[str, str]:
    """Return title and sentence about what a plan holds."""
    people, files = len(plan.people), words.pictures(plan.files)
    if any(not batch.name for batch in plan.people):
        text = "Pictures that lie in no folder of a person need a name."
        return f"Whose {files if plan.files > 1 else 'picture'}?", text
    title = f"{words.people(people).capitalize()} in {files}"
    return title, "Nothing is enrolled yet. Each folder is named like its person."


def mixed(folder: Path) -> bool:
    """Tell whether a folder holds pictures and folders, and may be read two ways."""
    if not folder.is_dir():
        return False
    below = [p for p in folder.iterdir() if not p.name.startswith(".")]
    loose = any(p.suffix.lower() in SUFFIXES and p.is_file() for p in below)
    return loose and any(p.is_dir() for p in below)


def batches(plan: Plan) -> list[Row]:
    """Return a row for everybody a plan knows."""
    return [
        Row(
            batch.name or "These pictures",
            words.pictures(len(batch.files)),
            batch.name,
            "person",
            _reader(batch.files[0]),
        )
        for batch in plan.people
        if batch.files
    ]


def summary(imported: Imported) -> tuple[str, str]:
    """Return title and sentence about what an import did."""
    changed = [outcome for outcome in imported.people if outcome.kept]
    title = "Nothing new was added"
    if len(changed) == 1:
        name = words.short(changed[0].name)
        title = f"{words.pictures(imported.kept)} added to {name}"
        title = title.capitalize() if title[0].isalpha() else title
    elif changed:
        title = f"{words.pictures(imported.kept)} added to {len(changed):,} people"
    said = []
    if imported.known:
        was = "was" if imported.known == 1 else "were"
        said.append(f"{words.pictures(imported.known)} {was} there already.")
    if left := len(imported.left_out):
        was = "was" if left == 1 else "were"
        said.append(f"{words.pictures(left)} {was} left out.")
    if imported.cancelled:
        said.insert(0, "Stopped. Drop the same folder again to go on.")
    return title, " ".join(said)


def outcomes(
    people: Sequence[Outcome], thumbnail: Callable[[Person], Image | None]
) -> list[Row]:
    """Return a row for everybody of an import."""
    return [
        Row(
            outcome.person.identity.name if outcome.person else outcome.name,
            _outcome(outcome),
            outcome.name,
            "person",
            _portrait(outcome.person, thumbnail),
        )
        for outcome in people
    ]


def left_out(skipped: Sequence[Skipped]) -> list[Row]:
    """Return a row for each picture that was left out, with the reason."""
    return [
        Row(
            one.path.name,
            one.text.replace(str(one.path), "It"),
            str(one.path),
            "warning",
            _reader(one.path),
        )
        for one in skipped
    ]


def _outcome(outcome: Outcome) -> str:
    kept, known, skipped = (
        len(outcome.kept),
        len(outcome.known),
        len(outcome.skipped),
    )
    parts = []
    if kept:
        parts.append(f"{words.pictures(kept)} added")
    if known:
        parts.append(f"{known:,} there already")
    if skipped:
        parts.append(f"{skipped:,} left out")
    begun = "New. " if outcome.new and kept else ""
    return begun + (", ".join(parts) or "No pictures") + "."


def _reader(path: Path) -> Callable[[], QImage | None]:
    """Return what reads a small version of a picture file."""

    def read() -> QImage | None:
        reader = QImageReader(str(path))
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid():
            whole = Qt.AspectRatioMode.KeepAspectRatioByExpanding
            reader.setScaledSize(size.scaled(QSize(SIDE, SIDE), whole))
        return reader.read()

    return read


def _portrait(
    person: Person | None, thumbnail: Callable[[Person], Image | None]
) -> Callable[[], QImage | None]:
    """Return what reads the face of somebody enrolled."""

    def read() -> QImage | None:
        image = thumbnail(person) if person is not None else None
        return None if image is None else to_qimage(image).copy()

    return read
