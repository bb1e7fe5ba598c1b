import pytest

from facecam.annotations import voc
from facecam.errors import DatasetError
from tests.annotations.sets import photo, put


def labelled(name="face", box=(20, 25, 60, 75), difficult=0):
    corners = "".join(
        f"<{tag}>{value}</{tag}>"
        for tag, value in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True)
    )
    return (
        f"<object>\n<name>{name}</name><difficult>{difficult}</difficult>\n"
        f"<bndbox>{corners}</bndbox></object>\n"
    )


def export(path, *objects, filename="a.jpg", size=(100, 80)):
    text = (
        f"<annotation>\n<filename>{filename}</filename>\n<size><width>{size[0]}</width>"
        f"<height>{size[1]}</height></size>\n{''.join(objects)}</annotation>\n"
    )
    return put(path, text)


def read(root):
    return voc.read(root, voc.find(root))


@pytest.mark.parametrize(
    ("xml", "picture"),
    [
        ("Annotations/a.xml", "JPEGImages/a.jpg"),
        ("annotations/a.xml", "images/a.jpg"),
        ("a.xml", "a.jpg"),
    ],
)
def test_boxes_are_corners_and_what_is_difficult_is_ignored(tmp_path, xml, picture):
    photo(tmp_path / picture)
    export(tmp_path / xml, labelled(), labelled(box=(1, 2, 9.5, 8), difficult=1))

    (one,) = read(tmp_path).annotations

    assert one.path == tmp_path / picture
    assert one.boxes.tolist() == [[20, 25, 60, 75], [1, 2, 9.5, 8]]
    assert one.ignored.tolist() == [False, True]
    assert (one.complete, one.split, one.attributes) == (True, "", {})


def test_pictures_without_objects_are_kept(tmp_path):
    for name in ("a", "b"):
        photo(tmp_path / f"{name}.jpg")
        objects = [labelled()] if name == "a" else []
        export(tmp_path / f"{name}.xml", *objects, filename=f"{name}.jpg")

    assert [len(one.boxes) for one in read(tmp_path).annotations] == [1, 0]


def test_masks_are_told_as_occlusion_and_other_objects_left_alone(tmp_path):
    photo(tmp_path / "a.jpg")
    masks = [labelled("with_mask"), labelled("without_mask", (1, 2, 30, 40))]
    export(tmp_path / "a.xml", *masks)

    (one,) = read(tmp_path).annotations
    export(tmp_path / "a.xml", *masks, labelled("Face", (5, 6, 30, 40)))
    (called,) = read(tmp_path).annotations

    assert one.attributes["occlusion"].tolist() == [1, 0]
    assert called.boxes.tolist() == [[5, 6, 30, 40]]


def test_sets_of_pictures_divide_it(tmp_path):
    for name, split in (("a", "train"), ("b", "val"), ("c", "")):
        photo(tmp_path / "JPEGImages" / f"{name}.jpg")
        export(tmp_path / "Annotations" / f"{name}.xml", filename=f"{name}.jpg")
        if split:
            put(tmp_path / "ImageSets" / "Main" / f"{split}.txt", f"{name}\n")
    put(tmp_path / "ImageSets" / "Main" / "test.txt", "")

    assert [one.split for one in read(tmp_path).annotations] == ["train", "val", ""]


def test_a_picture_renamed_together_with_its_file_is_found(tmp_path):
    photo(tmp_path / "0001.png")
    export(tmp_path / "0001.xml", labelled(), filename="IMG_2031.JPG")

    assert read(tmp_path).annotations[0].path == tmp_path / "0001.png"


def test_single_faults_name_file_and_line(tmp_path):
    for name in "ab":
        photo(tmp_path / f"{name}.jpg")
    path = export(tmp_path / "a.xml", labelled(), labelled(box=(20, 25, 20, 25)))
    export(tmp_path / "b.xml", labelled(), filename="b.jpg", size=(200, 160))
    export(tmp_path / "c.xml", labelled(), filename="c.jpg")

    found = read(tmp_path)

    by_picture = {fault.path.stem: fault for fault in found.faults}
    assert by_picture["a"].where == f"{path}, line 7"
    assert "The box is 0×0 pixels" in by_picture["a"].reason
    assert "picture of 200×160 pixels" in by_picture["b"].reason
    assert "is missing" in by_picture["c"].reason
    assert len(found.annotations) == 1


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "utf-8"])
def test_an_encoding_that_the_file_names_is_understood(tmp_path, encoding):
    photo(tmp_path / "été.jpg")
    text = export(tmp_path / "a.xml", labelled(), filename="été.jpg").read_text("utf-8")
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    (tmp_path / "a.xml").write_bytes((head + text).encode(encoding))

    assert read(tmp_path).annotations[0].path.name == "été.jpg"


@pytest.mark.parametrize("encoding", ["gbk", "no-such"])
def test_an_encoding_that_cannot_be_read_is_named(tmp_path, encoding):
    photo(tmp_path / "a.jpg")
    path = export(tmp_path / "a.xml", labelled())
    put(path, f'<?xml version="1.0" encoding="{encoding}"?>{path.read_text("utf-8")}')

    with pytest.raises(DatasetError, match=r"a\.xml, line 1: its .*Save it as UTF"):
        read(tmp_path)


def test_a_size_of_nothing_says_nothing(tmp_path):
    photo(tmp_path / "a.jpg")
    export(tmp_path / "a.xml", labelled(), size=(0, 0))

    assert not read(tmp_path).faults


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("</object>", "", "line 7: mismatched tag"),
        ("<ymin>25</ymin>", "", r"line 4: '' is no number \(xmin ymin xmax ymax"),
        ("<ymin>25<", "<ymin>?<", r"line 4: '\?' is no number"),
        ("bndbox", "polygon", "line 4: expected 4 numbers"),
        ("<width>100<", "<width>wide<", r"'wide' is no number \(width and hei"),
    ],
)
def test_a_file_of_another_structure_is_refused_with_its_line(
    tmp_path, old, new, reason
):
    photo(tmp_path / "a.jpg")
    path = export(tmp_path / "a.xml", labelled())
    put(path, path.read_text(encoding="utf-8").replace(old, new))

    with pytest.raises(DatasetError, match=rf"a\.xml.*{reason}"):
        read(tmp_path)


def test_sizes_in_place_of_corners_are_refused_with_file_and_line(tmp_path):
    photo(tmp_path / "a.jpg")
    boxes = [(20, 25, 30, 40), (60, 30, 30, 40), (55, 20, 35, 45)]
    export(tmp_path / "a.xml", *(labelled(box=box) for box in boxes))

    with pytest.raises(
        DatasetError, match=r"a\.xml, line 7: .* x y width height: 3 of"
    ):
        read(tmp_path)


def test_xml_of_something_else_is_not_taken_for_voc(tmp_path):
    put(tmp_path / "a.xml", "<opencv_storage/>")
    assert voc.find(tmp_path) == []

    (tmp_path / "a.xml").unlink()
    (tmp_path / "a.xml").mkdir()
    assert voc.find(tmp_path) == []
