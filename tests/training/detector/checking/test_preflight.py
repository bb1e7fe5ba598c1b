"""Tests of facecam.training.detector.checking.preflight."""

import csv
import json
from dataclasses import asdict, replace

import pytest

from facecam.annotations import reading
from facecam.config.retraining import PreflightConfig, RetrainingConfig
from facecam.errors import TrainingError
from facecam.media import read_image
from facecam.training.detector.checking import preflight
from facecam.training.detector.checking.findings import Severity
from facecam.training.detector.checking.preflight import PreflightRequest, check, refuse
from facecam.training.detector.index import IndexRequest
from tests.training.detector import small_sets

LOOK = PreflightConfig(pictures=4, samples=4, steps=0, faces=10, landmarks=10)
CONFIG = RetrainingConfig(workers=1, preflight=LOOK)


def quiet(progress):
    assert progress.done <= progress.total


@pytest.fixture
def sets(tmp_path):
    """A set of boxes and a list of points."""
    boxes = small_sets.wider(tmp_path / "boxes", train=12, val=5)
    points = small_sets.points(tmp_path / "points", 14)
    return [reading.read(boxes), reading.read(points)]


def test_good_data_is_looked_at_and_not_refused(sets, tmp_path):
    seen = check(sets, CONFIG, tmp_path / "out", quiet)

    refuse(seen)
    assert seen.errors == ()
    assert seen.quarantined == ()
    assert seen.estimates is None  # no batch was learned
    assert seen.census.training.faces + seen.census.held_out.faces == 31


def test_what_was_seen_is_written_down(sets, tmp_path):
    out = tmp_path / "out"
    seen = check(sets, CONFIG, out, quiet)

    told = json.loads((out / "preflight.json").read_text("utf-8"))
    assert told == json.loads(json.dumps(preflight.as_json(seen)))
    assert told["training"]["faces"] == seen.census.training.faces
    assert [one["layout"] for one in told["sets"]] == ["WIDER FACE", "CNN_FacePoint"]
    assert (out / "quarantine.csv").read_text().split() == ["where,picture,reason"]
    assert seen.sheets == (
        "sheets/1-boxes-pictures.png", "sheets/1-boxes-faces.png",
        "sheets/2-points-pictures.png", "sheets/2-points-faces.png",
        "sheets/samples-12.png", "sheets/samples-24.png", "sheets/samples-48.png",
    )  # fmt: skip
    assert all(read_image(out / name).std() > 5 for name in seen.sheets)


def test_the_same_data_gives_the_same_sheets(sets, tmp_path):
    for name in "ab":
        check(sets, CONFIG, tmp_path / name, quiet)

    for path in (tmp_path / "a" / "sheets").iterdir():
        other = tmp_path / "b" / "sheets" / path.name
        assert path.read_bytes() == other.read_bytes()


def test_what_cannot_be_used_is_left_out_with_file_line_and_reason(sets, tmp_path):
    broken = sets[0].annotations[3]
    broken.path.write_bytes(broken.path.read_bytes()[:-500])
    out = tmp_path / "out"

    seen = check(sets, CONFIG, out, quiet)

    with (out / "quarantine.csv").open(newline="") as file:
        [row] = csv.DictReader(file)
    assert row["where"] == broken.where
    assert row["picture"] == str(broken.path)
    assert "truncated" in row["reason"]
    assert "cannot be used: 1." in " ".join(one.text for one in seen.findings)
    assert seen.errors == ()


def test_without_points_the_run_is_refused_with_reason_and_cure(sets, tmp_path):
    seen = check(sets[:1], CONFIG, tmp_path / "out", quiet)

    with pytest.raises(TrainingError) as refused:
        refuse(seen)
    words = str(refused.value)
    assert "none has five points" in words
    assert "Add a set with points" in words
    assert words.endswith(f"What was seen is in {tmp_path / 'out'}.")
    assert seen.findings[0].severity is Severity.ERROR
    assert not any("samples" in name for name in seen.sheets)


def test_a_run_from_a_working_detector_may_lack_points(sets, tmp_path):
    seen = check(sets[:1], CONFIG, tmp_path / "out", quiet, started=True)

    assert seen.errors == ()
    assert seen.findings[0].severity is Severity.WARNING


def test_pictures_with_one_face_known_each_give_no_background(sets, tmp_path):
    seen = check(sets[1:], CONFIG, tmp_path / "out", quiet)

    [error] = seen.errors
    assert "taken for background" in error.text
    assert "--negatives" in error.cure


def test_faces_that_are_all_too_small_are_refused(tmp_path):
    root = small_sets.wider(tmp_path / "tiny", 6, faces=lambda n: [(50, 50, 8, 9)])

    seen = check([reading.read(root)], CONFIG, tmp_path / "out", quiet)

    assert "none is large and clear enough" in seen.errors[0].text


def request_of(tmp_path, *folders):
    sets = IndexRequest(folders, (), (), "", CONFIG.index)
    return PreflightRequest(sets, CONFIG)


def test_the_first_step_of_a_run_refuses_and_leaves_what_was_seen(sets, tmp_path):
    request = request_of(tmp_path, sets[0].root)

    with pytest.raises(TrainingError, match="cannot work"):
        preflight.check_data(1, request, {}, tmp_path / "out", quiet)

    assert (tmp_path / "out" / "sheets" / "1-boxes-faces.png").is_file()


def test_the_first_step_of_a_run_tells_what_there_is(sets, tmp_path):
    request = request_of(tmp_path, *(one.root for one in sets))

    metrics = preflight.check_data(1, request, {}, tmp_path / "out", quiet)

    assert metrics["left_out"] == 0
    assert metrics["faces"] > 20
    json.dumps(asdict(request), default=str)


@pytest.mark.slow
def test_each_net_learns_one_batch_and_the_costs_of_a_run_are_told(sets, tmp_path):
    easy = replace(LOOK, steps=40, fall=0.9, separation=0.6)
    texts = []

    seen = check(
        sets,
        replace(CONFIG, preflight=easy),
        tmp_path / "out",
        lambda progress: texts.append(progress.text),
    )

    assert seen.errors == ()
    assert seen.estimates is not None
    parts = {part.part: part for part in seen.estimates.parts}
    assert {"pnet fit", "rnet fit", "onet fit", "evaluate"} < parts.keys()
    assert parts["onet fit"].seconds > parts["pnet fit"].seconds > 1
    assert seen.estimates.memory > 100e6
    assert {"pictures", "samples", "one batch for O-Net"} <= set(texts)


@pytest.mark.slow
def test_the_test_data_shows_what_it_holds(data, tmp_path):
    names = ("detection_wider_layout", "landmark5_lfwnet80", "landmark68_helen_afw")
    sets = [reading.read(data / name) for name in names]

    seen = check(
        [*sets, reading.without_faces(data / "negative_scenes")],
        replace(CONFIG, preflight=replace(PreflightConfig(), steps=0)),
        tmp_path,
        quiet,
    )

    whole = seen.census.training + seen.census.held_out
    assert seen.errors == ()
    assert (whole.pictures, whole.faces, whole.pointed) == (5035, 6176, 4650)
    assert whole.by_level()["occlusion"]["partial"] == 1148
    assert len(seen.sheets) == 10
