"""Open-set identification: one linear SVM per person, the stranger as the default.

Each person's SVM separates their embeddings from a cohort of strangers and from those
enrolled who resemble them, so it works from one person and one picture, and adding
somebody fits one small problem. The cohort is drawn from the
distribution of many faces: no real stranger's vector is kept. The same distribution,
drawn again with another seed, says how strangers score with each SVM; a score is
reported as "about one stranger in N would get this far".

Identifying needs numpy only; scikit-learn is imported when something is fitted.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam import files
from facecam.config import IdentifierConfig
from facecam.errors import WeightsCorrupt
from facecam.faces import Examples, Floats, Identity, Match
from facecam.vision.cohort import DAMAGE, Cohort
from facecam.vision.fitting import Fitter, Row


@dataclass(frozen=True, eq=False)
class Identifier:
    """The SVMs of p people, as plain arrays."""

    identities: tuple[Identity, ...]  # p
    rows: tuple[Row, ...]  # p
    cohort: Cohort
    config: IdentifierConfig

    @staticmethod
    def fit(
        people: Mapping[Identity, Examples | Floats],
        cohort: Cohort,
        config: IdentifierConfig | None = None,
        previous: Identifier | None = None,
        report: Callable[[float], None] = lambda share: None,
    ) -> Identifier:
        """Fit one SVM per person.

        Args:
            people: what is known of each person, or just their views, (n, d), n at
                least 1.
            cohort: the strangers, of the same embedder.
            config: when a face gets a name.
            previous: an earlier result; the SVMs that the changes since then have not
                moved are taken from it, which makes it quicker, not different.
            report: told the share done; may raise to end it.
        """
        config = config or IdentifierConfig()
        kept: Mapping[str, Row] = {}
        made_with = _made_with(config, cohort)
        if previous and _made_with(previous.config, previous.cohort) == made_with:
            ids = [identity.id for identity in previous.identities]
            kept = dict(zip(ids, previous.rows, strict=True))
        nothing = np.empty((0, len(cohort.mean)), np.float32)
        known = {
            identity: one if isinstance(one, Examples) else Examples(one, nothing)
            for identity, one in people.items()
        }
        rows = Fitter(known, cohort, config, kept).rows(report)
        return Identifier(tuple(people), tuple(rows), cohort, config)

    @cached_property
    def weights(self) -> Floats:
        """The SVMs, for centred embeddings, (p, d)."""
        weights = np.array([row.weights for row in self.rows], np.float32)
        return weights.reshape(-1, len(self.cohort.mean))

    @cached_property
    def bias(self) -> Floats:
        """What is added to their decisions, (p,)."""
        return np.array([row.bias for row in self.rows], np.float32)

    @cached_property
    def usual(self) -> Floats:
        """The decision of each for an ordinary stranger, (p,)."""
        return np.array([row.usual for row in self.rows], np.float32)

    @cached_property
    def spread(self) -> Floats:
        """Standard deviation of the decisions for strangers, (p,)."""
        return np.array([row.spread for row in self.rows], np.float32)

    def scores(self, embeddings: Floats) -> Floats:
        """Return how far above strangers each face is for each person, -> (k, p).

        In standard deviations of the strangers' decisions, so people compare.
        """
        decisions = self.cohort.centred(embeddings) @ self.weights.T + self.bias
        return (decisions - self.usual) / self.spread

    def identify(
        self, embeddings: Floats, held: Sequence[Identity | None] | None = None
    ) -> list[Match]:
        """Name the faces of one frame, each person at most once.

        Args:
            embeddings: (k, d), unit length.
            held: the names the k faces carry so far; such a name stays until the
                evidence for it is `hysteresis` times weaker than a new one needs.

        Returns:
            k matches; faces that resemble nobody enough are strangers.
        """
        if not self.identities:
            return [Match(None, 1.0) for _ in embeddings]
        strangers = self._strangers(self.scores(embeddings))  # (k, p)
        eager = strangers.copy()
        for row, identity in enumerate(held or ()):
            if identity in self.identities:
                eager[row, self.identities.index(identity)] *= self.config.hysteresis
        named = _assign(eager, self.config.strangers_per_wrong_name)
        best = strangers.argmax(axis=1)  # (k,)
        return [
            Match(
                identity=None if person is None else self.identities[person],
                strangers=float(
                    strangers[row, best[row] if person is None else person]
                ),
                candidate=self.identities[best[row]],
            )
            for row, person in enumerate(named)
        ]

    def _strangers(self, scores: Floats) -> Floats:
        """Return about how many strangers yield one such score with anybody, (k, p)."""
        rarity = one_in(scores / self.config.real_spread)
        return np.maximum(rarity / len(self.identities), 1)

    def same_as(self, other: Identifier) -> bool:
        """Say whether both hold the same people, names and SVMs."""
        return (
            self.identities == other.identities
            and np.array_equal(self.weights, other.weights)
            and np.array_equal(self.usual, other.usual)
        )

    def save(self, path: Path, seal: Callable[[bytes], bytes] = bytes) -> None:
        """Store the arrays: no pickle, never half a file; `seal` hides them."""
        buffer = io.BytesIO()
        arrays: dict[str, Any] = {
            "ids": np.array([identity.id for identity in self.identities], np.str_),
            "names": np.array([identity.name for identity in self.identities], np.str_),
            "made_with": np.array(_made_with(self.config, self.cohort)),
            **_arrays(self.rows),
        }
        np.savez(buffer, **arrays)
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, seal(buffer.getvalue()))

    @staticmethod
    def load(
        path: Path,
        cohort: Cohort,
        config: IdentifierConfig,
        unseal: Callable[[bytes], bytes] = bytes,
    ) -> Identifier:
        """Read what `save` stored; `unseal` undoes its `seal`.

        Raises:
            WeightsCorrupt: the file is damaged or was fitted with other settings or
                another cohort; fit again from the portraits.
        """
        try:
            data = io.BytesIO(unseal(path.read_bytes()))
            with np.load(data, allow_pickle=False) as stored:
                if stored["made_with"].item() != _made_with(config, cohort):
                    raise ValueError("it was fitted with other settings or strangers")
                names = zip(
                    stored["ids"].tolist(), stored["names"].tolist(), strict=True
                )
                identities = tuple(Identity(*pair) for pair in names)
                rows = tuple(_rows(stored))
            if len(identities) != len(rows):
                raise ValueError("people and classifiers do not fit together")
            return Identifier(identities, rows, cohort, config)
        except DAMAGE as error:
            raise WeightsCorrupt(
                f"{path} cannot be read: {error}. It is made again from the portraits."
            ) from error


def _made_with(config: IdentifierConfig, cohort: Cohort) -> str:
    """Say what SVMs depend on beside the people; when a name is given is not in it."""
    never = (config.never_weight, config.never_portraits)
    chosen = (config.cohort, config.penalty, *never, config.typical_stranger)
    return f"{chosen}, cohort {cohort.digest}"


NUMBERS = ("weights", "bias", "usual", "spread", "alone")
MARKS = ("own", "never", "near")
"""The fields of a row: arrays of one shape, and sets of views of any size."""


def _arrays(rows: Sequence[Row]) -> dict[str, NDArray[Any]]:
    """Return what `_rows` reads; the sets of views one after another."""
    arrays: dict[str, NDArray[Any]] = {
        name: np.array([getattr(row, name) for row in rows], np.float64)
        if name in ("bias", "usual", "spread")
        else np.array([getattr(row, name) for row in rows], np.float32)
        for name in NUMBERS
    }
    for name in MARKS:
        sets = [getattr(row, name) for row in rows]
        arrays[name] = np.concatenate([np.empty(0, np.uint64), *sets])
        arrays[f"{name}_counts"] = np.array([len(one) for one in sets], np.intp)
    return arrays


def _rows(stored: Mapping[str, NDArray[Any]]) -> Iterator[Row]:
    """Read the rows back; raises ValueError where the arrays do not fit together."""
    sets = [
        np.split(stored[name], np.cumsum(stored[f"{name}_counts"])[:-1])
        for name in MARKS
    ]
    numbers = [stored[name] for name in NUMBERS]
    if not len(numbers[0]):
        return
    for weights, bias, usual, spread, alone, *marks in zip(
        *numbers, *sets, strict=True
    ):
        yield Row(weights, float(bias), float(usual), float(spread), alone, *marks)


def one_in(scores: Floats) -> Floats:
    """Turn standard deviations above strangers into "one in N", elementwise."""
    return np.exp(np.interp(scores, _SCORES, _RARITIES))


def _rarity(score: float) -> float:
    """Return the logarithm of one over the upper tail of the normal distribution."""
    return -math.log(max(math.erfc(score / math.sqrt(2)) / 2, 1e-12))


_SCORES = np.linspace(-8, 8, 1601)
_RARITIES = np.array([_rarity(score) for score in _SCORES])
"""A table: a thousand people are looked up in 20 µs, 500 times as fast as one by one.
It is right to 1 in 10,000."""


def _assign(strangers: Floats, least: float) -> list[int | None]:
    """Give each face at most one person and each person at most one face, best first.

    Args:
        strangers: (k, p), evidence.
        least: evidence from which a name may be given.

    Returns:
        k positions of people, None for a stranger.
    """
    named: list[int | None] = [None] * len(strangers)
    left = strangers.copy()
    while left.size and left.max() >= least:
        face, person = np.unravel_index(int(left.argmax()), left.shape)
        named[int(face)] = int(person)
        left[face, :] = left[:, person] = 0
    return named
