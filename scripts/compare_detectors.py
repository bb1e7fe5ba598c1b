"""Compare the recall of facecam's detector with facenet-pytorch's MTCNN.

    python scripts/compare_detectors.py DIR [--negatives DIR] [--min-face 40]

DIR is in the layout of WIDER FACE. Both look at the same pictures; the table gives the
share of the boxed faces found (IoU 0.5) while so many boxes are false. The peer runs
in the environment that bench_peers.py makes for it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bench_peers
import numpy as np

from facecam import installation, pipeline
from facecam.annotations import reading
from facecam.annotations.annotation import Annotation
from facecam.config import load, override
from facecam.errors import FacecamError
from facecam.faces import Detections, Image
from facecam.media import read_image
from facecam.training import metrics
from facecam.vision.detector import Detector

FALSE_BOXES = (10, 20, 40, 80, 160)


class Peer:
    """facenet-pytorch's MTCNN in a process of its own (peer_boxes.py)."""

    def __init__(self, python: str, min_face: int, folder: Path) -> None:
        script = Path(__file__).with_name("peer_boxes.py")
        self._picture = folder / "picture.npy"
        self._process = subprocess.Popen(
            [python, script, str(min_face), self._picture],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def detect(self, image: Image) -> Detections:
        """Return the faces it finds, best first."""
        assert self._process.stdin
        assert self._process.stdout
        np.save(self._picture, image)
        print(file=self._process.stdin, flush=True)
        rows = np.array(json.loads(self._process.stdout.readline()), np.float32)
        rows = rows.reshape(-1, 5)
        points = np.full((len(rows), 5, 2), np.nan, np.float32)
        return Detections(rows[:, :4], rows[:, 4], points)

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=20)


def main() -> int:
    """Let both look at every picture, then print the table."""
    options = parser().parse_args()
    images = reading.part(reading.read(options.directory), options.split)
    if options.negatives:
        images += reading.without_faces(options.negatives).annotations
    config = override(load(), {"detector": {"min_face": options.min_face}})
    installation.ensure_detector(config)
    python = bench_peers.provide("facenet-pytorch", options.place)
    if python is None:
        return 1
    print(f"{len(images)} pictures, smallest face {options.min_face} pixels")
    columns = "".join(f"{n:>8}" for n in FALSE_BOXES)
    print(f"{'recall at false boxes':<22}{columns}{'all':>16}")
    show("facecam", images, pipeline.build_detector(config))
    with tempfile.TemporaryDirectory() as folder:
        peer = Peer(python, options.min_face, Path(folder))
        show("facenet-pytorch", images, peer)
        peer.close()
    return 0


def parser() -> argparse.ArgumentParser:
    """Describe the arguments."""
    made = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("directory", type=Path, metavar="DIR")
    made.add_argument("--negatives", type=Path, metavar="DIR", help="without faces")
    made.add_argument("--split", choices=("train", "val", "all"), default="all")
    made.add_argument("--min-face", type=int, default=40, help="pixels (%(default)s)")
    made.add_argument(
        "--place", type=Path, default=Path(tempfile.gettempdir()) / "facecam-peers",
        help="where the peer's environment is kept (%(default)s)",
    )  # fmt: skip
    return made


def show(name: str, images: Sequence[Annotation], detector: Detector) -> None:
    """Print one detector's row."""
    scores: list[Any] = []
    kinds: list[Any] = []
    for image in images:
        found = detector.detect(read_image(image.path))
        kinds.append(metrics.match_boxes(found.boxes, image.boxes, image.ignored)[0])
        scores.append(found.scores)
    faces = sum(int((~image.ignored).sum()) for image in images)
    recall, false = metrics.recall_curve(
        np.concatenate(scores), np.concatenate(kinds), faces
    )
    shares = "".join(f"{metrics.recall_at(recall, false, n):8.3f}" for n in FALSE_BOXES)
    print(f"{name:<22}{shares}{recall[-1]:8.3f} at {int(false[-1]):>3}", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FacecamError as error:
        sys.exit(f"{error}")
