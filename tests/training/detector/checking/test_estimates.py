"""Tests of facecam.training.detector.checking.estimates."""

import os
from dataclasses import replace

import psutil
import pytest

from facecam.config.retraining import RetrainingConfig
from facecam.training.detector.checking.estimates import FIT_BYTES, Measured, estimate
from facecam.training.detector.checking.one_batch import Learned
from facecam.training.detector.checking.rehearsal import Rehearsal
from facecam.training.detector.crops import records
from facecam.training.detector.crops.records import record_bytes
from facecam.training.detector.crops.samples import SIZES, Kind, Samples
from tests.training.detector.drawn import some

CONFIG = RetrainingConfig(workers=1)
EXPECTED = {Kind.NEGATIVE: 600, Kind.POSITIVE: 200, Kind.PART: 100, Kind.LANDMARK: 100}


def rehearsal(net):
    samples = Samples.none(SIZES[net])
    return Rehearsal(net, samples, EXPECTED, turns=100, megapixels=50, seconds=40)


def measured(**more):
    learned = [Learned(net, 2.0, 0.9, 0.9, 20, seconds=0.012) for net in SIZES]
    values = {"rehearsals": [rehearsal(net) for net in SIZES], "learned": learned}
    values |= {"fit_memory": 1e9, "largest": 500_000, "held_out": 10}
    return Measured(**values | more)


def parts(config=CONFIG, **more):
    costs = estimate(measured(**more), config, more.pop("folder", __file__))
    return {part.part: part for part in costs.parts}


def test_the_disk_is_that_of_the_records():
    found = parts()

    assert found["onet samples"].disk == 1000 * record_bytes(48)
    assert found["onet fit"].disk == FIT_BYTES["onet"]


def test_a_record_is_as_long_as_the_file_says(tmp_path):
    for size in SIZES.values():
        [shard] = records.write_shards(tmp_path, "a", some(Kind.POSITIVE, 3, size))

        assert (tmp_path / shard.file).stat().st_size == 3 * record_bytes(size)


def test_a_fit_takes_its_steps_times_what_a_step_takes():
    fit = replace(CONFIG.rnet.fit, steps=500)
    config = replace(CONFIG, rnet=replace(CONFIG.rnet, fit=fit))

    assert parts(config)["rnet fit"].seconds == pytest.approx(500 * 0.012)


def test_mining_takes_longer_on_a_slower_computer_sampling_as_measured():
    slow = [replace(one, seconds=0.024) for one in measured().learned]

    usual, slower = parts(), parts(learned=slow)

    assert usual["pnet samples"].seconds == slower["pnet samples"].seconds == 40
    mining = usual["rnet samples"].seconds - 40
    assert mining > 5
    assert slower["rnet samples"].seconds - 40 == pytest.approx(2 * mining)


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two cores")
def test_two_workers_halve_the_time_and_more_than_cores_do_not_help():
    two = parts(replace(CONFIG, workers=2))
    many = parts(replace(CONFIG, workers=1000))

    assert two["pnet samples"].seconds == pytest.approx(20)
    assert many["pnet samples"].seconds == pytest.approx(40 / (os.cpu_count() or 1))


def test_the_whole_is_the_sum_of_its_parts(tmp_path):
    costs = estimate(measured(), CONFIG, tmp_path)

    assert costs.seconds == pytest.approx(sum(part.seconds for part in costs.parts))
    assert costs.disk == pytest.approx(sum(part.disk for part in costs.parts))
    assert costs.free_disk > 0
    assert costs.free_memory > 0


def test_memory_is_that_of_the_greediest_step(tmp_path):
    own = psutil.Process().memory_info().rss
    fit = estimate(measured(fit_memory=9e9), CONFIG, tmp_path).memory
    workers = estimate(measured(largest=10**9), CONFIG, tmp_path).memory
    more = estimate(measured(largest=10**9), replace(CONFIG, workers=2), tmp_path)

    assert fit == pytest.approx(9e9 + own, rel=0.05)
    assert workers > 20e9
    assert more.memory - own > 1.8 * (workers - own)
