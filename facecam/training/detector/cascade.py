"""The cascade of the nets trained so far, as the class that ships, on LiteRT."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from facecam.config import DetectorConfig
from facecam.errors import TrainingError
from facecam.faces import Net
from facecam.runtime import litert
from facecam.vision.detector import MTCNNDetector

NETS = ("pnet", "rnet", "onet")
"""The nets of the cascade, in their order."""
INDEX = "01-index"
"""The first step of a run."""
NET = "net.tflite"
"""The compiled net in the folder of a fit."""
WEIGHTS = "weights.npz"
"""Its canonical arrays."""
BUCKETS = (None, (16, 64, 256), (16, 64, 256))
"""Batch sizes planned for: mining lets far more boxes through than the live view."""


def is_run(folder: Path) -> bool:
    """Tell whether a folder is that of a run which has begun."""
    return (folder / INDEX).is_dir()


def fits_of(run: Path) -> list[Path]:
    """Return the folders of a run's three fits.

    Raises:
        TrainingError: one is not complete.
    """
    folders = []
    for net in NETS:
        complete = [path for path in run.glob(f"*-{net}-fit") if _is_complete(path)]
        if not complete:
            raise TrainingError(
                f"{run} is not a finished run: it has no {net}. Finish it with the "
                "command it was started with."
            )
        folders.append(complete[0])
    return folders


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


def _is_complete(fit: Path) -> bool:
    return (fit / WEIGHTS).is_file() and (fit / NET).is_file()


def _net(path: Path, threads: int, buckets: tuple[int, ...] | None) -> Net:
    if not path.is_file():
        raise TrainingError(
            f"{path} is missing. Delete {path.parent} and run the same command again."
        )
    return litert.load(path, threads, buckets)
