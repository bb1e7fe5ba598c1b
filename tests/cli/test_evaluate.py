import json
import shutil

import numpy as np
import pytest

from facecam import cli, pipeline
from facecam.media import read_image, write_image
from tests.fakes import picture

NAMES = [f"P{n}" for n in range(6)]


def portrait(person, photo):
    """A blob in a colour of the person's own, with a little of the photo's."""
    image = picture((100, 80, 80 + photo)).astype(np.float32)
    tint = np.random.default_rng(person).uniform(0.3, 1, 3)
    return np.clip(image * tint * 1.3, 0, 255).astype(np.uint8)


@pytest.fixture
def lfw(tmp_path):
    for person, name in enumerate(NAMES):
        for photo in range(1, 5):
            path = tmp_path / "lfw" / name / f"{name}_{photo:04d}.png"
            write_image(path, portrait(person, photo))
    lines = ["2\t3"]
    for fold in ((0, 1, 2), (3, 4, 5)):
        lines += [f"P{n}\t1\t2" for n in fold]
        lines += [f"P{n}\t1\tP{(n + 1) % 6}\t2" for n in fold]
    (tmp_path / "pairs.txt").write_text("\n".join(lines))
    return tmp_path


def test_lfw_answers_with_the_agreed_keys(asked, facecam, lfw):
    result = asked("evaluate", "lfw", lfw, "--mirror", "--plain")

    assert {"accuracy", "std", "val_at_far_1e-3", "auc", "eer"} <= result.keys()
    assert result["accuracy"] > 0.9
    assert (result["pictures"], result["without_face"]) == (12, 0)
    code, out, _ = facecam("evaluate", "lfw", lfw)
    assert code == 0
    assert "accuracy" in out


def test_the_curve_of_pairs_is_told_and_drawn(asked, lfw, tmp_path):
    result = asked("evaluate", "lfw", lfw, "--roc", tmp_path / "roc.png")

    points = result["roc"]
    rates = [(point["far"], point["tar"], point["threshold"]) for point in points]
    assert rates == sorted(rates)
    assert rates[0][0] == 0
    assert rates[-1][:2] == (1, 1)
    drawn = read_image(tmp_path / "roc.png")
    assert drawn.shape == (720, 960, 3)
    blue = (drawn[..., 2].astype(int) - drawn[..., 0] > 100).any(axis=0)
    assert blue.sum() > 700  # the curve goes from one side to the other


def test_a_curve_that_cannot_be_written_is_one_readable_line(facecam, lfw, tmp_path):
    code, out, err = facecam(
        "evaluate", "lfw", lfw, "--roc", tmp_path / "no" / "roc.png"
    )

    assert code == 1
    assert "roc.png cannot be written" in err
    assert "accuracy" in out  # what was measured is not lost


def test_faces_cut_out_before_are_recognised_and_measured_as_they_are(
    asked, facecam, lfw, tmp_path, monkeypatch
):
    write_image(lfw / "lfw" / "P3" / "P3_0002.png", picture())  # no face
    whole = asked("evaluate", "lfw", lfw)
    asked("align", lfw, tmp_path / "faces")
    monkeypatch.setattr(pipeline, "build_detector", lambda *_: None)

    result = asked("evaluate", "lfw", tmp_path / "faces")

    assert (whole["aligned"], whole["pairs_left_out"]) == (None, 0)
    assert result["aligned"] == "160 px, box × 1.25"
    assert result["pairs_left_out"] == 2  # P3 1 and 2; P2 1 and P3 2
    assert result["without_face"] == 0
    assert result["accuracy"] > 0.9
    out = facecam("evaluate", "lfw", tmp_path / "faces")[1]
    assert "2 (left out)" in out


def test_faces_that_nothing_shows_to_be_faces_can_be_said_to_be(
    asked, facecam, lfw, tmp_path
):
    asked("align", lfw / "lfw", tmp_path / "faces", "--margin-pixels", "20")
    (tmp_path / "faces" / "aligned.json").unlink()
    words = "evaluate", "lfw", tmp_path / "faces", "--pairs", lfw / "pairs.txt"

    assert asked(*words, "--aligned")["aligned"] == "160 px, box + 0 px"
    assert asked(*words)["aligned"] is None
    code, _, err = facecam("evaluate", "lfw", tmp_path / "faces", "--aligned")
    assert code == 1
    assert "say where it is" in err


