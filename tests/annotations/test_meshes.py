import numpy as np
import pytest

from facecam.annotations import meshes
from facecam.errors import DatasetError
from tests.annotations.sets import photo, put


def mesh():
    """Return 68 points of a made-up upright face, (68, 2)."""
    points = np.full((68, 2), 50.0)
    points[0], points[16], points[8] = (20, 30), (80, 30), (50, 75)
    points[36:42] = np.array(
        [(30, 39), (32, 38), (34, 38), (36, 39), (34, 40), (32, 40)]
    )
    points[42:48] = points[36:42] + np.array((34, 0))
    points[30] = (50, 52)
    points[48], points[54] = (38, 62), (62, 62)
    return points


def written(points, head=True):
    rows = "".join(f"{x:.3f} {y:.3f}\n" for x, y in points)
    return f"version: 1\nn_points:  68\n{{\n{rows}}}\n" if head else rows


def read(root):
    return meshes.read(root, meshes.find(root))


@pytest.mark.parametrize("head", [True, False])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".JPG"])
def test_five_points_and_a_box_come_from_68(tmp_path, head, suffix):
    photo(tmp_path / f"a{suffix}")
    put(tmp_path / "a.pts", written(mesh(), head))

    (face,) = read(tmp_path).annotations

    assert face.path == tmp_path / f"a{suffix}"
    assert face.landmarks[0] == pytest.approx(
        np.array([(33, 39), (67, 39), (50, 52), (38, 62), (62, 62)])
    )
    assert face.boxes.tolist() == [[20, 30, 80, 75]]
    assert not face.complete


def test_other_numbers_of_points_are_refused(tmp_path):
    photo(tmp_path / "a.jpg")
    put(tmp_path / "a.pts", written(mesh()[:5]))

    with pytest.raises(DatasetError, match=r"a\.pts holds 5 points, not 68"):
        read(tmp_path)


def test_a_broken_line_is_refused_with_its_number(tmp_path):
    put(tmp_path / "a.pts", written(mesh()).replace("80.000 30.000", "80.000"))

    with pytest.raises(DatasetError, match=r"a\.pts, line 20: expected 2 numbers"):
        read(tmp_path)


def test_points_without_a_picture_are_left_out(tmp_path):
    photo(tmp_path / "a.jpg")
    for name in "ab":
        put(tmp_path / f"{name}.pts", written(mesh()))

    found = read(tmp_path)

    assert [one.path.name for one in found.annotations] == ["a.jpg"]
    assert found.faults[0].where.endswith("b.pts")
    assert "is missing" in found.faults[0].reason
