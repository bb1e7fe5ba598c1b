"""A net's weights as named arrays, without Keras.

Canonical arrays are a dict `<layer>_<kind>` -> array, the naming of the published Keras
weights: kernel, bias, alpha, beta, moving_mean, moving_variance. The file of a whole
detector puts the net in front: `pnet_conv1_kernel`.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam.errors import WeightsCorrupt, WeightsMissing

Arrays = dict[str, NDArray[Any]]

PIXEL_MEAN = 127.5
"""Subtracted from every pixel; the fixed standardisation of MTCNN and FaceNet."""
PIXEL_SCALE = 128.0
"""What every pixel is then divided by."""


def read_net(path: Path, net: str = "") -> Arrays:
    """Read the canonical arrays of one net from a .npz file.

    Args:
        path: the file of one net, or of a whole detector.
        net: "pnet", "rnet" or "onet" of a detector's file; empty for the whole file.

    Raises:
        WeightsMissing: there is no such file.
        WeightsCorrupt: it is damaged.
    """
    prefix = f"{net}_" if net else ""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            names = [name for name in file.files if name.startswith(prefix)]
            return {name.removeprefix(prefix): file[name] for name in names}
    except FileNotFoundError as error:
        raise WeightsMissing(f"There is no file {path}.") from error
    except (ValueError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise WeightsCorrupt(
            f"{path} is damaged ({error}). Make or fetch it again."
        ) from error


def check(
    wanted: Mapping[str, tuple[int, ...]],
    arrays: Mapping[str, NDArray[Any]],
    net: str,
) -> None:
    """Check names, shapes and finiteness of a net's arrays.

    Raises:
        WeightsCorrupt: an array is missing, superfluous, of another shape or holds
            something that is not a finite number.
    """
    missing = sorted(wanted.keys() - arrays.keys())
    if missing:
        raise WeightsCorrupt(
            f"These are not the weights of {net}: {len(missing)} of {len(wanted)} "
            f"arrays are missing, for example {missing[0]}. Use a published file."
        )
    for name, array in arrays.items():
        if name not in wanted:
            raise WeightsCorrupt(
                f"These are not the weights of {net}: it has no {name}. "
                "Use a published file."
            )
        if array.shape != wanted[name]:
            raise WeightsCorrupt(
                f"{name} of {net} has shape {array.shape}, expected {wanted[name]}. "
                "The file belongs to another network."
            )
        if array.dtype.kind != "f" or not np.isfinite(array).all():
            raise WeightsCorrupt(
                f"{name} of {net} holds values that are not finite numbers. "
                "The file is damaged: fetch it again."
            )


def digest(arrays: Mapping[str, NDArray[Any]]) -> str:
    """Return the sha256 of arrays as float32, whatever file they come from."""
    hasher = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name], np.float32)
        hasher.update(f"{name} {array.shape}".encode())
        hasher.update(array.tobytes())
    return hasher.hexdigest()


def fold_input(kernel: NDArray[Any], bias: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Move the input standardisation into the first convolution.

    Exact only where the convolution has no border padding, which holds for all nets
    here: zero padding would stand for grey before and for black after.

    Args:
        kernel: (h, w, c, d).
        bias: (d,).
    """
    shift = kernel.sum(axis=(0, 1, 2)) * (PIXEL_MEAN / PIXEL_SCALE)
    return kernel / PIXEL_SCALE, bias - shift


def fold_norms(
    arrays: Mapping[str, NDArray[Any]], first: str, epsilon: float
) -> Arrays:
    """Move BatchNorm and input scaling into the kernels and biases before them.

    y = gamma (Wx - mean) / sqrt(variance + epsilon) + beta, Ioffe & Szegedy 2015,
    equation 4; gamma is 1 where there is none. The BatchNorm of a layer is named as it
    is, with _BatchNorm behind.

    Args:
        arrays: canonical ones.
        first: name of the layer that sees the pixels; see `fold_input`.
        epsilon: of every BatchNorm.
    """
    folded: Arrays = {}
    for name, array in arrays.items():
        layer, kind = name.rsplit("_", 1)
        if kind != "kernel":
            continue
        kernel: NDArray[Any] = np.asarray(array, np.float32)
        norm = f"{layer}_BatchNorm"
        if f"{norm}_beta" in arrays:
            scale = arrays.get(f"{norm}_gamma", np.float32(1)) / np.sqrt(
                arrays[f"{norm}_moving_variance"] + epsilon
            )
            bias = arrays[f"{norm}_beta"] - arrays[f"{norm}_moving_mean"] * scale
            kernel = kernel * scale
        else:
            bias = arrays[f"{layer}_bias"]
        folded[f"{layer}_kernel"], folded[f"{layer}_bias"] = kernel, bias
    folded[f"{first}_kernel"], folded[f"{first}_bias"] = fold_input(
        folded[f"{first}_kernel"], folded[f"{first}_bias"]
    )
    return folded
