"""How much the pictures of a gallery resemble their own person and everybody else.

The numbers behind the audit. A resemblance is told as "one stranger in N resembles
this person as much". The classifiers cannot say it, since each has learned the very
pictures it would be asked about; here a picture is compared with the others of its
person, and never with itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facecam.faces import Floats, Identity
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import one_in

if TYPE_CHECKING:
    from facecam.gallery import PersonViews

AUDIT_SEED = 3
"""Other strangers than the classifiers were fitted to and measured with."""
TOGETHER = 64
"""So many people are compared with strangers in one product."""
NOBODY = -9.0
"""Standard deviations: resembles nobody at all."""

Rise = Callable[[float], None]
"""Told the share that is done, 0…1."""


@dataclass(frozen=True, eq=False)
class Resemblance:
    """Resemblances of n pictures of p people, in deviations above strangers."""

    owner: NDArray[np.intp]  # (n,), position of the person each picture is of
    own: Floats  # (n,), to the other pictures of the same person; NaN if there is none
    other: Floats  # (n,), to whoever else it resembles most
    whom: NDArray[np.intp]  # (n,), position of that person; -1 if there is nobody else
    means: Floats  # (p, p), cosine of the mean faces of two people
    pairs: Floats  # (p, p), mean cosine between the pictures of two people
    within: Floats  # (p,), mean cosine between two pictures of one; NaN if only one
    surprise: Floats  # (p, p), `pairs` in deviations above a stranger's cosine


def compare(
    embeddings: Sequence[Floats],
    cohort: Cohort,
    strangers: int,
    real_spread: float,
    rise: Rise = lambda share: None,
) -> Resemblance:
    """Compare every picture with its own person and everybody else.

    Args:
        embeddings: those of each of p people, (n, d), n at least 1.
        cohort: the strangers of the same embedder.
        strangers: how many of them to draw.
        real_spread: deviations of real strangers over those of drawn ones.
        rise: told the progress.
    """
    drawn = cohort.sample(strangers, AUDIT_SEED)  # (m, d)
    vectors = [cohort.centred(rows) for rows in embeddings]
    own: list[Floats] = []
    for first in range(0, len(vectors), TOGETHER):
        own += _owns(vectors[first : first + TOGETHER], drawn, real_spread)
        rise(0.6 * first / len(vectors))
    sums = np.stack([rows.sum(axis=0) for rows in vectors])  # (p, d)
    counts = np.array([len(rows) for rows in vectors], np.float32)
    lengths = np.maximum(np.linalg.norm(sums, axis=1), 1e-6)
    faces = sums / lengths[:, None]
    owner = np.repeat(np.arange(len(vectors)), counts.astype(int))
    usual = drawn @ faces.T  # (m, p)
    other, whom = _others(np.vstack(vectors), owner, faces, usual)
    rise(0.95)
    means = faces @ faces.T
    pairs = means * np.outer(lengths / counts, lengths / counts)
    with np.errstate(invalid="ignore", divide="ignore"):
        within = (lengths**2 - counts) / (counts * (counts - 1))
    return Resemblance(
        owner=owner,
        own=np.concatenate(own),
        other=other / np.float32(real_spread),
        whom=whom,
        means=means,
        pairs=pairs,
        within=np.where(counts > 1, within, np.nan).astype(np.float32),
        surprise=pairs / (usual.std(axis=0) * lengths / counts * real_spread),
    )


def strangers_as_near(deviations: Floats) -> Floats:
    """Return one in how many strangers resembles as much, (n,) -> (n,); NaN stays."""
    return np.where(np.isnan(deviations), np.nan, one_in(np.nan_to_num(deviations)))


def _owns(vectors: Sequence[Floats], drawn: Floats, real_spread: float) -> list[Floats]:
    """Return how much the pictures of each of some people resemble the rest, (n,) each.

    One product for all of them: many small ones take five times as long.
    """
    usual = drawn @ np.vstack(vectors).T  # (m, sum of n)
    ends = np.cumsum([len(rows) for rows in vectors])
    parts = np.split(usual, ends[:-1], axis=1)
    return [
        _own(rows, part) / real_spread
        for rows, part in zip(vectors, parts, strict=True)
    ]


def _own(rows: Floats, usual: Floats) -> Floats:
    """Return how much each picture resembles the rest of its person, (n, d) -> (n,).

    The mean of the nearer half of the cosines, so that some pictures of somebody else
    among them do not count, in deviations above the same mean of the strangers.

    Args:
        rows: (n, d), one person's pictures.
        usual: (m, n), cosines of strangers with them.
    """
    n = len(rows)
    if n < 2:
        return np.full(n, np.nan, np.float32)
    half = n // 2
    strangers = _nearest(usual, half)  # (m,)
    alike = rows @ rows.T
    np.fill_diagonal(alike, NOBODY)
    spread = max(float(strangers.std()), 1e-6)
    return (_nearest(alike, half) - strangers.mean()) / spread


def _nearest(cosines: Floats, k: int) -> Floats:
    """Return the mean of the k largest of each row, (n, m) -> (n,)."""
    return -np.partition(-cosines, k - 1, axis=1)[:, :k].mean(axis=1)


def _others(
    vectors: Floats, owner: NDArray[np.intp], faces: Floats, usual: Floats
) -> tuple[Floats, NDArray[np.intp]]:
    """Return how much each picture resembles the nearest other person, and who it is.

    Args:
        vectors: (n, d).
        owner: (n,).
        faces: (p, d), the mean face of each person.
        usual: (m, p), cosines of strangers with each face.
    """
    deviations = vectors @ faces.T  # (n, p)
    deviations -= usual.mean(axis=0)
    deviations /= np.maximum(usual.std(axis=0), 1e-6)
    rows = np.arange(len(vectors))
    deviations[rows, owner] = NOBODY
    whom = deviations.argmax(axis=1)
    other = deviations[rows, whom]
    return other, np.where(other > NOBODY, whom, -1)


def nearest(
    views: Mapping[Identity, PersonViews], whose: str, files: Collection[str]
) -> list[Identity]:
    """Return everybody else, those first whom some pictures of a person resemble most.

    Args:
        views: everybody's pictures.
        whose: the id of the person whose pictures they are.
        files: which of them.
    """
    rows = [
        row
        for person, view in views.items()
        for file, row in zip(view.files, view.embeddings, strict=True)
        if person.id == whose and file in files
    ]
    others = {person: view for person, view in views.items() if person.id != whose}
    if not rows:
        return list(others)
    face = np.mean(rows, axis=0)
    alike = {p: float((view.embeddings @ face).max()) for p, view in others.items()}
    return sorted(others, key=lambda person: -alike[person])
