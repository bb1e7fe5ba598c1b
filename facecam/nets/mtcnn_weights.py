"""MTCNN's weights, from the files the `mtcnn` distribution carries.

Deviations from those files, made once here so that the nets stay plain:
    * the softmax over (no face, face) becomes one sigmoid of the difference;
    * dense layers see (h, w, c) instead of Caffe's (w, h, c);
    * landmarks come as x, y pairs instead of five x, then five y.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lz4.frame
import numpy as np
from numpy.typing import NDArray

from facecam.errors import WeightsCorrupt, WeightsMissing
from facecam.nets.arrays import Arrays
from facecam.nets.pickles import read_joblib

_CONV = ("kernel", "bias", "alpha")
_LAYOUT = {
    "pnet": [
        *(f"conv{i}_{kind}" for i in (1, 2, 3) for kind in _CONV),
        *("offsets_kernel", "offsets_bias", "classes_kernel", "classes_bias"),
    ],
    "rnet": [
        *(f"conv{i}_{kind}" for i in (1, 2, 3) for kind in _CONV),
        *(f"dense_{kind}" for kind in _CONV),
        *("offsets_kernel", "offsets_bias", "classes_kernel", "classes_bias"),
    ],
    "onet": [
        *(f"conv{i}_{kind}" for i in (1, 2, 3, 4) for kind in _CONV),
        *(f"dense_{kind}" for kind in _CONV),
        *("offsets_kernel", "offsets_bias", "landmarks_kernel", "landmarks_bias"),
        *("classes_kernel", "classes_bias"),
    ],
}
"""What the arrays in each file are, in their order."""

_LANDMARKS = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]
"""Columns of x1…x5 y1…y5 in the order x1 y1 … x5 y5."""


def read(path: Path, net: str) -> Arrays:
    """Read one net's canonical arrays from its lz4 file.

    Args:
        path: pnet.lz4, rnet.lz4 or onet.lz4.
        net: "pnet", "rnet" or "onet".

    Raises:
        WeightsMissing: the file does not exist.
        WeightsCorrupt: it is damaged, or holds anything but this net's arrays.
    """
    try:
        data = lz4.frame.decompress(path.read_bytes())
    except FileNotFoundError as error:
        raise WeightsMissing(f"There is no file {path}.") from error
    except (RuntimeError, EOFError) as error:
        raise WeightsCorrupt(
            f"{path.name} is damaged ({error}). Install the package mtcnn again."
        ) from error
    arrays = read_joblib(data)
    names = _LAYOUT[net]
    if len(arrays) != len(names):
        raise WeightsCorrupt(
            f"{path.name} holds {len(arrays)} arrays, {net} has {len(names)}. "
            "Install the package mtcnn again."
        )
    try:
        return _canonical(dict(zip(names, arrays, strict=True)))
    except (ValueError, IndexError) as error:
        raise WeightsCorrupt(
            f"{path.name} does not hold the weights of {net}: {error}."
        ) from error


def _canonical(arrays: Arrays) -> Arrays:
    """Bring the arrays of one file into our form; see the module's docstring."""
    for kind in ("kernel", "bias"):
        classes = arrays.pop(f"classes_{kind}")
        arrays[f"score_{kind}"] = classes[..., 1:] - classes[..., :1]
        if f"landmarks_{kind}" in arrays:
            arrays[f"landmarks_{kind}"] = arrays[f"landmarks_{kind}"][..., _LANDMARKS]
    if "dense_kernel" in arrays:
        last = max(name for name in arrays if name.startswith("conv"))
        channels = arrays[last].shape[-1]
        arrays["dense_kernel"] = _rows_first(arrays["dense_kernel"], channels)
    return arrays


def _rows_first(kernel: NDArray[Any], channels: int) -> NDArray[Any]:
    """Reorder the inputs of a dense layer, (w h c, d) -> (h w c, d)."""
    side = int(np.sqrt(len(kernel) / channels))
    grid = kernel.reshape(side, side, channels, -1)
    return grid.transpose(1, 0, 2, 3).reshape(kernel.shape)
