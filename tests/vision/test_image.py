"""Tests of facecam.vision.image."""

import cv2
import numpy as np
import pytest

from facecam.errors import ImageError
from facecam.faces import Detections
from facecam.vision import image as images


def boxes(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, dtype=np.float32).reshape(-1, 4)


def scene(height: int = 480, width: int = 640, seed: int = 0) -> np.ndarray:
    """Return a smooth picture in which every place looks different."""
    noise = np.random.default_rng(seed).integers(0, 256, (height // 8, width // 8, 3))
    return cv2.resize(noise.astype(np.uint8), (width, height))


def test_align_of_no_boxes_is_an_empty_stack():
    crops = images.align(scene(), boxes())

    assert crops.shape == (0, 160, 160, 3)
    assert crops.dtype == np.uint8


@pytest.mark.parametrize(
    "box",
    [
        pytest.param((0, 0, 640, 480), id="the whole picture, reduced"),
        pytest.param((200, 100, 280, 200), id="enlarged"),
        pytest.param((100, 60, 420, 380), id="halved exactly"),
        pytest.param((-60, -50, 100, 110), id="over the top left corner"),
        pytest.param((560, 400, 700, 560), id="over the bottom right corner"),
        pytest.param((90.3, 80.6, 190.3, 280.1), id="between pixels, not square"),
    ],
)
def test_align_shows_what_a_plain_resize_of_the_region_shows(box):
    picture = scene()
    margin = 200
    padded = cv2.copyMakeBorder(picture, *[margin] * 4, cv2.BORDER_REPLICATE)
    x1, y1, x2, y2 = (np.round(np.array(box)) + margin).astype(int)
    region = padded[y1:y2, x1:x2]
    shrinks = min(region.shape[:2]) > 160
    plain = cv2.resize(
        region,
        (160, 160),
        interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR,
    )

    crop = images.align(picture, boxes(box), margin=1)[0]

    assert np.abs(crop.astype(int) - plain).mean() < 3


def test_align_keeps_the_centre_and_scales_each_side_by_the_margin():
    picture = scene()

    grown = images.align(picture, boxes((200, 100, 280, 200)), margin=1.25)
    exact = images.align(picture, boxes((190, 87.5, 290, 212.5)), margin=1)

    assert np.array_equal(grown, exact)


def test_align_fills_the_outside_with_the_edge_of_the_picture():
    picture = np.full((50, 50, 3), (10, 20, 30), np.uint8)

    crops = images.align(
        picture, boxes((-40, -40, 20, 20), (60, 60, 90, 90), (-500, 0, 900, 50))
    )

    assert np.unique(crops.reshape(-1, 3), axis=0).tolist() == [[10, 20, 30]]


@pytest.mark.parametrize("side", [1, 2, 12, 13])
def test_align_works_on_tiny_pictures_and_empty_boxes(side):
    picture = scene(16, 16)[:side, :side]

    crops = images.align(picture, boxes((0, 0, side, side), (3, 3, 3, 3)))

    assert crops.shape == (2, 160, 160, 3)


def test_the_same_picture_gives_the_same_crop_bytes_always():
    box = boxes((101.25, 60.5, 260.75, 300.5), (-20, 300, 90, 470))
    alone = [images.align(scene(), row[None])[0] for row in box]

    crops = images.align(scene(), box)
    of_a_view = images.align(np.pad(scene(), ((0, 9), (0, 9), (0, 0)))[:480, :640], box)

    assert np.array_equal(crops, np.stack(alone))
    assert np.array_equal(crops, of_a_view)


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param((20, 30), id="grey"),
        pytest.param((20, 30, 1), id="grey with a channel"),
        pytest.param((20, 30, 2), id="grey and alpha"),
        pytest.param((20, 30, 3), id="RGB"),
        pytest.param((20, 30, 4), id="RGBA"),
    ],
)
def test_as_rgb_takes_any_usual_arrangement(shape):
    pixels = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)

    rgb = images.as_rgb(pixels)

    assert rgb.shape == (20, 30, 3)
    assert rgb.flags.c_contiguous
    first = pixels if pixels.ndim == 2 else pixels[:, :, 0]
    assert np.array_equal(rgb[:, :, 0], first)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 5), np.uint8),
        np.zeros((4, 4, 3, 1), np.uint8),
    ],
)
def test_as_rgb_refuses_what_is_no_8_bit_picture(pixels):
    with pytest.raises(ImageError, match="Expected"):
        images.as_rgb(pixels)


def test_mips_halve_and_stop_at_one_pixel():
    mips = images.Mips(scene(13, 20))

    assert [mips.level(i).shape[:2] for i in range(3)] == [(13, 20), (6, 10), (3, 5)]
    assert mips.level_for(1.9) == 0
    assert mips.level_for(4) == 2
    assert mips.level_for(1000) == 3


@pytest.mark.parametrize("box", [(20, 10, 60, 70), (10, 20, 70, 60), (20, 20, 60, 60)])
def test_people_see_a_face_in_the_proportions_it_had(box):
    image = np.zeros((80, 80, 3), np.uint8)
    image[30:50, 30:50] = 255  # a square in the middle of the face
    box = np.array([box], np.float32)
    face = Detections(box, np.ones(1, np.float32), np.zeros((1, 5, 2), np.float32))

    shown = images.natural(images.align(image, box, size=40, margin=1.0)[0], face)

    white = shown[:, :, 0] > 127
    assert shown.shape == (40, 40, 3)
    assert abs(int(white.any(axis=0).sum()) - int(white.any(axis=1).sum())) <= 1


def test_a_crop_whose_face_is_not_known_is_shown_as_it_is():
    crop = scene(40, 40)

    assert images.natural(crop, None) is crop
