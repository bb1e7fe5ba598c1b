"""Tests of facecam.vision.pyramid."""

import numpy as np
import pytest

from facecam.vision import pyramid
from facecam.vision.image import Mips
from facecam.vision.pyramid import CELL, MOST_PIXELS, STRIDE

SIZES = [
    pytest.param(480, 640, 40, id="VGA"),
    pytest.param(641, 479, 20, id="odd and upright"),
    pytest.param(1080, 1920, 20, id="several sheets"),
    pytest.param(2160, 3840, 20, id="4K"),
    pytest.param(12, 12, 12, id="the smallest"),
    pytest.param(12, 9000, 12, id="a ribbon"),
]


@pytest.mark.parametrize(("height", "width", "min_face"), SIZES)
def test_tiles_lie_on_their_sheet_on_even_pixels_and_apart(height, width, min_face):
    plan = pyramid.plan(height, width, min_face, 0.709)
    used = np.zeros((len(plan.cells), *plan.shape), int)

    for tile in plan.tiles:
        assert tile.x % STRIDE == tile.y % STRIDE == 0
        used[tile.sheet, tile.y :, tile.x :][: tile.height, : tile.width] += 1

    area = sum(tile.width * tile.height for tile in plan.tiles)
    assert used.max() == 1
    assert used.sum() == area
    assert plan.shape[0] * plan.shape[1] <= MOST_PIXELS


@pytest.mark.parametrize(("height", "width", "min_face"), SIZES)
def test_every_cell_of_every_level_is_looked_at(height, width, min_face):
    plan = pyramid.plan(height, width, min_face, 0.709)
    seen = [
        np.zeros(((lv.height - CELL) // 2 + 1, (lv.width - CELL) // 2 + 1), int)
        for lv in plan.levels
    ]

    for sheet in plan.cells:
        rows, columns = np.nonzero(sheet >= 0)
        tiles = sheet[rows, columns]
        place = np.stack([columns, rows], axis=1) * STRIDE + plan.origins[tiles]
        for level in range(len(plan.levels)):
            x, y = (place[plan.tile_levels[tiles] == level] / STRIDE).astype(int).T
            np.add.at(seen[level], (y, x), 1)

    assert all((cells >= 1).all() for cells in seen)
    if len(plan.cells) == 1:
        assert all((cells == 1).all() for cells in seen)


@pytest.mark.parametrize(("height", "width", "min_face"), SIZES)
def test_boxes_of_cells_lie_inside_the_picture_and_reach_its_edges(
    height, width, min_face
):
    plan = pyramid.plan(height, width, min_face, 0.709)
    cells = np.argwhere(plan.cells[0] >= 0)

    boxes = plan.boxes(plan.cells[0][tuple(cells.T)], cells)

    assert boxes.min() == 0
    assert (boxes[:, 2:] <= np.array((width, height)) + 0.01).all()
    assert boxes[:, 2].max() == pytest.approx(width, rel=0.01)
    assert (boxes[:, 2:] - boxes[:, :2]).min() >= 0.9 * min_face


def test_one_sheet_is_filled_to_nine_tenths():
    plan = pyramid.plan(480, 640, 40, 0.709)

    area = sum(tile.width * tile.height for tile in plan.tiles)
    assert area > 0.9 * plan.shape[0] * plan.shape[1]


def test_a_picture_smaller_than_the_smallest_face_has_no_levels():
    plan = pyramid.plan(39, 500, 40, 0.709)

    assert plan.levels == ()
    assert plan.cells == ()


@pytest.mark.parametrize(("height", "width", "min_face"), SIZES[:4])
def test_levels_show_the_picture_where_their_boxes_say(height, width, min_face):
    ramp = np.empty((height, width, 3), np.uint8)
    ramp[:, :, 0] = (np.arange(width) * 255 / width)[None]
    ramp[:, :, 1] = (np.arange(height) * 255 / height)[:, None]
    ramp[:, :, 2] = 7
    plan = pyramid.plan(height, width, min_face, 0.709)
    canvas, mips = pyramid.Canvas(), Mips(ramp)

    for sheet, tiles in enumerate(plan.cells):
        pixels = canvas.draw(plan, sheet, mips)[0]
        cells = np.argwhere(tiles >= 0)[::7]
        boxes = plan.boxes(tiles[tuple(cells.T)], cells)
        y, x = (cells * STRIDE + CELL // 2).T
        middle = pixels[y - 1, x - 1].astype(float) / 2 + pixels[y, x] / 2
        centre = (boxes[:, :2] + boxes[:, 2:]) / 2 / (width, height) * 255
        assert np.abs(middle[:, :2] - centre).max() < 2.5
        assert (middle[:, 2] == 7).all()


def test_the_canvas_is_used_again():
    plan = pyramid.plan(480, 640, 40, 0.709)
    canvas = pyramid.Canvas()
    mips = Mips(np.zeros((480, 640, 3), np.uint8))

    assert np.shares_memory(canvas.draw(plan, 0, mips), canvas.draw(plan, 0, mips))
