"""Open-set identification: one linear SVM per person, the stranger as the default.

Each person's SVM separates their embeddings from a cohort of strangers and from
everybody else enrolled, so it works from one person and one picture, and adding
somebody fits one small problem. The cohort is drawn from a Gaussian with the mean and
covariance of many faces: no real stranger's vector is kept. The same Gaussian, drawn
again with another seed, says how strangers score with each SVM; a score is reported
as "about one stranger in N would get this far".

Identifying needs numpy only; scikit-learn is imported when something is fitted.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facecam import files
from facecam.config import IdentifierConfig
from facecam.errors import WeightsCorrupt
from facecam.faces import Floats, Identity, Match
from facecam.vision.cohort import DAMAGE, Cohort
from facecam.vision.fitting import Fitter, Row


@dataclass(frozen=True, eq=False)
class Identifier:
    """The SVMs of p people, as plain arrays."""

    identities: tuple[Identity, ...]  # p
    weights: Floats  # (p, d), for centred embeddings
    bias: Floats  # (p,)
    usual: Floats  # (p,), decision for an ordinary stranger
    spread: Floats  # (p,), standard deviation of the decisions for strangers
    signatures: tuple[str, ...]  # p, of the embeddings each was fitted to
    cohort: Cohort
    config: IdentifierConfig

    @staticmethod
    def fit(
        people: Mapping[Identity, Floats],
        cohort: Cohort,
        config: IdentifierConfig | None = None,
        previous: Identifier | None = None,
    ) -> Identifier:
        """Fit one SVM per person.

        Args:
            people: embeddings of each person, (n, d), n at least 1.
            cohort: the strangers, of the same embedder.
            config: when a face gets a name.
            previous: an earlier result; SVMs that the changes since then cannot have
                moved are taken from it.
        """
        config = config or IdentifierConfig()
        kept: Mapping[str, Row] = {}
        if previous is not None and previous.config == config:
            kept = previous.rows()
        fitter = Fitter(people, cohort, config, kept)
        rows = [fitter.row(identity) for identity in people]
        d = len(cohort.mean)
        return Identifier(
            identities=tuple(people),
            weights=np.array([row.weights for row in rows], np.float32).reshape(-1, d),
            bias=np.array([row.bias for row in rows], np.float32),
            usual=np.array([row.usual for row in rows], np.float32),
            spread=np.array([row.spread for row in rows], np.float32),
            signatures=tuple(row.signature for row in rows),
            cohort=cohort,
            config=config,
        )

    def rows(self) -> dict[str, Row]:
        """Return the SVM of each person by id."""
        return {
            identity.id: Row(
                self.weights[n],
                float(self.bias[n]),
                float(self.usual[n]),
                float(self.spread[n]),
                self.signatures[n],
            )
            for n, identity in enumerate(self.identities)
        }

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
            and self.signatures == other.signatures
            and np.array_equal(self.weights, other.weights)
        )

    def save(self, path: Path, seal: Callable[[bytes], bytes] = bytes) -> None:
        """Store the arrays: no pickle, never half a file; `seal` hides them."""
        buffer = io.BytesIO()
        np.savez(
            buffer,
            ids=np.array([identity.id for identity in self.identities], np.str_),
            names=np.array([identity.name for identity in self.identities], np.str_),
            signatures=np.array(self.signatures, np.str_),
            made_with=np.array(_made_with(self.config, self.cohort)),
            weights=self.weights,
            bias=self.bias,
            usual=self.usual,
            spread=self.spread,
        )
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
                return Identifier(
                    identities=tuple(Identity(*pair) for pair in names),
                    weights=stored["weights"],
                    bias=stored["bias"],
                    usual=stored["usual"],
                    spread=stored["spread"],
                    signatures=tuple(stored["signatures"].tolist()),
                    cohort=cohort,
                    config=config,
                )
        except DAMAGE as error:
            raise WeightsCorrupt(
                f"{path} cannot be read: {error}. It is made again from the portraits."
            ) from error


def _made_with(config: IdentifierConfig, cohort: Cohort) -> str:
    """Say what SVMs depend on beside the people."""
    return f"{config!r}, cohort {cohort.digest}"


def one_in(scores: Floats) -> Floats:
    """Turn standard deviations above strangers into "one in N", elementwise."""
    return np.vectorize(_one_in, otypes=[np.float64])(scores)


def _one_in(score: float) -> float:
    return 2 / max(math.erfc(score / math.sqrt(2)), 1e-12)


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
