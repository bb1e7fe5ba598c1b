"""Hard examples listed, added and removed by the command line."""

import numpy as np
import pytest

from facecam.media import write_image


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "a.png"
    write_image(path, np.zeros((80, 100, 3), np.uint8))
    return path


@pytest.fixture
def add(facecam, picture):
    def run(*box, wrong="false-alarm", more=()):
        return facecam(
            "train", "hard", "add", picture, "--box", *box, "--is", wrong, *more
        )

    return run


def test_what_was_added_is_listed_and_removed(add, asked, facecam, home):
    assert add(10, 20, 40, 60)[0] == 0
    points = [12, 30, 30, 30, 20, 40, 14, 50, 28, 50]
    assert (
        add(50, 20, 80, 60, wrong="missed-face", more=("--landmarks", *points))[0] == 0
    )

    first, second = asked("train", "hard", "list")["examples"]
    assert (first["number"], first["is"]) == (1, "false alarm")
    assert first["box"] == [10, 20, 40, 60]
    assert second["landmarks"][0] == [12, 30]
    assert (
        facecam("train", "hard", "list")[1].splitlines()[1].startswith("2  missed face")
    )

    assert asked("train", "hard", "remove", 1)["removed"] == 1
    (left,) = asked("train", "hard", "list")["examples"]
    assert left["is"] == "missed face"
    assert (home / "hard" / "hard.jsonl").is_file()


def test_a_pool_of_ones_own_is_another(add, asked, tmp_path):
    add(10, 20, 40, 60, more=("--pool", tmp_path / "mine"))

    assert asked("train", "hard", "list")["examples"] == []
    told = asked("train", "hard", "list", "--pool", tmp_path / "mine")
    assert len(told["examples"]) == 1


@pytest.mark.parametrize("box", [(40, 20, 10, 60), (200, 0, 220, 20), (0, 0, 0, 0)])
def test_a_box_that_is_no_place_is_refused(box, add, home):
    code, _, err = add(*box)

    assert code == 1
    assert "100 × 80 pixels" in err
    assert not (home / "hard").exists()


def test_a_number_there_is_not_is_said(add, facecam):
    add(10, 20, 40, 60)

    code, _, err = facecam("train", "hard", "remove", 2)

    assert code == 1
    assert "holds 1 examples; there is no number 2" in err
