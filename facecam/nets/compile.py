"""Keras nets -> LiteRT flatbuffers, folded and quantised.

    python -m facecam.nets.compile detector OUT SOURCE
    python -m facecam.nets.compile NETWORK OUT SOURCE

the second for an embedder, by a name of facecam.nets.embedders, such as facenet,
reads weights from SOURCE, published or trained here, and writes `weights.npz` (the
canonical arrays) and the flatbuffers into the folder OUT. Progress goes to stdout as
JSON lines, {"text": …, "done": 0…1}; {"error": …} tells why a file was refused. It is a
process of its own so that whoever starts it never imports TensorFlow.

A compiled net takes uint8 RGB pixels and contains the scaling to (x - 127.5) / 128 in
its first convolution and every BatchNorm in the convolution before it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from facecam.errors import ModelError
from facecam.nets import mtcnn, weights
from facecam.nets.arrays import Arrays, check, digest, read_net
from facecam.nets.embedders import network
from facecam.nets.layers import load, names_and_shapes

DETECTOR = "detector"


def to_litert(model: keras.Model, quantised: bool) -> bytes:
    """Convert a net to a flatbuffer that takes uint8 pixels.

    Args:
        model: takes float32 RGB pixels 0…255, of any batch size.
        quantised: dynamic-range int8: kernels as int8 with one scale per channel,
            activations scaled as they come. False: float32.

    Returns:
        The flatbuffer; its signature names the outputs output_0, output_1, ….
    """
    import tensorflow as tf
    from tensorflow.python.framework import convert_to_constants

    shape = tf.TensorSpec((None, *model.input.shape[1:]), tf.uint8)

    @tf.function(input_signature=[shape])  # type: ignore[untyped-decorator]
    def run(pixels: Any) -> dict[str, Any]:
        outputs = model(tf.cast(pixels, tf.float32), training=False)
        if not isinstance(outputs, list | tuple):
            outputs = [outputs]
        return {f"output_{i}": output for i, output in enumerate(outputs)}

    frozen = convert_to_constants.convert_variables_to_constants_v2(
        run.get_concrete_function()
    )
    # An empty module: the frozen graph needs no variables, and the converter would save
    # all that it is given to disk first, which takes longer than converting.
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen], tf.Module())
    if quantised:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return converter.convert()


def main(arguments: Sequence[str]) -> int:
    """Convert one model as the command line says; 0 if it worked."""
    kind, out, source = arguments
    try:
        if kind == DETECTOR:
            convert_detector(Path(out), Path(source))
        else:
            convert_embedder(Path(out), Path(source), kind)
    except ModelError as error:
        _tell(error=str(error), type=type(error).__name__)
        return 1
    return 0


def convert_detector(out: Path, source: Path) -> None:
    """Convert MTCNN, float32 and int8.

    Args:
        out: an existing folder to write into.
        source: the folder with pnet.lz4, rnet.lz4 and onet.lz4 as published, or a
            weights.npz with the canonical arrays, `pnet_conv1_kernel` and so on.
    """
    everything: Arrays = {}
    for i, (net, build) in enumerate(mtcnn.BUILDERS.items()):
        _tell(f"Converting {net}", 0.1 + 0.3 * i)
        arrays = _read_net(source, net)
        check(names_and_shapes(build(False)), arrays, net)
        model = load(build(True), mtcnn.fold(arrays))
        (out / f"{net}.tflite").write_bytes(to_litert(model, quantised=False))
        (out / f"{net}-int8.tflite").write_bytes(to_litert(model, quantised=True))
        everything |= {f"{net}_{name}": array for name, array in arrays.items()}
    _save(out, everything)


def _read_net(source: Path, net: str) -> Arrays:
    """Read one net of a detector from a file of arrays, or as published."""
    if source.suffix == ".npz":
        return read_net(source, net)
    from facecam.nets import mtcnn_weights  # takes a package that few need

    return mtcnn_weights.read(source / f"{net}.lz4", net)


def convert_embedder(out: Path, source: Path, name: str) -> None:
    """Convert an embedder, float32 and int8.

    Args:
        out: an existing folder to write into.
        source: a file or folder in any layout `weights.read` knows.
        name: of its network.
    """
    _tell("Reading the weights", 0.0)
    net = network(name)
    wanted = names_and_shapes(net.build(False))
    arrays = weights.read(source, wanted)
    check(wanted, arrays, name)
    model = load(net.build(True), net.fold(arrays))
    _tell("Converting to int8", 0.15)
    (out / "int8.tflite").write_bytes(to_litert(model, quantised=True))
    _tell("Converting to float32", 0.5)
    (out / "float32.tflite").write_bytes(to_litert(model, quantised=False))
    _tell("Saving", 0.95)
    _save(out, arrays)


def _save(out: Path, arrays: Arrays) -> None:
    """Write weights.npz and tell the checksum of the arrays in it."""
    single = {name: np.asarray(arrays[name], np.float32) for name in sorted(arrays)}
    np.savez(out / "weights.npz", allow_pickle=False, **single)
    _tell("Converted", 1.0, arrays=digest(single))


def _tell(text: str = "", done: float = 0.0, **more: str) -> None:
    """Write one JSON line for whoever started this process."""
    sys.stdout.write(json.dumps({"text": text, "done": done, **more}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
