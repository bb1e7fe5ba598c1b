import numpy as np
import pytest

from facecam.errors import WeightsCorrupt
from facecam.nets import graphdef


def test_a_graph_written_by_tensorflow_is_read():
    tensorflow = pytest.importorskip("tensorflow")
    kernel = np.random.default_rng(0).normal(size=(3, 3, 2, 4)).astype(np.float32)
    values = {
        "InceptionResnetV1/Conv2d_1a_3x3/weights": kernel,
        "InceptionResnetV1/Repeat_2/block8_5/Conv2d_1x1/biases": np.full(7, 2.5, "f4"),
        "InceptionResnetV1/Block8/Branch_1/Conv2d_0b_1x3/BatchNorm/beta": kernel[0, 0],
        "some/shape": np.array([1, 2], np.int32),
    }
    graph = tensorflow.compat.v1.GraphDef()
    for name, value in values.items():
        node = graph.node.add(name=name, op="Const")
        proto = tensorflow.make_tensor_proto(value)
        if value.ndim == 1 and value.dtype == np.float32:  # as one value stands for all
            proto.ClearField("tensor_content")
            proto.float_val.append(2.5)
        node.attr["value"].tensor.CopyFrom(proto)
    graph.node.add(name="read", op="Identity", input=["some/shape"])
    graph.versions.producer = 26

    arrays = graphdef.read(graph.SerializeToString())

    assert arrays.keys() == {
        "Conv2d_1a_3x3_kernel",
        "Block8_5_Conv2d_1x1_bias",
        "Block8_6_Branch_1_Conv2d_0b_1x3_BatchNorm_beta",
    }
    np.testing.assert_array_equal(arrays["Conv2d_1a_3x3_kernel"], kernel)
    np.testing.assert_array_equal(arrays["Block8_5_Conv2d_1x1_bias"], np.full(7, 2.5))


def test_an_empty_graph_holds_nothing():
    assert graphdef.read(b"") == {}


@pytest.mark.parametrize(
    "data", [b"\x0a\xff", b"\x0f", b"\xff" * 20, b"\x0a\x03\x0a\x05x"]
)
def test_bytes_that_are_no_graph_are_refused(data):
    with pytest.raises(WeightsCorrupt, match="no file of weights of a known layout"):
        graphdef.read(data)
