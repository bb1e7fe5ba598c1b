import json

import numpy as np
import pytest

from facecam.annotations import coco
from facecam.errors import DatasetError
from tests.annotations.sets import FRONTAL, photo, put

FACE = [{"id": 1, "name": "face"}]


def image(number, name, **more):
    return {"id": number, "file_name": name, **more}


def face(number, image_id, box=(20, 25, 40, 50), category=1, **more):
    kind = {"image_id": image_id, "category_id": category, "bbox": list(box)}
    return {"id": number, **kind, **more}


def export(path, images, annotations, categories=FACE):
    contents = {"images": images, "annotations": annotations, "categories": categories}
    return put(path, json.dumps(contents))


def read(root):
    return coco.read(root, coco.find(root))


def test_boxes_become_corners_crowds_are_ignored_and_empty_pictures_kept(tmp_path):
    photo(tmp_path / "images" / "a.jpg")
    photo(tmp_path / "images" / "b.jpg")
    export(
        tmp_path / "annotations" / "instances_train2017.json",
        [image(7, "a.jpg", width=100, height=80), image(9, "b.jpg")],
        [face(1, 7), face(2, 7, (0.5, 1, 9, 8), iscrowd=1)],
    )

    first, second = read(tmp_path).annotations

    assert first.path == tmp_path / "images" / "a.jpg"
    assert first.boxes.tolist() == [[20, 25, 60, 75], [0.5, 1, 9.5, 9]]
    assert first.ignored.tolist() == [False, True]
    assert (first.split, first.complete) == ("train", True)
    assert first.attributes == {}
    assert second.boxes.shape == (0, 4)


def test_five_keypoints_count_where_all_are_labelled(tmp_path):
    photo(tmp_path / "a.jpg")
    five = [value for x, y in FRONTAL for value in (x, y, 2)]
    hidden = [*five[:2], 0, *five[3:]]
    seventeen = [0] * 51
    export(
        tmp_path / "a.json",
        [image(1, "a.jpg")],
        [
            face(n, 1, keypoints=k)
            for n, k in enumerate((five, hidden, seventeen, None))
        ],
    )

    landmarks = read(tmp_path).annotations[0].landmarks

    assert (landmarks[0] == np.array(FRONTAL)).all()
    assert np.isnan(landmarks[1:]).all()


def test_only_the_category_of_faces_counts(tmp_path):
    photo(tmp_path / "a.jpg")
    export(
        tmp_path / "a.json",
        [image(1, "a.jpg")],
        [face(1, 1, category=5), face(2, 1, (1, 2, 30, 40), category=6)],
        [{"id": 5, "name": "car"}, {"id": 6, "name": "face"}, {"id": 8, "name": "dog"}],
    )

    assert read(tmp_path).annotations[0].boxes.tolist() == [[1, 2, 31, 42]]


def test_categories_nobody_used_do_not_matter(tmp_path):
    photo(tmp_path / "a.jpg")
    categories = [{"id": 0, "name": "faces-abc"}, {"id": 1, "name": "visage"}]
    export(tmp_path / "a.json", [image(1, "a.jpg")], [face(1, 1)], categories)

    assert len(read(tmp_path).annotations[0].boxes) == 1


def test_masks_are_told_as_occlusion(tmp_path):
    photo(tmp_path / "a.jpg")
    categories = [{"id": 1, "name": "with_mask"}, {"id": 2, "name": "without_mask"}]
    export(
        tmp_path / "a.json",
        [image(1, "a.jpg")],
        [face(1, 1), face(2, 1, category=2)],
        categories,
    )

    (one,) = read(tmp_path).annotations

    assert one.attributes["occlusion"].tolist() == [1, 0]


def test_several_files_divide_a_set(tmp_path):
    for split in ("train", "valid"):
        photo(tmp_path / split / f"{split}.jpg")
        path = tmp_path / "annotations" / f"{split}.json"
        export(path, [image(1, f"{split}/{split}.jpg")], [face(1, 1)])

    found = read(tmp_path)

    assert [one.split for one in found.annotations] == ["train", "val"]


def test_single_faults_name_annotation_and_picture(tmp_path):
    photo(tmp_path / "a.jpg")
    path = export(
        tmp_path / "a.json",
        [image(1, "a.jpg"), image(2, "gone.jpg")],
        [face(11, 1), face(12, 1, (3, 4, 0, 0)), face(13, 2), face(14, 99)],
    )

    found = read(tmp_path)

    assert len(found.annotations[0].boxes) == 1
    assert [(fault.where, fault.reason.split(".")[0]) for fault in found.faults] == [
        (f"{path}, annotation 14", "There is no picture with the id 99"),
        (f"{path}, picture 2", f"The picture {tmp_path / 'gone'}"),
        (f"{path}, annotation 12", "The box is 0×0 pixels"),
    ]


