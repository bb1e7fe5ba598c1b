"""Tests of facecam.training.detector.checking.contact."""

import numpy as np
import pytest

from facecam.training.detector.checking import contact
from facecam.training.detector.checking.contact import Key, Row, Tile

RED = (255, 0, 0)


def grey(side):
    return np.full((side, side, 3), 128, np.uint8)


def lit(tile, colour):
    """Return the middle of all pixels that are nearly of a colour, (x, y)."""
    near = np.abs(tile.astype(int) - colour).max(axis=2) < 60
    rows, columns = np.nonzero(near)
    return columns.mean() + 0.5, rows.mean() + 0.5


def test_a_sheet_without_tiles_still_says_what_it_is_about():
    page = contact.sheet("Nothing", (), [Row("none", [])], columns=4)

    assert page.shape[1] > 300
    assert page.max() > 150


def test_tiles_beyond_the_last_column_go_on_below():
    tiles = [Tile(np.full((40, 40, 3), 200 + n, np.uint8), str(n)) for n in range(5)]

    one = contact.sheet("Faces", (Key(RED, "red"),), [Row("", tiles[:4])], columns=4)
    two = contact.sheet("Faces", (Key(RED, "red"),), [Row("", tiles)], columns=4)

    assert two.shape[0] - one.shape[0] > 40
    assert all((two == 200 + n).all(axis=2).sum() >= 1600 for n in range(5))
    assert (two == RED).all(axis=2).sum() >= 100


def test_a_long_caption_is_cut_at_the_edge_of_its_tile():
    words = "a very long name of a file " * 20

    page = contact.sheet(words, (), [Row(words, [Tile(grey(40), words)])], columns=1)

    assert page.shape[1] == 632


@pytest.mark.parametrize("size", [(30, 60), (60, 30), (7, 400)])
def test_a_picture_fits_its_tile_and_its_places_are_known(size):
    image = np.zeros((*size, 3), np.uint8)
    image[size[0] // 2, size[1] // 2] = 255

    tile, scale, corner = contact.fitted(image, 120)

    assert tile.shape == (120, 120, 3)
    assert max(size) * scale == 120
    where = np.array((size[1] // 2 + 0.5, size[0] // 2 + 0.5)) * scale + corner
    shown = np.where((tile == contact.PAPER).all(axis=2)[..., None], 0, tile)
    brightest = np.argwhere(shown.max(axis=2) == shown.max()).mean(axis=0)[::-1] + 0.5
    assert np.abs(brightest - where).max() <= max(scale, 1)


def test_every_pixel_of_a_crop_becomes_a_square_on_paper():
    crop = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)

    tile = contact.enlarged(crop, factor=4, margin=5)

    assert tile.shape == (22, 22, 3)
    assert (tile[5:9, 5:9] == crop[0, 0]).all()
    assert (tile[13:17, 9:13] == crop[2, 1]).all()
    assert (tile[:5] == contact.PAPER).all()


def test_a_box_is_drawn_where_it_is_to_a_fraction_of_a_pixel():
    low, high = grey(100), grey(100)
    contact.draw_box(low, np.float32((20, 30, 60, 80)), RED)
    contact.draw_box(high, np.float32((20.5, 30.5, 60.5, 80.5)), RED)

    x, y = lit(low, RED)
    assert (x, y) == pytest.approx((40, 55), abs=0.3)
    assert (low != high).any()


def test_a_crossed_box_also_marks_its_middle():
    plain, crossed = grey(100), grey(100)
    for tile, cross in ((plain, False), (crossed, True)):
        contact.draw_box(tile, np.float32((20, 20, 80, 80)), RED, cross)

    assert (plain[45:55, 45:55] == 128).all()
    assert (crossed[45:55, 45:55] != 128).any()


def test_points_have_their_own_colours_and_unknown_ones_are_left_out():
    tile = grey(100)
    points = np.float32([(20, 30), (70, 30), (50, 50), (30, 80), (np.nan, np.nan)])

    contact.draw_points(tile, points, radius=4)

    for point, colour in zip(points[:4], contact.POINTS[:4], strict=True):
        assert lit(tile, colour) == pytest.approx(point.tolist(), abs=0.5)
    assert not (tile == contact.POINTS[4]).all(axis=2).any()


def test_what_lies_far_outside_is_cut_off():
    tile = grey(50)

    contact.draw_box(tile, np.float32((-1e9, -1e9, 1e9, 1e9)), RED)
    contact.draw_points(tile, np.full((5, 2), 1e9, np.float32))

    assert (tile == 128).all()
