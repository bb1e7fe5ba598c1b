"""Strangers as a distribution, so that no real stranger's vector is kept."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from facecam.errors import WeightsCorrupt
from facecam.faces import Floats

DAMAGE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)
"""What numpy raises on an npz that is truncated or something else."""


@dataclass(frozen=True, eq=False)
class Cohort:
    """Strangers as a distribution: the Gaussian of an embedder's vectors."""

    mean: Floats  # (d,)
    covariance: Floats  # (d, d)

    @staticmethod
    def of(embeddings: Floats) -> Cohort:
        """Estimate the distribution from the faces of many people, (n, d)."""
        covariance = np.cov(embeddings, rowvar=False).astype(np.float32)
        return Cohort(embeddings.mean(axis=0), covariance)

    @staticmethod
    def load(path: Path) -> Cohort:
        """Read the npz that `save` wrote.

        Raises:
            WeightsCorrupt: the file is damaged or something else.
        """
        try:
            data = io.BytesIO(path.read_bytes())
            with np.load(data, allow_pickle=False) as stored:
                mean, covariance = stored["mean"], stored["covariance"]
        except DAMAGE as error:
            raise WeightsCorrupt(
                f"{path} is not a cohort of strangers: {error}. Reinstall facecam."
            ) from error
        return Cohort(mean.astype(np.float32), covariance.astype(np.float32))

    def save(self, path: Path) -> None:
        """Store mean and covariance as half precision arrays."""
        np.savez_compressed(
            path,
            mean=self.mean.astype(np.float16),
            covariance=self.covariance.astype(np.float16),
        )

    def sample(self, n: int, seed: int) -> Floats:
        """Draw n strangers, (n, d), unit length and centred like `centred`."""
        normal = np.random.default_rng(seed).standard_normal((n, len(self.mean)))
        drawn = normal.astype(np.float32) @ self._root.T + self.mean
        return self.centred(drawn)

    def centred(self, embeddings: Floats) -> Floats:
        """Subtract the mean face and return to unit length, (n, d) -> (n, d)."""
        moved = embeddings - self.mean
        return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)

    @cached_property
    def digest(self) -> str:
        """A short hash of the distribution."""
        numbers = np.ascontiguousarray(np.vstack([self.mean, self.covariance]))
        return hashlib.sha256(numbers.tobytes()).hexdigest()[:16]

    @cached_property
    def _root(self) -> Floats:
        """A matrix whose square is the covariance, (d, d)."""
        values, vectors = np.linalg.eigh(self.covariance.astype(np.float64))
        return (vectors * np.sqrt(np.maximum(values, 0))).astype(np.float32)
