"""Two numbers of the identifier, measured on people with names."""

import numpy as np
import pytest

from facecam.config import IdentifierConfig
from facecam.errors import DatasetError
from facecam.faces import Identity
from facecam.training.embedder.calibrating import ENOUGH, PORTRAITS, calibrate
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier, one_in

D = 32
KNOWN = ("Ada", "Grace", "Mary", "Emmy")


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype("f4")


def faces(count, stretched=1.0, seed=0):
    """Faces of as many people; the first four numbers vary more, if stretched."""
    rows = np.random.default_rng(seed).normal(size=(count, D))
    rows[:, :4] *= stretched
    return unit(rows)


def people(stretched=1.0):
    """Four people with twelve pictures each, who differ in those four numbers."""
    random = np.random.default_rng(1)
    known = {
        name: unit(6 * np.eye(D)[n] + random.normal(size=(12, D)))
        for n, name in enumerate(KNOWN)
    }
    others = faces(2 * ENOUGH, stretched, seed=2)
    return known | {f"other {n}": row[None] for n, row in enumerate(others)}


@pytest.fixture(scope="module")
def cohort():
    return Cohort.of(faces(5000))


def passing(config, cohort, stretched):
    """Share of other strangers of whom less than one in 100 should come so far."""
    shown = faces(20_000, stretched, seed=3)
    far = []
    for name in KNOWN:
        enrolled = {Identity(name, name): people()[name][:5]}
        matches = Identifier.fit(enrolled, cohort, config).scores(shown)
        far.append(one_in(matches[:, 0] / config.real_spread) > 100)
    return float(np.mean(far))


@pytest.mark.parametrize("stretched", [1.0, 1.6])
def test_as_many_strangers_come_far_as_is_said(stretched, cohort):
    found = calibrate(people(stretched), cohort, IdentifierConfig())

    assert passing(found, cohort, stretched) == pytest.approx(0.01, abs=0.005)
    assert passing(IdentifierConfig(), cohort, stretched) > 0.02


def test_numbers_are_those_of_the_seed_and_the_rest_stays(cohort):
    config = IdentifierConfig(penalty=0.2, real_spread=3.0, typical_stranger=-9.0)

    first, second = (calibrate(people(), cohort, config) for _ in range(2))

    assert first == second
    assert first.penalty == 0.2


@pytest.mark.parametrize("kept", [slice(4, None), slice(0, 500)])
def test_too_few_people_are_refused(kept, cohort):
    some = dict(list(people().items())[kept])

    with pytest.raises(DatasetError, match=f"have {max(PORTRAITS)} pictures or more"):
        calibrate(some, cohort, IdentifierConfig())
