"""Clusters as one picture to look at: a row of faces each, the largest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from facecam.clustering.grouping import ALONE, Labels
from facecam.faces import Image
from facecam.vision.draw import text_mask
from facecam.vision.tiles import tiled

ACROSS = 14
"""Faces of a cluster that are shown."""
DOWN = 100
"""Clusters that are shown at most."""
PAPER = 250
TEXT, GAP = 16, 8
"""Size of the text, and what is left around it, pixels."""
NAMED = 3
"""Names of a cluster that are told, the most frequent ones."""


def contact_sheet(
    thumbnails: Image, labels: Labels, names: Sequence[str] | None = None
) -> Image:
    """Draw the clusters, (n, s, s, 3), (n,) -> (h, w, 3).

    Args:
        thumbnails: of the faces.
        labels: of `cluster`; faces that are alone come last, in one row.
        names: whose face each is, if that is known.
    """
    side = thumbnails.shape[1]
    width = ACROSS * side + 2 * GAP
    largest = int(labels.max(initial=-1))
    shown = [*range(min(largest + 1, DOWN)), *([ALONE] if (labels < 0).any() else [])]
    parts = [
        _row(np.flatnonzero(labels == label), label, thumbnails, names)
        for label in shown
    ]
    if largest + 1 > DOWN:
        parts.insert(DOWN, _line(f"{largest + 1 - DOWN} more clusters", width))
    return np.vstack(parts or [_line("No face", width)])


def _row(
    members: np.ndarray, label: int, thumbnails: Image, names: Sequence[str] | None
) -> Image:
    title = "alone" if label == ALONE else str(label + 1)
    counted = f"{len(members)} face{'s' * (len(members) != 1)}"
    who = "" if names is None else f" · {_told([names[k] for k in members])}"
    faces = tiled(thumbnails[members[:ACROSS]], ACROSS)
    here = np.arange(faces.shape[1]) < len(members) * thumbnails.shape[1]
    faces = np.where(here[None, :, None], faces, PAPER).astype(np.uint8)
    heading = _line(f"{title}  ·  {counted}{who}", faces.shape[1] + 2 * GAP)
    sides = ((0, GAP), (GAP, GAP), (0, 0))
    return np.vstack([heading, np.pad(faces, sides, constant_values=PAPER)])


def _told(names: Sequence[str]) -> str:
    """Return the most frequent names, with how often: "Ada 12, Grace 1, 3 others"."""
    counts = Counter(names).most_common()
    told = [f"{name} {count}" for name, count in counts[:NAMED]]
    others = len(counts) - NAMED
    return ", ".join([*told, f"{others} others"] if others > 0 else told)


def _line(text: str, width: int) -> Image:
    mask = text_mask(text, TEXT)[:, : width - 2 * GAP]
    line = np.full((mask.shape[0] + GAP, width, 3), PAPER, np.uint8)
    where = line[GAP // 2 : GAP // 2 + mask.shape[0], GAP : GAP + mask.shape[1]]
    where[:] = (where * (1 - mask[..., None] / 255)).astype(np.uint8)
    return line
