"""Tests of facecam.training.detector.checking.one_batch."""

import math
from dataclasses import replace

import numpy as np
import pytest

from facecam.config.retraining import PreflightConfig, RetrainingConfig
from facecam.training.detector.checking import one_batch
from facecam.training.detector.checking.one_batch import (
    Learned,
    Lesson,
    enough,
    learn,
    lessons,
)
from facecam.training.detector.checking.rehearsal import Rehearsal
from facecam.training.detector.crops.samples import Kind, join
from tests.training.detector.drawn import faces_and_grounds, some

KERAS = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""Keras 3 with TensorFlow asks NumPy 2 for arrays in an older way."""
NUMBERS = PreflightConfig(steps=60)
GOOD = Learned("pnet", 2.0, 0.9, separation=0.9, steps=30, seconds=0.1)


def rehearsed(samples):
    return Rehearsal("pnet", samples, {}, 1, 1.0, 1.0)


def test_a_batch_holds_each_kind_as_the_fit_counts_it():
    config = RetrainingConfig()
    fit = replace(config.pnet.fit, batch=(5, 4, 7, 2))
    config = replace(config, pnet=replace(config.pnet, fit=fit))
    samples = join([some(kind, 20) for kind in Kind], 12)

    [lesson] = lessons([rehearsed(samples)], config)

    kinds = lesson.batch.kinds.tolist()
    expected = {Kind.POSITIVE: 5, Kind.PART: 4, Kind.NEGATIVE: 7, Kind.LANDMARK: 2}
    assert {kind: kinds.count(kind) for kind in Kind} == expected


def test_where_a_kind_is_rare_the_batch_is_smaller():
    samples = join([some(Kind.POSITIVE, 3), some(Kind.NEGATIVE, 500)], 12)

    [lesson] = lessons([rehearsed(samples)], RetrainingConfig())

    assert len(lesson.batch) == 3 + RetrainingConfig().pnet.fit.batch[2]


@pytest.mark.parametrize(
    ("change", "fine"),
    [
        ({}, True),
        ({"least": 1.1}, False),
        ({"separation": 0.7}, False),
        ({"least": math.nan}, False),
        ({"separation": math.nan}, False),
    ],
)
def test_enough_is_a_loss_that_fell_and_faces_told_from_background(change, fine):
    assert enough(replace(GOOD, **change), NUMBERS) == fine


def lesson(batch, net="pnet"):
    return Lesson(net, RetrainingConfig().pnet.fit, batch)


@KERAS
@pytest.mark.slow
def test_pnet_learns_crops_that_fit_their_labels_and_not_shuffled_ones():
    batch = faces_and_grounds(60)
    order = np.random.default_rng(0).permutation(len(batch))
    shuffled = replace(batch, pixels=batch.pixels[order])
    told = []

    (good, poor), memory = learn(
        [lesson(batch), lesson(shuffled)], NUMBERS, 0, told.append
    )

    assert enough(good, NUMBERS), good
    assert good.steps < NUMBERS.steps
    assert not enough(poor, NUMBERS), poor
    assert poor.steps == NUMBERS.steps
    assert 0 < good.seconds < 5
    assert memory > 50e6
    done = [progress.done for progress in told]
    assert done == sorted(done)
    assert done[0] == 0
    assert all(progress.done <= progress.total == 120 for progress in told)


@KERAS
@pytest.mark.slow
def test_answers_that_are_no_numbers_end_the_lesson_at_once():
    batch = faces_and_grounds(10)
    broken = replace(batch, offsets=np.full_like(batch.offsets, np.inf))

    [learned], _ = learn([lesson(broken)], NUMBERS, 0, lambda progress: None)

    assert math.isnan(learned.least)
    assert learned.steps == 1


def test_without_faces_nothing_can_be_told_apart():
    scores = np.float32([0.1, 0.9])

    assert math.isnan(one_batch.separation(scores, some(Kind.NEGATIVE, 2)))
    both = join([some(Kind.POSITIVE, 1), some(Kind.NEGATIVE, 1)], 12)
    assert one_batch.separation(scores, both) == 0
    assert one_batch.separation(scores[::-1], both) == 1
