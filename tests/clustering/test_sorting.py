import json

import numpy as np
import pytest

from facecam.clustering import ALONE, sort_into
from facecam.errors import ImageError


@pytest.fixture
def pictures(tmp_path):
    paths = [tmp_path / "in" / folder / "1.jpg" for folder in ("a", "b", "c")]
    for path in paths:
        path.parent.mkdir(parents=True)
        path.write_text(path.parent.name)
    return paths


def test_pictures_are_copied_to_each_of_their_people(pictures, tmp_path):
    a, b, c = pictures
    out = tmp_path / "out"

    sort_into(out, [a, b, b, c, c], np.array([0, 0, 1, ALONE, ALONE]), {"x": 1})

    there = {p.relative_to(out).as_posix(): p for p in out.rglob("*.jpg")}
    assert {name: path.read_text() for name, path in there.items()} == {
        "person-001/1.jpg": "a",
        "person-001/b_1.jpg": "b",
        "person-002/1.jpg": "b",
        "alone/1.jpg": "c",
    }
    assert json.loads((out / "clusters.json").read_text()) == {"x": 1}


def test_a_folder_that_holds_something_is_left_alone(pictures, tmp_path):
    with pytest.raises(ImageError, match="not empty"):
        sort_into(tmp_path / "in", pictures, np.zeros(3, int), {})


def test_what_fails_leaves_nothing(pictures, tmp_path):
    pictures[2].unlink()

    with pytest.raises(ImageError, match="Cannot write"):
        sort_into(tmp_path / "out", pictures, np.zeros(3, int), {})

    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_names_that_are_one_on_some_systems_are_kept_apart(tmp_path):
    paths = [tmp_path / "in" / name for name in ("a/Face.jpg", "b/face.JPG")]
    for path in paths:
        path.parent.mkdir(parents=True)
        path.write_text(path.parent.name)

    sort_into(tmp_path / "out", paths, np.zeros(2, int), {})

    there = sorted(path.name for path in (tmp_path / "out/person-001").iterdir())
    assert there == ["Face.jpg", "b_face.JPG"]
