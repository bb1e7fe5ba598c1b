"""The networks an embedder may have, by the name its manifest says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
from numpy.typing import NDArray

from facecam.errors import ModelError
from facecam.nets import compact, facenet
from facecam.nets.arrays import Arrays


@dataclass(frozen=True)
class Network:
    """How a network is built and how its weights are folded."""

    build: Callable[[bool], keras.Model]
    """Given whether it is to be without input scaling and BatchNorm, for folded
    weights."""
    fold: Callable[[Mapping[str, NDArray[Any]]], Arrays]
    trainable: Callable[[float], keras.Model]
    """Given which share of what the last layer sees is left out in training."""
    size: int
    """Side of its input, pixels."""


NETWORKS = {
    "facenet": Network(
        facenet.build_facenet,
        facenet.fold,
        partial(facenet.build_facenet, False),
        facenet.INPUT_SIZE,
    ),
    "compact": Network(
        compact.build_compact,
        compact.fold,
        partial(compact.build_compact, False),
        compact.INPUT_SIZE,
    ),
}


def network(name: str) -> Network:
    """Return a network by name.

    Raises:
        ModelError: there is none.
    """
    if name not in NETWORKS:
        raise ModelError(
            f"This version of facecam has no network {name}. "
            f"Known: {', '.join(NETWORKS)}. Update facecam."
        )
    return NETWORKS[name]
