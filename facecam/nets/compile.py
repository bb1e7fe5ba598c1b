"""Keras nets -> LiteRT flatbuffers, folded and quantised.

    python -m facecam.nets.compile detector OUT SOURCE
    python -m facecam.nets.compile embedder OUT SOURCE

reads published weights from SOURCE, and writes `weights.npz` (the canonical arrays) and
the flatbuffers into the folder OUT. Progress goes to stdout as JSON lines,
{"text": …, "done": 0…1}; {"error": …} tells why a file was refused. It is a process of
its own so that whoever starts it never imports TensorFlow.

A compiled net takes uint8 RGB pixels and contains the scaling to (x - 127.5) / 128 in
its first convolution and every BatchNorm in the convolution before it.
"""

from __future__ import annotations

from typing import Any

import keras


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

    @tf.function(input_signature=[shape])
    def run(pixels: Any) -> dict[str, Any]:
        outputs = model(tf.cast(pixels, tf.float32), training=False)
        if not isinstance(outputs, list | tuple):
            outputs = [outputs]
        return {f"output_{i}": output for i, output in enumerate(outputs)}

    frozen = convert_to_constants.convert_variables_to_constants_v2(
        run.get_concrete_function()
    )
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen], model)
    if quantised:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    return converter.convert()
