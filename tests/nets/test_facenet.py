import numpy as np
import pytest

from facecam.nets import facenet
from facecam.nets.arrays import check
from facecam.nets.layers import load, names_and_shapes
from facecam.nets.torch_weights import torch_names
from facecam.nets.weights import read


@pytest.fixture(scope="module")
def plain():
    return facenet.build_facenet()


def test_the_network_has_the_published_arrays(plain):
    shapes = names_and_shapes(plain)

    assert len(shapes) == 490
    assert shapes["Conv2d_1a_3x3_kernel"] == (3, 3, 3, 32)
    assert shapes["Block17_10_Branch_1_Conv2d_0c_7x1_kernel"] == (7, 1, 128, 128)
    assert shapes["Bottleneck_kernel"] == (1792, 512)
    assert sum(np.prod(shape) for shape in shapes.values()) == 23_497_424


def test_every_array_has_a_name_in_the_torch_layout(plain):
    assert names_and_shapes(plain).keys() <= set(torch_names().values())


def test_folding_changes_no_answer(plain):
    """With drawn weights: fan-in scaled kernels, BatchNorm far from its identity."""
    rng = np.random.default_rng(0)
    arrays = {}
    for name, shape in names_and_shapes(plain).items():
        array = rng.normal(size=shape)
        if name.endswith("_kernel"):
            array /= np.sqrt(np.prod(shape[:-1]))
        elif name.endswith("_variance"):
            array = 0.5 + array**2
        arrays[name] = (0.5 * array).astype(np.float32)
    folded = load(facenet.build_facenet(folded=True), facenet.fold(arrays))
    image = rng.integers(0, 256, (2, 160, 160, 3)).astype(np.float32)

    wanted = np.asarray(load(plain, arrays)(image))
    found = np.asarray(folded(image))

    assert wanted.shape == (2, 512)
    np.testing.assert_allclose(np.linalg.norm(wanted, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_the_test_data_holds_exactly_these_arrays(plain, data):
    wanted = names_and_shapes(plain)

    arrays = read(data / "weights" / "facenet-20180402-114759.npz", wanted)

    check(wanted, arrays, "FaceNet")
