import json

import numpy as np
import pytest

from facecam.media import read_image, write_image
from tests.fakes import picture


def photos(folder, tint, count):
    """Pictures of somebody with a colour of their own, a little different each."""
    folder.mkdir(parents=True)
    for k in range(count):
        image = picture((60 + 5 * k, 70 + 3 * k, 60)).astype(np.float32)
        image *= 0.4 + 0.6 * np.array([tint % 2, tint // 2 % 2, tint // 4 % 2])
        image[..., 2] += (image.max(axis=2) > 90) * 4 * k
        write_image(folder / f"{k}.png", image.clip(0, 255).astype(np.uint8))
    return folder


@pytest.fixture
def people(tmp_path, home, asked):
    """Two people with six pictures; the stand-in tells only those from copies."""
    (home / "facecam.toml").write_text("[report]\nsame_moment = 1.0\n")
    for name, x in (("Ada", 3), ("Zoë 王 🦉", 6)):
        asked("enrol", name, photos(tmp_path / name, x, 6))


def test_nobody_is_said_with_what_to_do(facecam, asked):
    code, out, err = facecam("report")

    assert (code, err) == (0, "")
    assert "Nobody is enrolled yet." in out
    assert "facecam enrol" in out
    assert asked("report")["people"] == 0


def test_words_first_then_settings_then_everybody(facecam, people):
    code, out, err = facecam("report")

    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("Your people are recognised")
    assert lines[1].startswith("Wrong names, with 95 % certainty:")
    assert "← now" in out
    assert "Zoë 王 🦉" in out
    assert " of 6 " in out


def test_json_holds_everything_and_nothing_else_is_printed(asked, people):
    card = asked("report")

    assert card["people"] == 2
    assert card["now"]["strangers"] == card["setting"] == 500
    assert card["tried"]["sittings"] == 12
    assert {line["identity"]["name"] for line in card["lines"]} == {
        "Ada",
        "Zoë 王 🦉",
    }


def test_copies_of_one_picture_promise_nothing(tmp_path, facecam, asked):
    folder = tmp_path / "Ada"
    folder.mkdir()
    for brighter in range(6):
        image = picture((60, 70, 60))
        image[0, 0] = brighter  # another file, the same face
        write_image(folder / f"{brighter}.png", image)
    asked("enrol", "Ada", folder)

    card = asked("report")

    assert card["lines"][0]["sittings"] == 1
    assert card["now"]["recognised"] is None
    assert "one sitting only" in facecam("report")[1]


def test_one_picture_each_is_not_enough_and_says_what_is_missing(
    facecam, asked, tmp_path
):
    asked("enrol", "Ada", photos(tmp_path / "a", 3, 1))

    code, out, _ = facecam("report")

    assert code == 0
    assert out.startswith("Not enough pictures to promise this.")
    assert "Ada has pictures of one sitting only" in out


def test_plots_and_json_are_written(facecam, people, tmp_path):
    out_folder = tmp_path / "out" / "deep"

    code, out, err = facecam("report", "--out", out_folder)

    assert (code, err) == (0, "")
    assert sorted(path.name for path in out_folder.iterdir()) == [
        "det.png",
        "report.json",
        "roc.png",
        "scores.png",
    ]
    assert json.loads((out_folder / "report.json").read_text("utf-8"))["people"] == 2
    for name in ("scores", "roc", "det"):
        image = read_image(out_folder / f"{name}.png")
        assert image.shape[1] == 1440
        colours = np.unique(image.reshape(-1, 3), axis=0)
        assert len(colours) > 20, name
    assert "Written:" in out


def test_plots_alone(facecam, people, tmp_path):
    facecam("report", "--png", "--out", tmp_path / "plots")

    names = sorted(path.name for path in (tmp_path / "plots").iterdir())
    assert names == ["det.png", "roc.png", "scores.png"]


def test_real_strangers_are_counted_by_folder(asked, people, tmp_path):
    photos(tmp_path / "others" / "one", 5, 2)
    photos(tmp_path / "others" / "two", 2, 1)

    card = asked("report", "--strangers", tmp_path / "others")

    assert card["tried"]["real"] == 2
    assert len(card["histogram"]["real"]) > 0


def test_a_folder_without_faces_is_one_readable_line(facecam, people, tmp_path):
    (tmp_path / "empty").mkdir()

    code, _, err = facecam("report", "--strangers", tmp_path / "empty")

    assert code == 1
    assert "There is no picture with a face" in err


def test_promises_are_tried_on_a_data_set(asked, facecam, tmp_path):
    for k in range(3):
        photos(tmp_path / "set" / f"many{k}", k + 3, 4)
    for k in range(4):
        photos(tmp_path / "set" / f"few{k}", k + 1, 1)
    words = ["evaluate", "promise", tmp_path / "set"]
    words += ["--people", "1,3", "--photos", "2", "--draws", "2", "--settings", "100"]

    found = asked(*words)
    code, out, _ = facecam(*words)

    assert [(o["people"], o["draws"]) for o in found["outcomes"]] == [(1, 2), (3, 2)]
    assert code == 0
    assert "promises kept; 95 % should be." in out
