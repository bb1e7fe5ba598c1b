"""Tests of facecam.training.detector.checking.sheets."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facecam.annotations.annotation import AnnotatedSet
from facecam.config.retraining import IndexConfig, PreflightConfig, RetrainingConfig
from facecam.media import read_image, write_image
from facecam.training.detector.checking import census, sheets
from facecam.training.detector.checking.contact import POINTS
from facecam.training.detector.checking.rehearsal import Rehearsal
from facecam.training.detector.crops.samples import Kind, Samples, join
from tests.training.detector.drawn import labelled, some

CONFIG = RetrainingConfig(
    index=IndexConfig(held_out=1e-9),
    preflight=PreflightConfig(pictures=4, samples=3),
)
RNG = np.random.default_rng(0)
FACE = (50.5, 50.5, 150.5, 150.5)
"""Its edges run through the middle of pixels, so that they show in true colour."""


@pytest.fixture
def dark(tmp_path):
    """A dark picture of 320×320 pixels."""
    path = tmp_path / "dark.png"
    write_image(path, np.full((320, 320, 3), 30, np.uint8))
    return path


def divided(*annotations):
    one = AnnotatedSet(Path("faces"), "lists", annotations)
    [result] = census.divide([one], CONFIG.index)
    return result


def shown(image, colour):
    """Count the pixels of a colour beside those of its key."""
    return (np.abs(image.astype(int) - colour).max(axis=2) < 30).sum() - 121


def drawn(path, *boxes, **more):
    one = labelled(*boxes, path=path, split="train", points=False, **more)
    return sheets.label_sheets(divided(one), {path}, CONFIG, RNG)


def test_a_set_without_pictures_has_a_sheet_that_shows_none():
    found = sheets.label_sheets(divided(), set(), CONFIG, RNG)

    assert list(found) == ["pictures"]


def test_faces_learned_from_left_out_and_ignored_differ_in_colour(dark):
    learned = drawn(dark, FACE)["pictures"]
    small = drawn(dark, (50.5, 50.5, 59.5, 59.5))["pictures"]
    ignored = drawn(dark, FACE, ignored=np.array([True]))["pictures"]

    colours = (sheets.LEARNED, sheets.LEFT_OUT, sheets.IGNORED)
    for image, own in zip((learned, small, ignored), colours, strict=True):
        seen = [shown(image, colour) > 10 for colour in colours]
        assert seen == [colour == own for colour in colours]


def test_places_said_to_be_no_face_are_shown(dark):
    place = np.float32([(200.5, 200.5, 260.5, 260.5)])

    assert shown(drawn(dark)["pictures"], sheets.NO_FACE) <= 0
    assert shown(drawn(dark, background=place)["pictures"], sheets.NO_FACE) > 10


def test_faces_come_close_up_with_their_points_and_pictures_without_do_not(dark):
    face = labelled((50, 50, 110, 120), path=dark, split="train")
    without = labelled(path=dark, split="train")

    close = sheets.label_sheets(divided(face), {dark}, CONFIG, RNG)["faces"]

    assert all(shown(close, colour) > 5 for colour in POINTS)
    assert "faces" not in sheets.label_sheets(divided(without), {dark}, CONFIG, RNG)


def test_a_close_up_shows_what_lies_in_the_box(dark):
    image = read_image(dark)
    image[200:240, 100:140] = (250, 10, 10)
    write_image(dark, image)

    close = drawn(dark, (100, 200, 140, 240))["faces"]

    red = np.argwhere((close == (250, 10, 10)).all(axis=2))
    side = sheets.FACE_SIDE / sheets.AROUND
    extent = red.max(axis=0) - red.min(axis=0) + 1
    assert extent == pytest.approx([side, side], abs=8)  # its box covers the edge


def test_only_pictures_known_to_be_readable_are_opened(dark, tmp_path):
    good = labelled(FACE, path=dark, split="train")
    gone = replace(good, path=tmp_path / "gone.png")

    found = sheets.label_sheets(divided(good, gone), {dark}, CONFIG, RNG)

    assert shown(found["pictures"], sheets.LEARNED) > 10


def rehearsed(samples):
    return Rehearsal("rnet", samples, dict.fromkeys(Kind, 1000), 10, 1.0, 1.0)


def one_sample(kind, offsets=(0, 0, 0, 0), landmarks=None):
    points = np.zeros((1, 5, 2)) if landmarks is None else np.array([landmarks])
    return Samples(
        np.array([kind], np.uint8),
        np.full((1, 24, 24, 3), 90, np.uint8),
        np.array([offsets], np.float32),
        points.astype(np.float32),
    )


def test_targets_are_drawn_back_where_the_face_is():
    sample = one_sample(Kind.POSITIVE, offsets=np.array((24.5, 24.5, -24.5, -0.5)) / 96)

    image = sheets.sample_sheet(rehearsed(sample), 3)

    crop = np.argwhere((image == 90).all(axis=2)).min(axis=0)
    below = image[crop[0] :].astype(int)  # the key stands above
    line = np.argwhere(np.abs(below - sheets.LEARNED).max(axis=2) < 30)
    line -= (0, crop[1])
    assert line.min(axis=0).tolist() == pytest.approx([24, 24], abs=1)
    assert line.max(axis=0).tolist() == pytest.approx([95, 71], abs=1)


def test_landmark_samples_show_their_points_and_negatives_nothing():
    points = [(0.2, 0.3), (0.8, 0.3), (0.5, 0.5), (0.3, 0.8), (0.7, 0.8)]
    landmark = one_sample(Kind.LANDMARK, landmarks=points)

    with_points = sheets.sample_sheet(rehearsed(landmark), 3)
    without = sheets.sample_sheet(rehearsed(one_sample(Kind.NEGATIVE)), 3)

    assert all(shown(with_points, colour) > 5 for colour in POINTS)
    assert not any(shown(without, colour) > 5 for colour in POINTS)


def test_sheets_are_written_for_each_set_and_net(dark, tmp_path):
    face = labelled((50, 50, 110, 120), path=dark, split="train")
    samples = join([some(kind, 4, 24) for kind in Kind], 24)

    labels = sheets.draw_labels([divided(face)], {dark}, CONFIG, tmp_path)
    crops = sheets.draw_samples([rehearsed(samples)], CONFIG, tmp_path)

    names = [path.name for path in (*labels, *crops)]
    assert names == ["1-faces-pictures.png", "1-faces-faces.png", "samples-24.png"]
    assert all(path.is_file() for path in (*labels, *crops))
