"""A tree of pictures to the same tree of faces, by any number of processes at once."""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from facecam import files
from facecam.aligning.alignment import Alignment
from facecam.aligning.choosing import central
from facecam.aligning.claims import Claims
from facecam.errors import DatasetError, ImageError
from facecam.faces import Detections
from facecam.media import find_images, read_image, write_image
from facecam.vision.detector import Detector

FAILURES, FACES = "failures.csv", "faces.csv"
"""The lists: what has no face, and why; where each face was."""
FACE_COLUMNS = ("file", "picture", "x1", "y1", "x2", "y2", "score")
PAIRS = "pairs.txt"
"""LFW's list of pairs; copied, so that the faces can be evaluated where they are."""
ABANDONED = 600
"""Seconds after which a half-written file is nobody's any more."""
NO_FACE = "no face was found"

Report: TypeAlias = Callable[[int, int], None]
"""Told how many pictures are done, and of how many."""


def silent(done: int, total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Outcome:
    """What became of the pictures of a folder."""

    pictures: int
    aligned: int
    """Pictures whose faces were cut by this call."""
    already: int
    """Pictures whose faces were there before, or were cut by another process."""
    failed: int
    """Pictures that cannot be read or show no face, by whoever."""
    left: int
    """Pictures that another process is still at."""


@dataclass(frozen=True)
class Task:
    """One picture, and where its face goes."""

    picture: Path
    name: str
    """Below the source, with forward slashes."""
    target: Path
    """Of its only face; of several, the stem gets a number."""

    def faces(self, multiple: bool, n: int) -> list[Path]:
        """Return where n faces go."""
        if not multiple:
            return [self.target]
        name = self.target.name.removesuffix(".png")
        return [self.target.with_name(f"{name}_{k}.png") for k in range(n)]

    def done(self, multiple: bool) -> bool:
        """Tell whether its faces are there; the first of several is written last."""
        return self.faces(multiple, 1)[0].exists()


def align_folder(
    source: Path,
    target: Path,
    detector: Detector,
    alignment: Alignment,
    report: Report = silent,
) -> Outcome:
    """Cut the faces of all pictures below a folder into the same tree of PNG files.

    What is there is left alone, so that a call that was ended goes on, and calls of
    several processes share the work.

    Args:
        source: pictures, in folders or not.
        target: made if need be; lists and `aligned.json` go there, too.
        detector: finds the faces.
        alignment: how they are cut.
        report: told how many pictures are done; may raise to end it.

    Raises:
        ImageError: there is no such folder, no picture in it, or the disk refuses.
        DatasetError: the target holds faces cut in another way, or is the source.
    """
    tasks = _tasks(source, target)
    try:
        return _align(tasks, source, target, (detector, alignment), report)
    except BrokenPipeError:  # whoever reads the report has gone
        raise
    except OSError as error:
        raise ImageError(
            f"Cannot write into {target}: {error.strerror or error}. Check the folder "
            "and its space; the same command goes on."
        ) from error


def forgive(target: Path) -> None:
    """Let the next call of `align_folder` try again what has failed."""
    if target.is_dir():
        Claims(target).forgive()


def _align(
    tasks: Sequence[Task],
    source: Path,
    target: Path,
    how: tuple[Detector, Alignment],
    report: Report,
) -> Outcome:
    target.mkdir(parents=True, exist_ok=True)
    claims = Claims(target)
    with claims.alone():
        how[1].write(target)
    _sweep(target)
    counts: Counter[str] = Counter()
    try:
        left = _passes(tasks, _Cutter(*how, claims), counts, report)
    finally:
        _write_lists(target, claims)
    if (source / PAIRS).is_file() and not (target / PAIRS).exists():
        shutil.copyfile(source / PAIRS, target / PAIRS)
    already, failed = counts["already"], counts["failed"]
    return Outcome(len(tasks), counts["aligned"], already, failed, len(left))


class _Cutter:
    """Cuts the faces of one picture after the other."""

    def __init__(
        self, detector: Detector, alignment: Alignment, claims: Claims
    ) -> None:
        self._detector = detector
        self._alignment = alignment
        self._claims = claims

    def __call__(self, task: Task) -> str:
        """Return what became of a picture: a name of a count of `Outcome`."""
        if known := self._known(task):
            return known
        with self._claims.claimed(task.name) as mine:
            if not mine:
                return "left"
            # Between the first look and the claim another process may have done it.
            return self._known(task) or self._cut(task)

    def _known(self, task: Task) -> str:
        if task.done(self._alignment.multiple):
            return "already"
        return "failed" if self._claims.failed(task.name) else ""

    def _cut(self, task: Task) -> str:
        try:
            image = read_image(task.picture)
        except ImageError as error:
            self._claims.fail(task.name, str(error))
            return "failed"
        found = self._detector.detect(image)
        if not len(found):
            self._claims.fail(task.name, NO_FACE)
            return "failed"
        multiple = self._alignment.multiple
        if not multiple:
            found = found.keep(np.array([central(found.boxes, image.shape[:2])]))
        targets = task.faces(multiple, len(found))
        self._claims.note(_rows(task, targets, found))
        crops = self._alignment.crop(image, found.boxes)
        for path, crop in reversed(list(zip(targets, crops, strict=True))):
            write_image(path, crop)
        return "aligned"


def _passes(
    tasks: Sequence[Task], cut: _Cutter, counts: Counter[str], report: Report
) -> list[Task]:
    """Go through the pictures until nothing is left but what others are at."""
    left, done = list(tasks), 0
    while left:
        later: list[Task] = []
        for task in left:
            became = cut(task)
            if became == "left":
                later.append(task)
                continue
            counts[became] += 1
            done += 1
            report(done, len(tasks))
        if len(later) == len(left):
            break
        left = later
    return left


def _tasks(source: Path, target: Path) -> list[Task]:
    """Return a task per picture; pictures that differ in their suffix only keep it."""
    here, there = source.resolve(), target.resolve()
    if here == there or there in here.parents:
        raise DatasetError(
            f"{target} is where the pictures are. Choose another folder."
        )
    pictures = [p for p in find_images(source) if there not in p.resolve().parents]
    if not pictures:
        raise ImageError(f"There is no picture in {source}. Give another folder.")
    stems = Counter(files.alike(path.with_suffix("")) for path in pictures)
    tasks = []
    for path in pictures:
        below = path.relative_to(source)
        alone = stems[files.alike(path.with_suffix(""))] == 1
        name = f"{below.stem if alone else below.name}.png"
        tasks.append(Task(path, below.as_posix(), target / below.with_name(name)))
    return tasks


def _rows(
    task: Task, targets: Sequence[Path], found: Detections
) -> list[dict[str, Any]]:
    rows = []
    for path, box, score in zip(targets, found.boxes, found.scores, strict=True):
        corners = dict(zip(("x1", "y1", "x2", "y2"), np.round(box, 1), strict=True))
        numbers = {key: float(f"{value:.1f}") for key, value in corners.items()}
        where = Path(task.name).with_name(path.name).as_posix()
        row = {"file": where, "picture": task.name, **numbers}
        rows.append({**row, "score": round(float(score), 4)})
    return rows


def _sweep(target: Path) -> None:
    """Delete what processes that were killed have left half written."""
    for path in target.rglob(".*.partial.png"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > ABANDONED:
                path.unlink()


def _write_lists(target: Path, claims: Claims) -> None:
    """Write the lists of faces and failures, of all processes so far."""
    with claims.alone():
        faces = {row["file"]: row for row in claims.noted()}
        there = [row for file, row in sorted(faces.items()) if (target / file).exists()]
        _write_csv(target / FACES, FACE_COLUMNS, there)
        _write_csv(target / FAILURES, ("picture", "reason"), claims.failures())


def _write_csv(
    path: Path, columns: Sequence[str], rows: Sequence[dict[str, Any]]
) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    files.write(path, text.getvalue().encode("utf-8", "surrogateescape"))
