"""How good a view of a face is for recognition.

Four measures, each 0 (useless) to 1 (nothing to wish for), from the crop and the
landmarks. Their product weighs a view's vote and ranks views for enrolment.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from facecam.config import QualityConfig
from facecam.faces import Detections, Floats, Image


@dataclass(frozen=True, eq=False, slots=True)
class Quality:
    """The measures of n faces, each (n,) in 0…1."""

    size: Floats
    sharpness: Floats
    exposure: Floats
    pose: Floats

    @property
    def overall(self) -> Floats:
        """The product of the four measures, (n,)."""
        return self.size * self.sharpness * self.exposure * self.pose


def assess(crops: Image, detections: Detections, config: QualityConfig) -> Quality:
    """Measure n faces.

    Args:
        crops: (n, size, size, 3), as the embedder sees them.
        detections: the same n faces, in pixels of the picture they come from.
        config: what counts as good.
    """
    side = (detections.boxes[:, 2:] - detections.boxes[:, :2]).max(axis=1)  # (n,)
    contrast = [_contrast(crop) for crop in crops]
    return Quality(
        size=_ramp(side, config.smallest, config.large),
        sharpness=_ramp(
            np.array([detail for detail, _, _ in contrast], np.float32),
            config.blurred,
            config.sharp,
        ),
        exposure=np.array(
            [_exposure(mean, spread, config) for _, mean, spread in contrast],
            np.float32,
        ),
        pose=_frontality(detections.landmarks),
    )


def _contrast(crop: Image) -> tuple[float, float, float]:
    """Return fine detail relative to contrast, the mean and the spread of the face."""
    edge = len(crop) // 8
    grey = cv2.cvtColor(crop[edge:-edge, edge:-edge], cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(grey, (64, 64), interpolation=cv2.INTER_AREA)
    mean, spread = (float(value[0, 0]) for value in cv2.meanStdDev(grey))
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.5)
    detail = float(cv2.norm(grey, smooth, cv2.NORM_L2)) / 64  # rms, grey levels
    return detail / max(spread, 1.0), mean, spread


def _exposure(mean: float, spread: float, config: QualityConfig) -> float:
    """Return 1 for a well-lit face, 0 for a black, white or flat one."""
    lit = min(mean - config.darkest, config.brightest - mean) / config.exposure_margin
    varied = spread / config.spread
    return float(np.clip(min(lit, varied), 0, 1))


def _frontality(landmarks: Floats) -> Floats:
    """Return 1 for a face seen from the front, 0 in profile, (n, 5, 2) -> (n,).

    The nose of a frontal face lies midway between the eyes along their line; without
    landmarks (NaN) the view is given the benefit of the doubt.
    """
    left, right, nose = landmarks[:, 0], landmarks[:, 1], landmarks[:, 2]  # (n, 2)
    axis = right - left
    length = np.maximum((axis**2).sum(axis=1), 1e-6)
    along = ((nose - left) * axis).sum(axis=1) / length  # 0.5 = midway
    turned = np.abs(along - 0.5) * 2  # 1: the nose is as far out as an eye
    return np.nan_to_num(np.clip(1.2 - turned, 0, 1), nan=1.0).astype(np.float32)


def _ramp(value: Floats, low: float, high: float) -> Floats:
    """Return 0 up to `low`, 1 from `high`, linear between."""
    return np.clip((value - low) / (high - low), 0, 1).astype(np.float32)
