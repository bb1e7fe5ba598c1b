"""Tests of facecam.training.board."""

import struct

import numpy as np
import pytest
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.record_writer import masked_crc32c

from facecam.training.board import EVENTS, LINES, Curves, read_curves


def lines(out):
    return [(point.step, dict(point.values)) for point in read_curves(out)]


def events(out):
    """Read the only event file: length, its checksum, data, its checksum, again."""
    (path,) = out.glob(f"{EVENTS}*")
    data, records = path.read_bytes(), []
    while data:
        (length,) = struct.unpack("Q", data[:8])
        (check,) = struct.unpack("I", data[12 + length : 16 + length])
        records.append(data[12 : 12 + length])
        assert masked_crc32c(records[-1]) == check
        data = data[16 + length :]
    header, *rest = map(Event.FromString, records)
    assert header.file_version == "brain.Event:2"
    return [
        (event.step, {value.tag: value.simple_value for value in event.summary.value})
        for event in rest
    ]


def fit(out, steps):
    """Measure at some steps, as a fit does."""
    with Curves(out) as curves:
        for step in steps:
            curves.add(step, {"loss": step / 2})


def test_a_fit_that_has_not_begun_has_no_curves(tmp_path):
    assert read_curves(tmp_path) == []


def test_what_is_added_is_there_at_once_for_people_and_for_tensorboard(tmp_path):
    with Curves(tmp_path) as curves:
        curves.add(10, {"loss/class": 0.5, "recall": np.float32(0.25)})
        curves.add(20, {"loss/class": 0.25})

        told = [(10, {"loss/class": 0.5, "recall": 0.25}), (20, {"loss/class": 0.25})]
        assert lines(tmp_path) == told
        assert events(tmp_path) == told


def test_a_fit_gone_on_with_replaces_what_it_measures_again(tmp_path):
    fit(tmp_path, [10, 20, 30, 40])
    fit(tmp_path, [30, 40, 50])

    told = [(step, {"loss": step / 2}) for step in (10, 20, 30, 40, 50)]
    assert lines(tmp_path) == told
    assert events(tmp_path) == told


def test_a_curve_ends_where_it_is_truncated(tmp_path):
    fit(tmp_path, [10, 20, 30])

    with Curves(tmp_path) as curves:
        curves.truncate(after_step=20)
        assert [step for step, _ in lines(tmp_path)] == [10, 20]
        assert [step for step, _ in events(tmp_path)] == [10, 20]
        curves.add(25, {"loss": 1.0})

    assert [step for step, _ in lines(tmp_path)] == [10, 20, 25]
    assert [step for step, _ in events(tmp_path)] == [10, 20, 25]


def test_a_line_torn_by_a_kill_is_passed_over_and_mended(tmp_path):
    fit(tmp_path, [10, 20])
    whole = (tmp_path / LINES).read_bytes()
    (tmp_path / LINES).write_bytes(whole[:-9])
    assert [step for step, _ in lines(tmp_path)] == [10]

    fit(tmp_path, [20, 30])

    assert [step for step, _ in lines(tmp_path)] == [10, 20, 30]
    assert [step for step, _ in events(tmp_path)] == [10, 20, 30]


def test_two_kinds_of_measurement_may_share_a_step(tmp_path):
    with Curves(tmp_path) as curves:
        curves.add(10, {"loss": 0.5})
        curves.add(10, {"recall": 0.9})

    assert lines(tmp_path) == [(10, {"loss": 0.5}), (10, {"recall": 0.9})]


def test_a_curve_never_goes_back(tmp_path):
    with Curves(tmp_path) as curves:
        curves.add(10, {"loss": 0.5})
        with pytest.raises(ValueError, match="Step 9 comes after step 10"):
            curves.add(9, {"loss": 0.5})
