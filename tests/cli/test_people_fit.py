"""Tests of `facecam people fit`: what a fit changed, on the command line."""

import shutil

import pytest

from facecam.media import write_image
from tests.fakes import picture

ONE, TWO, THREE = ((100, 80, 60), (40, 60, 90), (150, 30, 120))


@pytest.fixture
def ada(tmp_path, asked):
    """Ada and Grace with a picture each -> the id of Ada."""
    for name, blob in (("ada", ONE), ("grace", THREE), ("more", TWO)):
        write_image(tmp_path / f"{name}.png", picture(blob))
    asked("enrol", "Grace", tmp_path / "grace.png")
    return asked("enrol", "Ada", tmp_path / "ada.png")["id"]


def test_nobody_is_fitted_without_complaint(facecam):
    code, out, _ = facecam("people", "fit")

    assert code == 0
    assert out.startswith("Fitted 0 people with 0 pictures in ")


def test_everybody_is_new_at_first_and_kept_then(asked, ada):
    first = asked("people", "fit")
    assert first["first"]
    assert [one["why"] for one in first["fitted"]] == ["new", "new"]

    again = asked("people", "fit")

    assert (again["kept"], again["fitted"], again["same"]) == (2, [], True)


def test_a_picture_put_into_the_folder_by_hand_is_learned(
    asked, facecam, ada, home, tmp_path
):
    facecam("people", "fit")
    shutil.copy(tmp_path / "more.png", home / "people" / ada / "more.png")

    fit = asked("people", "fit")

    (one,) = (one for one in fit["fitted"] if one["why"] == "pictures")
    assert (one["id"], one["name"], one["added"], one["removed"]) == (ada, "Ada", 1, 0)


def test_it_says_so_in_words(facecam, ada, home, tmp_path):
    facecam("people", "fit")
    shutil.copy(tmp_path / "more.png", home / "people" / ada / "more.png")

    code, out, err = facecam("people", "fit")

    assert (code, err) == (0, "")
    first, *rest = out.splitlines()
    assert first.startswith("Fitted 2 people with 3 pictures in ")
    assert "  Ada: other pictures (+1)" in rest


def test_from_nothing_everything_comes_out_as_it_was(asked, ada):
    asked("people", "fit")

    fit = asked("people", "fit", "--anew")

    assert len(fit["fitted"]) == 2
    assert fit["same"]


def test_a_picture_that_cannot_be_read_is_told(facecam, ada, home):
    (home / "people" / ada / "broken.png").write_bytes(b"no picture")

    code, _, err = facecam("people", "fit")

    assert code == 0
    assert "broken.png is left out" in err
