"""The embedder's losses and their gradients, against plain formulas in NumPy."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from facecam.nets import embedder_losses as losses
from tests.nets import embedder_backends as backends
from tests.nets.test_training import other_backend

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ROOT = Path(__file__).parents[2]


def numeric_gradient(formula, x, step=1e-5):
    """Return the slope of a formula by each number of x, from both sides."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        gradient[place] = (formula(up) - formula(down)) / (2 * step)
    return gradient


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", backends.LOSSES)
def test_a_loss_and_its_gradient_are_those_of_the_formula(name, seed):
    x, rest = backends.inputs(name, seed)
    formula = backends.FORMULAS[name]

    value, gradient = backends.value_and_gradient(name, seed)

    exact = x.astype(np.float64)
    assert value == pytest.approx(formula(exact, *rest), rel=1e-5)
    expected = numeric_gradient(lambda at: formula(at, *rest), exact)
    assert np.abs(expected).max() > 1e-3
    assert gradient == pytest.approx(expected, abs=2e-5)


@pytest.mark.slow
def test_losses_and_gradients_are_the_same_on_another_backend():
    backend = other_backend()
    here = backends.everything()

    told = subprocess.run(
        [sys.executable, "-m", "tests.nets.embedder_backends"],
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    there = json.loads(told.stdout.splitlines()[-1])
    assert there.pop("backend") == backend
    for name, (value, gradient) in here.items():
        assert there[name][0] == pytest.approx(value, rel=1e-5), name
        assert np.array(there[name][1]) == pytest.approx(np.array(gradient), abs=1e-5)


def test_centres_move_as_equation_4_says():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(4, 3)).astype(np.float32)
    features = rng.normal(size=(6, 3)).astype(np.float32)
    labels = np.int32([0, 0, 1, 3, 3, 3])

    moved = np.asarray(losses.moved_centres(centres, features, labels, 0.5))

    for j in range(4):
        mine = features[labels == j]
        delta = (centres[j] - mine).sum(axis=0) / (1 + len(mine))
        assert moved[j] == pytest.approx(centres[j] - 0.5 * delta, abs=1e-6)


def test_a_batch_of_one_person_teaches_no_triplet():
    x = backends.units(5, 8, 0)

    assert float(losses.triplet(x, np.zeros(5, np.int32), 0.2)) == 0


def test_faces_apart_by_more_than_the_margin_cost_nothing():
    x = np.float32([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]])

    assert float(losses.triplet(x, np.int32([0, 0, 1, 1]), 0.2)) == 0


def test_the_teachers_own_answers_cost_nothing():
    x = backends.units(6, 8, 0)

    assert float(losses.likeness(x, x)) == pytest.approx(0, abs=1e-6)
    assert float(losses.relations(x, x)) == pytest.approx(0, abs=1e-6)
