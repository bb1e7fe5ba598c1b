"""A pool of hard examples: what a detector got wrong, said by somebody who looked.

    pool/
        hard.jsonl      {"picture": "3f….jpg", "box": [x1, y1, x2, y2],
                         "is": "false alarm" or "missed face", "landmarks": [[x, y], …],
                         "added": "2026-11-22T10:42:00+00:00"}
        3f….jpg         the pictures, any name; those added here have their hash for one

Landmarks may be absent or null, and so may the date. Nothing is said of the rest of a
picture: it is neither face nor background. A false alarm is background to learn from; a
missed face is a face. Looking at a pool and pruning it: `hard_pool`.

Pictures of a pool are not sealed: what learns has no passphrase. Beside people who are
protected nothing is added.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from facecam import files, media, vault
from facecam.annotations.annotation import AnnotatedSet, Annotation
from facecam.annotations.checks import annotated_set
from facecam.annotations.labels import LabelledFace, LabelledPicture, Points
from facecam.annotations.text import TOO_LARGE, Line, read_lines_if_any
from facecam.errors import DatasetError
from facecam.faces import Floats, Image

Corners: TypeAlias = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels."""

LIST = "hard.jsonl"
LAYOUT = "hard examples"
LOCK_SECONDS = 10
"""How long adding waits for another program that adds to the same pool."""


class Kind(StrEnum):
    """What the detector did wrong."""

    FALSE_ALARM = "false alarm"
    """It took something for a face."""
    MISSED_FACE = "missed face"


@dataclass(frozen=True, slots=True)
class HardExample:
    """One box of one picture that a detector judged wrongly."""

    picture: Path
    box: Corners
    kind: Kind
    landmarks: Points | None = None
    where: str = ""
    """File and line, for messages."""
    added: float = 0.0
    """When it was added, seconds since 1970; 0 where nobody noted it."""


def read(folder: Path) -> list[HardExample]:
    """Read the examples of a pool.

    Raises:
        DatasetError: there is no list, or a line of it is not as it should be.
    """
    path = folder / LIST
    if not path.is_file():
        raise DatasetError(
            f"{folder} is no pool of hard examples: it holds no {LIST}. Each line of "
            'that names one: {"picture": "a.jpg", "box": [x1, y1, x2, y2], '
            '"is": "false alarm"}.'
        )
    lines = read_lines_if_any(path)
    if not lines:
        raise DatasetError(f"{path} names no hard example. Leave this pool out.")
    return [parse(folder, line) for line in lines]


def as_set(folder: Path) -> AnnotatedSet:
    """Return a pool as a data set to learn from, none of it held out.

    Raises:
        DatasetError: the list is wrong, or no picture can be used.
    """
    labelled = annotated_set(folder, LAYOUT, map(_labelled, read(folder)))
    parts = tuple(map(_parted, labelled.annotations))
    return replace(labelled, annotations=parts)


def add(
    folder: Path,
    image: Image,
    box: Floats,
    kind: Kind,
    landmarks: Floats | None = None,
) -> HardExample:
    """Add an example to a pool, which is made if need be.

    Args:
        folder: the pool.
        image: the whole picture; its surroundings are learned from as well.
        box: (4,).
        kind: what the detector did wrong.
        landmarks: (5, 2) of a missed face, where they are known.

    Raises:
        DatasetError: the disk refuses, another program holds the pool, or the people
            beside it are protected.
        ImageError: the picture cannot be written.
        ValueError: the box is no place in a picture; nothing is added.
    """
    refuse_beside_protected(folder)
    content = repr(image.shape).encode() + image.tobytes()
    name = f"{hashlib.sha256(content).hexdigest()[:16]}.jpg"
    entry = {
        "picture": name,
        "box": [round(float(value), 2) for value in box],
        "is": str(kind),
        "landmarks": _entered(landmarks),
        "added": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    example = _made(folder, entry, str(folder / LIST))
    _append(example, image, json.dumps(entry))
    return example


def refuse_beside_protected(folder: Path) -> None:
    """Refuse to keep pictures in the open where the people are protected.

    Args:
        folder: a pool; it is one of the window's where vault.json lies beside it.

    Raises:
        DatasetError: the people are protected, or are just being so.
    """
    if vault.protection(folder.parent) != "off":
        raise DatasetError(
            "Nothing was kept: the people are protected, and pictures to learn from "
            "lie open on the disk. End the protection to teach the detector."
        )


def parse(folder: Path, line: Line) -> HardExample:
    """Return what a line of a pool's list says.

    Raises:
        DatasetError: it is not as it should be.
    """
    try:
        return _made(folder, json.loads(line.text), line.where)
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f'{line.where}: expected {{"picture": name, "box": [x1, y1, x2, y2], "is": '
            f'"{Kind.FALSE_ALARM}" or "{Kind.MISSED_FACE}"}} and perhaps five '
            f'"landmarks", found {line.text[:80]!r}. Correct or remove the line.'
        ) from error


