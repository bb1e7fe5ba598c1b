"""Compute the cohort of strangers that ships with an embedder.

    python scripts/make_cohort.py FOLDER models/embedder/NAME/cohort.npz

FOLDER holds pictures of many people's faces, one face each, cut as the detector's box
grown by 1.5. Only the mean and the covariance of their embeddings are written.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from facecam import config, media, pipeline
from facecam.faces import Detections
from facecam.vision.cohort import Cohort

GROWN = 1.5
"""Side of the pictures as a multiple of the detector's box."""


def main() -> None:
    """Embed every picture and write the statistics."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    embedder = pipeline.build_embedder(config.load())
    rows = []
    for path in media.find_images(args.folder):
        image = media.read_image(path)
        rows.append(embedder.embed(embedder.crop(image, middle(image))))
    embeddings = np.concatenate(rows)
    Cohort.of(embeddings).save(args.out)
    print(f"{args.out}: mean and covariance of {len(embeddings)} faces")


def middle(image: np.ndarray) -> Detections:
    """Return the face in the middle of a picture of one face."""
    height, width = image.shape[:2]
    edge = (1 - 1 / GROWN) / 2
    corners = (width * edge, height * edge, width * (1 - edge), height * (1 - edge))
    box = np.array([corners], np.float32)
    landmarks = np.full((1, 5, 2), np.nan, np.float32)
    return Detections(box, np.ones(1, np.float32), landmarks)


if __name__ == "__main__":
    main()
