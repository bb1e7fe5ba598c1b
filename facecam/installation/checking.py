"""What a compiled net must answer before it is put to use."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from facecam.artifacts import Manifest
from facecam.errors import WeightsCorrupt
from facecam.faces import Floats, Image
from facecam.runtime import litert

LEAST_AGREEMENT = 0.98
"""Cosine between a probe's embedding and the published model's. int8 reaches 0.999."""


def check(manifest: Manifest, folder: Path) -> None:
    """Run the compiled nets once; compare the embedder with the published one.

    Raises:
        WeightsCorrupt: a net answers otherwise than the published model does.
    """
    for name in manifest.files:
        net = litert.load(folder / name, threads=2)
        side = manifest.input["size"]
        if not isinstance(side, int):
            side = side[name.removesuffix(".tflite").removesuffix("-int8")]
        outputs = net(probe(side))
        if not all(np.isfinite(output).all() for output in outputs):
            raise WeightsCorrupt(f"{name} computes values that are not numbers.")
        if manifest.kind == "embedder":
            _check_embedding(manifest, outputs[0])


def _check_embedding(manifest: Manifest, embedding: Floats) -> None:
    """Compare embeddings of the probe, (n, d), with the published model's."""
    published = np.load(manifest.folder / "probe.npy", allow_pickle=False)
    agreement = (embedding * published).sum(axis=1).min()
    if agreement < LEAST_AGREEMENT:
        raise WeightsCorrupt(
            f"These weights fit the network but are not those of {manifest.name}: on a "
            f"test picture they agree only by {agreement:.2f} (1 is the same). Use a "
            "published file."
        )


def probe(side: int) -> Image:
    """Return two fixed colourful pictures, (2, side, side, 3): waves and rings."""
    y, x = np.mgrid[0:side, 0:side] * (12.0 / side)
    channels = np.arange(3)
    waves = np.sin(x[..., None] * (1 + channels) + y[..., None] * (3 - channels))
    rings = np.cos(np.hypot(x - 6, y - 5)[..., None] * (1 + 0.5 * channels))
    pictures = np.stack([waves, rings])  # (2, side, side, 3)
    return np.round(127.5 + 120 * pictures).astype(np.uint8)
