"""`facecam enrol NAME --camera SOURCE`: coached capture without a window."""

import json

import pytest

from facecam.media import VideoWriter
from tests.fakes import picture


def film(path, *sides, seconds=1.5):
    """Write a film of a face, so large and each time bluer for some seconds each."""
    with VideoWriter(path, 30.0, (320, 240)) as writer:
        for n, side in enumerate(sides):
            face = (160 - side // 2, 120 - side // 2, side)
            image = picture(*[face] * bool(side))
            image[..., 2] *= n + 1
            for _ in range(round(seconds * 30)):
                writer.write(image)
    return path


@pytest.fixture
def clip(tmp_path):
    return film(tmp_path / "clip ü.avi", 80, 110)


def record(home):
    [file] = (home / "people").glob("*/person.json")
    return json.loads(file.read_text("utf-8"))


def test_somebody_is_enrolled_from_what_a_camera_shows(asked, clip, home):
    result = asked("enrol", "Zoë 王", "--camera", clip, "--consent")

    assert result["name"] == "Zoë 王"
    assert [p["view"] for p in result["pictures"]] == ["front", "nearer"]
    assert result["added"] == len(result["portraits"]) == 2
    assert result["missing"] == ["left", "right", "up", "down"]
    kept = record(home)
    assert kept["consent"]
    assert len({place["capture"] for place in kept["pictures"].values()}) == 1


def test_what_to_do_is_said_line_by_line(facecam, clip):
    code, out, _ = facecam("enrol", "Ada", "--camera", clip, "--consent")

    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "[0 of about 8] Hold still."
    assert "[1 of about 8] Got it." in lines
    assert "[2 of about 8] Got it." in lines
    assert lines[-1].startswith("Ada has 2 portraits now")


def test_a_name_nobody_can_have_is_refused_before_the_sitting(facecam, clip):
    code, out, err = facecam("enrol", "x" * 201, "--camera", clip, "--consent")

    assert (code, out) == (1, "")
    assert "The name has 201 characters" in err


def test_without_consent_nothing_happens(facecam, clip, home):
    code, out, err = facecam("enrol", "Ada", "--camera", clip)

    assert (code, out) == (2, "")
    assert "--consent" in err
    assert not (home / "people").exists()


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("\n", 2)])
def test_consent_is_asked_on_a_terminal(facecam, clip, home, monkeypatch, answer, code):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdin.readline", lambda: answer)

    done, _, err = facecam("enrol", "Ada", "--camera", clip)

    assert done == code
    assert "Does Ada agree? [y/N]" in err
    assert (home / "people").exists() == (code == 0)


def test_nothing_is_kept_of_a_film_without_a_face(facecam, home, tmp_path):
    empty = film(tmp_path / "empty.avi", 0)

    code, _, err = facecam("enrol", "Ada", "--camera", empty, "--consent")

    assert code == 1
    assert "no picture was taken" in err
    assert "Look into the camera." in err
    assert not list((home / "people").glob("*/person.json"))


def test_somebody_enrolled_already_is_not_enrolled_twice_by_mistake(
    asked, facecam, clip
):
    ada = asked("enrol", "Ada", "--camera", clip, "--consent")["id"]

    code, _, err = facecam("enrol", "Countess", "--camera", clip, "--consent")

    assert code == 1
    assert f"already enrolled as Ada. Add the pictures there (--id {ada})" in err
    assert len(asked("people", "list")["people"]) == 1
    again = asked("enrol", "Twin", "--camera", clip, "--consent", "--anyway")
    assert again["id"] != ada


def test_more_pictures_are_added_by_id(asked, clip, tmp_path):
    ada = asked("enrol", "Ada", "--camera", clip, "--consent")["id"]
    other = film(tmp_path / "other.avi", 70)

    more = asked("enrol", "Ada", "--camera", other, "--consent", "--id", ada)

    assert more["id"] == ada
    assert len(more["portraits"]) == 2 + more["added"] == 3


def test_the_number_of_pictures_and_the_time_can_be_limited(asked, clip):
    one = asked("enrol", "Ada", "--camera", clip, "--consent", "--pictures", "1")
    short = ("--seconds", "0.9", "--anyway")
    brief = asked("enrol", "Bob", "--camera", clip, "--consent", *short)

    assert one["added"] == brief["added"] == 1
    assert one["finished"]
    assert not brief["finished"]


def test_a_source_that_is_not_there_is_said(facecam, home):
    code, _, err = facecam("enrol", "Ada", "--camera", "absent.mp4", "--consent")

    assert code == 1
    assert "absent.mp4" in err
    assert not (home / "people").exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "Say whom"),
        (("Ada",), "Give pictures, or --camera"),
        (("Ada", "x.jpg", "--camera", "0"), "not both"),
        (("Ada", "--tree", "photos"), "names from the folders"),
    ],
)
def test_what_does_not_fit_together_is_explained(facecam, words, why):
    code, out, err = facecam("enrol", *words)

    assert (code, out) == (2, "")
    assert why in err
    assert "--help" in err