def test_a_category_that_is_not_listed_makes_no_background_of_faces(tmp_path):
    photo(tmp_path / "a.jpg")
    export(tmp_path / "a.json", [image(1, "a.jpg")], [face(11, 1, category=0)])

    with pytest.raises(DatasetError, match=r"a\.json, annotation 11: .* category 0\."):
        read(tmp_path)


def test_two_pictures_of_one_id_are_refused(tmp_path):
    for name in ("a.jpg", "b.jpg"):
        photo(tmp_path / name)
    export(tmp_path / "a.json", [image(1, "a.jpg"), image(1, "b.jpg")], [face(1, 1)])

    with pytest.raises(DatasetError, match=r"have the id 1, a\.jpg and b\.jpg\. Give"):
        read(tmp_path)


def test_a_name_that_no_disk_can_hold_is_a_missing_picture(tmp_path):
    photo(tmp_path / "a.jpg")
    images = [image(1, "a.jpg"), image(2, f"{'x' * 300}.jpg")]
    export(tmp_path / "a.json", images, [face(1, 1)])

    found = read(tmp_path)

    assert [one.path.name for one in found.annotations] == ["a.jpg"]
    assert "xxx.jpg is missing" in found.faults[0].reason


def test_a_picture_of_another_size_than_was_labelled_is_left_out(tmp_path):
    for name in "abc":
        photo(tmp_path / f"{name}.jpg", (100, 80))
    sizes = {"a": (100, 80), "b": (200, 160), "c": (80, 100)}
    images = [
        image(n, f"{name}.jpg", width=w, height=h)
        for n, (name, (w, h)) in enumerate(sizes.items())
    ]
    export(tmp_path / "a.json", images, [])

    found = read(tmp_path)

    assert [one.path.name for one in found.annotations] == ["a.jpg"]
    assert "picture of 200×160 pixels, but" in found.faults[0].reason
    assert "has 100×80. Put the picture there that was" in found.faults[0].reason
    assert "without a note of its orientation" in found.faults[1].reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"images": [],\n"annotations": [}\n"categories"', "line 2: Expecting value"),
        (
            '{"images": [], "annotations": {}, "categories": []}',
            'no list "annotations"',
        ),
        (
            '{"images": [{"id": 1}], "annotations": [], "categories": []}',
            'number 1 of "images" has no "file_name"',
        ),
        (
            '{"images": [], "annotations": [{"id": 4}], "categories": []}',
            'number 1 of "annotations" has no "image_id"',
        ),
        ('{"images": [], "annotations": [], "categories": []}', "lists no pictures"),
    ],
)
def test_a_file_of_another_structure_is_refused(tmp_path, text, reason):
    put(tmp_path / "a.json", text)

    with pytest.raises(DatasetError, match=reason):
        read(tmp_path)


@pytest.mark.parametrize("box", [[1, 2, 3], [1, 2, 3, "x"], None, [1, 2, 3, None]])
def test_a_box_that_is_no_four_numbers_names_its_annotation(tmp_path, box):
    photo(tmp_path / "a.jpg")
    record = {**face(17, 1), "bbox": box}
    export(tmp_path / "a.json", [image(1, "a.jpg")], [record])

    with pytest.raises(DatasetError, match=r"a\.json, annotation 17: .*number"):
        read(tmp_path)


def test_corners_in_place_of_sizes_are_refused_by_annotation(tmp_path):
    photo(tmp_path / "a.jpg")
    boxes = [(20, 25, 60, 75), (60, 20, 95, 60), (50, 30, 90, 75)]
    faces = [face(n, 1, box) for n, box in enumerate(boxes)]
    export(tmp_path / "a.json", [image(1, "a.jpg")], faces)

    with pytest.raises(DatasetError, match=r"a\.json, annotation 0: .* x1 y1 x2 y2"):
        read(tmp_path)


def test_ids_may_be_numbers_or_texts(tmp_path):
    photo(tmp_path / "a.jpg")
    categories = [{"id": "1", "name": "face"}]
    export(tmp_path / "a.json", [image("7", "a.jpg")], [face(1, 7)], categories)

    assert len(read(tmp_path).annotations[0].boxes) == 1


def test_json_of_something_else_is_not_taken_for_coco(tmp_path):
    put(tmp_path / "captions.json", '{"images": [], "annotations": []}')
    put(tmp_path / "notes.json", "{}")
    (tmp_path / "folder.json").mkdir()

    assert coco.find(tmp_path) == []
