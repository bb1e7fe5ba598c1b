"""How strangers look to an embedder of a run: a cohort from the run's own pictures.

Nobody in these pictures is kept, only the distribution. People nothing was learned from
say most: to a net, faces it has learned lie further apart than any others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from facecam.errors import DatasetError, TrainingError
from facecam.faces import Floats, Image
from facecam.media import read_image
from facecam.training.embedder import altering, crops, index
from facecam.training.embedder.batches import middles
from facecam.training.embedder.crops import HELD_OUT, Records
from facecam.training.embedder.index import Shown
from facecam.training.embedder.measuring import AT_ONCE, Embed
from facecam.training.embedder.recipe import CROPS, INDEX, TEACHER
from facecam.vision.cohort import Cohort

MOST = 5000
"""Faces that are embedded, at most."""
ENOUGH = 2000
"""So many faces of people nothing was learned from do without the others."""
LEAST = 100
"""With fewer faces nothing can be said of strangers."""
OF_A_GROUP = 600
"""Faces for which there is one group; see `scripts/make_cohort.py`."""
GROUPS = 16
FEW = 1000
"""With fewer, somebody should know. FaceNet with strangers learned from 100, 300, 900
and 10,000 faces names 2.6, 1.8, 1.5 and 0.7 % of 1,500 others where 1 % is set."""
READABLE = 0.9
"""Share of the pictures that must still be there; else the run's crops are taken."""

Told = Callable[[float], None]
"""Told the share that is done; may raise to end it."""


def cohort(embeddings: Floats) -> Cohort:
    """Return the distribution of strangers.

    Args:
        embeddings: of their faces, (n, d).

    Raises:
        TrainingError: there are too few.
    """
    count = len(embeddings)
    if count < LEAST:
        raise TrainingError(
            f"The run shows {count} faces; {LEAST} are needed to know how strangers "
            "look to its embedder. Train with more pictures."
        )
    groups = min(GROUPS, count // OF_A_GROUP)
    while groups > 1:
        try:
            return Cohort.of(embeddings, groups)
        except DatasetError:  # one of them may be one person
            groups //= 2
    return Cohort.of(embeddings)


def embed_strangers(
    run: Path, size: int, share: float, embed: Embed, report: Told
) -> Floats:
    """Embed faces of the pictures a run was given, (n, d).

    Args:
        run: its directory.
        size: side of the net's input, pixels.
        share: what the net sees of a picture's side.
        embed: the net.
        report: told the share done.

    Raises:
        DatasetError: neither the pictures nor the run's crops can be read.
    """
    chosen = choose(index.read_index(run / INDEX))
    shown = altering.view(share)
    rows: list[Floats] = []
    for n in range(0, len(chosen), AT_ONCE):
        some = [(one, 0) for one in chosen[n : n + AT_ONCE]]
        pictures = crops.read_all(some, read_image)
        seen = [altering.cut(picture, shown, size) for picture, _ in pictures]
        rows += [embed(np.stack(seen))] if seen else []
        report((n + len(some)) / len(chosen))
    if sum(map(len, rows)) < READABLE * len(chosen):
        return _embed_crops(run, size, embed)
    return np.concatenate(rows)


def choose(found: index.Index) -> list[Shown]:
    """Choose pictures: of those held out all, of others evenly, and never too many."""
    held_out = list(found.held_out)
    if len(held_out) >= ENOUGH:
        return _evenly(held_out, MOST)
    return held_out + _evenly(found.learned, MOST - len(held_out))


def _evenly(everything: Sequence[Shown], most: int) -> list[Shown]:
    count = min(len(everything), most)
    places = np.linspace(0, max(len(everything) - 1, 0), count).astype(np.intp)
    return [everything[n] for n in places.tolist()]


def _embed_crops(run: Path, size: int, embed: Embed) -> Floats:
    """Embed the crops a run has kept: those held out, then others."""
    folder = run / (TEACHER if (run / TEACHER).is_dir() else CROPS)
    rows: list[Floats] = []
    left = MOST
    for part in (folder / HELD_OUT, folder):
        records = Records(part)
        count = min(len(records), left)
        left -= count
        places = np.linspace(0, max(len(records) - 1, 0), count).astype(np.intp)
        for n in range(0, count, AT_ONCE):
            pixels: Image = records.read(places[n : n + AT_ONCE]).pixels
            rows.append(embed(middles(pixels, size)))
        records.close()
    return np.concatenate(rows)