def test_faces_of_others_are_no_pairs(facecam, lfw, tmp_path):
    write_image(tmp_path / "faces" / "Q" / "Q_0001.png", portrait(1, 1)[:240, :240])
    words = "evaluate", "lfw", tmp_path / "faces", "--aligned"

    code, _, err = facecam(*words, "--pairs", lfw / "pairs.txt")

    assert code == 1
    assert "No pair of the list" in err


def test_open_set_answers_with_the_agreed_keys(asked, facecam, lfw):
    (lfw / "identify_people.txt").write_text("P0\nP1\n")
    words = ["evaluate", "open-set", lfw, "--photos", "1,2", "--draws", "2"]

    result = asked(*words, "--baseline", "--cohort", lfw / "lfw")

    galleries = result["galleries"]
    assert [(g["people"], g["photos"]) for g in galleries] == [(2, 1), (2, 2), (1, 2)]
    keys = {"rank1", "dir_at_far_1e-2", "dir_at_far_1e-3"}
    assert all(keys <= gallery.keys() for gallery in galleries)
    assert ["baseline" in gallery for gallery in galleries] == [True, True, False]
    code, out, _ = facecam(*words)
    assert code == 0
    assert "rank-1" in out


def test_open_set_takes_everybody_with_enough_photos(facecam, lfw):
    code, _, err = facecam("evaluate", "open-set", lfw, "--photos", "2")
    assert code == 1
    assert "no stranger" in err


@pytest.mark.parametrize(
    ("option", "value"),
    [("photos", "0"), ("draws", "0"), ("seed", "-1"), ("cohort-crop", "0")],
)
def test_numbers_that_cannot_be_are_two(facecam, lfw, option, value):
    words = "evaluate", "open-set", lfw, f"--{option}={value}"
    assert facecam(*words)[0] == 2


def test_one_person_has_no_baseline(asked, lfw):
    (lfw / "identify_people.txt").write_text("P0\n")
    words = ["evaluate", "open-set", lfw, "--photos", "1", "--draws", "1"]

    galleries = asked(*words, "--baseline")["galleries"]

    assert not any("baseline" in gallery for gallery in galleries)


def test_pairs_of_one_kind_only_are_refused(facecam, lfw):
    (lfw / "pairs.txt").write_text("2\t1\n" + "P0\t1\t2\n" * 4)

    code, _, err = facecam("evaluate", "lfw", lfw)

    assert code == 1
    assert "Every fold needs pairs" in err


@pytest.fixture
def wide(tmp_path):
    """A picture in WIDER FACE's layout: a masked face found, a tiny one missed."""
    root = tmp_path / "wide"
    write_image(root / "WIDER_val/images/0/a.png", picture((20, 20, 60), (200, 90, 50)))
    (root / "wider_face_split").mkdir()
    (root / "wider_face_split" / "wider_face_val_bbx_gt.txt").write_text(
        "0/a.png\n2\n20 20 60 60 0 0 0 0 1 0\n300 200 9 9 0 0 0 0 0 0\n"
    )
    return root


def test_what_cannot_be_used_is_left_out_of_detection_and_said(facecam, wide):
    path = wide / "wider_face_split" / "wider_face_val_bbx_gt.txt"
    path.write_text(f"{path.read_text()}0/b.png\n1\n5 5 9 9 0 0 0 0 0 0\n")

    code, _, err = facecam("evaluate", "detection", wide)

    assert code == 0
    assert f"Left out: 1. {path}, line 5: The picture" in err


def test_detection_answers_with_the_agreed_keys(asked, facecam, wide, tmp_path):
    write_image(tmp_path / "walls" / "wall.png", picture())

    result = asked("evaluate", "detection", wide, "--negatives", tmp_path / "walls")

    assert result["recall"] == result["recall_at_0.5_fpi"] == 0.5
    assert result["precision"] == result["false_per_image"] == 0.5
    assert result["landmark_error"] is None
    assert 0 < result["average_precision"] <= 0.5
    assert (result["faces"], result["images"]) == (2, 2)
    large = result["from_min_face"]
    assert (result["min_face"], large["faces"], large["recall"]) == (40, 1, 1)
    groups = {name: group["faces"] for name, group in result["groups"].items()}
    assert groups == {"all": 1, "masked": 1, "40–80 px": 1}
    code, out, _ = facecam("evaluate", "detection", wide)
    assert code == 0
    assert "from 40 px" in out
    assert "masked faces" in out


