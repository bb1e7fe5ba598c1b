"""The losses and their gradients, against plain formulas in NumPy."""

import math

import keras
import numpy as np
import pytest

from facecam.nets import losses
from facecam.training.detector.crops.samples import Kind

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ABSENT = [
    [Kind.PART] * 3,
    [Kind.LANDMARK] * 3,
    [Kind.NEGATIVE] * 3,
    [Kind.POSITIVE] * 2 + [Kind.PART],
]


def batch(n, seed=0):
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, 4, n).astype(np.int32)
    logits = rng.normal(0, 3, n).astype(np.float32)
    return kinds, logits, rng


def value_and_gradient(loss, *arrays):
    """Return a loss and its gradient by the first array, as NumPy has them."""
    import tensorflow as tf

    first = tf.Variable(arrays[0])
    with tf.GradientTape() as tape:
        value = loss(first, *map(tf.constant, arrays[1:]))
    gradient = tape.gradient(value, first)
    return float(value), np.asarray(gradient)


def cross_entropy(logits, kinds):
    """Return each sample's loss and its slope; no number where it is not taught."""
    belief = 1 / (1 + np.exp(-logits.astype(np.float64)))
    face = kinds == Kind.POSITIVE
    loss = -np.where(face, np.log(belief), np.log1p(-belief))
    taught = face | (kinds == Kind.NEGATIVE)
    return np.where(taught, loss, np.nan), belief - face


def test_the_kinds_are_those_of_the_samples():
    named = {
        "NEGATIVE": losses.NEGATIVE,
        "POSITIVE": losses.POSITIVE,
        "PART": losses.PART,
        "LANDMARK": losses.LANDMARK,
    }

    assert named == dict(Kind.__members__)


