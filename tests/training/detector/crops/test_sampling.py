from dataclasses import replace

import numpy as np
import pytest

from facecam.config.retraining import SamplesConfig
from facecam.training.detector.crops.samples import Kind, overlaps
from facecam.training.detector.crops.sampling import (
    by_overlap,
    crops_around,
    kinds_of,
    landmark_samples,
    random_squares,
    sample,
)
from facecam.vision.image import Mips
from tests.training.detector.drawn import labelled

CONFIG = SamplesConfig(
    smallest_face=20.0,
    smallest_landmarks=20.0,
    negatives=50,
    near=5,
    crops=20,
    landmark_crops=10,
    sides=(0.8, 1.25),
    shift=0.2,
)
PICTURE = np.random.default_rng(0).integers(0, 256, (240, 320, 3)).astype(np.uint8)
FACE = (100, 60, 180, 140)
NOTHING = np.empty((0, 4), np.float32)


def rng():
    return np.random.default_rng(0)


def kinds(*crops, truth=None, config=CONFIG):
    truth = labelled(FACE) if truth is None else truth
    return kinds_of(np.float32(crops).reshape(-1, 4), truth, config)[0].tolist()


def overlapping(iou):
    """Return a square as large as the face that overlaps it by so much."""
    moved = 80 * (1 - iou) / (1 + iou)
    return (100 + moved, 60, 180 + moved, 140)


def test_no_crop_is_of_no_kind():
    assert kinds() == []
    assert len(by_overlap(Mips(PICTURE), NOTHING, labelled(FACE), 24, CONFIG)) == 0


@pytest.mark.parametrize(
    ("iou", "kind"),
    [
        (0.66, Kind.POSITIVE),
        (0.64, Kind.PART),
        (0.41, Kind.PART),
        (0.39, -1),
        (0.31, -1),
        (0.29, Kind.NEGATIVE),
        (0.0, Kind.NEGATIVE),
    ],
)
def test_kinds_go_by_overlap_and_nothing_lies_between_part_and_negative(iou, kind):
    assert kinds(overlapping(iou)) == [kind]


def test_small_faces_teach_nothing_and_are_no_background_either():
    small = labelled((100, 60, 119, 85))

    assert kinds((99, 62, 120, 83), (200, 60, 240, 100), truth=small) == [-1, 0]


def test_ignored_regions_are_neither_face_nor_background():
    region = labelled(FACE, ignored=np.array([True]))

    inside, beside = (120, 80, 150, 110), (181, 60, 220, 99)
    quarter_hidden = (160, 60, 240, 140)

    assert kinds(FACE, inside, beside, quarter_hidden, truth=region) == [-1, -1, 0, 0]


def test_a_small_crop_inside_a_face_is_background():
    assert kinds((120, 80, 150, 110)) == [Kind.NEGATIVE]


def test_where_faces_may_be_unlabelled_only_labelled_places_are_background():
    partly = labelled(FACE, complete=False)
    poster = np.float32([[10, 10, 50, 50]])
    with_poster = replace(partly, background=poster)
    inside, outside, on_poster = (120, 80, 150, 110), (200, 60, 240, 100), poster[0]

    assert kinds(FACE, inside, outside, on_poster, truth=partly) == [1, 0, -1, -1]
    assert kinds(inside, outside, on_poster, truth=with_poster) == [0, -1, 0]


def test_each_crop_is_told_where_its_own_face_lies():
    truth = labelled(FACE, (200, 60, 280, 140))
    crops = np.float32([(195, 60, 275, 140), (110, 60, 190, 140)])

    samples = by_overlap(Mips(PICTURE), crops, truth, 24, CONFIG)

    expected = [[5 / 80, 0, 5 / 80, 0], [-10 / 80, 0, -10 / 80, 0]]
    assert samples.offsets == pytest.approx(np.float32(expected))
    assert samples.kinds.tolist() == [1, 1]
    assert not samples.landmarks.any()


def test_the_pixels_of_a_sample_are_those_of_its_crop():
    crop = np.float32([(100, 60, 148, 108)])

    samples = by_overlap(Mips(PICTURE), crop, labelled(), 48, CONFIG)

    assert np.array_equal(samples.pixels[0], PICTURE[60:108, 100:148])


def test_crops_around_faces_are_squares_of_about_the_faces_size():
    truth = labelled(FACE)

    crops = crops_around(truth, replace(CONFIG, near=0, crops=500), rng())

    sides = crops[:, 2:] - crops[:, :2]
    away = (crops[:, :2] + crops[:, 2:]) / 2 - (140, 100)
    assert crops.shape == (500, 4)
    assert sides[:, 0] == pytest.approx(sides[:, 1], abs=1e-3)
    assert 64 <= sides.min() < 66
    assert 98 < sides.max() <= 100
    assert 15 < np.abs(away).max() <= 16


