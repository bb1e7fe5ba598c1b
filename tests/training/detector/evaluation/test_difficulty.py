"""The official lists of WIDER FACE, written here as MATLAB writes them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.io import savemat

from facecam.annotations.annotation import Annotation
from facecam.errors import DatasetError
from facecam.faces import Detections
from facecam.training import metrics
from facecam.training.detector.evaluation import difficulty
from facecam.training.detector.evaluation.difficulty import Listed

FIRST, SECOND, THIRD = (0, 0, 40, 40), (100, 0, 140, 40), (200, 0, 240, 40)


def boxes(*rows):
    return np.array(rows, np.float32).reshape(-1, 4)


def cell(*values):
    table = np.empty((len(values), 1), object)
    for n, value in enumerate(values):
        table[n, 0] = value
    return table


def write_list(path, counted):
    """One event: a picture of three faces, of which some count, and an empty one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    corners = np.array([FIRST, SECOND, THIRD], float)
    sizes = np.hstack([corners[:, :2], corners[:, 2:] - corners[:, :2]])
    savemat(
        path,
        {
            "event_list": cell("0--Parade"),
            "file_list": cell(cell("a_1", "a_2")),
            "face_bbx_list": cell(cell(sizes, np.empty((0, 4)))),
            "gt_list": cell(
                cell(np.array(counted, np.uint8).reshape(-1, 1), np.empty((0, 1)))
            ),
        },
    )


def seen(root, *found):
    annotation = Annotation(
        root / "WIDER_val" / "images" / "0--Parade" / "a_1.jpg",
        boxes(),
        np.zeros(0, bool),
        np.empty((0, 5, 2), np.float32),
    )
    n = len(found)
    scores = np.linspace(0.9, 0.8, n).astype(np.float32)
    return [
        (annotation, Detections(boxes(*found), scores, np.zeros((n, 5, 2), np.float32)))
    ]


def test_no_box_and_no_face_are_matched():
    none = Listed(boxes(), np.zeros(0, bool))

    assert difficulty.match(boxes(), none).tolist() == []
    assert difficulty.match(boxes(FIRST), none).tolist() == [metrics.FALSE]
    assert (
        difficulty.match(boxes(), Listed(boxes(FIRST), np.ones(1, bool))).tolist() == []
    )


def test_a_second_box_on_a_face_is_false_and_one_on_a_face_unlisted_is_nothing():
    listed = Listed(boxes(FIRST, SECOND), np.array([True, False]))
    found = boxes(FIRST, FIRST, SECOND, SECOND, THIRD)

    kinds = difficulty.match(found, listed).tolist()

    assert kinds == [
        metrics.TRUE,
        metrics.FALSE,
        metrics.IGNORED,
        metrics.IGNORED,
        metrics.FALSE,
    ]


def test_half_of_a_face_is_asked_for():
    listed = Listed(boxes(FIRST), np.ones(1, bool))

    kinds = [difficulty.match(boxes((0, 0, 40, w)), listed)[0] for w in (21, 19)]

    assert kinds == [metrics.TRUE, metrics.FALSE]


@pytest.mark.parametrize("folder", difficulty.FOLDERS)
def test_each_list_counts_its_own_faces(tmp_path, folder):
    write_list(tmp_path / folder / "wider_easy_val.mat", [1])
    write_list(tmp_path / folder / "wider_hard_val.mat", [1, 2, 3])

    groups = difficulty.judge(seen(tmp_path, FIRST, SECOND), 0.7)

    assert list(groups) == ["easy", "hard"]
    assert (groups["easy"].faces, groups["easy"].average_precision) == (1, 1)
    assert groups["hard"].faces == 3
    assert groups["hard"].average_precision == pytest.approx(2 / 3)


def test_a_picture_without_labelled_faces_is_left_out(tmp_path):
    write_list(tmp_path / "wider_face_split" / "wider_easy_val.mat", [1])
    ((annotation, found),) = seen(tmp_path, FIRST)
    empty = replace(annotation, path=annotation.path.with_name("a_2.jpg"))

    groups = difficulty.judge([(annotation, found), (empty, found)], 0.7)

    assert groups["easy"].at(0.7).false == 0


def test_a_list_that_counts_none_of_the_faces_is_empty(tmp_path):
    write_list(tmp_path / "wider_face_split" / "wider_easy_val.mat", [])

    assert difficulty.judge(seen(tmp_path, FIRST), 0.7)["easy"].faces == 0


def test_without_lists_or_outside_of_wider_face_nothing_is_said(tmp_path):
    annotation, found = seen(tmp_path, FIRST)[0]
    elsewhere = Annotation(
        tmp_path / "x.jpg", annotation.boxes, annotation.ignored, annotation.landmarks
    )

    assert difficulty.judge([(annotation, found)], 0.7) == {}
    assert difficulty.judge([(elsewhere, found)], 0.7) == {}
    assert difficulty.judge([], 0.7) == {}


@pytest.mark.parametrize("content", [b"", b"no MATLAB file at all" * 20])
def test_a_damaged_list_names_the_file(tmp_path, content):
    path = tmp_path / "wider_face_split" / "wider_medium_val.mat"
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(DatasetError, match="wider_medium_val"):
        difficulty.judge(seen(tmp_path, FIRST), 0.7)


def test_a_list_of_something_else_names_the_file(tmp_path):
    path = tmp_path / "wider_face_split" / "wider_medium_val.mat"
    path.parent.mkdir()
    savemat(path, {"other": np.eye(3)})

    with pytest.raises(DatasetError, match="wider_medium_val"):
        difficulty.judge(seen(tmp_path, FIRST), 0.7)
