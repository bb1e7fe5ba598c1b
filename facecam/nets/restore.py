"""Installed weights -> Keras nets ready to run, for the Keras runtime."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from facecam.nets import facenet, mtcnn
from facecam.nets.layers import load


def restore(net: str, path: Path) -> keras.Model:
    """Build a net without scaling and BatchNorm layers and fill it.

    Args:
        net: "pnet", "rnet", "onet" or "facenet".
        path: the weights.npz of an installed model; see artifacts.Installed.

    Returns:
        A model that takes float32 RGB pixels 0…255.

    Raises:
        WeightsCorrupt: the file does not hold this net's arrays.
    """
    with np.load(path, allow_pickle=False) as file:
        if net == "facenet":
            arrays = {name: file[name] for name in file.files}
            return load(facenet.build_facenet(folded=True), facenet.fold(arrays))
        prefix = f"{net}_"
        names = [name for name in file.files if name.startswith(prefix)]
        arrays = {name.removeprefix(prefix): file[name] for name in names}
    return load(mtcnn.BUILDERS[net](True), mtcnn.fold(arrays))
