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


@pytest.fixture
def tree(shots):
    """Ada with a good and a torn picture, 王 with one, one beside them."""
    for file, name in (("one.png", "Ada"), ("torn.jpg", "Ada"), ("again 再.png", "王")):
        (shots / "tree" / name).mkdir(parents=True, exist_ok=True)
        (shots / file).rename(shots / "tree" / name / file)
    (shots / "two.png").rename(shots / "tree" / "two.png")
    return shots / "tree"


def test_a_tree_is_enrolled_and_a_second_run_adds_nothing(asked, tree):
    first = asked("enrol", "--tree", tree)
    second = asked("enrol", "--tree", tree)

    assert [p["name"] for p in first["people"]] == ["Ada", "王"]
    assert (first["added"], second["added"], second["known"]) == (2, 0, 2)
    why = {s["picture"].rsplit("/")[-1]: s["why"] for s in first["skipped"]}
    assert why == {"two.png": "nobody", "torn.jpg": "unreadable"}
    assert len(asked("people", "list")["people"]) == 2


def test_a_tree_says_what_was_skipped_and_why(facecam, tree):
    code, out, _ = facecam("enrol", "--tree", tree, "--consent")

    assert code == 0
    assert "torn.jpg" in out
    assert "beside the people's folders" in out
    assert "Added: 2 pictures of 2 people. Enrolled already: 0. Skipped: 2." in out


def test_a_tree_says_whose_pictures_are_enrolled_under_another_name(facecam, tree):
    facecam("enrol", "--tree", tree)
    (tree / "Augusta").mkdir()
    (tree / "Augusta" / "1.png").write_bytes((tree / "Ada" / "one.png").read_bytes())

    _, out, _ = facecam("enrol", "--tree", tree)

    assert "Augusta: these pictures are enrolled as Ada (id ada-" in out
    assert "Added: 0 pictures of 0 people. Enrolled already: 3." in out


def test_the_same_command_twice_adds_nothing(asked, facecam, shots):
    first = asked("enrol", "Ada", shots / "one.png")

    again = asked("enrol", "Ada", shots / "one.png")

    assert again["id"] == first["id"]
    assert again["added"] == 0
    assert "enrolled already" in facecam("enrol", "Ada", shots / "one.png")[1]


def test_a_blurred_picture_is_taken_only_on_demand(asked, facecam, shots):
    smooth = np.zeros((240, 320, 3), np.uint8)
    smooth[60:180, 100:220] = np.linspace(100, 250, 120).astype(np.uint8)[:, None]
    write_image(shots / "smooth.png", smooth)

    code, _, err = facecam("enrol", "Ada", shots / "smooth.png")

    assert code == 1
    assert "blurred" in err
    assert "--take-all" in err
    assert asked("enrol", "Ada", shots / "smooth.png", "--take-all")["added"] == 1
