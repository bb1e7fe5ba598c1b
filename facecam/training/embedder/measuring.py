"""What an embedder can do with faces it was not taught.

people    every pair of held-out crops: is it one person?
crops     how near the teacher's embeddings of held-out crops it comes
pairs     those of LFW, if they are given
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from facecam.errors import DatasetError
from facecam.faces import Floats, Image
from facecam.training import metrics
from facecam.training.datasets import Pair
from facecam.training.embedder.batches import middles
from facecam.training.embedder.crops import HELD_OUT, Records
from facecam.training.evaluation import evaluate_pairs
from facecam.training.step import Metrics

Embed: TypeAlias = Callable[[Image], Floats]
"""Crops (n, s, s, 3) in, unit vectors (n, d) out."""

AT_ONCE = 64
"""Crops embedded in one call."""
MEASURED = 2000
"""Held-out crops that are measured, at most."""
PAIRS = "pairs.json"
PICTURES = "pictures-{size}.npy"
"""The faces on the pictures of the pairs, for nets with an input of that side."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Crops to measure on, as the net sees them."""

    pixels: Image  # (n, s, s, 3)
    labels: NDArray[np.int32]  # (n,)
    embeddings: Floats  # (n, d), the teacher's; d is 0 without one


@dataclass(frozen=True, eq=False)
class PairSet:
    """Pairs of LFW and the faces on their pictures."""

    pairs: tuple[Pair, ...]
    paths: tuple[Path, ...]
    faces: NDArray[np.uint8]  # (n, s, s, 3), of the paths in their order


@dataclass(frozen=True, eq=False)
class Measured:
    """What a fit is measured on."""

    held_out: HeldOut
    pairs: PairSet | None


def read_measured(crops: Path, pairs: Path | None, size: int) -> Measured:
    """Read what a fit is measured on, for a net of some input side."""
    held_out = read_held_out(crops / HELD_OUT, size)
    return Measured(held_out, read_pairs(pairs, size) if pairs else None)


def read_held_out(folder: Path, size: int) -> HeldOut:
    """Read the crops to measure on, at most MEASURED, evenly taken."""
    records = Records(folder)
    count = min(len(records), MEASURED)
    places = np.linspace(0, max(len(records) - 1, 0), count).astype(np.intp)
    crops = records.read(places)
    records.close()
    return HeldOut(middles(crops.pixels, size), crops.labels, crops.embeddings)


def read_pairs(folder: Path, size: int) -> PairSet:
    """Read the pairs a step before has prepared, for a net of some input side.

    Raises:
        DatasetError: they are not there, or damaged.
    """
    try:
        values = json.loads((folder / PAIRS).read_text("utf-8"))
        paths = tuple(map(Path, values["paths"]))
        pairs = tuple(
            Pair(paths[first], paths[second], same, fold)
            for first, second, same, fold in values["pairs"]
        )
        faces = np.load(folder / PICTURES.format(size=size), mmap_mode="r")
    except (OSError, EOFError, ValueError, LookupError, TypeError) as error:
        raise DatasetError(
            f"The pairs in {folder} cannot be read: {error}. Delete it and run the "
            "same command again."
        ) from error
    return PairSet(pairs, paths, faces)


def measure(embed: Embed, held_out: HeldOut, pairs: PairSet | None) -> Metrics:
    """Return what a net can do, by the names of the curves."""
    figures: Metrics = {}
    if len(held_out.pixels):
        found = embed_all(embed, held_out.pixels)
        if held_out.embeddings.shape[1]:
            figures |= _beside_teacher(found, held_out.embeddings)
        else:
            figures |= _verified(found, held_out.labels)
    if pairs is not None:
        told = verify(embed, pairs)
        figures |= {
            "lfw": told["accuracy"],
            "lfw_val": told["val_at_far_1e-3"],
            "lfw_auc": told["auc"],
        }
    return figures


def verify(embed: Embed, pairs: PairSet) -> dict[str, Any]:
    """Verify pairs as `facecam evaluate lfw --plain` does; see `evaluate_pairs`."""
    rows = embed_all(embed, pairs.faces)
    return evaluate_pairs(pairs.pairs, dict(zip(pairs.paths, rows, strict=True)))


def worth(figures: Mapping[str, float]) -> float:
    """Return by what weights are compared; never by LFW, which is for testing."""
    return figures["cosine"] if "cosine" in figures else figures.get("auc", 0.0)


def embed_all(embed: Embed, pixels: Image) -> Floats:
    """Embed any number of crops, (n, d)."""
    parts = [
        embed(np.ascontiguousarray(pixels[n : n + AT_ONCE]))
        for n in range(0, len(pixels), AT_ONCE)
    ]
    return np.concatenate(parts)


def _verified(found: Floats, labels: NDArray[np.int32]) -> Metrics:
    """Tell one person from two, over every pair of crops."""
    first, second = np.triu_indices(len(found), 1)
    same = labels[first] == labels[second]
    if same.all() or not same.any():
        return {}
    squares = 2 - 2 * (found @ found.T)[first, second]
    distances = np.sqrt(np.maximum(squares, 0)).astype(np.float32)
    return {
        "auc": metrics.auc(distances, same),
        "eer": metrics.eer(distances, same),
    }


def _beside_teacher(found: Floats, wanted: Floats) -> Metrics:
    """Compare with a teacher: cosines, and how the relations of faces agree."""
    first, second = np.triu_indices(len(found), 1)
    ours = (found @ found.T)[first, second]
    theirs = (wanted @ wanted.T)[first, second]
    return {
        "cosine": float((found * wanted).sum(axis=1).mean()),
        "agreement": float(np.corrcoef(ours, theirs)[0, 1]),
    }
