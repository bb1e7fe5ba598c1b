"""A compact embedder: plain residual blocks of 3×3 convolutions, 512-D.

He et al. 2016, "Deep Residual Learning for Image Recognition", figure 2, with the last
layers of Chen et al. 2018, "MobileFaceNets": a depthwise convolution over the whole
map, so that each place of a face has weights of its own.

    (112, 112, 3) RGB pixels 0…255 -> (512,) unit length

No depthwise convolution but that one: LiteRT's int8 kernels multiply matrices, and
MobileFaceNet with a quarter of the weights takes more than three times as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import keras
from numpy.typing import NDArray

from facecam.nets.arrays import Arrays, fold_norms
from facecam.nets.layers import Standardise

INPUT_SIZE = 112
"""Side of the crop, pixels."""
DIMENSIONS = 512
STEM = 32
"""Channels of the first convolution."""
STAGES = ((64, 1), (128, 4), (256, 2))
"""Channels and blocks at (28, 28), (14, 14) and (7, 7)."""
LAST = 512
"""Channels the last map is widened to."""
EPSILON = 1e-3
"""Of every BatchNorm."""

Tensor: TypeAlias = keras.KerasTensor


def build_compact(folded: bool = False, drop: float = 0.0) -> keras.Model:
    """Build the compact embedder.

    Args:
        folded: without input scaling and BatchNorm, for the weights `fold` returns.
        drop: share of what the last layer sees that training leaves out.
    """
    image = keras.Input((INPUT_SIZE, INPUT_SIZE, 3), name="image")
    conv = _Convolution(folded)
    x = image if folded else Standardise(name="standardise")(image)
    x = conv(x, "Stem", STEM, 3, strides=2, padding="valid")  # (55, 55, 32)
    for n, (channels, blocks) in enumerate(STAGES, start=1):
        x = conv(x, f"Stage{n}_Reduce", channels, 3, strides=2)
        for k in range(1, blocks + 1):
            x = _block(x, conv, f"Stage{n}_Block{k}")
    x = conv(x, "Widen", LAST, 1)  # (7, 7, 512)
    x = keras.layers.DepthwiseConv2D(x.shape[1], name="Gather")(x)  # (1, 1, 512)
    x = keras.layers.Flatten()(x)
    if drop:
        x = keras.layers.Dropout(drop, name="dropout")(x)
    x = keras.layers.Dense(DIMENSIONS, use_bias=folded, name="Bottleneck")(x)
    if not folded:
        x = _batch_norm("Bottleneck_BatchNorm")(x)
    x = keras.layers.UnitNormalization(dtype="float32", name="embedding")(x)
    return keras.Model(image, x, name="compact")


def fold(arrays: Mapping[str, NDArray[Any]]) -> Arrays:
    """Move BatchNorm and input scaling into the kernels and biases before them."""
    return fold_norms(arrays, "Stem", EPSILON)


class _Convolution:
    """Convolution, BatchNorm (unless folded) and, if wanted, ReLU under one name."""

    def __init__(self, folded: bool) -> None:
        self._folded = folded

    def __call__(  # noqa: PLR0913 - those of keras.layers.Conv2D
        self,
        x: Tensor,
        name: str,
        filters: int,
        size: int,
        strides: int = 1,
        padding: str = "same",
        activate: bool = True,
    ) -> Tensor:
        x = keras.layers.Conv2D(
            filters, size, strides, padding, use_bias=self._folded, name=name
        )(x)
        if not self._folded:
            x = _batch_norm(f"{name}_BatchNorm")(x)
        return keras.layers.ReLU(name=f"{name}_Activation")(x) if activate else x


def _batch_norm(name: str) -> keras.layers.BatchNormalization:
    return keras.layers.BatchNormalization(momentum=0.99, epsilon=EPSILON, name=name)


def _block(x: Tensor, conv: _Convolution, name: str) -> Tensor:
    """Add what two convolutions see to what comes in."""
    channels = x.shape[-1]
    seen = conv(x, f"{name}_1", channels, 3)
    seen = conv(seen, f"{name}_2", channels, 3, activate=False)
    x = keras.layers.Add(name=f"{name}_Add")([x, seen])
    return keras.layers.ReLU(name=f"{name}_Activation")(x)
