"""One trained net of MTCNN -> a LiteRT flatbuffer, for the stages after it."""

from __future__ import annotations

from facecam.nets import mtcnn
from facecam.nets.arrays import Arrays
from facecam.nets.compile import to_litert
from facecam.nets.layers import load


def compile_trained(net: str, arrays: Arrays) -> bytes:
    """Return a float32 flatbuffer that takes uint8 pixels.

    Args:
        net: "pnet", "rnet" or "onet".
        arrays: its canonical arrays.

    Raises:
        WeightsCorrupt: they are not this net's.
    """
    return to_litert(load(mtcnn.BUILDERS[net](True), mtcnn.fold(arrays)), False)
