"""01-index: all sets -> one list of annotations to learn from, one to measure on.

    train.jsonl      pictures to learn from, one per line
    held-out.jsonl   pictures nothing is learned from
    held-out-conformed.jsonl   the same, boxed as those to learn from
    left-out.csv     what was labelled but cannot be used, and why

Held out is what a set itself calls "val"; of a set that does not divide itself, a share
of the pictures chosen by the hash of their names, so the same ones each time.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam import files
from facecam.annotations import reading
from facecam.annotations.annotation import AnnotatedSet, Annotation, Fault
from facecam.config.retraining import IndexConfig
from facecam.errors import DatasetError
from facecam.faces import Floats
from facecam.training.detector import hard_examples
from facecam.training.detector.checking.screening import Screening, screen
from facecam.training.detector.conforming import conform, remember
from facecam.training.step import Inputs, Metrics, Progress, Report
from facecam.vision.boxes import longer_sides

TRAIN, HELD_OUT, LEFT_OUT = "train.jsonl", "held-out.jsonl", "left-out.csv"
CONFORMED = "held-out-conformed.jsonl"


@dataclass(frozen=True)
class IndexRequest:
    """Which sets a run learns from."""

    data: tuple[Path, ...]
    """Folders of labelled pictures."""
    negatives: tuple[Path, ...]
    """Folders of pictures without faces."""
    hard: tuple[Path, ...]
    """Pools of hard examples."""
    content: str
    """Fingerprint of what those folders hold."""
    numbers: IndexConfig
    start: str = ""
    """Folder of the detector to start from, whose way of boxing is kept, or ""."""
    replay: tuple[Path, ...] = ()
    """Folders of pictures in which what that detector finds is taught again."""


def index(
    workers: int, request: IndexRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Write the lists; the step function of 01-index.

    Raises:
        DatasetError: a set cannot be read, or there is nothing to learn from.
    """
    seen = _readable(read_sets(request), report)
    again = _readable([*map(reading.unlabelled, request.replay)], report)
    train, held_out, faults = gather(seen.sets, request.numbers)
    faults += [*seen.faults, *again.faults]
    if not any(len(one.boxes) for one in train):
        raise DatasetError(
            "None of the pictures to learn from shows a labelled face. "
            "Look at the data: facecam train check."
        )
    write(out / HELD_OUT, held_out)
    if request.start and request.numbers.conform:
        train, held_out = _conformed(request, (train, held_out), workers, report)
    train += _remembered(request, again, workers, report)
    write(out / TRAIN, train)
    write(out / CONFORMED, held_out)
    files.write(out / LEFT_OUT, fault_table(faults))
    return {
        "pictures": len(train),
        "faces": _faces(train),
        "faces_with_landmarks": _with_landmarks(train),
        "held_out_pictures": len(held_out),
        "held_out_faces": _faces(held_out),
        "left_out": len(faults),
    }


def _remembered(
    request: IndexRequest, again: Screening, workers: int, report: Report
) -> list[Annotation]:
    """Return the pictures to remember, with what the detector finds in them."""
    pictures = [one for each in again.sets for one in each.annotations]

    def tell(done: int) -> None:
        report(Progress("index", done, len(pictures), {}, "looking at what to keep"))

    if not pictures:
        return []
    found = remember(pictures, Path(request.start), workers, tell)
    return [replace(one, ignored=_small(one, request.numbers)) for one in found]


def _small(one: Annotation, config: IndexConfig) -> NDArray[np.bool_]:
    """Tell which faces are ignored: those that were, and small ones."""
    return one.ignored | (longer_sides(one.boxes) < config.smallest)


def read_sets(request: IndexRequest) -> list[AnnotatedSet]:
    """Read all sets of a request that somebody has labelled."""
    return [
        *map(reading.read, request.data),
        *map(reading.without_faces, request.negatives),
        *map(hard_examples.as_set, request.hard),
    ]


def _readable(sets: Sequence[AnnotatedSet], report: Report) -> Screening:
    """Leave out pictures that are cut short or none: one would end the run later."""

    def tell(done: int, total: int) -> None:
        report(Progress("index", done, total, {}, "looking at pictures"))

    return screen(sets, 0, np.random.default_rng(0), tell)


def gather(
    sets: Sequence[AnnotatedSet], config: IndexConfig
) -> tuple[list[Annotation], list[Annotation], list[Fault]]:
    """Divide the pictures of all sets.

    Returns:
        What to learn from, what to measure on, and what cannot be used.
    """
    train, held_out = [], []
    for one in sets:
        for annotation in one.annotations:
            name = _name(annotation.path, one.root)
            place = annotation.split if _divides_itself(one) else ""
            place = place or _drawn(name, config.held_out)
            prepared = prepare(annotation, config)
            if place == "train" and _hash(f"share {name}") < config.share:
                train.append(prepared)
            elif place == "val":
                held_out.append(prepared)
    return train, held_out, [fault for one in sets for fault in one.faults]


def _divides_itself(one: AnnotatedSet) -> bool:
    """Tell whether to follow a set's own splits.

    The training part of a set alone is divided here, or nothing could be measured; hard
    examples are only ever learned from.
    """
    splits = {annotation.split for annotation in one.annotations}
    return bool(splits - {"train", ""}) or one.layout == hard_examples.LAYOUT


def _conformed(
    request: IndexRequest,
    parts: Sequence[list[Annotation]],
    workers: int,
    report: Report,
) -> list[list[Annotation]]:
    """Box the faces of each set as the detector does that the run starts from."""
    total, before = sum(map(len, parts)), 0
    roots = (*request.data, *request.negatives, *request.hard)
    results = []

    def tell(done: int) -> None:
        report(Progress("index", before + done, total, {}, "boxing as the detector"))

    for part in parts:
        boxed: list[Annotation] = []
        groups: dict[Path | None, list[Annotation]] = {}
        for one in part:
            groups.setdefault(_root_of(one.path, roots), []).append(one)
        for mine in groups.values():
            boxed += conform(mine, Path(request.start), workers, tell)
            before += len(mine)
        results.append(boxed)
    return results