@pytest.mark.parametrize("hardest", [0.1, 0.5, 0.7, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_classification_is_the_mean_over_the_hardest_samples(hardest, seed):
    kinds, logits, _ = batch(97, seed)

    value, gradient = value_and_gradient(
        lambda x, k: losses.classification(x, k, hardest), logits, kinds
    )

    loss, slope = cross_entropy(logits, kinds)
    kept = math.ceil(np.isfinite(loss).sum() * hardest)
    chosen = np.argsort(np.where(np.isfinite(loss), -loss, np.inf))[:kept]
    expected = np.zeros(97)
    expected[chosen] = slope[chosen] / kept
    assert value == pytest.approx(loss[chosen].mean(), rel=1e-5)
    assert gradient == pytest.approx(expected, abs=1e-6)


def test_easy_samples_pass_no_gradient():
    kinds = np.int32([1] * 5 + [0] * 5)
    logits = np.float32([9, 9, 9, -9, 9, -9, -9, 9, -9, 9])

    _, gradient = value_and_gradient(
        lambda x, k: losses.classification(x, k, 0.3), logits, kinds
    )

    assert np.flatnonzero(gradient).tolist() == [3, 7, 9]
    assert np.sign(gradient[[3, 7, 9]]).tolist() == [-1, 1, 1]


@pytest.mark.parametrize("tenths", [3, 6, 7])
@pytest.mark.parametrize("count", [1, 2, 10, 20, 25, 64, 100, 130, 256, 384])
def test_exactly_so_many_samples_count_as_the_share_says(count, tenths):
    kinds = np.zeros(count, np.int32)
    logits = np.linspace(1, 2, count).astype(np.float32)

    _, gradient = value_and_gradient(
        lambda x, k: losses.classification(x, k, tenths / 10), logits, kinds
    )

    assert np.count_nonzero(gradient) == -(-count * tenths // 10)


def test_of_equal_losses_as_many_count_as_of_different_ones():
    kinds = np.int32([1, 1, 1, 1, 0, 0, 0, 0, 2, 3])
    logits = np.zeros(10, np.float32)

    value, gradient = value_and_gradient(
        lambda x, k: losses.classification(x, k, 0.7), logits, kinds
    )

    assert value == pytest.approx(math.log(2))
    assert np.count_nonzero(gradient) == 6
    assert np.abs(gradient).sum() == pytest.approx(0.5)
    assert not gradient[8:].any()


@pytest.mark.parametrize("logit", [-200.0, 200.0])
def test_absurd_logits_give_large_losses_that_are_numbers(logit):
    logits = np.float32([logit, logit])

    value, gradient = value_and_gradient(
        lambda x, k: losses.classification(x, k, 1.0), logits, np.int32([0, 1])
    )

    assert value == pytest.approx(100)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("seed", range(3))
def test_boxes_are_learned_from_positives_and_parts(seed):
    kinds, _, rng = batch(40, seed)
    offsets, targets = rng.normal(size=(2, 40, 4)).astype(np.float32)

    value, gradient = value_and_gradient(losses.boxes, offsets, targets, kinds)

    taught = (kinds == Kind.POSITIVE) | (kinds == Kind.PART)
    away = np.where(taught[:, None], offsets - targets, 0).astype(np.float64)
    assert value == pytest.approx((away**2).sum() / taught.sum(), rel=1e-5)
    assert gradient == pytest.approx(2 * away / taught.sum(), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_landmarks_are_learned_from_landmark_samples(seed):
    kinds, _, rng = batch(40, seed)
    points, targets = rng.normal(size=(2, 40, 5, 2)).astype(np.float32)

    value, gradient = value_and_gradient(losses.landmarks, points, targets, kinds)

    taught = kinds == Kind.LANDMARK
    away = np.where(taught[:, None, None], points - targets, 0).astype(np.float64)
    assert value == pytest.approx((away**2).sum() / taught.sum(), rel=1e-5)
    assert gradient == pytest.approx(2 * away / taught.sum(), abs=1e-6)


def test_landmarks_are_measured_in_eye_distances_on_request():
    targets = np.zeros((3, 5, 2), np.float32)
    targets[:, 1, 0] = 0.5, 0.25, 0.01  # the last one: a profile, eyes nearly as one
    points = targets + np.float32([0.1, 0])
    kinds = np.full(3, Kind.LANDMARK)

    value, gradient = value_and_gradient(
        lambda x, *rest: losses.landmarks(x, *rest, True), points, targets, kinds
    )

    floor = losses.LEAST_EYES
    units = np.array([0.5, 0.25, floor])
    assert value == pytest.approx(np.mean(5 * 0.1**2 / units**2), rel=1e-4)
    assert gradient[:, 0, 0] == pytest.approx(2 * 0.1 / units**2 / 3, rel=1e-3)
    assert not gradient[..., 1].any()


@pytest.mark.parametrize("kinds", ABSENT, ids=str)
def test_a_kind_that_is_absent_costs_nothing_and_moves_nothing(kinds):
    kinds = np.array(kinds, np.int32)
    n, rng = len(kinds), np.random.default_rng(0)
    logits = rng.normal(size=n).astype(np.float32)
    offsets, corners = rng.normal(size=(2, n, 4)).astype(np.float32)
    points, targets = rng.normal(size=(2, n, 5, 2)).astype(np.float32)

    told = [
        value_and_gradient(
            lambda x, k: losses.classification(x, k, 0.7), logits, kinds
        ),
        value_and_gradient(losses.boxes, offsets, corners, kinds),
        value_and_gradient(losses.landmarks, points, targets, kinds),
    ]

    teach = ({0, 1}, {1, 2}, {3})
    for (value, gradient), kinds_of_task in zip(told, teach, strict=True):
        assert np.isfinite(gradient).all()
        present = bool(kinds_of_task & set(kinds.tolist()))
        assert (value > 0) == present
        assert gradient.any() == present


def test_staying_near_the_old_net_is_cross_entropy_and_squared_distances():
    rng = np.random.default_rng(0)
    logits, old_logits = rng.normal(size=(2, 6)).astype(np.float32)
    offsets, old_offsets = rng.normal(size=(2, 6, 4)).astype(np.float32)
    points, old_points = rng.normal(size=(2, 6, 5, 2)).astype(np.float32)

    value = losses.apart(
        (logits, offsets, points), (old_logits, old_offsets, old_points)
    )

    old, new = (1 / (1 + np.exp(-np.float64(x))) for x in (old_logits, logits))
    score = -(old * np.log(new) + (1 - old) * np.log(1 - new)).mean()
    box = (old * ((offsets - old_offsets) ** 2).sum(axis=1)).mean()
    shape = (old * ((points - old_points) ** 2).sum(axis=(1, 2))).mean()
    assert float(value) == pytest.approx(score + box + shape, rel=1e-5)


def test_the_old_nets_answers_themselves_are_where_that_loss_is_least():
    rng = np.random.default_rng(1)
    logits = rng.normal(size=6).astype(np.float32)
    rest = np.zeros((6, 4), np.float32), np.zeros((6, 5, 2), np.float32)

    _, gradient = value_and_gradient(
        lambda x, y: losses.apart((x, *rest), (y, *rest)), logits, logits
    )

    assert gradient == pytest.approx(np.zeros(6), abs=1e-7)


def test_losses_are_single_precision_numbers_on_this_backend():
    kinds, logits, _ = batch(5)

    loss = losses.classification(
        keras.ops.convert_to_tensor(logits), keras.ops.convert_to_tensor(kinds), 0.7
    )

    assert loss.shape == ()
    assert keras.backend.standardize_dtype(loss.dtype) == "float32"
