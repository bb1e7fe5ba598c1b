"""Two detectors side by side: the cascade of a run, and the one that is deployed.

Both are loaded alike (on the CPU, in single precision, one thread, the batch sizes of
the live view), so that what differs is the weights and the numbers that belong to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from facecam import artifacts, pipeline
from facecam.config import THRESHOLDS, Config, DetectorConfig
from facecam.config.retraining import TrialConfig
from facecam.errors import WeightsMissing
from facecam.runtime import litert
from facecam.training.detector.cascade import NET, NETS
from facecam.vision.detector import MTCNNDetector

LEAN = 0.0
"""Nets trained here are taught boxes as they are, so there is nothing to add back."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One of the two detectors."""

    nets: tuple[Path, ...]
    """Compiled P-, R- and O-Net."""
    config: DetectorConfig
    """With the thresholds and the lean that belong to the nets."""

    @property
    def thresholds(self) -> tuple[float, float, float]:
        """Smallest score to survive each net."""
        return self.config.thresholds or THRESHOLDS

    def searching(self, config: TrialConfig) -> MTCNNDetector:
        """Load it such that it finds small faces, and goes down to low scores."""
        lowest = min(config.lowest, self.thresholds[2])
        thresholds = (*self.thresholds[:2], lowest)
        least = min(config.min_face, self.config.min_face)
        settings = replace(self.config, min_face=least, thresholds=thresholds)
        return replace(self, config=settings).detector()

    def detector(self) -> MTCNNDetector:
        """Load it as it would be used.

        Raises:
            ModelError: a net is missing or damaged.
        """
        buckets = (None, pipeline.RNET_BUCKETS, pipeline.ONET_BUCKETS)
        pnet, rnet, onet = (
            litert.load(path, 1, sizes)
            for path, sizes in zip(self.nets, buckets, strict=True)
        )
        return MTCNNDetector(pnet, rnet, onet, self.config)


def trained(fits: Sequence[Path]) -> Contender:
    """Return the cascade of a run by the folders of its three fits."""
    config = replace(DetectorConfig(), thresholds=THRESHOLDS, lean=LEAN)
    return Contender(tuple(fit / NET for fit in fits), config)


def installed(folder: Path) -> Contender:
    """Return the detector in an installed folder, every file checked.

    Raises:
        WeightsMissing, WeightsCorrupt: it cannot be used.
    """
    home, name = folder.parents[3], folder.parent.name
    config = Config(home=home, detector=DetectorConfig(model=name))
    model = artifacts.installed(config.models, "detector", name)
    if model is None:
        raise WeightsMissing(
            f"There is no detector in {folder}. Run: facecam models install detector"
        )
    nets = tuple(model.file(f"{net}.tflite") for net in NETS)
    return Contender(nets, pipeline.detector_config(config))
