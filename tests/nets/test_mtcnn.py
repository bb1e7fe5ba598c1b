import numpy as np
import pytest

from facecam.errors import WeightsCorrupt
from facecam.nets import mtcnn, mtcnn_weights
from facecam.nets.layers import load, names_and_shapes
from tests.nets.layouts import MTCNN_FILES

SIDES = {"pnet": 12, "rnet": 24, "onet": 48}


def restored(net, folded=False):
    arrays = mtcnn_weights.read(MTCNN_FILES / f"{net}.lz4", net)
    arrays = mtcnn.fold(arrays) if folded else arrays
    return load(mtcnn.BUILDERS[net](folded), arrays)


def pixels(net, n=2):
    side = SIDES[net]
    shape = (n, side + 9, side + 4, 3) if net == "pnet" else (n, side, side, 3)
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.float32)


def outputs(model, image):
    return [np.asarray(output) for output in model(image)]


@pytest.mark.parametrize(
    ("net", "shapes"),
    [
        ("pnet", [(2, 6, 3), (2, 6, 3, 4)]),
        ("rnet", [(2,), (2, 4)]),
        ("onet", [(2,), (2, 4), (2, 5, 2)]),
    ],
)
def test_each_net_answers_in_the_shapes_promised(net, shapes):
    found = outputs(restored(net), pixels(net))

    assert [output.shape for output in found] == shapes
    assert ((found[0] >= 0) & (found[0] <= 1)).all()


def test_pnet_sees_twelve_pixels_with_a_stride_of_two():
    model = restored("pnet")

    for side, cells in ((12, 1), (13, 2), (14, 2), (15, 3), (16, 3)):
        score, _ = outputs(model, np.zeros((1, side, side, 3), np.float32))
        assert score.shape == (1, cells, cells), side


@pytest.mark.parametrize("net", SIDES)
def test_folding_the_input_scaling_changes_no_answer(net):
    plain = outputs(restored(net), pixels(net))
    folded = outputs(restored(net, folded=True), pixels(net))

    for a, b in zip(folded, plain, strict=True):
        np.testing.assert_allclose(a, b, atol=2e-6)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("net", SIDES)
def test_each_net_answers_as_the_package_that_publishes_the_weights(net):
    """The golden test: mtcnn.network is another author's port of the same nets."""
    joblib = pytest.importorskip("joblib")
    network = pytest.importorskip(f"mtcnn.network.{net}")
    theirs = getattr(network, {"pnet": "PNet", "rnet": "RNet", "onet": "ONet"}[net])()
    theirs.build()
    theirs.set_weights(joblib.load(MTCNN_FILES / f"{net}.lz4"))
    offsets, *points, classes = outputs(theirs, (pixels(net) - 127.5) / 128)

    found = outputs(restored(net), pixels(net))

    np.testing.assert_allclose(found[0], classes[..., 1], atol=2e-6)
    np.testing.assert_allclose(found[1], offsets, atol=2e-6)
    if points:
        x, y = points[0][:, :5], points[0][:, 5:]
        np.testing.assert_allclose(found[2], np.stack([x, y], axis=-1), atol=2e-6)


def test_weights_of_another_net_are_refused():
    arrays = mtcnn_weights.read(MTCNN_FILES / "rnet.lz4", "rnet")

    with pytest.raises(WeightsCorrupt, match="arrays are missing"):
        load(mtcnn.build_onet(), arrays)


def test_the_nets_have_the_sizes_of_the_paper():
    counts = {
        net: sum(np.prod(s) for s in names_and_shapes(build(False)).values())
        for net, build in mtcnn.BUILDERS.items()
    }

    # One logit less than the published two: 33, 129 and 257 parameters fewer.
    assert counts == {"pnet": 6632 - 33, "rnet": 100178 - 129, "onet": 389040 - 257}
