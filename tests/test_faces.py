"""Tests of facecam.faces."""

import numpy as np

from facecam.faces import Detections


def test_detections_are_selected_by_a_mask_or_by_positions():
    boxes = np.arange(12, dtype=np.float32).reshape(3, 4)
    scores = np.array([0.9, 0.8, 0.7], np.float32)
    found = Detections(boxes, scores, np.zeros((3, 5, 2), np.float32))

    assert len(found) == 3
    assert found.keep(scores < 0.85).boxes.tolist() == boxes[1:].tolist()
    assert found.keep(np.array([2, 0])).scores.tolist() == scores[[2, 0]].tolist()


def test_a_picture_without_faces_has_no_detections():
    assert len(Detections.none()) == 0
