"""Every layout is recognised by itself, wherever its files lie."""

import json

import pytest

from facecam.annotations import reading
from facecam.errors import DatasetError
from tests.annotations import sets
from tests.annotations.sets import FRONTAL, flat, photo, put

ATTRIBUTES = " 0 0 0 0 0 0"


def wider(root):
    sets.wider(root, f"a.jpg\n1\n20 25 40 50{ATTRIBUTES}\n", "a.jpg")


def celeba(root):
    photo(root / "img_celeba" / "1.jpg")
    put(root / "list_bbox_celeba.txt", "1\nimage_id x y w h\n1.jpg 20 25 40 50\n")


def points(root):
    photo(root / "a.jpg")
    put(root / "trainImageList.txt", f"a.jpg 20 60 25 75 {flat(FRONTAL)}\n")


def coco(root, name="_annotations.coco.json"):
    photo(root / "a.jpg")
    contents = {
        "images": [{"id": 1, "file_name": "a.jpg"}],
        "annotations": [{"image_id": 1, "category_id": 1, "bbox": [20, 25, 40, 50]}],
        "categories": [{"id": 1, "name": "face"}],
    }
    put(root / name, json.dumps(contents))


def yolo(root):
    photo(root / "images" / "a.jpg")
    put(root / "labels" / "a.txt", "0 0.4 0.625 0.4 0.625\n")


def voc(root):
    photo(root / "JPEGImages" / "a.jpg")
    box = "<xmin>20</xmin><ymin>25</ymin><xmax>60</xmax><ymax>75</ymax>"
    face = f"<object><name>face</name><bndbox>{box}</bndbox></object>"
    put(root / "Annotations" / "a.xml", f"<annotation>{face}</annotation>")


def meshes(root):
    photo(root / "a.jpg")
    rows = [
        f"{20 + n % 10 * 40 / 9:.3f} {25 + n // 10 * 50 / 6:.3f}" for n in range(68)
    ]
    put(root / "a.pts", "\n".join(rows))


LAYOUTS = {
    "WIDER FACE": wider,
    "CelebA": celeba,
    "CNN_FacePoint": points,
    "COCO": coco,
    "YOLO": yolo,
    "Pascal VOC": voc,
    "68 points": meshes,
}


def test_every_layout_is_tried_here():
    assert [layout.NAME for layout in reading.LAYOUTS] == list(LAYOUTS)


