"""What the Keras nets share: input standardisation, and weights by name in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from facecam.nets.arrays import PIXEL_MEAN, PIXEL_SCALE, check


class Standardise(keras.layers.Layer):  # type: ignore[misc]
    """RGB pixels 0…255 -> (x - 127.5) / 128."""

    def call(self, pixels: Any) -> Any:
        """Scale a batch of any shape."""
        return (pixels - PIXEL_MEAN) / PIXEL_SCALE


def names_and_shapes(model: keras.Model) -> dict[str, tuple[int, ...]]:
    """Return the canonical name and shape of every array of a model."""
    return {name: tuple(v.shape) for name, v in variables(model).items()}


def load(model: keras.Model, arrays: Mapping[str, NDArray[Any]]) -> keras.Model:
    """Fill a model with its canonical arrays and return it.

    Raises:
        WeightsCorrupt: a name or shape does not fit; see `check`.
    """
    check(names_and_shapes(model), arrays, model.name)
    for name, variable in variables(model).items():
        variable.assign(np.asarray(arrays[name], np.float32))
    return model


def variables(model: keras.Model) -> dict[str, Any]:
    """Return a model's variables by canonical name."""
    found = {}
    for layer in model.layers:
        for variable in layer.weights:
            stem = layer.name.removesuffix("_prelu")
            found[f"{stem}_{variable.name}"] = variable
    return found
