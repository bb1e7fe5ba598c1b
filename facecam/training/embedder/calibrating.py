"""How real strangers score beside drawn ones, measured on people with names.

A cohort says how strangers scatter; two numbers of `IdentifierConfig` say how much of
that is true of faces it was not made of. Both belong to an embedder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from facecam.config import IdentifierConfig
from facecam.errors import DatasetError
from facecam.faces import Floats, Identity
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier

PORTRAITS = (2, 5, 10)
"""Portraits somebody is enrolled with."""
DRAWS = 3
"""Choices of them."""
RARE = (0.01, 0.003, 0.001)
"""Shares of the strangers that tell how far they come."""
ENOUGH = 1000
"""Strangers without whom the rarest cannot be counted."""
DIGITS = 2


def calibrate(
    people: Mapping[str, Floats],
    cohort: Cohort,
    config: IdentifierConfig,
    seed: int = 0,
) -> IdentifierConfig:
    """Return the numbers with `typical_stranger` and `real_spread` as measured.

    Everybody with enough pictures is enrolled alone, with some of them; all pictures of
    those with fewer are strangers.

    Args:
        people: embeddings of the pictures of each, (n, d), nobody learned from.
        cohort: of the same embedder.
        config: what else the classifiers depend on.
        seed: of the choice of portraits.

    Raises:
        DatasetError: nobody can be enrolled, or the strangers are too few.
    """
    enrolled = [name for name, rows in people.items() if len(rows) >= max(PORTRAITS)]
    others = [rows for name, rows in people.items() if name not in enrolled]
    strangers = np.concatenate(others) if others else np.empty((0, 0), np.float32)
    if not enrolled or len(strangers) < ENOUGH:
        raise DatasetError(
            f"{len(enrolled)} people have {max(PORTRAITS)} pictures or more, and all "
            f"others {len(strangers)}. Give somebody with so many, and {ENOUGH} "
            "pictures of people with fewer."
        )
    random = np.random.default_rng(seed)
    galleries = [
        people[name][random.permutation(len(people[name]))[:count]]
        for name in enrolled
        for count in PORTRAITS
        for _ in range(DRAWS)
    ]
    fitted = [_alone(rows, cohort, config) for rows in galleries]
    typical = round(float(np.mean([_usual(one, strangers) for one in fitted])), DIGITS)
    config = replace(config, typical_stranger=typical)
    fitted = [_alone(rows, cohort, config) for rows in galleries]
    scores = np.concatenate([one.scores(strangers)[:, 0] for one in fitted])
    return replace(config, real_spread=round(_spread(scores), DIGITS))


def _alone(rows: Floats, cohort: Cohort, config: IdentifierConfig) -> Identifier:
    return Identifier.fit({Identity("one", "one"): rows}, cohort, config)


def _usual(identifier: Identifier, strangers: Floats) -> float:
    """Return the mean decision for strangers over its standard deviation."""
    vectors = identifier.cohort.centred(strangers)
    decisions = vectors @ identifier.weights[0] + identifier.bias[0]
    return float(decisions.mean() / decisions.std())


def _spread(scores: Floats, shares: Sequence[float] = RARE) -> float:
    """Return how much further the rarest come than those of a normal distribution."""
    found = np.quantile(scores, [1 - share for share in shares])
    wanted = [NormalDist().inv_cdf(1 - share) for share in shares]
    return float(np.mean(found / wanted))
