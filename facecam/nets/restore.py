"""Installed weights -> Keras nets ready to run, for the Keras runtime."""

from __future__ import annotations

from pathlib import Path

import keras

from facecam.nets import mtcnn
from facecam.nets.arrays import read_net
from facecam.nets.embedders import network
from facecam.nets.layers import load


def restore(net: str, path: Path) -> keras.Model:
    """Build a net without scaling and BatchNorm layers and fill it.

    Args:
        net: "pnet", "rnet", "onet" or an embedder's network, such as "facenet".
        path: the weights.npz of an installed model; see artifacts.Installed.

    Returns:
        A model that takes float32 RGB pixels 0…255.

    Raises:
        WeightsCorrupt: the file does not hold this net's arrays.
    """
    if net in mtcnn.BUILDERS:
        return load(mtcnn.BUILDERS[net](True), mtcnn.fold(read_net(path, net)))
    embedder = network(net)
    return load(embedder.build(True), embedder.fold(read_net(path)))
