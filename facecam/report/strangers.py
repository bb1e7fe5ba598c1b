"""Real strangers for the report card: pictures of people who are not enrolled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from facecam.errors import DatasetError
from facecam.faces import Floats
from facecam.media import find_images
from facecam.report.promise import Reals, evidence
from facecam.training.evaluation import Report, embed_pictures
from facecam.vision.detector import Detector
from facecam.vision.identifier import Identifier

if TYPE_CHECKING:
    from facecam.vision.embedder import Embedder


def embed_strangers(
    folder: Path, detector: Detector, embedder: Embedder, report: Report
) -> dict[str, Floats]:
    """Embed the pictures of a folder; each folder in it is one stranger, (n, d) each.

    Pictures directly in the folder are of a stranger each; those without a face are
    left out.

    Raises:
        DatasetError: there is no picture with a face.
    """
    paths = find_images(folder)
    done = embed_pictures(paths, detector, embedder, report)
    found: dict[str, list[Floats]] = {}
    for path, row in zip(paths, done.embeddings, strict=True):
        if path in done.missed:
            continue
        inside = path.relative_to(folder)
        who = inside.parts[0] if len(inside.parts) == 1 else str(inside.parent)
        found.setdefault(who, []).append(row)
    if not found:
        raise DatasetError(f"There is no picture with a face in {folder}.")
    return {who: np.array(rows, np.float32) for who, rows in found.items()}


def best_evidence(identifier: Identifier, strangers: Mapping[str, Floats]) -> Reals:
    """Return how much each stranger resembles somebody: the median of their pictures.

    Returns:
        (n,), one stranger in so many; empty if nobody is enrolled.
    """
    if not identifier.identities or not strangers:
        return np.empty(0)
    best = [evidence(identifier, rows).max(axis=1) for rows in strangers.values()]
    return np.array([float(np.median(rows)) for rows in best])
