"""Tests of facecam.training.detector.checking.rehearsal."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facecam.annotations.annotation import AnnotatedSet
from facecam.config.retraining import (
    IndexConfig,
    PreflightConfig,
    RetrainingConfig,
    SamplesConfig,
)
from facecam.media import write_image
from facecam.training.detector.checking import census, rehearsal
from facecam.training.detector.checking.rehearsal import rehearse
from facecam.training.detector.crops import mining
from facecam.training.detector.crops.mining import SamplesRequest
from facecam.training.detector.crops.samples import SIZES, Kind
from tests.training.detector.drawn import labelled

CONFIG = RetrainingConfig(
    index=IndexConfig(held_out=1e-9), preflight=PreflightConfig(pictures=5)
)


@pytest.fixture
def scenes(tmp_path):
    """Annotations of noisy pictures with a face each, of which some are on the disk."""

    def of(count, **more):
        noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
        annotations = []
        for n in range(count):
            path = tmp_path / f"{n}.png"
            if n < 8:
                write_image(path, noise)
            box = (30 + n % 9, 20, 80, 90)
            annotations.append(labelled(box, path=path, split="train", **more))
        return annotations

    return of


def divided(*sets):
    return census.divide(
        [AnnotatedSet(Path("a"), "lists", tuple(each)) for each in sets], CONFIG.index
    )


@pytest.mark.parametrize("net", SIZES)
def test_all_kinds_are_cut_in_the_size_of_the_net(scenes, net):
    annotations = scenes(8)
    readable = {one.path for one in annotations}

    done = rehearse(net, divided(annotations), readable, CONFIG)

    assert done.samples.pixels.shape[1:] == (SIZES[net], SIZES[net], 3)
    assert set(done.samples.kinds.tolist()) == set(map(int, Kind))
    assert done.seconds > 0


def test_what_is_expected_is_what_a_run_would_cut(scenes, tmp_path):
    few = replace(SamplesConfig(), rounds=2)
    config = replace(CONFIG, pnet=replace(CONFIG.pnet, samples=few))
    annotations = scenes(8)
    sets = divided(annotations)

    done = rehearse("pnet", sets, {one.path for one in annotations}, config)

    request = SamplesRequest("pnet", 0, few, config.mining)
    chunks = mining.plan(annotations, tmp_path, request, altered=True)
    assert done.turns == sum(len(chunk.pictures) for chunk in chunks) == 16
    assert done.megapixels == pytest.approx(16 * 0.0192)
    for kind in Kind:
        at_most = {Kind.NEGATIVE: 55, Kind.LANDMARK: few.landmark_crops}.get(kind, 25)
        assert 0 < done.expected[kind] <= 16 * at_most


def test_a_thousand_pictures_cost_no_more_memory_than_a_few(scenes):
    annotations = scenes(1000)
    readable = {one.path for one in annotations[:8]}

    done = rehearse("pnet", divided(annotations), readable, CONFIG)

    most = CONFIG.preflight.pictures * len(Kind) * rehearsal.KEPT
    assert len(done.samples) <= most
    assert done.turns >= 1000
    assert done.expected[Kind.POSITIVE] > 1000


def test_sets_are_extrapolated_each_for_itself(scenes):
    faces, without = scenes(8), scenes(8)
    without = [replace(labelled(path=one.path), split="train") for one in without]
    readable = {one.path for one in faces}

    alone = rehearse("pnet", divided(faces), readable, CONFIG)
    both = rehearse("pnet", divided(faces, without), readable, CONFIG)

    assert both.turns == 2 * alone.turns
    share = both.expected[Kind.POSITIVE] / alone.expected[Kind.POSITIVE]
    assert share == pytest.approx(1, abs=0.3)


def test_faces_are_found_in_a_set_that_is_nearly_all_background(scenes):
    annotations = scenes(8)
    empty = [
        replace(labelled(path=one.path), split="train", where=str(n))
        for n in range(50)
        for one in annotations[1:]
    ]

    done = rehearse(
        "pnet",
        divided([*empty, annotations[0]]),
        {one.path for one in annotations},
        CONFIG,
    )

    assert (done.samples.kinds == Kind.POSITIVE).any()
    assert done.expected[Kind.POSITIVE] < 1000


def test_a_set_of_which_nothing_can_be_read_gives_nothing(scenes):
    done = rehearse("pnet", divided(scenes(3)), set(), CONFIG)

    assert len(done.samples) == 0
    assert done.expected[Kind.POSITIVE] == 0