@contextlib.contextmanager
def alone(folder: Path, doing: str = "change") -> Iterator[None]:
    """Change a pool while no other program does; it is made if need be.

    Args:
        folder: the pool.
        doing: what cannot be done, for messages: "add to".

    Raises:
        DatasetError: the disk refuses, or another program holds the pool.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=LOCK_SECONDS):
            yield
    except Timeout as error:
        raise DatasetError(
            f"Another program is changing {folder}. Try again."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(
            f"Cannot {doing} {folder / LIST}: {error}. Check the disk and the rights."
        ) from error


def _entered(landmarks: Floats | None) -> list[list[float]] | None:
    if landmarks is None or not np.isfinite(landmarks).all():
        return None
    return [[round(float(x), 2), round(float(y), 2)] for x, y in landmarks]


def _made(folder: Path, entry: dict[str, Any], where: str) -> HardExample:
    x1, y1, x2, y2 = map(_finite, entry["box"])
    points = entry.get("landmarks")
    return HardExample(
        folder / str(entry["picture"]),
        (x1, y1, x2, y2),
        Kind(entry["is"]),
        None if points is None else _five(points),
        where,
        _moment(entry.get("added")),
    )


def _moment(text: object) -> float:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def _five(points: Sequence[Sequence[float]]) -> Points:
    five = tuple((_finite(x), _finite(y)) for x, y in points)
    if len(five) != 5:
        raise ValueError(f"{len(five)} landmarks")
    return five


def _finite(value: float) -> float:
    if not abs(value) <= TOO_LARGE:  # nor where it is no number
        raise ValueError(f"{value} is no place")
    return float(value)


def _labelled(example: HardExample) -> LabelledPicture:
    face = LabelledFace(
        example.where,
        example.box,
        points=example.landmarks,
        attributes={Kind.FALSE_ALARM: int(example.kind is Kind.FALSE_ALARM)},
    )
    return LabelledPicture(
        example.picture, example.where, (face,), complete=False, split="train"
    )


def _parted(one: Annotation) -> Annotation:
    """Move the false alarms of a picture from the faces to the background."""
    wrong = one.attributes[Kind.FALSE_ALARM] == 1 if len(one.boxes) else one.ignored
    return replace(
        one,
        boxes=one.boxes[~wrong],
        ignored=one.ignored[~wrong],
        landmarks=one.landmarks[~wrong],
        attributes={},
        background=one.boxes[wrong],
    )


def _append(example: HardExample, image: Image, line: str) -> None:
    """Add a picture, and then its line to the list, each whole or not at all."""
    folder = example.picture.parent
    path = folder / LIST
    with alone(folder, "add to"):
        if not example.picture.is_file():
            media.write_image(example.picture, image)
        text = path.read_text("utf-8") if path.is_file() else ""
        gap = "\n" if text and not text.endswith("\n") else ""
        files.write(path, f"{text}{gap}{line}\n".encode())
