from pathlib import Path

import pytest

from facecam import pipeline
from facecam.errors import WeightsMissing
from facecam.media import read_image, write_image
from tests.fakes import picture

SCENE = picture((20, 40, 60), (200, 90, 40))


@pytest.fixture
def scene(tmp_path):
    write_image(tmp_path / "scene.png", SCENE)
    return tmp_path / "scene.png"


def test_faces_are_listed_best_first(asked, scene):
    (report,) = asked("detect", "--input", scene)["pictures"]

    assert (report["width"], report["height"]) == (320, 240)
    assert report["output"] is report["error"] is None
    first, second = report["faces"]
    assert first["box"] == [20, 40, 80, 100]
    assert first["score"] > second["score"]
    assert len(first["landmarks"]) == 5
    assert first["name"] is first["id"] is first["strangers"] is None


def test_the_picture_is_drawn(facecam, scene, tmp_path):
    target = tmp_path / "drawn" / "boxes.png"

    code, out, _ = facecam("detect", "--input", scene, "--output", target)

    assert code == 0
    assert "2 faces in 1 picture." in out
    drawn = read_image(target)
    assert drawn.shape == SCENE.shape
    assert (drawn != SCENE).any()
    assert (read_image(scene) == SCENE).all()


def test_a_folder_is_drawn_into_a_folder(asked, scene, tmp_path):
    write_image(tmp_path / "in" / "deep" / "a.png", SCENE)
    write_image(tmp_path / "in" / "b.png", picture())

    reports = asked("detect", "--input", tmp_path / "in", "--output", tmp_path / "out")

    assert [len(report["faces"]) for report in reports["pictures"]] == [0, 2]
    assert (tmp_path / "out" / "deep" / "a.png").is_file()
    assert (tmp_path / "out" / "b.png").is_file()


def test_no_picture_is_replaced_by_its_drawing(facecam, scene):
    before = scene.read_bytes()

    for given, target in ((scene, scene), (scene, scene.parent), (scene.parent,) * 2):
        code, _, err = facecam("detect", "--input", given, "--output", target)
        assert code == 1
        assert "would replace" in err

    assert scene.read_bytes() == before


def test_a_graphics_card_that_is_not_there_is_said(facecam, scene, monkeypatch):
    missing = pipeline.Device(None, "int8", "No graphics card was found.")
    monkeypatch.setattr(pipeline, "choose_device", lambda _: missing)

    _, _, err = facecam("detect", "--input", scene, "--device", "gpu")

    assert err == "The CPU does the work. No graphics card was found.\n"


def test_a_torn_picture_in_a_folder_does_not_stop_the_others(facecam, tmp_path):
    write_image(tmp_path / "in" / "a.png", SCENE)
    (tmp_path / "in" / "torn.png").write_bytes(b"torn")

    code, out, err = facecam("detect", "--input", tmp_path / "in")

    assert code == 1
    assert "torn.png" in err
    assert "2 faces in 2 pictures." in out


def test_no_face_is_three(facecam, tmp_path):
    write_image(tmp_path / "wall.png", picture())

    code, out, _ = facecam("detect", "--input", tmp_path / "wall.png")

    assert (code, out) == (3, "0 faces in 1 picture.\n")


def test_people_enrolled_are_named_once(asked, tmp_path, scene):
    write_image(tmp_path / "ada.png", picture((100, 80, 60)))
    ada = asked("enrol", "Ada", tmp_path / "ada.png")["id"]

    (report,) = asked("detect", "--input", scene)["pictures"]
    names = [face["name"] for face in report["faces"]]
    assert names.count("Ada") == 1
    assert ada in [face["id"] for face in report["faces"]]

    (report,) = asked("detect", "--input", scene, "--no-names")["pictures"]
    assert {face["name"] for face in report["faces"]} == {None}


def test_people_that_cannot_be_read_are_said(asked, facecam, tmp_path, scene):
    write_image(tmp_path / "ada.png", picture((100, 80, 60)))
    (portrait,) = asked("enrol", "Ada", tmp_path / "ada.png")["portraits"]
    (Path(portrait).parents[1] / "person.json").write_text("{")

    code, _, err = facecam("detect", "--input", scene)

    assert code == 0
    assert "person.json is damaged" in err


def test_without_an_embedder_faces_are_found_all_the_same(
    asked, facecam, tmp_path, scene, monkeypatch
):
    write_image(tmp_path / "ada.png", picture((100, 80, 60)))
    asked("enrol", "Ada", tmp_path / "ada.png")

    def missing(*_):
        raise WeightsMissing("No embedder is installed.")

    monkeypatch.setattr(pipeline, "build_embedder", missing)

    code, out, err = facecam("detect", "--input", scene)
    assert (code, err) == (0, "Nobody is named: No embedder is installed.\n")
    assert "2 faces" in out


def test_a_picture_that_is_absent_is_one_readable_line(facecam, tmp_path):
    code, out, err = facecam("detect", "--input", tmp_path / "absent.jpg")
    assert (code, out) == (1, "")
    assert "absent.jpg" in err


def test_a_wrong_setting_is_refused(facecam, scene):
    code, _, err = facecam("detect", "--input", scene, "--min-face", "3")
    assert code == 1
    assert "min_face" in err