def test_how_much_must_overlap_can_be_chosen(asked, wide):
    listed = wide / "wider_face_split" / "wider_face_val_bbx_gt.txt"
    listed.write_text("0/a.png\n1\n20 20 60 135 0 0 0 0 0 0\n")  # IoU 60 / 135

    recalls = [
        asked("evaluate", "detection", wide, *words)["recall"]
        for words in ((), ("--iou", "0.4"))
    ]

    assert recalls == [0, 1]


def test_what_is_found_is_written_for_the_benchmarks(facecam, wide, tmp_path):
    fddb, wider = tmp_path / "fddb", tmp_path / "wider"

    code, _, _ = facecam(
        "evaluate", "detection", wide, "--fddb", fddb, "--wider", wider
    )

    assert code == 0
    assert (
        (fddb / "detections.txt").read_text().startswith("a\n2\n20.0 20.0 60.0 60.0 ")
    )
    assert (wider / "0" / "a.txt").read_text().startswith("a\n2\n20.0 20.0 60.0 60.0 ")


def test_lists_of_points_say_nothing_of_false_alarms(asked, facecam, tmp_path):
    write_image(tmp_path / "a.png", picture((100, 60, 60), (10, 10, 40)))
    points = "118 84 142 84 130 96 121 108 139 108"
    (tmp_path / "trainImageList.txt").write_text(f"a.png 100 160 60 120 {points}\n")

    result = asked("evaluate", "detection", tmp_path)

    assert (result["recall"], result["faces"], result["images"]) == (1, 1, 1)
    assert result["landmark_error"] < 0.01
    assert result["false_per_image"] is result["average_precision"] is None
    out = facecam("evaluate", "detection", tmp_path)[1]
    assert "100.0% of 1 faces" in out
    assert "landmark error" in out


def test_a_set_of_small_faces_only_has_no_large_ones(asked, facecam, wide):
    listed = wide / "wider_face_split" / "wider_face_val_bbx_gt.txt"
    listed.write_text("0/a.png\n1\n300 200 9 9 0 0 0 0 0 0\n")

    result = asked("evaluate", "detection", wide)

    assert (result["faces"], result["from_min_face"], result["groups"]) == (1, None, {})
    assert "all faces" in facecam("evaluate", "detection", wide)[1]


def test_the_detector_of_a_run_is_measured_with_its_settings(
    asked, wide, astronaut, installed_home, tmp_path
):
    installed = installed_home / "models" / "detector" / "mtcnn" / "installed"
    for net in ("pnet", "rnet", "onet"):
        fit = tmp_path / "run" / f"03-{net}-fit"
        fit.mkdir(parents=True)
        shutil.copy(installed / f"{net}.tflite", fit / "net.tflite")
        shutil.copy(installed / "weights.npz", fit / "weights.npz")
    evaluated = tmp_path / "run" / "11-evaluate"
    evaluated.mkdir()
    (evaluated / "settings.json").write_text('{"thresholds": [0.6, 0.7, 0.8]}')
    write_image(wide / "WIDER_val/images/0/a.png", astronaut)
    listed = wide / "wider_face_split" / "wider_face_val_bbx_gt.txt"
    listed.write_text("0/a.png\n1\n175 65 100 125 0 0 0 0 0 0\n")

    result = asked("evaluate", "detection", wide, "--run", tmp_path / "run")

    assert (result["recall"], result["shown"]) == (1, 0.8)


def test_a_run_that_is_not_finished_cannot_be_measured(facecam, wide, tmp_path):
    code, _, err = facecam("evaluate", "detection", wide, "--run", tmp_path)

    assert code == 1
    assert "not a finished run" in err


@pytest.mark.parametrize("kind", ["lfw", "open-set", "detection"])
def test_a_folder_of_another_layout_is_one_readable_line(facecam, tmp_path, kind):
    code, out, err = facecam("evaluate", kind, tmp_path / "nothing")
    assert (code, out) == (1, "")
    assert err.startswith("facecam: ")


@pytest.mark.slow
def test_the_real_parts_verify_faces(data, facenet_home, monkeypatch, capfd, tmp_path):
    """A tenth of the pairs of LFW, as the window would see them."""
    monkeypatch.setenv("FACECAM_HOME", str(facenet_home))
    header, *lines = (data / "lfw_a" / "pairs.txt").read_text().splitlines()
    assert header == "2\t300"
    (tmp_path / "pairs.txt").write_text("\n".join(["2\t30", *lines[::10]]))
    (tmp_path / "lfw").symlink_to(data / "lfw_a" / "lfw")

    assert cli.main(["evaluate", "lfw", str(tmp_path), "--json"]) == 0

    assert json.loads(capfd.readouterr().out)["accuracy"] > 0.97
