import numpy as np
import pytest

from facecam.annotations import points
from facecam.errors import DatasetError
from tests.annotations.sets import FRONTAL, flat, photo, put

LINE = f"20 60 25 75 {flat(FRONTAL)}\n"
"""x1 x2 y1 y2, and five points."""


def listed(root, *lines, name="trainImageList.txt"):
    """Write a list, and a picture for each of its lines."""
    for line in lines:
        photo(root / line.rsplit(maxsplit=14)[0].replace("\\", "/"))
    return put(root / name, "".join(lines))


def read(root):
    return points.read(root, points.find(root))


def test_boxes_stand_as_left_right_top_bottom_and_names_may_hold_anything(tmp_path):
    listed(tmp_path, f"a b\\c.jpg {LINE}")

    (face,) = read(tmp_path).annotations

    assert face.path == tmp_path / "a b" / "c.jpg"
    assert face.boxes.tolist() == [[20, 25, 60, 75]]
    assert (face.landmarks[0] == np.array(FRONTAL)).all()
    assert not face.complete


def test_two_lists_divide_the_set_and_one_does_not(tmp_path):
    listed(tmp_path, f"a.jpg {LINE}")
    alone = read(tmp_path)
    listed(tmp_path, f"b.jpg {LINE}", name="testImageList.txt")

    both = read(tmp_path)

    assert [one.split for one in alone.annotations] == [""]
    assert [one.split for one in both.annotations] == ["train", "test"]


def test_two_faces_of_one_picture_become_one_annotation(tmp_path):
    other = [(x + 35, y) for x, y in FRONTAL]
    listed(tmp_path, f"a.jpg {LINE}", f"a.jpg 55 95 25 75 {flat(other)}\n")

    (both,) = read(tmp_path).annotations

    assert both.boxes.tolist() == [[20, 25, 60, 75], [55, 25, 95, 75]]
    assert (both.landmarks[1] == np.array(other)).all()


def test_left_and_right_of_the_person_become_those_of_the_image(tmp_path):
    by_person = flat([FRONTAL[k] for k in (1, 0, 2, 4, 3)])
    listed(tmp_path, *(f"{name}.jpg 20 60 25 75 {by_person}\n" for name in "abc"))

    found = read(tmp_path)

    assert (found.annotations[2].landmarks[0] == np.array(FRONTAL)).all()
    assert not found.faults


def test_points_gone_astray_are_left_out_and_the_box_stays(tmp_path):
    astray = flat([(95, 5), *FRONTAL[1:]])
    listed(tmp_path, f"a.jpg {LINE}", f"b.jpg 20 60 25 75 {astray}\n")

    found = read(tmp_path)

    (fault,) = found.faults
    assert fault.where == f"{tmp_path / 'trainImageList.txt'}, line 2"
    assert "far outside its box, from (20, 25) to (60, 75)" in fault.reason
    assert np.isnan(found.annotations[1].landmarks).all()
    assert len(found.annotations[1].boxes) == 1


def test_one_face_with_its_sides_exchanged_loses_its_points(tmp_path):
    crossed = flat([FRONTAL[k] for k in (1, 0, 2, 4, 3)])
    lines = [f"{name}.jpg {LINE}" for name in "abc"]
    listed(tmp_path, *lines, f"d.jpg 20 60 25 75 {crossed}\n")

    found = read(tmp_path)

    (fault,) = found.faults
    assert "left and right exchanged" in fault.reason
    assert fault.path.name == "d.jpg"
    assert np.isnan(found.annotations[3].landmarks).all()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a.jpg 1 2 3\n", r"line 1: expected 14 numbers \(x1 x2 y1 y2 of the box"),
        (f"a.jpg x 60 25 75 {flat(FRONTAL)}\n", "line 1: 'x' is no number"),
        ("", "is empty"),
    ],
)
def test_a_list_of_another_structure_is_refused_with_its_line(tmp_path, line, reason):
    put(tmp_path / "trainImageList.txt", line)

    with pytest.raises(DatasetError, match=reason):
        read(tmp_path)


@pytest.mark.parametrize(
    ("box", "form"),
    [("20 25 60 75", "x1 y1 x2 y2"), ("20 25 40 50", "x y width height")],
)
def test_boxes_in_another_order_are_refused_with_the_right_one(tmp_path, box, form):
    listed(tmp_path, *(f"{name}.jpg {box} {flat(FRONTAL)}\n" for name in "abcd"))

    with pytest.raises(DatasetError, match=rf"line 1: .* look like {form}: 4 of 4"):
        read(tmp_path)
