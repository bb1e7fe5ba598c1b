"""One trained net of MTCNN -> a LiteRT flatbuffer, for the stages after it."""

from __future__ import annotations

from facecam.nets import mtcnn
from facecam.nets.arrays import Arrays, check
from facecam.nets.compile import to_litert
from facecam.nets.layers import load, names_and_shapes


def compile_trained(net: str, arrays: Arrays) -> bytes:
    """Return a float32 flatbuffer that takes uint8 pixels.

    Args:
        net: "pnet", "rnet" or "onet".
        arrays: its canonical arrays.

    Raises:
        WeightsCorrupt: they are not this net's.
    """
    model = mtcnn.BUILDERS[net](True)
    check(names_and_shapes(model), arrays, net)
    return to_litert(load(model, mtcnn.fold(arrays)), False)
