"""Two detectors side by side: the cascade of a run, and the one that is deployed.

Both are loaded alike (on the CPU, in single precision, one thread, the batch sizes of
the live view), so that what differs is the weights and the numbers that belong to them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from facecam import artifacts, pipeline
from facecam.config import THRESHOLDS, DetectorConfig, override
from facecam.config.retraining import TrialConfig
from facecam.errors import ConfigError, TrainingError, WeightsMissing
from facecam.runtime import litert
from facecam.training.detector.cascade import NET, NETS, fits_of
from facecam.vision.detector import MTCNNDetector

SETTINGS = "settings.json"
"""Thresholds and lean a run was evaluated with."""
MOST_FACES = 1000
"""Faces looked for in one picture while measuring; WIDER FACE has some with more."""
MANY = 10_000
"""More boxes than any stage lets through."""
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
        settings = replace(
            self.config, min_face=least, thresholds=thresholds, max_faces=MOST_FACES
        )
        return replace(self, config=settings).detector()

    def beginning(
        self, nets: int, thresholds: tuple[float, float, float], min_face: int
    ) -> MTCNNDetector:
        """Load the first one or two nets, with other thresholds, to see what they pass.

        Raises:
            ModelError: a net is missing or damaged.
        """
        config = replace(
            self.config, thresholds=thresholds, min_face=min_face, max_faces=MANY
        )
        pnet = litert.load(self.nets[0], 1)
        rnet = litert.load(self.nets[1], 1, pipeline.RNET_BUCKETS) if nets > 1 else None
        return MTCNNDetector(pnet, rnet, None, config)

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


def trained(
    fits: Sequence[Path], passing: tuple[float, float] | None = None
) -> Contender:
    """Return the cascade of a run by the folders of its three fits.

    Args:
        fits: of P-, R- and O-Net.
        passing: thresholds of P- and R-Net; None for the published ones.
    """
    thresholds = (*(passing or THRESHOLDS[:2]), THRESHOLDS[2])
    config = replace(DetectorConfig(), thresholds=thresholds, lean=LEAN)
    return Contender(tuple(fit / NET for fit in fits), config)


def of_run(run: Path) -> Contender:
    """Return the cascade of a run with the settings it was evaluated with, if it was.

    Raises:
        TrainingError: it is not finished, or its settings are damaged.
    """
    contender = trained(fits_of(run))
    for path in run.glob(f"*-evaluate/{SETTINGS}"):
        try:
            settings = json.loads(path.read_text("utf-8"))
            return replace(contender, config=override(contender.config, settings))
        except (OSError, ValueError, AttributeError, ConfigError) as error:
            raise TrainingError(
                f"Cannot use {path}: {error}. Delete that folder and run the same "
                "command again."
            ) from error
    return contender


def installed(folder: Path) -> Contender:
    """Return the detector in an installed folder or a copy of one, its files checked.

    Raises:
        WeightsMissing, WeightsCorrupt: it cannot be used.
    """
    model = artifacts.read_installed(folder)
    if model is None:
        raise WeightsMissing(
            f"There is no detector in {folder}. Run: facecam models install detector"
        )
    nets = tuple(model.file(f"{net}.tflite") for net in NETS)
    return Contender(nets, override(DetectorConfig(), dict(model.origin.settings)))
