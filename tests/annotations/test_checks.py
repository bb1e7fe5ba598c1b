import numpy as np
import pytest

from facecam.annotations.annotation import Fault
from facecam.annotations.checks import annotated_set
from facecam.annotations.labels import LabelledFace, LabelledPicture
from facecam.errors import DatasetError
from facecam.media import encode_jpeg
from tests.annotations.sets import FRONTAL, photo


def picture(path, *boxes, **more):
    faces = tuple(
        LabelledFace(f"list, line {n}", box) for n, box in enumerate(boxes, 1)
    )
    return LabelledPicture(path, f"list of {path.stem}", faces, **more)


def check(root, *pictures, **more):
    return annotated_set(root, "made up", pictures, **more)


def test_a_set_without_pictures_is_refused(tmp_path):
    with pytest.raises(DatasetError, match=r"\(made up\) lists no pictures\. Unpack"):
        check(tmp_path)


def test_a_picture_without_faces_has_arrays_of_none(tmp_path):
    found = check(tmp_path, picture(photo(tmp_path / "a.jpg")))

    (one,) = found.annotations
    assert (one.boxes.shape, one.landmarks.shape) == ((0, 4), (0, 5, 2))
    assert (one.ignored.shape, one.ignored.dtype) == ((0,), np.bool_)
    assert (one.where, found.faults) == ("list of a", ())


def test_boxes_may_reach_beyond_the_edge_but_not_lie_outside(tmp_path):
    path = photo(tmp_path / "a.jpg", (100, 80))
    cut, outside, below = (-10, 20, 30, 60), (80, 10, 140, 60), (10, 90, 40, 120)

    found = check(tmp_path, picture(path, (1, 2, 40, 50), cut, outside, below))

    assert found.annotations[0].boxes.tolist() == [[1, 2, 40, 50], [-10, 20, 30, 60]]
    assert [fault.where for fault in found.faults] == ["list, line 3", "list, line 4"]
    assert found.faults[0].reason == (
        "The box from (80, 10) to (140, 60) lies outside the picture, which is 100×80 "
        "pixels. Correct it, or remove the face."
    )


def test_boxes_without_size_are_left_out(tmp_path):
    path = photo(tmp_path / "a.jpg")

    found = check(
        tmp_path,
        picture(path, (0, 0, 0, 0), (9, 9, 9, 30), (1, 2, 40, 50), (1, 2, 30, 40)),
    )

    assert len(found.annotations[0].boxes) == 2
    reasons = [fault.reason.split(" pixels")[0] for fault in found.faults]
    assert reasons == ["The box is 0×0", "The box is 0×21"]
    assert {fault.path for fault in found.faults} == {path}


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_a_damaged_picture_is_left_out(tmp_path, content):
    (tmp_path / "bad.jpg").write_bytes(content)
    good = picture(photo(tmp_path / "good.jpg"), (1, 2, 40, 50))

    found = check(tmp_path, picture(tmp_path / "bad.jpg", (1, 2, 40, 50)), good)

    assert [one.path.stem for one in found.annotations] == ["good"]
    assert found.faults[0].where == "list of bad"
    assert "bad.jpg" in found.faults[0].reason


def test_if_no_picture_can_be_used_the_first_fault_is_shown(tmp_path):
    pictures = [picture(tmp_path / f"{name}.jpg") for name in "ab"]
    early = Fault("list, line 1", "Odd.")

    with pytest.raises(DatasetError, match="first of 3 faults, list, line 1: Odd"):
        check(tmp_path, *pictures, faults=[early])
    with pytest.raises(
        DatasetError, match=r"first of 2 faults, list of a: The picture"
    ):
        check(tmp_path, *pictures)


def test_what_a_reader_left_out_comes_first(tmp_path):
    early = Fault("list, line 1", "Odd.")

    found = check(
        tmp_path, picture(photo(tmp_path / "a.jpg"), (0, 0, 0, 0)), faults=[early]
    )

    assert found.faults[0] == early
    assert len(found.faults) == 2


def test_one_picture_in_two_places_is_one_annotation(tmp_path):
    path = photo(tmp_path / "a.jpg")
    whole, part = picture(path, (1, 2, 40, 50)), picture(path, (50, 2, 90, 50))

    (one,) = check(tmp_path, whole, part).annotations

    assert one.boxes.tolist() == [[1, 2, 40, 50], [50, 2, 90, 50]]


def test_a_face_that_is_left_out_takes_its_attributes_along(tmp_path):
    path = photo(tmp_path / "a.jpg")
    faces = [
        LabelledFace("list, line 1", (0, 0, 0, 0), attributes={"occlusion": 2}),
        LabelledFace("list, line 2", (1, 2, 40, 50), True, FRONTAL, {"occlusion": 1}),
    ]

    (one,) = check(tmp_path, LabelledPicture(path, "list", tuple(faces))).annotations

    assert one.attributes["occlusion"].tolist() == [1]
    assert one.attributes["occlusion"].dtype == np.int8
    assert one.ignored.tolist() == [True]


def test_what_is_not_said_of_every_face_is_not_said_of_the_picture(tmp_path):
    path = photo(tmp_path / "a.jpg")
    faces = [
        LabelledFace("list, line 1", (1, 2, 40, 50), attributes={"occlusion": 2}),
        LabelledFace("list, line 2", (50, 2, 90, 50)),
    ]

    (one,) = check(tmp_path, LabelledPicture(path, "list", tuple(faces))).annotations

    assert one.attributes == {}


def test_a_set_whose_boxes_belong_to_other_pictures_is_refused(tmp_path):
    path = photo(tmp_path / "a.jpg", (100, 80))
    inside, outside = (10, 10, 50, 60), (300, 200, 350, 260)

    with pytest.raises(
        DatasetError, match=r"^12 of the 20 boxes .*, line 9: .*resized"
    ):
        check(tmp_path, picture(path, *[inside] * 8, *[outside] * 12))
    found = check(tmp_path, picture(path, *[inside] * 10, *[outside] * 10))
    assert len(found.annotations[0].boxes) == 10


def test_ignored_faces_do_not_make_the_form_of_boxes_doubtful(tmp_path):
    path = photo(tmp_path / "a.jpg", (100, 80))
    odd = LabelledFace("list, line 1", (60, 40, 30, 20), ignored=True)

    found = check(tmp_path, LabelledPicture(path, "list", (odd,)))

    assert "−" not in found.faults[0].reason
    assert found.faults[0].reason.startswith("The box is -30×-20 pixels")


def test_a_picture_that_a_phone_turned_is_measured_as_it_is_shown(tmp_path):
    orientation_6 = bytes.fromhex(
        "ffe1 0022 457869660000 4d4d002a00000008 0001 0112 0003 00000001 0006 0000"
        "00000000"
    )
    jpeg = encode_jpeg(np.zeros((80, 100, 3), np.uint8))
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg[:2] + orientation_6 + jpeg[2:])

    found = check(tmp_path, picture(path, (20, 60, 60, 98)))

    assert not found.faults
