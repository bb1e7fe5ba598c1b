"""Folders looked at before anything is learned from them."""

import pytest

from facecam.training.detector import looking
from facecam.training.detector.looking import Seen, suggest
from tests.training.detector import small_sets


@pytest.fixture
def boxes(tmp_path):
    return small_sets.wider(tmp_path / "boxes", train=12, val=5)


@pytest.fixture
def scenes(tmp_path):
    for n in range(3):
        small_sets.scene(tmp_path / "scenes" / f"{n}.png", [], seed=n)
    return tmp_path / "scenes"


def test_each_folder_is_recognised_and_counted(asked, boxes, scenes, tmp_path):
    points = small_sets.points(tmp_path / "points", 14)

    first, second, third = asked("train", "look", boxes, points, scenes)["sets"]

    assert first == {
        "folder": str(boxes), "layout": "WIDER FACE", "pictures": 17, "faces": 17,
        "landmarks": 0, "without_faces": 0, "splits": {"train": 12, "val": 5},
        "faults": 0, "examples": [],
    }  # fmt: skip
    assert (second["layout"], second["landmarks"]) == ("CNN_FacePoint", 14)
    assert second["splits"] == {}
    assert (third["layout"], third["pictures"]) == ("pictures without labels", 3)


def test_pictures_without_a_face_are_counted(asked, tmp_path):
    def faces(n):
        return [small_sets.face_of(n)] if n % 2 else []

    root = small_sets.wider(tmp_path / "some", train=6, faces=faces)

    (told,) = asked("train", "look", root)["sets"]

    assert (told["pictures"], told["faces"], told["without_faces"]) == (6, 3, 3)


def test_what_cannot_be_used_is_said_with_where(asked, boxes):
    (boxes / "WIDER_train" / "images" / "0--Parade" / "train_3.jpg").unlink()

    (told,) = asked("train", "look", boxes)["sets"]

    assert told["faults"] == 1
    assert "wider_face_train_bbx_gt.txt" in told["examples"][0]


def test_a_folder_that_cannot_be_read_is_said_beside_the_others(
    asked, facecam, boxes, tmp_path
):
    (tmp_path / "empty").mkdir()

    told = asked("train", "look", boxes, tmp_path / "empty", tmp_path / "gone")["sets"]

    assert told[0]["faces"] == 17
    assert "is empty" in told[1]["error"]
    assert "There is no folder" in told[2]["error"]
    code, out, _ = facecam("train", "look", boxes, tmp_path / "gone")
    assert code == 0
    assert f"✗ There is no folder {tmp_path / 'gone'}" in out


def test_a_damaged_set_is_not_taken_for_pictures_without_labels(asked, boxes):
    listing = boxes / "wider_face_split" / "wider_face_train_bbx_gt.txt"
    listing.write_text("no picture\nno number\n")

    (told,) = asked("train", "look", boxes)["sets"]

    assert "wider_face_train_bbx_gt.txt" in told["error"]


def test_hard_examples_are_known(asked, facecam, scenes, home):
    facecam(
        "train", "hard", "add", scenes / "0.png", "--box", 10, 10, 50, 60,
        "--is", "missed-face",
    )  # fmt: skip

    (told,) = asked("train", "look", home / "hard")["sets"]

    assert (told["layout"], told["faces"]) == ("hard examples", 1)


@pytest.mark.parametrize(
    ("faces", "landmarks", "preset", "start"),
    [
        (looking.MANY_FACES, looking.MANY_LANDMARKS, "full", "scratch"),
        (looking.MANY_FACES, 0, "fine-tune", "deployed"),
        (300, 300, "fine-tune", "deployed"),
        (0, 0, "trial", "deployed"),
    ],
)
def test_a_preset_is_suggested_by_how_much_there_is(
    faces, landmarks, preset, start, tmp_path
):
    told = suggest([Seen(tmp_path, faces=faces, landmarks=landmarks)])

    assert (told.preset, told.start) == (preset, start)


def test_progress_names_the_folder(facecam, boxes, scenes):
    _, out, _ = facecam("train", "look", boxes, scenes, "--json", "--progress")

    assert '{"progress": 0.5, "text": "Reading scenes"}' in out.splitlines()
