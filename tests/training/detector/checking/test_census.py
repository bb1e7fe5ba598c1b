"""Tests of facecam.training.detector.checking.census."""

from pathlib import Path

import numpy as np

from facecam.annotations.annotation import AnnotatedSet
from facecam.config.retraining import IndexConfig, SamplesConfig
from facecam.training.detector.checking import census
from facecam.training.detector.checking.census import Count
from tests.training.detector.drawn import labelled

LEARNED = IndexConfig(held_out=1e-9)
"""Nothing is held out of a set that does not do so itself."""


def counted(*annotations, index=None):
    [divided] = census.divide(
        [AnnotatedSet(Path("root"), "lists", annotations)], index or LEARNED
    )
    return census.take([divided], SamplesConfig())


def test_nothing_is_counted_of_no_sets_and_of_a_set_without_pictures():
    assert census.take([], SamplesConfig()).training == Count()
    assert counted().training == Count()


def test_faces_are_counted_by_size_of_their_longer_side():
    boxes = [(0, 0, 5, 9), (0, 0, 30, 10), (0, 0, 30, 39), (0, 0, 200, 160)]
    found = counted(labelled(*boxes, split="train")).training

    assert found.by_size() == {
        "below 10 px": 1, "10–20 px": 0, "20–40 px": 2, "40–80 px": 0,
        "80–160 px": 0, "160 px and more": 1,
    }  # fmt: skip
    assert found.faces == 4


def test_attributes_are_counted_by_level_where_a_set_knows_them():
    known = labelled(
        (0, 0, 30, 30), (50, 0, 80, 30), split="train",
        attributes={"occlusion": np.array([0, 2], np.int8)},
    )  # fmt: skip
    unknown = labelled((0, 0, 30, 30), path=Path("b.png"), split="train")

    found = counted(known, unknown).training

    assert found.by_level() == {"occlusion": {"none": 1, "partial": 0, "heavy": 1}}
    assert (found.faces, found.masked) == (3, 1)


def test_ignored_small_and_unclear_faces_are_not_learned_from():
    annotation = labelled(
        (0, 0, 30, 30), (50, 0, 80, 30), (0, 50, 12, 62), (50, 50, 90, 90),
        split="train",
        ignored=np.array([False, True, False, False]),
        attributes={"blur": np.array([0, 0, 0, 2], np.int8)},
    )  # fmt: skip

    found = counted(annotation, index=IndexConfig(held_out=1e-9, max_blur=1)).training

    assert (found.faces, found.ignored, found.learned) == (3, 1, 1)
    assert (found.pointed, found.learned_points) == (3, 1)


def test_background_comes_from_pictures_whose_every_face_is_known():
    empty = labelled(path=Path("empty.png"), split="train")
    partial = labelled((0, 0, 30, 30), complete=False, split="train")

    found = counted(empty, partial).training

    assert (found.pictures, found.backgrounds, found.incomplete) == (2, 1, 1)


def test_pictures_held_out_are_counted_apart_and_tests_not_at_all():
    annotations = [
        labelled((0, 0, 30, 30), path=Path(f"{split}.png"), split=split)
        for split in ("train", "val", "test")
    ]

    found = counted(*annotations)

    assert (found.training.pictures, found.held_out.pictures) == (1, 1)


def test_an_undivided_set_is_divided_as_the_index_will():
    annotations = [
        labelled((0, 0, 30, 30), path=Path(f"root/{n}.png")) for n in range(200)
    ]

    found = counted(*annotations, index=IndexConfig(held_out=0.25))

    assert found.training.pictures + found.held_out.pictures == 200
    assert 30 < found.held_out.pictures < 70


def test_sets_add_up():
    one = AnnotatedSet(Path("a"), "lists", (labelled((0, 0, 30, 30), split="train"),))
    divided = census.divide([one, one], LEARNED)

    both = census.take(divided, SamplesConfig())

    assert [each.training.faces for each in both.sets] == [1, 1]
    assert both.training.faces == 2
    assert both.training.by_size()["20–40 px"] == 2
