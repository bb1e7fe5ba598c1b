import numpy as np
import pytest

from facecam.nets import compact
from facecam.nets.compile import to_litert
from facecam.nets.embedders import NETWORKS
from facecam.nets.layers import load, names_and_shapes
from facecam.nets.weights import read
from facecam.runtime import litert

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
MOST_BYTES = 6_000_000


def drawn(shapes):
    """Weights with BatchNorm far from its identity."""
    rng = np.random.default_rng(0)
    arrays = {}
    for name, shape in shapes.items():
        array = rng.normal(size=shape)
        if name.endswith("_kernel"):
            array /= np.sqrt(np.prod(shape[:-1]) / 2)
        elif name.endswith("_variance"):
            array = 0.5 + array**2
        elif name.endswith("_gamma"):
            array = 1 + 0.3 * array
        arrays[name] = array.astype(np.float32)
    return arrays


@pytest.fixture(scope="module")
def plain():
    net = compact.build_compact()
    return load(net, drawn(names_and_shapes(net)))


@pytest.fixture(scope="module")
def folded(plain):
    arrays = drawn(names_and_shapes(plain))
    return load(compact.build_compact(folded=True), compact.fold(arrays))


@pytest.fixture(scope="module")
def faces():
    return np.random.default_rng(1).integers(0, 256, (2, 112, 112, 3), np.uint8)


def test_folding_changes_no_answer(plain, folded, faces):
    wanted = np.asarray(plain(faces.astype(np.float32), training=False))
    found = np.asarray(folded(faces.astype(np.float32)))

    assert wanted.shape == (2, 512)
    np.testing.assert_allclose(np.linalg.norm(wanted, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_compiled_it_answers_as_keras_does_and_is_small(folded, faces, tmp_path):
    wanted = np.asarray(folded(faces.astype(np.float32)))

    for quantised, least in ((False, 0.99999), (True, 0.99)):
        path = tmp_path / f"{quantised}.tflite"
        path.write_bytes(to_litert(folded, quantised))
        (found,) = litert.load(path, threads=1)(faces)
        assert (found * wanted).sum(axis=1).min() > least
        assert path.stat().st_size < MOST_BYTES or not quantised


def test_its_own_weights_come_back_as_they_were_written(plain, tmp_path):
    arrays = drawn(names_and_shapes(plain))
    np.savez(tmp_path / "weights.npz", **arrays)

    found = read(tmp_path / "weights.npz", arrays)

    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_can_be_trained_with_parts_left_out(name):
    network = NETWORKS[name]

    trained, used = network.trainable(0.2), network.build(False)

    assert names_and_shapes(trained) == names_and_shapes(used)
    assert trained.input.shape[1:] == (network.size, network.size, 3)
