"""`facecam compare A.jpg B.jpg …`: do pictures show the same person?"""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from facecam.cli.console import print_json, print_table
from facecam.cli.options import (
    add_detector,
    add_json,
    add_runtime,
    configured,
    pictures,
    positive,
)
from facecam.cli.parts import ready_detector
from facecam.config import Config
from facecam.errors import FacecamError, NoFaceInImage

if TYPE_CHECKING:
    from facecam.faces import Floats, Image
    from facecam.vision.detector import Detector
    from facecam.vision.embedder import Embedder

DIFFERENT = 3
"""Exit code when not all pictures show the same person."""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "compare",
        help="say whether pictures show the same person",
        description="Compare the most prominent face of each picture with those of "
        "the others. The exit code is 0 if all show the same person, else 3.",
    )
    parser.add_argument(
        "pictures", nargs="+", type=Path, help="two pictures or more, or a folder"
    )
    parser.add_argument(
        "--threshold",
        type=positive,
        help="distance below which two faces count as one person's (0 to 2)",
    )
    add_detector(parser)
    add_runtime(parser)
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Compare; return the exit code."""
    from facecam import pipeline
    from facecam.media import read_image

    config = configured(args, config)
    paths = pictures(args.pictures)
    if len(paths) < 2:
        raise FacecamError("Two pictures at least are needed to compare.")
    threshold = config.gallery.same_distance
    if args.threshold is not None:
        threshold = args.threshold
    detector = ready_detector(config)
    embedder = pipeline.build_embedder(config)
    rows = [_embedding(path, read_image(path), detector, embedder) for path in paths]
    distances = _distances(np.stack(rows))
    pairs = [
        {
            "first": str(paths[a]),
            "second": str(paths[b]),
            "distance": round(float(distances[a, b]), 4),
            "same": bool(distances[a, b] < threshold),
        }
        for a, b in combinations(range(len(paths)), 2)
    ]
    same = all(pair["same"] for pair in pairs)
    if args.json:
        print_json(
            {
                "pictures": paths,
                "distances": np.round(distances.astype(float), 4),
                "threshold": threshold,
                "pairs": pairs,
                "same": same,
            }
        )
    else:
        _tell(paths, distances, pairs, threshold)
    return 0 if same else DIFFERENT


def _embedding(
    path: Path, image: Image, detector: Detector, embedder: Embedder
) -> Floats:
    from facecam.gallery import subject

    found = detector.detect(image)
    try:
        chosen = subject(found, image.shape[:2])
    except NoFaceInImage as error:
        raise NoFaceInImage(f"{path}: {error}") from error
    return embedder.embed(embedder.crop(image, found.keep(np.array([chosen]))))[0]


def _distances(rows: Floats) -> Floats:
    """Return the Euclidean distance of every pair of vectors, (n, d) -> (n, n)."""
    return np.linalg.norm(rows[:, None] - rows[None, :], axis=2)


def _tell(
    paths: list[Path],
    distances: Floats,
    pairs: list[dict[str, Any]],
    threshold: float,
) -> None:
    numbers = range(1, len(paths) + 1)
    print_table([(str(n), str(path)) for n, path in zip(numbers, paths, strict=True)])
    print()
    table = [("", *map(str, numbers))]
    for n, row in zip(numbers, distances, strict=True):
        table.append((str(n), *(f"{distance:.3f}" for distance in row)))
    print_table(table, right=range(len(paths) + 1))
    print()
    verdicts = [
        (
            f"{first} and {second}",
            "same person" if pair["same"] else "different people",
            f"{pair['distance']:.3f}",
        )
        for (first, second), pair in zip(combinations(numbers, 2), pairs, strict=True)
    ]
    print_table(verdicts, right=[2])
    print(f"Two faces nearer than {threshold:g} count as the same person's.")
