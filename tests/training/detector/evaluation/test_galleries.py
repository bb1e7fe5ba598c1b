from pathlib import Path

import numpy as np
import pytest

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import TrialConfig
from facecam.errors import TrainingError
from facecam.faces import Detections
from facecam.media import read_image, write_image
from facecam.training.detector.evaluation import differences, galleries
from facecam.training.detector.evaluation.differences import Kind
from facecam.training.detector.evaluation.galleries import (
    DEPLOYED,
    LABELLED,
    NEW,
    SIDE,
    Side,
)
from tests.fakes import picture

CONFIG = TrialConfig()
FACE, OTHER, WALL = (10, 20, 70, 80), (150, 20, 180, 50), (250, 150, 300, 200)


@pytest.fixture
def listed(tmp_path):
    write_image(tmp_path / "scene.png", picture((10, 20, 60), (150, 20, 30)))
    return Annotation(
        tmp_path / "scene.png",
        np.float32([FACE, OTHER]),
        np.zeros(2, bool),
        np.full((2, 5, 2), np.nan, np.float32),
    )


def side(*boxes, scores=None):
    n = len(boxes)
    found = Detections(
        np.array(boxes, np.float32).reshape(n, 4),
        np.array(scores or [0.9] * n, np.float32),
        np.full((n, 5, 2), np.nan, np.float32),
    )
    return Side([found], shown=0.7)


def drawn(tile, colour):
    """Tell how many pixels of a close-up have a colour."""
    return int((np.abs(tile.astype(int) - colour).max(axis=2) < 40).sum())


def made(listed, *sides):
    return {g.title: g for g in galleries.galleries([listed], CONFIG, sides)}


def test_what_only_one_of_the_two_does_is_shown_by_both(listed):
    shown = made(listed, side(FACE, WALL), side(OTHER))

    counts = {title: gallery.total for title, gallery in shown.items()}
    assert counts == {
        "Faces only the new detector finds": 1,
        "Faces only the deployed detector finds": 1,
        "False alarms only the new detector gives": 1,
        "False alarms only the deployed detector gives": 0,
        "Missed by the new detector": 1,
        "False alarms of the new detector": 1,
    }
    (pair,) = shown["Faces only the new detector finds"].pictures
    new, deployed = pair.tiles
    assert new.shape == (SIDE, SIDE, 3)
    assert drawn(new, NEW) > 100  # over the label, which lies below
    assert drawn(deployed, LABELLED) > 100
    assert drawn(new, DEPLOYED) == drawn(deployed, NEW) == 0
    assert pair.caption == "scene.png"


def test_a_false_alarm_is_captioned_with_its_score(listed):
    shown = made(listed, side(FACE, OTHER, WALL, scores=[0.99, 0.98, 0.87]))

    (alarm,) = shown["False alarms of the new detector"].pictures
    assert alarm.caption == "0.87, scene.png"
    assert len(alarm.tiles) == 1
    assert drawn(alarm.tiles[0], NEW) > 100
    assert shown["Missed by the new detector"].total == 0
    assert len(shown) == 2  # with no other detector nothing can differ


def test_what_is_not_shown_is_not_drawn(listed):
    shown = made(listed, side(FACE, scores=[0.5]))

    tiles = [p.tiles[0] for p in shown["Missed by the new detector"].pictures]
    assert len(tiles) == 2
    assert all(drawn(tile, NEW) == 0 for tile in tiles)


def test_a_close_up_is_centred_on_what_it_is_about(listed):
    shown = made(listed, side())

    (tile,) = shown["Missed by the new detector"].pictures[0].tiles  # the larger face

    rows, columns = np.nonzero(tile.max(axis=2) > 90)
    middle = (SIDE - 1) / 2
    assert rows.min() + rows.max() == pytest.approx(2 * middle, abs=3)
    assert columns.min() + columns.max() == pytest.approx(2 * middle, abs=3)
    assert np.ptp(rows) == pytest.approx(SIDE / galleries.AROUND, abs=4)


def test_a_gallery_shows_some_and_counts_all(tmp_path, listed):
    many = [listed] * (galleries.SINGLES + 3)
    found = side(FACE).found * len(many)

    (missed, _) = galleries.galleries(many, CONFIG, [Side(found, 0.7)])

    assert (missed.total, len(missed.pictures)) == (len(many), galleries.SINGLES)


def test_galleries_that_are_not_empty_become_sheets(tmp_path, listed):
    some = list(galleries.galleries([listed], CONFIG, [side(FACE)]))

    paths = galleries.write_sheets(some, tmp_path / "out")

    assert [path.name for path in paths] == ["missed-by-the-new-detector.jpg"]
    assert read_image(paths[0]).shape[0] > SIDE


def test_what_differs_is_kept_with_all_boxes_of_its_picture(listed):
    kept = galleries.differences(
        [listed], CONFIG, [side(FACE, WALL, scores=[0.9, 0.8]), side(OTHER)]
    )

    (seen,) = kept.pictures
    assert Path(seen.path) == listed.path
    assert (seen.labelled, seen.new, seen.deployed) == (
        (FACE, OTHER),
        (FACE, WALL),
        (OTHER,),
    )
    assert [(one.kind, one.box) for one in kept.differences] == [
        (Kind.FOUND, FACE),
        (Kind.LOST, OTHER),
        (Kind.RAISED, WALL),
    ]
    assert kept.of(Kind.RAISED)[0].score == pytest.approx(0.8)
    assert kept.totals == {
        Kind.FOUND: 1,
        Kind.LOST: 1,
        Kind.RAISED: 1,
        Kind.CURED: 0,
    }


def test_pictures_in_which_the_two_agree_are_not_kept(listed):
    kept = galleries.differences([listed], CONFIG, [side(FACE), side(FACE)])

    assert (kept.pictures, kept.differences) == ((), ())


def test_of_much_that_differs_the_weightiest_is_kept(listed, monkeypatch):
    monkeypatch.setattr(galleries, "MOST", 1)

    kept = galleries.differences([listed], CONFIG, [side(FACE, OTHER), side()])

    assert [one.box for one in kept.of(Kind.FOUND)] == [FACE]  # the largest
    assert kept.totals[Kind.FOUND] == 2


def test_what_differs_is_read_back_as_it_was_written(listed, tmp_path):
    kept = galleries.differences([listed], CONFIG, [side(WALL), side(OTHER)])

    differences.write(kept, tmp_path / differences.FILE)

    assert differences.read(tmp_path / differences.FILE) == kept


@pytest.mark.parametrize("text", [None, "{", "[]", '{"pictures": []}'])
def test_a_damaged_file_says_what_to_do(tmp_path, text):
    path = tmp_path / differences.FILE
    if text is not None:
        path.write_text(text)

    with pytest.raises(TrainingError, match="Delete that folder"):
        differences.read(path)