@pytest.mark.parametrize("below", ["", "unpacked"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_recognised_and_read(tmp_path, name, below):
    LAYOUTS[name](tmp_path / below)

    found = reading.read(tmp_path)

    assert reading.recognise(tmp_path) == found.layout == name
    assert found.root == tmp_path
    (one,) = found.annotations
    assert one.boxes.tolist() == [[20, 25, 60, 75]]
    assert one.path.is_file()


WRITTEN = {
    "WIDER FACE": "wider_face_split/wider_face_val_bbx_gt.txt",
    "CelebA": "list_bbox_celeba.txt",
    "CNN_FacePoint": "trainImageList.txt",
    "COCO": "_annotations.coco.json",
    "YOLO": "labels/a.txt",
    "Pascal VOC": "Annotations/a.xml",
    "68 points": "a.pts",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_file_in_a_wrong_encoding_is_named_with_its_line(tmp_path, name):
    LAYOUTS[name](tmp_path)
    path = tmp_path / WRITTEN[name]
    path.write_bytes(path.read_bytes() + "\nMünchen".encode("latin-1"))
    line = path.read_bytes().count(b"\n") + 1

    with pytest.raises(DatasetError) as caught:
        reading.read(tmp_path)

    assert str(caught.value).startswith(f"{path}, line {line}: ")


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_set_whose_pictures_are_gone_names_the_first(tmp_path, name):
    LAYOUTS[name](tmp_path)
    for path in reading.find_images(tmp_path):
        path.unlink()

    with pytest.raises(DatasetError, match=r"first of 1 faults, .*\.jpg is missing"):
        reading.read(tmp_path)


def test_folders_named_like_splits_divide_the_set(tmp_path):
    for split in ("train", "valid", "test"):
        coco(tmp_path / split)

    found = reading.read(tmp_path)

    assert [one.split for one in found.annotations] == ["test", "train", "val"]


def test_yolo_as_exporting_programs_lay_it_out(tmp_path):
    for split in ("train", "valid"):
        photo(tmp_path / split / "images" / "a.jpg")
        put(tmp_path / split / "labels" / "a.txt", "1 0.4 0.625 0.4 0.625\n")
    put(tmp_path / "data.yaml", "names: [hand, face]\n")

    found = reading.read(tmp_path)

    assert [(one.split, len(one.boxes)) for one in found.annotations] == [
        ("train", 1),
        ("val", 1),
    ]


def test_a_list_of_boxes_tells_more_than_points_beside_it(tmp_path):
    meshes(tmp_path)
    points(tmp_path)

    assert reading.recognise(tmp_path) == "CNN_FacePoint"


def test_one_file_of_several_may_be_given(tmp_path):
    coco(tmp_path, "old.json")
    coco(tmp_path, "new.json")

    found = reading.read(tmp_path / "new.json")

    assert reading.recognise(tmp_path / "new.json") == "COCO"
    assert len(found.annotations[0].boxes) == 1
    assert len(reading.read(tmp_path).annotations[0].boxes) == 2


def test_sets_of_several_layouts_are_told_apart(tmp_path):
    yolo(tmp_path / "ours")
    voc(tmp_path / "theirs")

    with pytest.raises(DatasetError, match=r"several.*ours \(YOLO\), theirs \(Pascal"):
        reading.recognise(tmp_path)


def test_several_sets_are_read(tmp_path):
    yolo(tmp_path / "ours")
    voc(tmp_path / "theirs")

    found = reading.read_all([tmp_path / "theirs", tmp_path / "ours"])

    assert [one.layout for one in found] == ["Pascal VOC", "YOLO"]
    assert reading.read_all([]) == []


def test_an_empty_folder_says_so(tmp_path):
    for read in (reading.read, reading.recognise):
        with pytest.raises(DatasetError, match=r"is empty\. Unpack a data set into it"):
            read(tmp_path)


def test_a_folder_that_does_not_exist_says_so(tmp_path):
    calls = (
        reading.read,
        reading.without_faces,
        lambda path: reading.fingerprint([path]),
    )
    for call in calls:
        with pytest.raises(DatasetError, match=r"no folder .*nothing\. Check the name"):
            call(tmp_path / "nothing")


def test_what_was_looked_for_and_what_is_there_is_said(tmp_path):
    for n in range(8):
        photo(tmp_path / f"{n}.jpg")
    put(tmp_path / "readme.txt", "hello")

    with pytest.raises(DatasetError) as caught:
        reading.recognise(tmp_path)

    text = str(caught.value)
    assert "holds 0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg, 5.jpg, …." in text
    assert "Its 8 pictures have no annotations" in text
    assert "given as negatives" in text
    assert "wider_face_split/wider_face_*_bbx_gt.txt (WIDER FACE); " in text
    assert "(Pascal VOC)" in text


@pytest.mark.parametrize(
    "inside", ["WIDER_val", "WIDER_val/images", "wider_face_split"]
)
def test_who_gives_a_part_of_a_set_is_told_the_whole(tmp_path, inside):
    wider(tmp_path)

    with pytest.raises(DatasetError) as caught:
        reading.read(tmp_path / inside)

    assert f"It is part of {tmp_path} (WIDER FACE): give that" in str(caught.value)


def test_archives_are_to_be_unpacked(tmp_path):
    put(tmp_path / "WIDER_train.zip", "PK")

    with pytest.raises(DatasetError, match=r"holds WIDER_train\.zip\. Unpack its arch"):
        reading.read(tmp_path)


def test_a_file_of_something_else_says_what_was_looked_for(tmp_path):
    path = put(tmp_path / "readme.txt", "hello")

    with pytest.raises(DatasetError, match=r"readme\.txt is no file of annot.*Looked"):
        reading.read(path)


def test_a_folder_of_pictures_may_be_said_to_show_no_faces(tmp_path):
    photo(tmp_path / "a.jpg")
    photo(tmp_path / "below" / "b.png")
    (tmp_path / "broken.jpg").write_bytes(b"")

    found = reading.without_faces(tmp_path)

    assert [one.path.name for one in found.annotations] == ["a.jpg", "b.png"]
    assert all(one.complete and len(one.boxes) == 0 for one in found.annotations)
    assert [fault.path.name for fault in found.faults] == ["broken.jpg"]


def test_a_set_of_labelled_faces_is_not_taken_for_pictures_without_faces(tmp_path):
    yolo(tmp_path)

    with pytest.raises(
        DatasetError, match=r"labelled faces \(YOLO\)\. Give it as data"
    ):
        reading.without_faces(tmp_path)
    put(tmp_path / "labels" / "a.txt", "")
    assert len(reading.without_faces(tmp_path).annotations) == 1


def test_labelled_faces_one_folder_below_are_not_taken_for_background(tmp_path):
    yolo(tmp_path / "train")
    photo(tmp_path / "scene.jpg")

    with pytest.raises(DatasetError, match=r"train is a set of labelled faces \(YOLO"):
        reading.without_faces(tmp_path)


def test_no_pictures_without_faces_are_refused(tmp_path):
    with pytest.raises(DatasetError, match="holds no pictures"):
        reading.without_faces(tmp_path)


def test_a_part_is_that_of_its_split_or_all_of_an_undivided_set(tmp_path):
    for split in ("train", "valid"):
        coco(tmp_path / "divided" / split)
    coco(tmp_path / "whole")
    divided, whole = (reading.read(tmp_path / name) for name in ("divided", "whole"))

    assert [one.split for one in reading.part(divided, "val")] == ["val"]
    assert len(reading.part(divided, "all")) == 2
    assert len(reading.part(whole, "val")) == 1
    with pytest.raises(DatasetError, match=r"split test\. It has: train, val\. Choose"):
        reading.part(divided, "test")


def test_the_same_set_has_the_same_fingerprint_wherever_it_lies(tmp_path):
    for name in ("here", "there"):
        yolo(tmp_path / name)
    put(tmp_path / "there" / ".DS_Store", "x")
    put(tmp_path / "there" / "set.zip", "x")

    here, there = (reading.fingerprint([tmp_path / name]) for name in ("here", "there"))

    assert here == there
    assert len(here) == 16
    assert int(here, 16) >= 0


@pytest.mark.parametrize(
    "change",
    [
        lambda root: put(root / "labels" / "a.txt", "0 0.4 0.625 0.4 0.5\n"),
        lambda root: photo(root / "images" / "a.jpg", (300, 200)),
        lambda root: photo(root / "images" / "b.jpg"),
        lambda root: (root / "images" / "a.jpg").rename(root / "images" / "b.jpg"),
        lambda root: put(root / "data.yaml", "names: [face]\n"),
    ],
)
def test_whatever_changes_a_set_changes_its_fingerprint(tmp_path, change):
    yolo(tmp_path)
    before = reading.fingerprint([tmp_path])

    change(tmp_path)

    assert reading.fingerprint([tmp_path]) != before


def test_one_set_and_two_have_different_fingerprints(tmp_path):
    yolo(tmp_path / "a")
    voc(tmp_path / "b")
    a, b = tmp_path / "a", tmp_path / "b"

    prints = {reading.fingerprint(paths) for paths in ([], [a], [b], [a, b], [a, a])}

    assert len(prints) == 5
    assert reading.fingerprint([b / "Annotations" / "a.xml"]) != reading.fingerprint(
        [b]
    )
