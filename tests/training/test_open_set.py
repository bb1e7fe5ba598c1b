import numpy as np
import pytest

from facecam.config import IdentifierConfig
from facecam.errors import DatasetError
from facecam.training import open_set
from facecam.vision.cohort import Cohort

PLAN = open_set.Plan(photos=(1, 3), alone=2, draws=2)


def quiet(done, total):
    assert done <= total


def crowd(people, photos, spread=0.05, seed=0):
    """People as directions in 16 dimensions, their photos close to them."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((people, 1, 16))
    rows = centres / np.linalg.norm(centres, axis=2, keepdims=True)
    rows = rows + spread * rng.standard_normal((people, photos, 16))
    rows /= np.linalg.norm(rows, axis=2, keepdims=True)
    return {f"P{n}": rows[n].astype(np.float32) for n in range(people)}


def nearest(people):
    means = np.stack([rows.mean(axis=0) for rows in people.values()])
    return lambda rows: rows @ means.T


def test_there_is_one_result_per_number_of_photos_and_one_for_a_person_alone():
    people = crowd(40, 5)

    results = open_set.evaluate_open_set(
        people, ["P0", "P1", "P2"], PLAN, nearest, quiet
    )

    assert [(r["people"], r["photos"]) for r in results] == [(3, 1), (3, 3), (1, 2)]
    assert [r["strangers"] for r in results] == [37 * 5, 37 * 5, 39 * 5]
    assert [r["probes"] for r in results] == [12, 6, 3]
    assert results[1]["rank1"] == 1


def test_rates_are_those_of_a_hand_computed_case():
    # one dimension of likeness per person; two probes each after one photo
    people = {
        "A": np.float32([[1, 0], [0.9, 0], [0.4, 0]]),
        "B": np.float32([[0, 1], [0, 0.8], [0.7, 0.6]]),
        "S": np.float32([[0.5, 0.1]] * 10),
    }
    plan = open_set.Plan(photos=(1,), alone=1, draws=1)

    def first_two_columns(gallery):
        return lambda rows: rows

    class Fixed:
        def permutation(self, n):
            return np.arange(n)

    trial = open_set._trial(people, ["A", "B"], 1, first_two_columns, Fixed())
    result = open_set._summary([trial], 2, 1)

    assert result["rank1"] == 3 / 4  # the last probe of B looks more like A
    assert result["dir_at_far_1e-2"] == 2 / 4  # 0.4 lies below the strangers' 0.5
    assert plan.draws == 1


def test_draws_are_reproducible_and_differ_by_seed():
    people = crowd(30, 6, spread=0.6)
    names = [f"P{n}" for n in range(10)]

    first, again, other = (
        open_set.evaluate_open_set(
            people, names, open_set.Plan((2,), 2, 3, seed), nearest, quiet
        )
        for seed in (0, 0, 7)
    )

    assert first == again
    assert first[0]["rank1"] != other[0]["rank1"]
    low, high = first[0]["rank1_interval"]
    assert low <= first[0]["rank1"] <= high


def test_the_product_and_the_seeds_classifier_can_be_measured():
    people = crowd(30, 5)
    cohort = Cohort.of(np.concatenate(list(crowd(300, 1, seed=5).values())))
    config = IdentifierConfig(cohort=200)

    ours = open_set.evaluate_open_set(
        people, ["P0", "P1"], PLAN, open_set.product(cohort, config), quiet
    )
    assert ours[1]["dir_at_far_1e-2"] > 0.8

    scores = open_set.seeds({n: people[n][:3] for n in ("P0", "P1", "P2")})(
        people["P1"]
    )
    assert scores.shape == (5, 3)
    assert (scores.argmax(axis=1) == 1).all()


@pytest.mark.parametrize(
    ("enrolled", "reason"),
    [(["P9"], "no folder"), ([], "Nobody"), (["P0", "P1"], "no stranger")],
)
def test_what_cannot_be_measured_is_said(enrolled, reason):
    with pytest.raises(DatasetError, match=reason):
        open_set.evaluate_open_set(crowd(2, 5), enrolled, PLAN, nearest, quiet)


def test_too_few_photos_are_said():
    with pytest.raises(DatasetError, match="P0 has 3 photos"):
        open_set.evaluate_open_set(crowd(2, 3), ["P0"], PLAN, nearest, quiet)