def _root_of(path: Path, roots: Sequence[Path]) -> Path | None:
    """Return the innermost folder a picture lies in; None if a set names others."""
    around = [root for root in roots if path.is_relative_to(root)]
    return max(around, key=lambda root: len(root.parts), default=None)


def prepare(truth: Annotation, config: IndexConfig) -> Annotation:
    """Ignore what should not be learned; box faces known by their points alike."""
    boxes = truth.boxes
    if not truth.complete:
        boxes = boxed_by_points(truth, config.box_of_points)
    longer = longer_sides(boxes)
    limits = {
        "blur": config.max_blur,
        "occlusion": config.max_occlusion,
        "pose": config.max_pose,
    }
    ignored = truth.ignored | (longer < config.smallest)
    for name, most in limits.items():
        if name in truth.attributes:
            ignored = ignored | (truth.attributes[name] > most)
    return replace(truth, boxes=boxes, ignored=ignored)


def boxed_by_points(
    truth: Annotation, shape: tuple[float, float, float, float]
) -> Floats:
    """Return boxes where the landmarks say, the labelled ones where there are none.

    Lists of points box faces each in their own way, most as squares; a net that is to
    learn one kind of box needs one.

    Args:
        truth: m faces.
        shape: centre to the right and below the middle of eyes and mouth, width and
            height, all in units of a face: its eye distance or, if larger, the distance
            from eyes to mouth.

    Returns:
        (m, 4).
    """
    points = truth.landmarks.astype(np.float64)
    eyes, mouth = points[:, :2].mean(axis=1), points[:, 3:].mean(axis=1)  # (m, 2)
    down = np.linalg.norm(mouth - eyes, axis=1)
    across = np.linalg.norm(points[:, 1] - points[:, 0], axis=1)
    unit = np.maximum(down, across)[:, None]  # (m, 1)
    centre = (eyes + mouth) / 2 + unit * np.array(shape[:2])
    half = unit * np.array(shape[2:]) / 2
    boxes = np.hstack([centre - half, centre + half])
    known = np.isfinite(boxes).all(axis=1)[:, None]
    return np.where(known, boxes, truth.boxes).astype(np.float32)


def write(path: Path, annotations: Iterable[Annotation]) -> None:
    """Write annotations, one JSON line each."""
    lines = [json.dumps(_values(annotation)) for annotation in annotations]
    files.write(path, "".join(f"{line}\n" for line in lines).encode())


def read(path: Path) -> list[Annotation]:
    """Read what `write` has written.

    Raises:
        DatasetError: the file is missing or damaged.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
        return [_annotation(json.loads(line)) for line in lines]
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise DatasetError(
            f"{path} cannot be read: {error}. Delete {path.parent} and run again."
        ) from error


def _values(one: Annotation) -> dict[str, Any]:
    known = np.isfinite(one.landmarks).all(axis=(1, 2))
    points = one.landmarks.astype(float)
    return {
        "path": str(one.path),
        "boxes": _decimals(one.boxes),
        "ignored": np.flatnonzero(one.ignored).tolist(),
        "landmarks": {
            str(n): _decimals(points[n]) for n in np.flatnonzero(known).tolist()
        },
        "attributes": {name: list(map(int, a)) for name, a in one.attributes.items()},
        "background": _decimals(one.background),
        "complete": one.complete,
        "split": one.split,
        "where": one.where,
    }


def _annotation(values: dict[str, Any]) -> Annotation:
    boxes = np.array(values["boxes"], np.float32).reshape(-1, 4)
    ignored = np.zeros(len(boxes), np.bool_)
    ignored[values["ignored"]] = True
    landmarks = np.full((len(boxes), 5, 2), np.nan, np.float32)
    for number, points in values["landmarks"].items():
        landmarks[int(number)] = points
    attributes = values["attributes"].items()
    return Annotation(
        Path(values["path"]),
        boxes,
        ignored,
        landmarks,
        attributes={name: np.array(of, np.int8) for name, of in attributes},
        background=np.array(values["background"], np.float32).reshape(-1, 4),
        complete=values["complete"],
        split=values["split"],
        where=values["where"],
    )


def _decimals(array: NDArray[Any]) -> list[Any]:
    """Return float32 numbers as they are, without the digits float64 would add."""
    return [[float(f"{v:.9g}") for v in row] for row in array.tolist()]


def _name(path: Path, root: Path) -> str:
    inside = path.is_relative_to(root)
    return (path.relative_to(root) if inside else path).as_posix()


def _drawn(name: str, held_out: float) -> str:
    return "val" if _hash(f"held out {name}") < held_out else "train"


def _hash(text: str) -> float:
    """Return a number in [0, 1) that is always the same for the same text."""
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _faces(annotations: Iterable[Annotation]) -> int:
    return sum(int((~one.ignored).sum()) for one in annotations)


def _with_landmarks(annotations: Iterable[Annotation]) -> int:
    known = (np.isfinite(one.landmarks).all(axis=(1, 2)) for one in annotations)
    return sum(int(of.sum()) for of in known)


def fault_table(faults: Sequence[Fault]) -> bytes:
    """Return what cannot be used as a CSV file: file and line, picture, reason."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["where", "picture", "reason"])
    for fault in faults:
        writer.writerow([fault.where, fault.path or "", fault.reason])
    return text.getvalue().encode()
