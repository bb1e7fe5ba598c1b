import os
import pickle
import zipfile

import numpy as np
import pytest

from facecam.errors import WeightsCorrupt, WeightsMissing
from facecam.nets import weights
from tests.nets import layouts

ARRAYS = layouts.small_arrays()


def write_npz(path):
    np.savez(path, **{k: v.astype(np.float16) for k, v in ARRAYS.items()})


def write_folder(path):
    path.mkdir()
    for name, array in ARRAYS.items():
        np.save(path / f"{name}.npy", array)


def write_graph(path):
    names = layouts.graph_names(ARRAYS)
    path.write_bytes(layouts.graph({names[k]: v for k, v in ARRAYS.items()}))


def write_zipped_graph(path):
    write_graph(path.with_suffix(".pb"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(path.with_suffix(".pb"), "20180402-114759/20180402-114759.pb")
        archive.writestr("20180402-114759/model.meta", b"not read")


WRITERS = {
    "npz": write_npz,
    "folder": write_folder,
    "h5": lambda path: layouts.write_h5(path, ARRAYS),
    "h5 of a whole model": lambda path: layouts.write_h5(path, ARRAYS, "model_weights"),
    "pb": write_graph,
    "zip with a pb": write_zipped_graph,
    "pt": lambda path: layouts.write_torch_zip(path, layouts.torch_state(ARRAYS)),
    "old pt": lambda path: layouts.write_torch_legacy(
        path, layouts.torch_state(ARRAYS)
    ),
}


FILES = [layout for layout in WRITERS if layout != "folder"]


def write(layout, folder):
    path = folder / "Gewichte é" / "weights"
    path.parent.mkdir()
    WRITERS[layout](path)
    return path if path.exists() else path.with_suffix(".npz")


@pytest.mark.parametrize("layout", WRITERS)
def test_the_arrays_come_back_equal_from_every_layout(layout, tmp_path):
    read = weights.read(write(layout, tmp_path), ARRAYS)

    assert read.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(read[name], array, err_msg=name)
        assert read[name].dtype == np.float32


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
@pytest.mark.parametrize("layout", FILES)
def test_a_truncated_file_is_refused_in_every_layout(layout, share, tmp_path):
    path = write(layout, tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])

    with pytest.raises(WeightsCorrupt, match=r"truncated|damaged|none of the arrays"):
        weights.read(path, ARRAYS)


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(WeightsMissing, match="There is no file"):
        weights.read(tmp_path / "nothing.h5", ARRAYS)


@pytest.mark.parametrize(
    "content", [b"", b"hello, this is no file of weights", b"PK\x03\x04"]
)
def test_a_file_of_something_else_is_refused(tmp_path, content):
    path = tmp_path / "letter.txt"
    path.write_bytes(content)

    with pytest.raises(WeightsCorrupt):
        weights.read(path, ARRAYS)


def test_the_weights_of_another_net_are_refused(tmp_path):
    path = tmp_path / "other.npz"
    np.savez(path, conv1_kernel=np.zeros(3))

    with pytest.raises(WeightsCorrupt, match="none of the network"):
        weights.read(path, ARRAYS)


def test_an_npz_with_objects_in_it_is_refused(tmp_path):
    path = tmp_path / "attack.npz"
    np.savez(path, Bottleneck_kernel=np.array([print], dtype=object))

    with pytest.raises(WeightsCorrupt, match="damaged"):
        weights.read(path, ARRAYS)


class Attack:
    def __init__(self, target):
        self.target = str(target)

    def __reduce__(self):
        return os.mkdir, (self.target,)


@pytest.mark.parametrize("old", [False, True])
def test_a_torch_file_that_would_run_something_is_refused(tmp_path, old):
    target, path = tmp_path / "made by the attack", tmp_path / "attack.pt"
    attack = pickle.dumps({"conv2d_1a.conv.weight": Attack(target)}, 2)
    if old:
        start = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2)
        path.write_bytes(start + pickle.dumps({}, 2) + attack)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("model/data.pkl", attack)

    with pytest.raises(WeightsCorrupt, match="nothing was run"):
        weights.read(path, ARRAYS)

    assert not target.exists()


def test_a_torch_tensor_that_reaches_beyond_its_numbers_is_refused(tmp_path):
    state = layouts.torch_state(ARRAYS)
    for tensor in state.values():
        tensor.array = np.broadcast_to(tensor.array, (9, *tensor.array.shape))
    path = tmp_path / "forged.pt"
    layouts.write_torch_zip(path, layouts.torch_state(ARRAYS))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", layouts.pickled(layouts.torch_state(ARRAYS)))
        for tensor in state.values():
            archive.writestr(f"model/data/{tensor.key}", b"\0" * 4)

    with pytest.raises(WeightsCorrupt, match="truncated"):
        weights.read(path, ARRAYS)


def test_a_gamma_is_multiplied_into_kernel_and_mean(tmp_path):
    gamma = np.array([1, 2, 3, 4], np.float32)
    path = tmp_path / "gamma.npz"
    np.savez(path, **ARRAYS, Conv2d_1a_3x3_BatchNorm_gamma=gamma)

    read = weights.read(path, ARRAYS)

    kernel, mean = "Conv2d_1a_3x3_kernel", "Conv2d_1a_3x3_BatchNorm_moving_mean"
    np.testing.assert_array_equal(read[kernel], ARRAYS[kernel] * gamma)
    np.testing.assert_array_equal(read[mean], ARRAYS[mean] * gamma)
    beta = "Conv2d_1a_3x3_BatchNorm_beta"
    np.testing.assert_array_equal(read[beta], ARRAYS[beta])
