"""Tests of `facecam correct`: not this person, and back again."""

import pytest

from facecam.media import write_image
from tests.fakes import picture


@pytest.fixture
def pictures(facecam, tmp_path):
    """A folder with a picture of Ada, who is enrolled, and one of two faces."""
    write_image(tmp_path / "ada.png", picture((60, 60, 80)))
    write_image(tmp_path / "two.png", picture((20, 60, 80), (200, 90, 90)))
    assert facecam("enrol", "Ada", tmp_path / "ada.png")[0] == 0
    return tmp_path


def test_a_view_becomes_a_negative_example_and_is_taken_back(asked, pictures):
    answer = asked("correct", "Ada", pictures / "two.png", "--face", "2")

    assert answer["name"] == "Ada"
    assert set(answer) >= {"before", "after", "changed", "seconds"}
    assert len(asked("people", "show", "Ada")["not_them"]) == 1
    asked("people", "undo")
    assert asked("people", "show", "Ada")["not_them"] == []


def test_what_changes_is_said_in_words(facecam, pictures):
    code, out, _ = facecam("correct", "Ada", pictures / "two.png", "--face", "2")
    assert code == 0
    assert out.startswith("Noted: this is not Ada.\nIt was called ")


def test_a_face_that_is_not_there_is_explained(facecam, pictures):
    code, _, err = facecam("correct", "Ada", pictures / "two.png", "--face", "3")
    assert (code, "no face number 3: 2 were found" in err) == (1, True)
