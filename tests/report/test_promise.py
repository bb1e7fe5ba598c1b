"""facecam.report.promise: what "about one wrong name per N strangers" is worth."""

import numpy as np
import pytest

from facecam.config.report import ReportConfig
from facecam.report.promise import STEPS, Belief, deviations, evidence
from facecam.vision.identifier import one_in
from tests.report.galleries import D, enrolled, unit

SURE = ReportConfig(person_shift=0, shared_shift=0, usual_shift=0, thinning=0)


def strangers(n, seed=9):
    return unit(np.random.default_rng(seed).normal(size=(n, D)) + 0.2)


def test_nobody_enrolled_is_nobody_wrongly_named():
    assert Belief.of(0, ReportConfig()).interval(100) == (0.0, 0.0)


@pytest.mark.parametrize("people", [1, 5, 24, 1000])
@pytest.mark.parametrize("setting", STEPS)
def test_without_doubt_the_rate_is_the_one_aimed_at(people, setting):
    low, high = Belief.of(people, SURE).interval(setting)

    assert low == high == pytest.approx(1 / setting, rel=0.01)


@pytest.mark.parametrize("people", [1, 24, 1000])
def test_a_stricter_setting_never_promises_more_wrong_names(people):
    belief = Belief.of(people, ReportConfig())

    bounds = np.array([belief.interval(step) for step in STEPS])

    assert (np.diff(bounds, axis=0) <= 0).all()
    assert (bounds[:, 0] < bounds[:, 1]).all()


def test_the_interval_holds_the_rate_aimed_at():
    for people in (1, 5, 24):
        for setting in (100, 1000):
            low, high = Belief.of(people, ReportConfig()).interval(setting)
            assert low < 1 / setting < high


def test_the_interval_covers_worlds_drawn_from_the_same_doubt():
    config = ReportConfig()
    rng = np.random.default_rng(0)
    kept = 0
    for _ in range(200):
        shift = rng.normal(config.usual_shift, config.shared_shift)
        shifts = shift + rng.normal(0, config.person_shift, 5)
        z = deviations(100 * 5)
        rate = sum(1 / one_in(np.array([z - one]))[0] for one in shifts)
        low, high = Belief.of(5, config).interval(100)
        kept += low <= rate <= high

    assert 0.9 <= kept / 200 <= 0.99


def test_counts_allow_for_chance_beside_the_doubt():
    belief = Belief.of(1, SURE)

    low, high = belief.count_interval(100, 1000)

    assert 3 <= low <= 5
    assert 16 <= high <= 18


def test_real_strangers_narrow_the_interval_and_move_it():
    prior = Belief.of(1, ReportConfig())
    twice_as_many = one_in(np.random.default_rng(0).normal(0.4, 1, 3000))

    told = Belief.of(1, ReportConfig(), np.maximum(twice_as_many, 1))

    low, high = told.interval(100)
    assert low > 1 / 100
    assert np.log(high / low) < np.log(np.divide(*prior.interval(100)[::-1])) / 2
    assert told.real_worth < prior.real_worth


def test_evidence_is_what_the_identifier_says():
    given = enrolled(people=3)
    faces = np.concatenate([view.embeddings for view in given.views.values()])
    faces = np.concatenate([faces, strangers(20)])

    best = evidence(given.identifier, faces).max(axis=1)

    said = [given.identifier.identify(face[None])[0].strangers for face in faces]
    assert best == pytest.approx(said, rel=1e-3)


def test_evidence_of_nobody_and_of_no_faces():
    given = enrolled(people=2)

    assert evidence(given.identifier, strangers(0)).shape == (0, 2)
