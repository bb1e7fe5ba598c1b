import numpy as np
import pytest

from facecam.annotations import wider
from facecam.annotations.annotation import ATTRIBUTES
from facecam.errors import DatasetError
from tests.annotations import sets

LIST = (
    "0--A/a.jpg\n3\n1 2 30 40 2 1 1 0 2 1 \n50 6 17 18 0 0 0 1 0 0 \n"
    "9 9 0 4 0 0 0 0 0 0\n"
    "0--A/b b.jpg\n0\n0 0 0 0 0 0 0 0 0 0 \n"
    "0--A/c.jpg\n0\n"
    "0--A/d.jpg\n1\n5 6 7 8 0 0 0 0 0 0\n"
)
PICTURES = [f"0--A/{name}.jpg" for name in ("a", "b b", "c", "d")]


def read(root):
    return wider.read(root, wider.find(root))


def test_boxes_become_corners_and_invalid_faces_are_ignored(tmp_path):
    sets.wider(tmp_path, LIST, *PICTURES)

    found = read(tmp_path)

    first = found.annotations[0]
    assert first.path == tmp_path / "WIDER_val/images/0--A/a.jpg"
    assert first.boxes.tolist() == [[1, 2, 31, 42], [50, 6, 67, 24]]
    assert first.boxes.dtype == np.float32
    assert first.ignored.tolist() == [False, True]
    assert np.isnan(first.landmarks).all()
    assert (first.complete, first.split) == (True, "val")


def test_every_attribute_is_kept_by_its_name(tmp_path):
    sets.wider(tmp_path, LIST, *PICTURES)

    attributes = read(tmp_path).annotations[0].attributes

    assert tuple(attributes) == ATTRIBUTES
    assert {name: levels.tolist() for name, levels in attributes.items()} == {
        "blur": [2, 0],
        "expression": [1, 0],
        "illumination": [1, 0],
        "occlusion": [2, 0],
        "pose": [1, 0],
    }


def test_pictures_without_faces_are_kept_with_and_without_their_line_of_zeros(tmp_path):
    sets.wider(tmp_path, LIST, *PICTURES)

    annotations = read(tmp_path).annotations

    assert [len(one.boxes) for one in annotations] == [2, 0, 0, 1]
    empty = annotations[1]
    assert (empty.boxes.shape, empty.ignored.shape) == ((0, 4), (0,))
    assert empty.landmarks.shape == (0, 5, 2)
    assert empty.complete


def test_a_box_without_size_is_left_out_with_its_line(tmp_path):
    path = sets.wider(tmp_path, LIST, *PICTURES)

    (fault,) = read(tmp_path).faults

    assert fault.where == f"{path}, line 5"
    assert fault.reason.startswith("The box is 0×4 pixels. Correct it, or remove")
    assert fault.path.name == "a.jpg"


def test_a_missing_picture_is_left_out_with_its_line(tmp_path):
    path = sets.wider(tmp_path, LIST, *PICTURES[:3])

    found = read(tmp_path)

    assert [one.path.name for one in found.annotations] == ["a.jpg", "b b.jpg", "c.jpg"]
    fault = next(one for one in found.faults if one.path.name == "d.jpg")
    assert fault.where == f"{path}, line 11"
    assert "is missing. Copy it there, or remove it here" in fault.reason


def test_a_split_that_was_not_unpacked_is_one_fault(tmp_path):
    sets.wider(tmp_path, LIST, *PICTURES)
    sets.wider(tmp_path, LIST, split="train")

    found = read(tmp_path)

    assert {one.split for one in found.annotations} == {"val"}
    assert len(found.faults) == 2
    assert found.faults[0].where.endswith("wider_face_train_bbx_gt.txt")
    assert "Unpack WIDER_train.zip into" in found.faults[0].reason


def test_lists_without_any_pictures_are_refused(tmp_path):
    sets.wider(tmp_path, LIST, split="train")

    with pytest.raises(DatasetError, match=r"train_bbx_gt\.txt: .*WIDER_train\.zip"):
        read(tmp_path)


def test_both_splits_are_read(tmp_path):
    sets.wider(tmp_path, LIST, *PICTURES)
    sets.wider(tmp_path, LIST, *PICTURES, split="train")

    splits = [one.split for one in read(tmp_path).annotations]

    assert splits == ["train"] * 4 + ["val"] * 4


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0--A/a.jpg\n", "line 1: the list ends after the name of a picture"),
        ("0--A/a.jpg\n1 2 3\n", "line 2: expected the number of faces of 0--A/a.jpg"),
        ("0--A/a.jpg\n2\n1 2 3 4 0 0 0 0 0 0\n", "line 2: 2 faces are announced but 1"),
        (
            "0--A/a.jpg\n1\n1 2 3\n",
            r"line 3: expected 10 numbers \(x y width height bl",
        ),
        ("0--A/a.jpg\n1\n1 2 3 4 0 0 0 x 0 0\n", "line 3: 'x' is no number"),
        ("0--A/a.jpg\n1\n1 2 3 4 300 0 0 0 0 0\n", "line 3: 300 is no level of blur"),
        ("0--A/a.jpg\n1\n\n1 2 3 4\n", "line 4: expected 10 numbers"),
        ("", r"val_bbx_gt\.txt is empty"),
    ],
)
def test_a_list_of_another_structure_is_refused_with_its_line(tmp_path, text, reason):
    sets.wider(tmp_path, text, "0--A/a.jpg")

    with pytest.raises(DatasetError, match=reason):
        read(tmp_path)


def test_corners_in_place_of_sizes_are_refused_with_file_line_and_cure(tmp_path):
    faces = "10 10 30 35 0 0 0 0 0 0\n60 40 80 65 0 0 0 0 0 0\n"
    path = sets.wider(tmp_path, f"a.jpg\n2\n{faces}b.jpg\n2\n{faces}", "a.jpg", "b.jpg")

    with pytest.raises(DatasetError) as caught:
        read(tmp_path)

    text = str(caught.value)
    assert text.startswith(f"{path}, line 4: boxes must be x y width height here")
    assert "width is x2 − x1 and height is y2 − y1" in text
