"""The easy, medium and hard faces of WIDER FACE, judged as its own evaluation does.

Three lists beside the pictures name the faces that count; the authors publish them
with their evaluation (eval_tools.zip, ground_truth/wider_{easy,medium,hard}_val.mat).
Their rules differ from those of trial.py: an overlap of one half is asked for, also of
the smallest faces; a box belongs to the labelled face it overlaps most; one that
belongs to a face outside of the list counts neither way; a second box on a face is a
false alarm; pictures without labelled faces are left out. Deviation: overlaps are those
of exact edges, not of pixels counted in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from facecam.annotations.annotation import Annotation
from facecam.errors import DatasetError
from facecam.faces import Detections, Floats
from facecam.training import metrics
from facecam.training.detector.evaluation.figures import (
    DIFFICULTIES as NAMES,
)
from facecam.training.detector.evaluation.figures import Figures, figures
from facecam.vision.boxes import iou

FOLDERS = ("wider_face_split", "eval_tools/ground_truth", "ground_truth")
"""Where the lists are looked for, below the folder that holds WIDER_val."""
MIN_IOU = 0.5


@dataclass(frozen=True, eq=False, slots=True)
class Listed:
    """The m faces of one picture in such a list."""

    boxes: Floats  # (m, 4)
    counted: NDArray[np.bool_]  # (m,), whether the list names them


Lists: TypeAlias = Mapping[tuple[str, str], Listed]
"""By event and name of the picture without its suffix."""


def judge(
    seen: Sequence[tuple[Annotation, Detections]], shown: float
) -> dict[str, Figures]:
    """Return the figures of each list that lies beside the pictures, by its name.

    Raises:
        DatasetError: a list is damaged.
    """
    roots = {root for annotation, _ in seen if (root := _root(annotation.path))}
    return {
        name: _figures(seen, _read(path), shown)
        for root in sorted(roots)
        for name in NAMES
        if (path := _find(root, name))
    }


def match(found: Floats, listed: Listed) -> NDArray[np.intp]:
    """Return what each box is, (n, 4) -> (n,) metrics.TRUE, FALSE or IGNORED.

    Args:
        found: best score first.
        listed: the faces of the picture.
    """
    kinds = np.full(len(found), metrics.FALSE, np.intp)
    if not len(listed.boxes):
        return kinds
    overlaps = iou(found, listed.boxes)  # (n, m)
    taken = np.zeros(len(listed.boxes), np.bool_)
    for n, best in enumerate(overlaps.argmax(axis=1)):
        if overlaps[n, best] < MIN_IOU:
            continue
        if not listed.counted[best]:
            kinds[n] = metrics.IGNORED
        elif not taken[best]:
            kinds[n], taken[best] = metrics.TRUE, True
    return kinds


def _root(picture: Path) -> Path | None:
    """Return the folder that holds WIDER_val, if the picture lies in that."""
    inside = [folder for folder in picture.parents if folder.name == "WIDER_val"]
    return inside[0].parent if inside else None


def _find(root: Path, name: str) -> Path | None:
    paths = (root / folder / f"wider_{name}_val.mat" for folder in FOLDERS)
    return next((path for path in paths if path.is_file()), None)


def _figures(
    seen: Sequence[tuple[Annotation, Detections]], lists: Lists, shown: float
) -> Figures:
    keys = [
        (annotation.path.parent.name, annotation.path.stem) for annotation, _ in seen
    ]
    pairs = [
        (lists[key], found)
        for key, (_, found) in zip(keys, seen, strict=True)
        if key in lists and len(lists[key].boxes)
    ]
    faces = sum(int(listed.counted.sum()) for listed, _ in pairs)
    if not faces:
        return Figures(0, 0.0, ())
    kinds = np.concatenate([match(found.boxes, listed) for listed, found in pairs])
    scores = np.concatenate([found.scores for _, found in pairs])
    return figures(scores, kinds, faces, len(pairs), shown)


def _read(path: Path) -> Lists:
    from scipy.io import loadmat
    from scipy.io.matlab import MatReadError

    try:
        return dict(_rows(loadmat(path)))
    except (
        OSError,
        MatReadError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
    ) as error:
        raise DatasetError(
            f"{path} is no list of WIDER FACE's evaluation ({error}). Unpack "
            "eval_tools.zip again, or delete the file to go without."
        ) from error


def _rows(
    table: Mapping[str, NDArray[np.object_]],
) -> Iterator[tuple[tuple[str, str], Listed]]:
    """Yield the pictures of a list: cells of events, in them cells of pictures."""
    columns = ("event_list", "file_list", "face_bbx_list", "gt_list")
    for event, names, boxes, counted in zip(
        *(table[c][:, 0] for c in columns), strict=True
    ):
        for name, sizes, positions in zip(
            names[:, 0], boxes[:, 0], counted[:, 0], strict=True
        ):
            yield (str(event[0]), str(name[0])), _listed(sizes, positions)


def _listed(sizes: NDArray[np.float64], positions: NDArray[np.integer]) -> Listed:
    """Return the faces of a picture from x, y, w, h and positions counted from one."""
    corners = np.hstack([sizes[:, :2], sizes[:, :2] + sizes[:, 2:4]])
    counted = np.zeros(len(corners), np.bool_)
    counted[positions.reshape(-1).astype(np.intp) - 1] = True
    return Listed(corners.astype(np.float32), counted)
