"""Strangers as a distribution, so that no real stranger's vector is kept.

A mixture of Gaussians that share one covariance: faces crowd in some regions of the
space (by age, sex, origin), and a single Gaussian draws too few strangers there, where
an enrolled person's look-alikes are.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facecam import files
from facecam.errors import DatasetError, WeightsCorrupt
from facecam.faces import Floats

DAMAGE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)
"""What numpy raises on an npz that is truncated or something else."""
LEAST_FACES = 100
"""A centre that ships is the mean of at least so many faces."""
MOST_ALIKE = 0.65
"""Mean cosine of the faces of a group with its centre, from which the group may be
one person's pictures: those have 0.75 and more."""


@dataclass(frozen=True, eq=False)
class Cohort:
    """Strangers as a distribution: a mixture of Gaussians of an embedder's vectors."""

    centres: Floats  # (k, d)
    shares: Floats  # (k,), add up to 1
    covariance: Floats  # (d, d), within each of the k groups

    @staticmethod
    def of(embeddings: Floats, groups: int = 1) -> Cohort:
        """Estimate the distribution from the faces of many people.

        Args:
            embeddings: (n, d), unit length.
            groups: k; with several, each must be of many people.

        Raises:
            DatasetError: a group is so small or so alike that its centre may show
                one person.
        """
        labels = np.zeros(len(embeddings), np.intp)
        if groups > 1:
            labels = _grouped(embeddings, groups)
        centres = np.stack(
            [embeddings[labels == k].mean(axis=0) for k in range(groups)]
        )
        rest = embeddings - centres[labels]
        covariance = np.cov(rest, rowvar=False)
        shares = np.bincount(labels, minlength=groups) / len(labels)
        arrays = (np.asarray(one, np.float32) for one in (centres, shares, covariance))
        return Cohort(*arrays)

    @staticmethod
    def load(path: Path) -> Cohort:
        """Read the npz that `save` wrote.

        Raises:
            WeightsCorrupt: the file is damaged or something else.
        """
        try:
            data = io.BytesIO(path.read_bytes())
            with np.load(data, allow_pickle=False) as stored:
                names = ("centres", "shares", "covariance")
                arrays = [stored[name].astype(np.float32) for name in names]
        except DAMAGE as error:
            raise WeightsCorrupt(
                f"{path} is not a cohort of strangers: {error}. Reinstall facecam."
            ) from error
        return Cohort(*arrays)

    def save(self, path: Path) -> None:
        """Store centres and covariance as half precision arrays."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            centres=self.centres.astype(np.float16),
            shares=self.shares,
            covariance=self.covariance.astype(np.float16),
        )
        files.write(path, buffer.getvalue())

    @lru_cache(maxsize=4)  # noqa: B019  (a cohort is loaded once)
    def sample(self, n: int, seed: int) -> Floats:
        """Draw n strangers, (n, d), unit length and centred like `centred`.

        The same ones each time; drawing 3,000 takes as long as fitting somebody to
        them, so the last few draws are kept.
        """
        random = np.random.default_rng(seed)
        shares = self.shares.astype(np.float64)
        groups = random.choice(len(shares), n, p=shares / shares.sum())
        normal = random.standard_normal((n, self.centres.shape[1])).astype(np.float32)
        return self.centred(normal @ self._root.T + self.centres[groups])

    def centred(self, embeddings: Floats) -> Floats:
        """Subtract the mean face and return to unit length, (n, d) -> (n, d)."""
        moved = embeddings - self.mean
        return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)

    @cached_property
    def mean(self) -> Floats:
        """The mean face, (d,)."""
        return self.shares @ self.centres

    @cached_property
    def digest(self) -> str:
        """A short hash of the distribution."""
        arrays = (self.centres, self.shares, self.covariance)
        numbers = b"".join(np.ascontiguousarray(one).tobytes() for one in arrays)
        return hashlib.sha256(numbers).hexdigest()[:16]

    @cached_property
    def _root(self) -> Floats:
        """A matrix whose square is the covariance, (d, d)."""
        values, vectors = np.linalg.eigh(self.covariance.astype(np.float64))
        return (vectors * np.sqrt(np.maximum(values, 0))).astype(np.float32)


def _grouped(embeddings: Floats, groups: int) -> NDArray[np.intp]:
    """Return which group each face belongs to, (n, d) -> (n,)."""
    from sklearn.cluster import KMeans

    moved = embeddings - embeddings.mean(axis=0)
    moved /= np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    labels = KMeans(groups, n_init=3, random_state=0).fit_predict(moved)
    for k in range(groups):
        members = moved[labels == k]
        centre = members.mean(axis=0)
        alike = float((members @ centre).mean() / max(np.linalg.norm(centre), 1e-9))
        if len(members) < LEAST_FACES or alike > MOST_ALIKE:
            raise DatasetError(
                f"With {groups} groups, one has {len(members)} faces with a likeness "
                f"of {alike:.2f}: it may be one person. Use fewer groups."
            )
    return labels
