import numpy as np
import pytest

from facecam.annotations import yolo
from facecam.errors import DatasetError
from tests.annotations.sets import FRONTAL, photo, put

FACE = "0 0.4 0.625 0.4 0.625\n"
"""(20, 25) to (60, 75) in a picture of 100×80."""


def labelled(root, text, name="a", folders=("images", "labels")):
    photo(root / folders[0] / f"{name}.jpg")
    return put(root / folders[1] / f"{name}.txt", text)


def read(root):
    return yolo.read(root, yolo.find(root))


@pytest.mark.parametrize(
    "folders",
    [("images", "labels"), ("images/train", "labels/train"), ("", ""), ("", "labels")],
)
def test_shares_become_pixels(tmp_path, folders):
    labelled(tmp_path, FACE, folders=folders)

    (one,) = read(tmp_path).annotations

    assert one.path == tmp_path / folders[0] / "a.jpg"
    assert one.boxes == pytest.approx(np.array([[20, 25, 60, 75]]))
    assert one.split == ("train" if "train" in folders[0] else "")
    assert (one.complete, one.attributes) == (True, {})


@pytest.mark.parametrize("empty", ["", "\n"])
def test_an_empty_file_says_no_face_and_a_missing_one_says_nothing(tmp_path, empty):
    labelled(tmp_path, FACE)
    labelled(tmp_path, empty, "empty")
    photo(tmp_path / "images" / "unseen.jpg")

    found = read(tmp_path)

    assert [(one.path.stem, len(one.boxes)) for one in found.annotations] == [
        ("a", 1),
        ("empty", 0),
    ]
    assert found.faults[0].path.stem == "unseen"
    assert "1 pictures such as this have no text file" in found.faults[0].reason


def test_the_name_of_a_picture_divides_nothing(tmp_path):
    for name in ("test_1", "val_2"):
        labelled(tmp_path, FACE, name)

    assert [one.split for one in read(tmp_path).annotations] == ["", ""]


def points(step):
    """Return FRONTAL as shares of 100×80, with or without visibility."""
    seen = [2] * (step - 2)
    return " ".join(
        str(value) for x, y in FRONTAL for value in (x / 100, y / 80, *seen)
    )


@pytest.mark.parametrize("step", [2, 3])
def test_five_points_are_read(tmp_path, step):
    labelled(tmp_path, f"{FACE.strip()} {points(step)}\n")

    landmarks = read(tmp_path).annotations[0].landmarks

    assert landmarks[0] == pytest.approx(np.array(FRONTAL))


@pytest.mark.parametrize("none", ["-1 " * 10, "0 " * 15])
def test_points_that_are_not_labelled_are_unknown(tmp_path, none):
    labelled(tmp_path, f"{FACE.strip()} {none}\n")

    found = read(tmp_path)

    assert np.isnan(found.annotations[0].landmarks).all()
    assert not found.faults


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data.yaml", "train: ../train\nnc: 2\nnames: ['mask', \"face\"]  # ours\n"),
        ("data.yaml", "names:\n  0: mask\n  1: face\ntrain: x\n"),
        ("data.yaml", "names:\n- mask\n- face\n"),
        ("data.yaml", "names: [\n  'mask',\n  'face',\n]\npath: .\n"),
        ("data.yaml", "names: {0: mask, 1: 'face'}\n"),
        (
            "data.yml",
            "kpt_shape: [5, 3]\nnames:\n  '0': \"mask\"\n  '1': face\nnc: 2\n",
        ),
        ("classes.txt", "mask\nface\n"),
        ("labels/classes.txt", "mask\nface\n"),
        ("obj.names", "mask\nface\n"),
        ("../data.yaml", "names: [mask, face]\n"),
    ],
)
def test_the_class_called_face_is_taken(tmp_path, name, text):
    root = tmp_path / "set"
    labelled(root, f"{FACE}1 0.5 0.5 0.2 0.25\n")
    put(root / name, text)

    (one,) = read(root).annotations

    assert one.boxes == pytest.approx(np.array([[40, 30, 60, 50]]))


@pytest.mark.parametrize("text", [None, "train: images\n", ""])
def test_without_names_class_0_is_the_face(tmp_path, text):
    labelled(tmp_path, f"1 0.5 0.5 0.2 0.25\n{FACE}")
    if text:
        put(tmp_path / "data.yaml", text)

    (one,) = read(tmp_path).annotations

    assert one.boxes == pytest.approx(np.array([[20, 25, 60, 75]]))


def test_masks_are_told_as_occlusion(tmp_path):
    labelled(tmp_path, f"{FACE}1 0.5 0.5 0.2 0.25\n")
    put(tmp_path / "classes.txt", "without_mask\nwith_mask\n")

    (one,) = read(tmp_path).annotations

    assert one.attributes["occlusion"].tolist() == [0, 1]


def test_classes_that_do_not_tell_are_refused(tmp_path):
    labelled(tmp_path, FACE)
    put(tmp_path / "data.yaml", "names: [cat, dog]\n")

    with pytest.raises(DatasetError, match="There are cat, dog"):
        read(tmp_path)


def test_single_faults_name_file_and_line(tmp_path):
    path = labelled(tmp_path, f"{FACE}0 0.5 0.5 0 0\n")
    gone = put(tmp_path / "labels" / "gone.txt", FACE)

    found = read(tmp_path)

    empty, missing = sorted(found.faults, key=lambda fault: fault.reason)
    assert (empty.where, empty.path.stem) == (f"{path}, line 2", "a")
    assert (missing.where, missing.path.stem) == (str(gone), "gone")
    assert len(found.annotations[0].boxes) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0 0.5 0.5 0.2\n", "expected 5 numbers .*or 15 or 20 .* found 4"),
        ("0 0.1 0.1 0.2 0.1 0.2 0.2 0.1 0.2\n", "found 9. Export the set as boxes"),
        ("0 0.5 0.5 0.2 0.2 0.93\n", "found 6"),
        ("0 0.5 0,5 0.2 0.2\n", "'0,5' is no number"),
        ("face 0.5 0.5 0.2 0.2\n", "'face' is no number of a class"),
        ("0 40 50 40 50\n", "50 is no share of the picture. These look like pixels"),
    ],
)
def test_a_line_of_another_structure_is_refused(tmp_path, line, reason):
    labelled(tmp_path, FACE + line)

    with pytest.raises(DatasetError, match=rf"a\.txt, line 2: .*{reason}"):
        read(tmp_path)


def test_corners_in_place_of_centres_are_refused(tmp_path):
    boxes = ["0 0.2 0.25 0.6 0.75\n", "0 0.5 0.1 0.9 0.6\n", "0 0.4 0.4 0.8 0.9\n"]
    labelled(tmp_path, "".join(boxes))

    with pytest.raises(DatasetError, match=r"a\.txt, line 1: .* x1 y1 x2 y2: 3 of 3"):
        read(tmp_path)


def test_other_texts_beside_pictures_are_no_labels(tmp_path):
    photo(tmp_path / "a.jpg")
    put(tmp_path / "notes.txt", "about these pictures\n")

    assert yolo.find(tmp_path) == []
