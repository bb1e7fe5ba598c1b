import json

import numpy as np
import pytest

from facecam.media import read_image, write_image
from tests.fakes import picture

TINTS = {"Ada": (1, 0.2, 0.2), "Grace": (0.2, 1, 0.2), "王": (0.2, 0.2, 1)}


@pytest.fixture
def people(tmp_path):
    """Three people of a colour each, four pictures of each."""
    for name, tint in TINTS.items():
        for n in range(4):
            image = picture((90 + n, 80, 80 + n)) * np.array(tint) + 30
            image[picture((90 + n, 80, 80 + n)).max(axis=2) == 0] = 0
            path = tmp_path / "in" / name / f"{n}.png"
            write_image(path, np.clip(image * 1.4, 0, 255).astype(np.uint8))
    return tmp_path / "in"


@pytest.mark.parametrize("method", ["whispers", "dbscan"])
def test_people_are_grouped_and_compared_with_their_folders(asked, people, method):
    result = asked("cluster", people, "--method", method, "--distance", "0.3")

    groups = [
        sorted({face["picture"].split("/")[0] for face in group["faces"]})
        for group in result["clusters"]
    ]
    assert sorted(groups) == [["Ada"], ["Grace"], ["王"]]
    assert result["names"]["f1"] == 1
    assert (result["names"]["people"], result["names"]["clusters"]) == (3, 3)
    assert (result["faces"], result["alone"], result["method"]) == (12, [], method)


def test_a_sheet_and_folders_are_written(facecam, people, tmp_path):
    words = "--sheet", tmp_path / "sheet.png", "--out", tmp_path / "out"

    code, out, _ = facecam("cluster", people, "--distance", "0.3", *words)

    assert code == 0
    assert "F1" in out
    assert read_image(tmp_path / "sheet.png").shape[1] > 800
    assert len(list((tmp_path / "out").rglob("*.png"))) == 12
    written = json.loads((tmp_path / "out" / "clusters.json").read_text("utf-8"))
    assert len(written["clusters"]) == 3
    code, _, err = facecam("cluster", people, *words)
    assert (code, "not empty" in err) == (1, True)


def test_a_sheet_of_no_known_format_is_refused_before_anything_is_done(
    facecam, people, tmp_path, monkeypatch
):
    monkeypatch.setattr("facecam.gathering.gather", None)

    code, _, err = facecam("cluster", people, "--sheet", tmp_path / "sheet.foo")

    assert code == 1
    assert "Cannot write a picture as .foo" in err


def test_pictures_in_one_folder_have_no_names(asked, facecam, people):
    result = asked("cluster", people / "Ada", "--distance", "0.3")

    assert result["names"] is None
    assert len(result["clusters"]) == 1
    assert "precision" not in facecam("cluster", people / "Ada")[1]


def test_pictures_without_a_face_are_listed(asked, facecam, people):
    write_image(people / "Ada" / "nobody.png", picture())

    result = asked("cluster", people, "--distance", "0.3")

    assert result["without_face"][0]["picture"].endswith("nobody.png")
    assert "nobody.png: no face" in facecam("cluster", people)[2]


def test_faces_cut_out_before_are_taken_as_they_are(asked, people, tmp_path):
    asked("align", people, tmp_path / "faces")

    result = asked("cluster", tmp_path / "faces", "--distance", "0.3")

    assert (result["faces"], result["names"]["f1"]) == (12, 1)


def test_every_face_of_a_group_picture(asked, tmp_path):
    write_image(tmp_path / "a.png", picture((20, 20, 60), (150, 90, 80)))

    result = asked("cluster", tmp_path, "--every-face", "--least", "1")

    assert (result["faces"], result["pictures"]) == (2, 1)


def test_no_face_at_all_is_three(facecam, tmp_path):
    write_image(tmp_path / "a.png", picture())
    code, out, _ = facecam("cluster", tmp_path)
    assert code == 3
    assert "people" in out


@pytest.mark.slow
def test_real_people_are_grouped(data, facenet_home, monkeypatch, capfd):
    from facecam import cli

    monkeypatch.setenv("FACECAM_HOME", str(facenet_home))

    folder = data / "people_colour_ytf"
    assert cli.main(["cluster", str(folder), "--json"]) == 0

    names = json.loads(capfd.readouterr().out)["names"]
    assert names["precision"] > 0.9
    assert names["recall"] > 0.75