def test_enough_of_the_crops_around_a_face_are_positives():
    crops = crops_around(labelled(FACE), replace(CONFIG, near=0, crops=500), rng())

    share = np.mean(np.array(kinds(*crops)) == Kind.POSITIVE)

    assert 0.25 < share < 0.6  # mining.rounds_for counts on a third


def test_ignored_and_small_faces_are_not_cropped_around():
    truth = labelled(FACE, (10, 10, 25, 30), ignored=np.array([True, False]))

    assert len(crops_around(truth, CONFIG, rng())) == 0


def test_crops_are_drawn_around_places_that_look_like_a_face():
    poster = np.float32([[10, 10, 60, 60]])

    crops = crops_around(labelled(background=poster), CONFIG, rng())

    assert len(crops) == CONFIG.crops
    assert overlaps(crops, poster)[0].min() > 0.3


def test_random_squares_hold_no_face_and_lie_in_the_picture():
    truth = labelled(FACE)

    squares = random_squares(PICTURE, truth, CONFIG, rng())

    assert squares.shape == (CONFIG.negatives, 4)
    assert set(kinds(*squares)) == {Kind.NEGATIVE}
    assert squares.min() >= 0
    assert (squares[:, 2:] <= (320, 240)).all()
    sides = squares[:, 2] - squares[:, 0]
    assert sides.min() >= 12
    assert sides.max() <= 120


def test_small_squares_are_as_frequent_as_large_ones():
    many = replace(CONFIG, negatives=2000)

    squares = random_squares(PICTURE, labelled(), many, rng())

    sides = squares[:, 2] - squares[:, 0]
    assert np.median(sides) == pytest.approx(np.sqrt(12 * 120), rel=0.1)


@pytest.mark.parametrize("size", [(23, 320), (240, 10), (1, 1)])
def test_no_square_is_drawn_in_a_picture_too_small_for_one(size):
    picture: np.ndarray = np.zeros((*size, 3), np.uint8)

    assert len(random_squares(picture, labelled(), CONFIG, rng())) == 0
    assert len(sample(picture, labelled(), 12, CONFIG, rng())) == 0


def test_landmark_samples_hold_all_five_points():
    truth = labelled(FACE)

    samples = landmark_samples(Mips(PICTURE), truth, 48, CONFIG, rng())

    assert 0 < len(samples) <= CONFIG.landmark_crops
    assert set(samples.kinds.tolist()) == {Kind.LANDMARK}
    assert 0 < samples.landmarks.min() < samples.landmarks.max() < 1
    assert not samples.offsets.any()


def test_a_point_far_outside_its_box_leaves_no_landmark_sample():
    truth = labelled(FACE)
    truth.landmarks[0, 3] = (20, 200)

    assert not len(landmark_samples(Mips(PICTURE), truth, 48, CONFIG, rng()))


@pytest.mark.parametrize(
    "truth",
    [
        labelled(),
        labelled(FACE, points=False),
        labelled(FACE, ignored=np.array([True])),
        labelled((100, 60, 118, 79)),
    ],
)
def test_unknown_ignored_and_small_faces_give_no_landmark_sample(truth):
    assert not len(landmark_samples(Mips(PICTURE), truth, 48, CONFIG, rng()))


def test_landmarks_belong_to_their_own_face_among_several():
    truth = labelled((10, 60, 90, 140), FACE, points=True)
    truth.landmarks[0] = np.nan

    samples = landmark_samples(Mips(PICTURE), truth, 24, CONFIG, rng())

    assert samples.landmarks[:, 2].mean(axis=0) == pytest.approx((0.52, 0.6), abs=0.1)


@pytest.mark.parametrize("size", [12, 24, 48])
def test_one_piece_of_code_samples_all_sizes(size):
    samples = sample(PICTURE, labelled(FACE), size, CONFIG, rng())

    assert samples.pixels.shape[1:] == (size, size, 3)
    assert set(samples.kinds.tolist()) == set(Kind)


def test_the_same_crops_are_cut_for_all_sizes():
    small, large = (
        sample(PICTURE, labelled(FACE), size, CONFIG, rng()) for size in (12, 48)
    )

    assert np.array_equal(small.kinds, large.kinds)
    assert np.array_equal(small.offsets, large.offsets)
    assert np.array_equal(small.landmarks, large.landmarks)


def test_a_partly_labelled_picture_gives_no_background_from_outside():
    truth = labelled(FACE, complete=False)
    picture: np.ndarray = np.zeros((240, 320, 3), np.uint8)
    picture[60:140, 100:180] = 200

    samples = sample(picture, truth, 24, CONFIG, rng())

    grounds = samples.pixels[samples.kinds == Kind.NEGATIVE]
    assert len(grounds)
    assert grounds.mean(axis=(1, 2, 3)).min() > 0.65 * 200
