import numpy as np
import pytest

from facecam.training.detector.crops.samples import (
    Kind,
    Samples,
    fractions,
    join,
    mirrored,
    offsets,
    overlaps,
)
from tests.training.detector.drawn import some

CROP = np.float32([[10, 20, 30, 40]])


def test_no_sample_joins_with_no_sample():
    nothing = join([], 24)

    assert len(nothing) == len(Samples.none(24)) == 0
    assert nothing.pixels.shape == (0, 24, 24, 3)
    assert len(mirrored(nothing, np.zeros(0, np.bool_))) == 0
    assert offsets(np.empty((0, 4), np.float32), np.empty((0, 4), np.float32)).size == 0


def test_groups_are_joined_in_their_order_and_kept_by_position():
    parts, faces = some(Kind.PART, 2), some(Kind.POSITIVE, 3)

    both = join([parts, faces], 12)
    last = both.keep(np.array([4, 0]))

    assert both.kinds.tolist() == [2, 2, 1, 1, 1]
    assert last.kinds.tolist() == [1, 2]
    assert np.array_equal(last.pixels[0], faces.pixels[2])
    assert np.array_equal(last.offsets[1], parts.offsets[0])


def test_a_face_is_told_in_sides_of_the_crop():
    face = np.float32([[12, 19, 28, 42]])

    seen = offsets(CROP, face)

    assert seen.tolist() == [pytest.approx([0.1, -0.05, -0.1, 0.1])]


def test_points_are_told_from_the_corner_in_sides_of_the_crop():
    points = np.float32([[(10, 20), (30, 40), (20, 30), (12, 20), (10, 45)]])

    seen = fractions(CROP, points)

    expected = [(0, 0), (1, 1), (0.5, 0.5), (0.1, 0), (0, 1.25)]
    assert seen[0] == pytest.approx(np.float32(expected))


def test_no_face_overlaps_nothing():
    share, which = overlaps(CROP, np.empty((0, 4), np.float32))

    assert share.tolist() == [0]
    assert which.tolist() == [0]


def test_each_crop_belongs_to_the_face_it_overlaps_most():
    faces = np.float32([[0, 0, 5, 5], [10, 20, 30, 30], [10, 20, 30, 38]])

    share, which = overlaps(CROP, faces)

    assert share.tolist() == pytest.approx([0.9])
    assert which.tolist() == [2]


def test_only_the_chosen_samples_are_mirrored():
    samples = some(Kind.LANDMARK, 2)

    turned = mirrored(samples, np.array([False, True]))

    assert np.array_equal(turned.pixels[0], samples.pixels[0])
    assert np.array_equal(turned.pixels[1], samples.pixels[1, :, ::-1])
    assert np.array_equal(turned.landmarks[0], samples.landmarks[0])


@pytest.mark.parametrize("kind", Kind)
def test_a_mirror_of_a_mirror_is_the_sample_again(kind):
    samples, all_of_them = some(kind, 5), np.ones(5, np.bool_)

    again = mirrored(mirrored(samples, all_of_them), all_of_them)

    assert np.array_equal(again.pixels, samples.pixels)
    assert np.array_equal(again.offsets, samples.offsets)
    assert again.landmarks == pytest.approx(samples.landmarks, abs=1e-6)


@pytest.mark.parametrize("kind", [Kind.NEGATIVE, Kind.POSITIVE, Kind.PART])
def test_what_a_kind_does_not_teach_stays_zero_in_a_mirror(kind):
    turned = mirrored(some(kind, 3), np.ones(3, np.bool_))

    assert not turned.landmarks.any()


def test_mirroring_leaves_the_samples_it_was_given_alone():
    samples = some(Kind.POSITIVE, 3)
    before = samples.pixels.copy(), samples.offsets.copy()

    mirrored(samples, np.ones(3, np.bool_))

    assert np.array_equal(samples.pixels, before[0])
    assert np.array_equal(samples.offsets, before[1])
