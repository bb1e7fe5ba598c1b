"""Finding faces in a picture: the Detector protocol and the MTCNN cascade.

    P-Net  looks everywhere, in many sizes, and proposes boxes          (pyramid.py)
    R-Net  looks at each proposal at 24×24 pixels, drops most, moves the rest
    O-Net  looks at what is left at 48×48 pixels, drops more, adds five landmarks

Zhang et al. 2016, "Joint Face Detection and Alignment using Multi-task Cascaded
Convolutional Networks". Thresholds and suppression follow its reference code
(kpzhang93/MTCNN_face_detection_alignment, detect_face.m). Deviations: boxes are kept
in the edges of pixels, not in pixel numbers counted from one, and are not rounded
between the stages; the pyramid's levels have even sides (see pyramid.py).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from facecam.config import THRESHOLDS, DetectorConfig
from facecam.faces import Detections, Floats, Image, Net
from facecam.vision import boxes as geometry
from facecam.vision import pyramid
from facecam.vision.image import Mips, as_rgb, cut

RNET_SIZE = 24
"""Side of R-Net's input, pixels."""
ONET_SIZE = 48
"""Side of O-Net's input, pixels."""
LEVEL_IOU = 0.5
"""Suppression among the proposals of one pyramid level; detect_face.m."""
MAX_IOU = 0.7
"""Suppression among all proposals and, as share of the smaller box, after O-Net."""
REFINED_IOU = 0.6
"""Suppression after R-Net. The reference has 0.7, which sends a quarter more boxes to
O-Net without finding more faces."""
PER_SHEET = 4
"""Cells of one sheet considered, as a multiple of the candidates; most are neighbours
of a better one."""


class Detector(Protocol):
    """Finds faces. Owned by one thread."""

    def detect(self, image: Image) -> Detections:
        """Return the faces of an image, uint8 RGB (or grey, RGBA), best first."""
        ...


class MTCNNDetector:
    """Holds the three nets of MTCNN and the canvas P-Net looks at.

    Args:
        pnet: (1, h, w, 3) -> scores (1, h', w'), offsets (1, h', w', 4).
        rnet: (n, 24, 24, 3) -> scores (n,), offsets (n, 4); None ends with P-Net.
        onet: (n, 48, 48, 3) -> scores (n,), offsets (n, 4), landmarks (n, 5, 2), as
            fractions of the box; None ends with R-Net, without landmarks.
        config: sizes and thresholds.
    """

    def __init__(
        self, pnet: Net, rnet: Net | None, onet: Net | None, config: DetectorConfig
    ) -> None:
        self._pnet = pnet
        self._rnet = rnet
        self._onet = onet
        self._config = config
        self._thresholds = config.thresholds or THRESHOLDS
        self._lean = np.float32(config.lean or 0.0)
        self._canvas = pyramid.Canvas()

    def detect(self, image: Image) -> Detections:
        """Return the faces of an image, best first, inside the picture."""
        mips = Mips(as_rgb(image))
        found = self._propose(mips)
        if self._rnet is not None and len(found):
            found = self._refine(self._rnet, mips, found)
            if self._onet is not None and len(found):
                found = self._finish(self._onet, mips, found)
        return self._presentable(found, mips.image)

    def _propose(self, mips: Mips) -> Detections:
        """Search all levels with P-Net."""
        height, width = mips.image.shape[:2]
        config = self._config
        plan = pyramid.plan(height, width, config.min_face, config.pyramid_factor)
        sheets = [self._search(plan, sheet, mips) for sheet in range(len(plan.cells))]
        if not sheets:
            return Detections.none()
        boxes, scores, offsets = map(np.concatenate, zip(*sheets, strict=True))
        kept = geometry.nms(boxes, scores, MAX_IOU)[: config.max_candidates]
        return _detections(geometry.shift(boxes[kept], offsets[kept]), scores[kept])

    def _search(
        self, plan: pyramid.Plan, sheet: int, mips: Mips
    ) -> tuple[Floats, Floats, Floats]:
        """Run P-Net on one sheet; boxes, scores and offsets of its best cells."""
        scores, offsets = self._pnet(self._canvas.draw(plan, sheet, mips))
        tiles = plan.cells[sheet]
        likely = (scores[0] >= self._thresholds[0]) & (tiles >= 0)
        cells = np.argwhere(likely)
        score = scores[0][likely]
        most = PER_SHEET * self._config.max_candidates
        if len(score) > most:
            best = np.argsort(-score, kind="stable")[:most]
            cells, score = cells[best], score[best]
        rows, columns = cells.T
        tile = tiles[rows, columns]
        boxes = plan.boxes(tile, cells)
        kept = geometry.nms(boxes, score, LEVEL_IOU, plan.tile_levels[tile])
        return boxes[kept], score[kept], offsets[0][rows[kept], columns[kept]]

    def _refine(self, rnet: Net, mips: Mips, found: Detections) -> Detections:
        """Let R-Net judge and move proposals."""
        squares = geometry.to_square(found.boxes)
        scores, offsets = rnet(cut(mips, squares, RNET_SIZE))
        likely = np.flatnonzero(scores >= self._thresholds[1])
        kept = likely[geometry.nms(squares[likely], scores[likely], REFINED_IOU)]
        boxes = geometry.shift(squares[kept], offsets[kept] + self._lean)
        return _detections(boxes, scores[kept])

    def _finish(self, onet: Net, mips: Mips, found: Detections) -> Detections:
        """Let O-Net judge and move what is left, and place the landmarks."""
        squares = geometry.to_square(found.boxes)
        scores, offsets, fractions = onet(cut(mips, squares, ONET_SIZE))
        likely = np.flatnonzero(scores >= self._thresholds[2])
        squares, scores = squares[likely], scores[likely]
        size = squares[:, None, 2:] - squares[:, None, :2]  # (n, 1, 2)
        landmarks = squares[:, None, :2] + fractions[likely] * size
        boxes = geometry.shift(squares, offsets[likely] + self._lean)
        kept = geometry.nms_nested(boxes, scores, MAX_IOU)
        return Detections(boxes, scores, landmarks).keep(kept)

    def _presentable(self, found: Detections, image: Image) -> Detections:
        """Clip to the picture, drop what lies outside, keep the best."""
        height, width = image.shape[:2]
        inside = geometry.clip(found.boxes, width, height)
        kept = np.flatnonzero(geometry.area(inside) >= 1)[: self._config.max_faces]
        return Detections(inside, found.scores, found.landmarks).keep(kept)


def _detections(boxes: Floats, scores: Floats) -> Detections:
    """Return detections without landmarks."""
    return Detections(boxes, scores, np.full((len(boxes), 5, 2), np.nan, np.float32))
