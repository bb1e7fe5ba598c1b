import pytest

from facecam.annotations.pictures import Finder
from tests.annotations.sets import photo


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("annotations/a.jpg", "a.jpg"),
        ("annotations/images/a.jpg", "a.jpg"),
        ("images/a.jpg", "a.jpg"),
        ("JPEGImages/a.jpg", "a.jpg"),
        ("train/a.jpg", "train/a.jpg"),
        ("images/sub/a.jpg", "sub\\a.jpg"),
        ("somewhere/else/a.jpg", "C:\\Users\\ada\\a.jpg"),
        ("somewhere/else/a.png", "a"),
    ],
)
def test_a_picture_is_found_beside_around_and_by_its_name(tmp_path, place, name):
    photo(tmp_path / place)

    assert Finder(tmp_path).find(name, tmp_path / "annotations") == tmp_path / place


def test_the_nearest_of_several_is_taken(tmp_path):
    for place in ("train", "val"):
        photo(tmp_path / place / "a.jpg")

    found = Finder(tmp_path).find("a.jpg", tmp_path / "val")

    assert found == tmp_path / "val" / "a.jpg"


def test_a_name_that_several_have_elsewhere_is_not_guessed(tmp_path):
    for place in ("one", "two"):
        photo(tmp_path / place / "a.jpg")

    expected = tmp_path / "annotations" / "a.jpg"
    for name in ("a.jpg", "a"):
        assert Finder(tmp_path).find(name, expected.parent) == expected
