import numpy as np
import pytest

from facecam.media import read_image, write_image
from tests.fakes import picture

PICTURES = {
    "one.png": picture((100, 80, 60)),
    "again 再.png": picture((120, 60, 90)),
    "two.png": picture((40, 90, 60), (220, 90, 60)),
    "none.png": picture(),
}


@pytest.fixture
def shots(tmp_path):
    folder = tmp_path / "shots"
    for name, image in PICTURES.items():
        write_image(folder / name, image)
    (folder / "torn.jpg").write_bytes(b"torn")
    return folder


def test_a_folder_is_enrolled_and_what_does_not_do_is_skipped_with_the_reason(
    asked, facecam, shots
):
    result = asked("enrol", "Ada", shots)

    assert result["name"] == "Ada"
    assert result["added"] == len(result["portraits"]) == 2
    reasons = {p["picture"].rsplit("/")[-1]: p["reason"] for p in result["pictures"]}
    assert reasons["one.png"] is reasons["again 再.png"] is None
    assert "2 faces" in reasons["two.png"]
    assert "--face" in reasons["two.png"]
    assert "No face" in reasons["none.png"]
    assert "damaged" in reasons["torn.jpg"]

    code, out, _ = facecam("enrol", "Grace", shots)
    assert code == 0
    assert "Grace has 2 portraits now" in out


def test_nobody_is_made_when_no_picture_does(facecam, home, shots):
    code, out, err = facecam("enrol", "Ada", shots / "none.png", shots / "two.png")

    assert (code, out) == (1, "")
    assert "none.png: No face" in err
    assert "two.png: 2 faces" in err
    assert not (home / "people").exists()


def test_which_of_several_faces_can_be_said(asked, facecam, shots):
    left = asked("enrol", "Left", shots / "two.png", "--face", "1")
    right = asked("enrol", "Right", shots / "two.png", "--face", "2")
    asked("enrol", "Any", shots / "two.png", "--largest")

    one, other = (read_image(shots / p["portraits"][0]) for p in (left, right))
    assert not np.array_equal(one, other)
    code, _, err = facecam("enrol", "Third", shots / "two.png", "--face", "3")
    assert code == 1
    assert "no face number 3: 2 were found" in err


def test_pictures_are_added_to_somebody_by_id(asked, facecam, shots):
    ada = asked("enrol", "Ada", shots / "one.png")["id"]

    more = asked("enrol", "Ada", shots / "again 再.png", "--id", ada)

    assert more["id"] == ada
    assert len(more["portraits"]) == 2
    code, _, err = facecam("enrol", "Bob", shots / "one.png", "--id", ada)
    assert code == 1
    assert "is called Ada, not Bob" in err
    assert facecam("enrol", "Ada", shots / "one.png", "--id", "nobody")[0] == 1


def test_a_second_person_of_the_same_name_is_pointed_out(asked, facecam, shots):
    first = asked("enrol", "Ada", shots / "one.png")["id"]

    code, _, err = facecam("enrol", "ada", shots / "again 再.png")

    assert code == 0
    assert first in err
    assert len(asked("people", "list")["people"]) == 2


@pytest.mark.parametrize("wrong", ["absent.png", "empty"])
def test_pictures_that_are_not_there_are_said(facecam, tmp_path, home, wrong):
    (tmp_path / "empty").mkdir()

    code, _, err = facecam("enrol", "Ada", tmp_path / wrong)

    assert code == 1
    assert wrong in err
    assert not (home / "people").exists()
