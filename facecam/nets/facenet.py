"""FaceNet: Inception-ResNet-v1 with a 512-D embedding.

Szegedy et al. 2016, "Inception-v4, Inception-ResNet and the Impact of Residual
Connections on Learning", figures 10-15, as written in davidsandberg/facenet,
src/models/inception_resnet_v1.py, which the published weights come from: BatchNorm
without gamma and with epsilon 1e-3, residuals scaled by 0.17, 0.10 and 0.20, the last
Block8 unscaled and without activation.

    (160, 160, 3) RGB pixels 0…255 -> (512,) unit length

Layers are named as in the published Keras weights, `Block35_1_Branch_0_Conv2d_1x1`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import keras
from numpy.typing import NDArray

from facecam.nets.arrays import Arrays, fold_norms
from facecam.nets.layers import Standardise

INPUT_SIZE = 160
"""Side of the crop, pixels."""
DIMENSIONS = 512
EPSILON = 1e-3
"""Of every BatchNorm."""

Tensor: TypeAlias = keras.KerasTensor


def build_facenet(folded: bool = False, drop: float = 0.0) -> keras.Model:
    """Build Inception-ResNet-v1.

    Args:
        folded: without input scaling and BatchNorm, for the weights `fold` returns.
        drop: share of what the last layer sees that training leaves out; one less the
            keep probability of facenet.
    """
    image = keras.Input((INPUT_SIZE, INPUT_SIZE, 3), name="image")
    conv = _Convolution(folded)
    x = image if folded else Standardise(name="standardise")(image)
    x = _stem(x, conv)  # (17, 17, 256)
    for i in range(1, 6):
        x = _residual(x, _block35(x, conv, f"Block35_{i}"), f"Block35_{i}", 0.17)
    x = _mixed_6a(x, conv)  # (8, 8, 896)
    for i in range(1, 11):
        x = _residual(x, _block17(x, conv, f"Block17_{i}"), f"Block17_{i}", 0.10)
    x = _mixed_7a(x, conv)  # (3, 3, 1792)
    for i in range(1, 6):
        x = _residual(x, _block8(x, conv, f"Block8_{i}"), f"Block8_{i}", 0.20)
    x = _residual(x, _block8(x, conv, "Block8_6"), "Block8_6", 1.0, activate=False)
    x = keras.layers.GlobalAveragePooling2D()(x)  # (1792,)
    if drop:
        x = keras.layers.Dropout(drop, name="dropout")(x)
    x = keras.layers.Dense(DIMENSIONS, use_bias=folded, name="Bottleneck")(x)
    if not folded:
        x = _batch_norm("Bottleneck_BatchNorm")(x)
    x = keras.layers.UnitNormalization(dtype="float32", name="embedding")(x)
    return keras.Model(image, x, name="facenet")


def fold(arrays: Mapping[str, NDArray[Any]]) -> Arrays:
    """Move BatchNorm and input scaling into the kernels and biases before them."""
    return fold_norms(arrays, "Conv2d_1a_3x3", EPSILON)


class _Convolution:
    """Convolution, BatchNorm (unless folded) and ReLU under one name."""

    def __init__(self, folded: bool) -> None:
        self._folded = folded

    def __call__(  # noqa: PLR0913 - those of keras.layers.Conv2D
        self,
        x: Tensor,
        name: str,
        filters: int,
        size: int | tuple[int, int],
        strides: int = 1,
        padding: str = "same",
    ) -> Tensor:
        x = keras.layers.Conv2D(
            filters, size, strides, padding, use_bias=self._folded, name=name
        )(x)
        if not self._folded:
            x = _batch_norm(f"{name}_BatchNorm")(x)
        return keras.layers.ReLU(name=f"{name}_Activation")(x)


def _batch_norm(name: str) -> keras.layers.BatchNormalization:
    return keras.layers.BatchNormalization(
        momentum=0.995, epsilon=EPSILON, scale=False, name=name
    )


def _stem(x: Tensor, conv: _Convolution) -> Tensor:
    x = conv(x, "Conv2d_1a_3x3", 32, 3, strides=2, padding="valid")  # (79, 79, 32)
    x = conv(x, "Conv2d_2a_3x3", 32, 3, padding="valid")  # (77, 77, 32)
    x = conv(x, "Conv2d_2b_3x3", 64, 3)
    x = keras.layers.MaxPooling2D(3, 2)(x)  # (38, 38, 64)
    x = conv(x, "Conv2d_3b_1x1", 80, 1, padding="valid")
    x = conv(x, "Conv2d_4a_3x3", 192, 3, padding="valid")  # (36, 36, 192)
    return conv(x, "Conv2d_4b_3x3", 256, 3, strides=2, padding="valid")


def _block35(x: Tensor, conv: _Convolution, name: str) -> list[Tensor]:
    """Inception-ResNet-A: what its branches see of (17, 17, 256)."""
    a = conv(x, f"{name}_Branch_0_Conv2d_1x1", 32, 1)
    b = conv(x, f"{name}_Branch_1_Conv2d_0a_1x1", 32, 1)
    b = conv(b, f"{name}_Branch_1_Conv2d_0b_3x3", 32, 3)
    c = conv(x, f"{name}_Branch_2_Conv2d_0a_1x1", 32, 1)
    c = conv(c, f"{name}_Branch_2_Conv2d_0b_3x3", 32, 3)
    c = conv(c, f"{name}_Branch_2_Conv2d_0c_3x3", 32, 3)
    return [a, b, c]


def _block17(x: Tensor, conv: _Convolution, name: str) -> list[Tensor]:
    """Inception-ResNet-B: what its branches see of (8, 8, 896)."""
    a = conv(x, f"{name}_Branch_0_Conv2d_1x1", 128, 1)
    b = conv(x, f"{name}_Branch_1_Conv2d_0a_1x1", 128, 1)
    b = conv(b, f"{name}_Branch_1_Conv2d_0b_1x7", 128, (1, 7))
    b = conv(b, f"{name}_Branch_1_Conv2d_0c_7x1", 128, (7, 1))
    return [a, b]


def _block8(x: Tensor, conv: _Convolution, name: str) -> list[Tensor]:
    """Inception-ResNet-C: what its branches see of (3, 3, 1792)."""
    a = conv(x, f"{name}_Branch_0_Conv2d_1x1", 192, 1)
    b = conv(x, f"{name}_Branch_1_Conv2d_0a_1x1", 192, 1)
    b = conv(b, f"{name}_Branch_1_Conv2d_0b_1x3", 192, (1, 3))
    b = conv(b, f"{name}_Branch_1_Conv2d_0c_3x1", 192, (3, 1))
    return [a, b]


def _residual(
    x: Tensor, branches: list[Tensor], name: str, scale: float, activate: bool = True
) -> Tensor:
    """Add what a block saw, projected to the channels of `x` and scaled."""
    seen = keras.layers.Concatenate(name=f"{name}_Concatenate")(branches)
    up = keras.layers.Conv2D(x.shape[-1], 1, name=f"{name}_Conv2d_1x1")(seen)
    x = x + up * scale
    return keras.layers.ReLU(name=f"{name}_Activation")(x) if activate else x


def _mixed_6a(x: Tensor, conv: _Convolution) -> Tensor:
    """Reduction-A, (17, 17, 256) -> (8, 8, 896)."""
    name = "Mixed_6a_Branch"
    a = conv(x, f"{name}_0_Conv2d_1a_3x3", 384, 3, strides=2, padding="valid")
    b = conv(x, f"{name}_1_Conv2d_0a_1x1", 192, 1)
    b = conv(b, f"{name}_1_Conv2d_0b_3x3", 192, 3)
    b = conv(b, f"{name}_1_Conv2d_1a_3x3", 256, 3, strides=2, padding="valid")
    pooled = keras.layers.MaxPooling2D(3, 2)(x)
    return keras.layers.Concatenate(name="Mixed_6a")([a, b, pooled])


def _mixed_7a(x: Tensor, conv: _Convolution) -> Tensor:
    """Reduction-B, (8, 8, 896) -> (3, 3, 1792)."""
    name = "Mixed_7a_Branch"
    a = conv(x, f"{name}_0_Conv2d_0a_1x1", 256, 1)
    a = conv(a, f"{name}_0_Conv2d_1a_3x3", 384, 3, strides=2, padding="valid")
    b = conv(x, f"{name}_1_Conv2d_0a_1x1", 256, 1)
    b = conv(b, f"{name}_1_Conv2d_1a_3x3", 256, 3, strides=2, padding="valid")
    c = conv(x, f"{name}_2_Conv2d_0a_1x1", 256, 1)
    c = conv(c, f"{name}_2_Conv2d_0b_3x3", 256, 3)
    c = conv(c, f"{name}_2_Conv2d_1a_3x3", 256, 3, strides=2, padding="valid")
    pooled = keras.layers.MaxPooling2D(3, 2)(x)
    return keras.layers.Concatenate(name="Mixed_7a")([a, b, c, pooled])
