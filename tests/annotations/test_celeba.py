import numpy as np
import pytest

from facecam.annotations import celeba
from facecam.errors import DatasetError
from tests.annotations.sets import FRONTAL, flat, photo, put

BOX = "20 25 40 50"
"""x y width height of FRONTAL's box."""


def release(root, boxes=(BOX, BOX, BOX), pictures="Img/img_celeba", flattened=False):
    """Write CelebA of three pictures as its archives unpack, or all in one folder."""
    names = [f"00000{n}.jpg" for n in range(1, len(boxes) + 1)]
    anno, division = (root, root) if flattened else (root / "Anno", root / "Eval")
    rows = "".join(f"{a}    {b}\n" for a, b in zip(names, boxes, strict=True))
    put(
        anno / "list_bbox_celeba.txt",
        f"{len(names)}\nimage_id x_1 y_1 width height\n{rows}",
    )
    rows = "".join(f"{name}  {flat(FRONTAL)}\n" for name in names)
    put(
        anno / "list_landmarks_celeba.txt",
        f"{len(names)}\nlefteye_x lefteye_y …\n{rows}",
    )
    put(
        division / "list_eval_partition.txt",
        "".join(f"{name} {n}\n" for n, name in enumerate(names)),
    )
    for name in names:
        photo(root / pictures / name)
    return root


def read(root):
    return celeba.read(root, celeba.find(root))


@pytest.mark.parametrize("flattened", [False, True])
def test_boxes_points_and_partition_are_read(tmp_path, flattened):
    folder = "img_celeba" if flattened else "Img/img_celeba"
    release(tmp_path, pictures=folder, flattened=flattened)

    found = read(tmp_path)

    assert [one.split for one in found.annotations] == ["train", "val", "test"]
    assert found.annotations[1].path == tmp_path / folder / "000002.jpg"
    assert found.annotations[1].boxes.tolist() == [[20, 25, 60, 75]]
    assert (found.annotations[1].landmarks[0] == np.array(FRONTAL)).all()
    assert not found.annotations[0].complete
    assert not found.faults


def test_the_box_without_size_is_left_out_with_its_line(tmp_path):
    release(tmp_path, (BOX, "0 0 0 0", BOX))

    found = read(tmp_path)

    (fault,) = found.faults
    assert fault.where.endswith("list_bbox_celeba.txt, line 4")
    assert "The box is 0×0 pixels" in fault.reason
    assert fault.path.name == "000002.jpg"
    assert [len(one.boxes) for one in found.annotations] == [1, 0, 1]


def test_the_boxes_alone_do(tmp_path):
    release(tmp_path)
    (tmp_path / "Anno" / "list_landmarks_celeba.txt").unlink()
    (tmp_path / "Eval" / "list_eval_partition.txt").unlink()

    found = read(tmp_path)

    assert {one.split for one in found.annotations} == {""}
    assert np.isnan(found.annotations[0].landmarks).all()


def test_aligned_pictures_are_refused_because_the_boxes_are_not_theirs(tmp_path):
    release(tmp_path, pictures="img_align_celeba")

    with pytest.raises(DatasetError, match=r"aligned pictures.*Unpack img_celeba\.7z"):
        read(tmp_path)


def test_lists_without_pictures_say_where_these_belong(tmp_path):
    release(tmp_path, pictures="elsewhere")

    with pytest.raises(DatasetError, match=r"none of Img/img_celeba, .*img_celeba\.7z"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("Anno/list_bbox_celeba.txt", "3\n", "4\n", "line 1: .*'4'.*columns, 3"),
        ("Anno/list_bbox_celeba.txt", "3\n", "", "line 1: .*'image_id"),
        ("Anno/list_bbox_celeba.txt", "25 40", "40", "line 3: expected 4 numbers"),
        ("Anno/list_landmarks_celeba.txt", "30 40", "30", "line 3: expected 10 numbe"),
        ("Eval/list_eval_partition.txt", "jpg 1", "jpg 7", "line 2: .* 0, 1 or 2"),
    ],
)
def test_a_broken_list_is_refused_with_its_line(tmp_path, name, old, new, reason):
    path = release(tmp_path) / name
    put(path, path.read_text(encoding="utf-8").replace(old, new, 1))

    with pytest.raises(DatasetError, match=rf"{path.name}, {reason}"):
        read(tmp_path)


def test_corners_in_place_of_sizes_are_refused(tmp_path):
    release(tmp_path, ["20 25 60 75"] * 3)

    with pytest.raises(DatasetError, match="look like x1 y1 x2 y2: 3 of 3"):
        read(tmp_path)
