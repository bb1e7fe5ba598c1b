import io
import os
import pickle

import joblib
import numpy as np
import pytest

from facecam.errors import WeightsCorrupt
from facecam.nets import pickles


def dumped(value):
    file = io.BytesIO()
    joblib.dump(value, file)
    return file.getvalue()


class Attack:
    def __init__(self, target):
        self.target = str(target)

    def __reduce__(self):
        return os.mkdir, (self.target,)


def test_a_list_without_arrays_is_an_empty_list():
    assert pickles.read_joblib(dumped([])) == []


def test_arrays_come_back_as_they_were_dumped():
    arrays = [
        np.arange(24, dtype=np.float32).reshape(2, 3, 4),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.array([1, 2], dtype=">f4"),
        np.zeros((0, 3), np.float32),
    ]

    read = pickles.read_joblib(dumped(arrays))

    assert len(read) == len(arrays)
    for found, wanted in zip(read, arrays, strict=True):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("wrap", [lambda a: a, lambda a: [a], lambda a: {"a": [a]}])
def test_a_pickle_that_would_run_something_is_refused_and_nothing_runs(wrap, tmp_path):
    target = tmp_path / "made by the attack"

    with pytest.raises(WeightsCorrupt, match="attack: nothing was run"):
        pickles.read_joblib(pickle.dumps(wrap(Attack(target))))

    assert not target.exists()


def test_an_array_of_objects_which_hides_a_second_pickle_is_refused(tmp_path):
    target = tmp_path / "made by the attack"
    array = np.array([Attack(target)], dtype=object)

    with pytest.raises(WeightsCorrupt, match="not numbers"):
        pickles.read_joblib(dumped([array]))

    assert not target.exists()


@pytest.mark.parametrize("kept", [0, 1, 20, 250, -4])
def test_a_truncated_file_is_refused(kept):
    data = dumped([np.arange(100, dtype=np.float32)])

    with pytest.raises(WeightsCorrupt, match=r"damaged|truncated"):
        pickles.read_joblib(data[:kept])


@pytest.mark.parametrize("value", [3, {"a": 1}, [1, 2]])
def test_anything_but_a_list_of_arrays_is_refused(value):
    with pytest.raises(WeightsCorrupt, match="list of arrays"):
        pickles.read_joblib(pickle.dumps(value))


def test_a_forged_size_does_not_eat_the_memory():
    data = dumped([np.zeros((3, 5), np.float32)])
    forged = data.replace(b"K\x03K\x05\x86", b"J\xff\xff\xff\x7fK\x05\x86")
    assert forged != data

    with pytest.raises(WeightsCorrupt):
        pickles.read_joblib(forged)
