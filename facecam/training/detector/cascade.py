"""The cascade of the nets trained so far, as the class that ships, on LiteRT."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from facecam.config import DetectorConfig
from facecam.errors import TrainingError
from facecam.faces import Net
from facecam.runtime import litert
from facecam.vision.detector import MTCNNDetector

NET = "net.tflite"
"""The compiled net in the folder of a fit."""
WEIGHTS = "weights.npz"
"""Its canonical arrays."""
BUCKETS = (None, (16, 64, 256), (16, 64, 256))
"""Batch sizes planned for: mining lets far more boxes through than the live view."""


def load_cascade(
    folders: Sequence[Path], config: DetectorConfig, threads: int = 1
) -> MTCNNDetector:
    """Load one, two or all three nets.

    Args:
        folders: of the fits of P-, R- and O-Net, in this order.
        config: sizes and thresholds.
        threads: each net uses.

    Raises:
        TrainingError: a folder holds no compiled net.
    """
    nets = [
        _net(folder / NET, threads, buckets)
        for folder, buckets in zip(folders, BUCKETS, strict=False)
    ]
    pnet, rnet, onet = [*nets, None, None][:3]
    assert pnet is not None
    return MTCNNDetector(pnet, rnet, onet, config)


def _net(path: Path, threads: int, buckets: tuple[int, ...] | None) -> Net:
    if not path.is_file():
        raise TrainingError(
            f"{path} is missing. Delete {path.parent} and run the same command again."
        )
    return litert.load(path, threads, buckets)
