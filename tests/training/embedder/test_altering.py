from dataclasses import fields

import numpy as np
import pytest

from facecam.config.embedding_training import AlteringConfig
from facecam.training.embedder import altering
from facecam.vision.image import align
from tests.training.embedder import made_up

FACE = made_up.face(3, 0, 96)
MOVING = {"shifted", "scaled", "stretched", "turned", "mirrored", "mixed"}
SEEN = sorted({field.name for field in fields(AlteringConfig)} - MOVING)
NOTHING = AlteringConfig(**{field.name: 0.0 for field in fields(AlteringConfig)})


def rng(seed=0):
    return np.random.default_rng(seed)


def test_an_unaltered_view_is_what_the_live_view_cuts():
    picture = made_up.face(1, 0, 90)[:, :80]  # 80 wide, 90 high
    box = np.array([[40 - 80 / 3, 45 - 30, 40 + 80 / 3, 45 + 30]], np.float32)

    cut = altering.cut(picture, altering.view(1.25 / 1.5), 56)

    assert np.array_equal(cut, align(picture, box, 56, 1.25)[0])


def test_a_mirrored_view_is_the_mirror_image():
    plain = altering.cut(FACE, altering.View(sides=(0.8, 0.8)), 40)
    mirrored = altering.cut(FACE, altering.View(sides=(0.8, 0.8), mirrored=True), 40)

    assert np.abs(plain[:, ::-1].astype(int) - mirrored).max() <= 2


def test_turned_by_a_right_angle_a_view_is_turned_by_a_right_angle():
    turned = altering.cut(FACE, altering.View(angle=90.0), 96)

    assert np.abs(np.rot90(FACE).astype(int) - turned).max() <= 1


def test_nothing_is_altered_where_nothing_is_wanted():
    assert np.array_equal(altering.alter(FACE, NOTHING, 1.5, rng()), FACE)
    assert altering.draw_view(NOTHING, 0.8, rng()) == altering.view(0.8)


@pytest.mark.parametrize("name", SEEN)
def test_each_alteration_changes_pixels_of_a_copy(name):
    before = FACE.copy()

    for seed in range(5):
        config = AlteringConfig(**{**vars(NOTHING), name: 1.0})
        altered = altering.alter(FACE, config, 1.5, rng(seed))

        assert altered.shape == FACE.shape
        assert altered.dtype == np.uint8
        assert (altered != FACE).any()
    assert np.array_equal(FACE, before)


def test_the_same_draws_give_the_same_picture_and_others_another():
    one, again, other = (
        altering.alter(FACE, AlteringConfig(), 1.5, rng(seed)) for seed in (1, 1, 2)
    )

    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_two_faces_are_blended_or_spliced():
    one, other = np.zeros((2, 30, 30, 3), np.uint8)
    other = other + np.uint8(200)
    mixtures = [altering.mixture(30, rng(seed)) for seed in range(30)]

    blends = [share for share in mixtures if share.min() == share.max()]
    splices = [share for share in mixtures if share.min() < 0.1 and share.max() > 0.9]

    assert len(blends) > 5
    assert len(splices) > 5
    assert all(0.3 <= share.min() <= 0.7 for share in blends)
    mixed = altering.mixed(other, one, blends[0])
    assert mixed == pytest.approx(200 * blends[0].min(), abs=1)


def test_a_mixture_is_the_same_for_nets_of_other_sizes():
    small, large = (altering.mixture(size, rng(4)) for size in (28, 56))

    halves = large.reshape(28, 2, 28, 2).mean(axis=(1, 3))
    assert halves == pytest.approx(small[:, :, 0], abs=0.05)
