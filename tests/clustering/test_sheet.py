import numpy as np
import pytest

from facecam.clustering import ALONE, contact_sheet
from facecam.clustering import sheet as module
from facecam.vision.tiles import tiled


def faces(n, side=16):
    return np.full((n, side, side, 3), 40, np.uint8)


def dark(sheet):
    """How many pixels of the sheet are a face's."""
    return int((sheet == 40).all(axis=2).sum())


def test_every_face_of_small_clusters_is_shown():
    labels = np.array([0, 0, 0, 1, 1, ALONE])

    sheet = contact_sheet(faces(6), labels, ["Zoë", "Zoë", "王", "Ada", "Ada", "Ada"])

    assert dark(sheet) >= 6 * 16 * 16
    assert dark(sheet) < 7 * 16 * 16


def test_of_many_faces_and_clusters_some_are_shown(monkeypatch):
    monkeypatch.setattr(module, "DOWN", 2)
    labels = np.repeat([0, 1, 2, 3], [20, 3, 2, 2])

    sheet = contact_sheet(faces(27), labels)

    assert dark(sheet) == pytest.approx((module.ACROSS + 3) * 256, rel=0.05)


def test_nobody_makes_a_sheet_that_says_so():
    sheet = contact_sheet(faces(0), np.empty(0, int))
    assert sheet.shape[0] > 10
    assert sheet.min() < 100


def test_tiles_fill_rows_and_leave_the_rest_black():
    pictures = np.arange(1, 6, dtype=np.uint8)[:, None, None, None]
    pictures = np.broadcast_to(pictures, (5, 2, 3, 3)).copy()

    sheet = tiled(pictures, 3)

    assert sheet.shape == (4, 9, 3)
    assert sheet[::2, ::3, 0].tolist() == [[1, 2, 3], [4, 5, 0]]
