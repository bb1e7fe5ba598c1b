import numpy as np
import pytest

from facecam.errors import DatasetError
from facecam.training import datasets


def touch(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


PAIRS = "2\t1\nAda\t1\t2\nAda\t1\tGrace\t1\nGrace\t1\t2\nAda\t2\tGrace\t2\n"
PICTURES = [f"{n}/{n}_000{k}.jpg" for n in ("Ada", "Grace") for k in (1, 2)]


@pytest.mark.parametrize("below", ["", "lfw/", "lfw-deepfunneled/"])
def test_pairs_are_read_with_their_folds(tmp_path, below):
    touch(tmp_path, *(below + name for name in PICTURES))
    (tmp_path / "pairs.txt").write_text(PAIRS)

    pairs = datasets.read_pairs(tmp_path)

    assert [(p.same, p.fold) for p in pairs] == [
        (True, 0),
        (False, 0),
        (True, 1),
        (False, 1),
    ]
    assert pairs[3].first.name == "Ada_0002.jpg"
    assert pairs[3].second.name == "Grace_0002.jpg"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("Ada 1 2\n", "must begin"),
        ("2 1\nAda 1 2\n", "announces"),
        (PAIRS.replace("Ada\t1\t2\n", "Ada\tx\t2\n"), "line 2"),
        (PAIRS.replace("Grace\t1\t2", "Grace\t1\t3"), "line 4.*missing"),
    ],
)
def test_what_is_wrong_with_pairs_is_said(tmp_path, text, reason):
    touch(tmp_path, *PICTURES)
    (tmp_path / "pairs.txt").write_text(text)

    with pytest.raises(DatasetError, match=reason):
        datasets.read_pairs(tmp_path)


def test_a_folder_without_pairs_says_so(tmp_path):
    with pytest.raises(DatasetError, match=r"pairs\.txt"):
        datasets.read_pairs(tmp_path)


def test_people_are_folders(tmp_path):
    touch(tmp_path, *PICTURES, "stray.jpg")

    people = datasets.read_people(tmp_path)

    assert {name: len(paths) for name, paths in people.items()} == {
        "Ada": 2,
        "Grace": 2,
    }
    for empty in (tmp_path / "nothing", tmp_path / "Ada"):
        with pytest.raises(DatasetError):
            datasets.read_people(empty)


def wider(root, text, part="val"):
    split = root / "wider_face_split"
    split.mkdir(exist_ok=True)
    (split / f"wider_face_{part}_bbx_gt.txt").write_text(text)


def test_wider_boxes_become_corners_and_invalid_ones_are_ignored(tmp_path):
    touch(tmp_path / "WIDER_val/images", "0--A/a.jpg", "0--A/b.jpg", "0--A/c.jpg")
    wider(
        tmp_path,
        "0--A/a.jpg\n3\n1 2 3 4 0 0 0 0 0 0 \n"
        "5 6 7 8 0 0 0 1 0 0 \n9 9 0 4 0 0 0 0 0 0\n"
        "0--A/b.jpg\n0\n0 0 0 0 0 0 0 0 0 0 \n"
        "0--A/c.jpg\n0\n",
    )

    images = datasets.read_detection(tmp_path)

    assert [image.path.name for image in images] == ["a.jpg", "b.jpg", "c.jpg"]
    assert images[0].boxes.tolist() == [[1, 2, 4, 6], [5, 6, 12, 14]]
    assert images[0].ignored.tolist() == [False, True]
    assert images[1].boxes.shape == (0, 4)
    assert np.isnan(images[0].landmarks).all()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0--A/a.jpg\n", "line 2: expected the number"),
        ("0--A/a.jpg\n1\n1 2 3\n", "line 3: expected 10"),
        ("0--A/none.jpg\n1\n1 2 3 4 0 0 0 0 0 0\n", "missing"),
        ("", "empty"),
    ],
)
def test_what_is_wrong_with_wider_is_said(tmp_path, text, reason):
    touch(tmp_path / "WIDER_val/images", "0--A/a.jpg")
    wider(tmp_path, text)

    with pytest.raises(DatasetError, match=reason):
        datasets.read_detection(tmp_path)


def test_a_folder_of_another_layout_says_so(tmp_path):
    with pytest.raises(DatasetError, match="wider_face_split"):
        datasets.read_detection(tmp_path)


def test_lists_of_points_hold_x1_x2_y1_y2(tmp_path):
    touch(tmp_path, "a b/c.jpg")
    points = " ".join(str(k) for k in range(10))
    (tmp_path / "trainImageList.txt").write_text(f"a b\\c.jpg 10 30 20 40 {points}\n")

    (image,) = datasets.read_detection(tmp_path)

    assert image.boxes.tolist() == [[10, 20, 30, 40]]
    assert image.landmarks[0, 1].tolist() == [2, 3]


def test_a_short_line_of_points_is_refused(tmp_path):
    touch(tmp_path, "a.jpg")
    (tmp_path / "trainImageList.txt").write_text("a.jpg 1 2 3\n")
    with pytest.raises(DatasetError, match="line 1"):
        datasets.read_detection(tmp_path)


def test_the_real_sets_are_read(data):
    pairs = datasets.read_pairs(data / "lfw_a")
    assert (len(pairs), sum(p.same for p in pairs)) == (1200, 600)
    assert len(datasets.read_names(data / "lfw_a" / datasets.PEOPLE)) == 24
    wide = data / "detection_wider_layout"
    for split, pictures, faces in (("train", 280, 1271), ("val", 65, 255)):
        images = datasets.read_detection(wide, split)
        assert len(images) == pictures
        assert sum(len(image.boxes) for image in images) == faces
    assert len(datasets.read_detection(wide, "all")) == 345
    assert len(datasets.read_detection(data / "landmark68_helen_afw")) == 150
