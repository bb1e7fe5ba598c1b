from dataclasses import replace

import numpy as np
import pytest

from facecam.config.retraining import SamplesConfig
from facecam.training.detector.crops import altering
from facecam.training.detector.crops.altering import Alteration, alter
from tests.training.detector.drawn import labelled, oval

FACE = (20, 10, 60, 60)
PICTURE = np.random.default_rng(0).integers(0, 256, (80, 100, 3)).astype(np.uint8)
LIGHT = np.full((80, 100, 3), 128, np.uint8)


def drawn(n=2000, **numbers):
    rng = np.random.default_rng(0)
    config = replace(SamplesConfig(), **numbers)
    return [altering.draw(config, rng) for _ in range(n)]


def test_a_picture_without_faces_is_altered_alike():
    truth = labelled()

    image, moved = alter(PICTURE, truth, Alteration(True, 5.0, True, 0.5, 1.0))

    assert image.shape == PICTURE.shape
    assert moved.boxes.shape == (0, 4)
    assert moved.background.shape == (0, 4)


def test_a_mirrored_picture_is_the_same_pixels_the_other_way_round():
    image, truth = alter(PICTURE, labelled(FACE), Alteration(mirrored=True))

    assert np.array_equal(image, PICTURE[:, ::-1])
    assert truth.boxes.tolist() == [[40, 10, 80, 60]]
    eyes = truth.landmarks[0, :2]
    assert eyes == pytest.approx(np.float32([(52, 30), (68, 30)]))


def test_what_is_right_of_the_middle_goes_down_when_turned_clockwise():
    _, truth = alter(LIGHT, labelled((70, 30, 90, 50)), Alteration(angle=10.0))

    middle = (truth.boxes[0, :2] + truth.boxes[0, 2:]) / 2
    turn = np.radians(10.0)
    assert middle == pytest.approx([50 + 30 * np.cos(turn), 40 + 30 * np.sin(turn)])


def test_a_turned_box_keeps_its_sides():
    truth = labelled(FACE, background=np.float32([[5, 5, 25, 35]]))

    _, moved = alter(LIGHT, truth, Alteration(angle=7.0))

    assert moved.boxes[0, 2:] - moved.boxes[0, :2] == pytest.approx([40, 50])
    ground = moved.background[0]
    assert ground[2:] - ground[:2] == pytest.approx([20, 30])


def test_unknown_landmarks_stay_unknown():
    truth = labelled(FACE, points=False)

    _, moved = alter(PICTURE, truth, Alteration(True, 5.0, masked=1.0))

    assert np.isnan(moved.landmarks).all()


def test_a_face_cut_by_the_edge_before_is_not_lost_by_being_mirrored():
    _, moved = alter(LIGHT, labelled((-30, 10, 10, 60)), Alteration(mirrored=True))

    assert moved.boxes.tolist() == [[90, 10, 130, 60]]
    assert not moved.ignored.any()


def test_ignored_faces_stay_ignored():
    truth = labelled(FACE, (60, 20, 80, 40), ignored=np.array([False, True]))

    _, moved = alter(LIGHT, truth, Alteration(mirrored=True))

    assert moved.ignored.tolist() == [False, True]


def test_a_grey_picture_has_one_value_per_pixel_and_three_channels():
    image, _ = alter(PICTURE, labelled(FACE), Alteration(grey=True))

    assert image.shape == PICTURE.shape
    assert (image == image[..., :1]).all()


def test_a_reduced_picture_keeps_its_size_and_brightness_and_loses_detail():
    image, truth = alter(PICTURE, labelled(FACE), Alteration(reduction=0.4))

    assert image.shape == PICTURE.shape
    assert image.mean() == pytest.approx(PICTURE.mean(), abs=1)
    assert image.std() < PICTURE.std() / 2
    assert truth.boxes.tolist() == [list(FACE)]


def test_altering_leaves_the_picture_it_was_given_alone():
    given = PICTURE.copy()

    alter(given, labelled(FACE), Alteration(True, 5.0, True, 0.5, 1.0))

    assert np.array_equal(given, PICTURE)


def test_a_mask_covers_nose_and_mouth_and_leaves_the_eyes():
    truth = labelled((20, 10, 70, 70))

    for seed in range(20):
        image, moved = alter(LIGHT, truth, Alteration(masked=1.0, seed=seed))
        changed = (image != LIGHT).any(axis=2)
        at = [bool(changed[int(y), int(x)]) for x, y in truth.landmarks[0]]

        assert at == [False, False, True, True, True]
        assert np.array_equal(moved.landmarks, truth.landmarks)


def test_so_large_a_share_of_the_faces_is_masked():
    faces = [(x, y, x + 18, y + 22) for x in range(0, 480, 20) for y in (5, 40)]
    light = np.full((70, 480, 3), 128, np.uint8)

    image, _ = alter(light, labelled(*faces), Alteration(masked=0.25, seed=3))

    mouths = [image[y + 16, x + 9].tolist() != [128] * 3 for x, y, *_ in faces]
    assert 0.1 < np.mean(mouths) < 0.4


@pytest.mark.parametrize("face", [(-200, -200, -150, -140), (99, 79, 150, 140)])
def test_masks_outside_the_picture_change_nothing(face):
    image, _ = alter(LIGHT, labelled(face), Alteration(masked=1.0))

    assert image.shape == LIGHT.shape
    assert (image == LIGHT).mean() > 0.99


def test_a_face_in_profile_gets_a_mask_with_a_width():
    points = np.float32([(50, 20), (50, 20), (55, 35), (50, 50), (50, 50)])

    outline = altering.mask_outline(points, np.random.default_rng(0))
    broad = altering.mask_outline(
        points + np.float32([(0, 0), (1, 0), (0, 0), (0, 0), (0, 0)]),
        np.random.default_rng(0),
    )

    assert np.isfinite(outline).all()
    assert np.ptp(broad[:, 0]) > 25


def test_alterations_are_drawn_as_often_as_the_numbers_say():
    alterations = drawn(mirrored=0.5, grey=0.1, reduced=0.2, turned=8.0)

    assert np.mean([a.mirrored for a in alterations]) == pytest.approx(0.5, abs=0.04)
    assert np.mean([a.grey for a in alterations]) == pytest.approx(0.1, abs=0.03)
    reduced = [a.reduction < 1 for a in alterations]
    assert np.mean(reduced) == pytest.approx(0.2, abs=0.03)
    angles = np.array([a.angle for a in alterations])
    assert -8 < angles.min() < -7.5
    assert 7.5 < angles.max() < 8
    assert min(a.reduction for a in alterations) >= altering.REDUCTIONS[0]


def test_numbers_of_nothing_draw_no_alteration():
    for one in drawn(n=50, mirrored=0.0, grey=0.0, reduced=0.0, turned=0.0, masked=0.0):
        assert one == Alteration(seed=one.seed)


def test_the_same_seed_alters_alike_masks_included():
    picture, truth = oval((80, 100), np.float32(FACE)), labelled(FACE)
    config = SamplesConfig(masked=1.0)

    one, other = (
        alter(picture, truth, altering.draw(config, np.random.default_rng(5)))
        for _ in range(2)
    )

    assert np.array_equal(one[0], other[0])
    assert np.array_equal(one[1].boxes, other[1].boxes)
