"""`facecam evaluate lfw|open-set|promise|detection DIR`: accuracy on a data set."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from facecam.cli import open_set, promise
from facecam.cli.console import Progress, print_json, print_table
from facecam.cli.options import add_detector, add_json, add_runtime, configured
from facecam.cli.parts import embed, make_ready, ready_detector
from facecam.config import THRESHOLDS, Config, override

LFW = """\
Verify the pairs of Labeled Faces in the Wild. DIR holds pairs.txt and the pictures
as published: DIR/lfw/<name>/<name>_0001.jpg. Each fold is decided with the
threshold that suits the other folds best, on vectors as the identifier sees them:
with the mean face of the embedder's strangers subtracted.
"""
DETECTION = """\
Find the boxed faces of DIR: the layout of WIDER FACE (WIDER_val/images,
wider_face_split/), or trainImageList.txt with a box and five points per line. A face
counts as found where boxes overlap by half.
"""

CURVE_SCORE = 0.2
"""The recall curve goes on to this score, below what the live view shows."""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure accuracy on a data set",
        description="Measure accuracy on a data set.",
    )
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)
    lfw = _kind(kinds, "lfw", "verify pairs of pictures", LFW)
    lfw.add_argument(
        "--plain", action="store_true", help="do not subtract the mean face first"
    )
    strangers = _kind(kinds, "open-set", "name people among strangers", open_set.TEXT)
    open_set.add_options(strangers)
    kept = _kind(kinds, "promise", "try the report card's promises", promise.TEXT)
    promise.add_options(kept)
    for faces in (lfw, strangers, kept):
        faces.add_argument(
            "--mirror", action="store_true", help="average with the mirror image"
        )
        add_runtime(faces)
    detection = _kind(kinds, "detection", "find faces", DETECTION)
    detection.add_argument(
        "--split", choices=("train", "val", "all"), default="val", help="of WIDER FACE"
    )
    detection.add_argument(
        "--negatives", type=Path, metavar="DIR", help="pictures without faces to add"
    )


def run(args: argparse.Namespace, config: Config) -> int:
    """Measure; return the exit code."""
    kinds = {
        "lfw": _lfw,
        "open-set": open_set.run_open_set,
        "promise": promise.run_promise,
        "detection": _detection,
    }
    kinds[args.kind](args, configured(args, config))
    return 0


def _kind(kinds: Any, name: str, summary: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = kinds.add_parser(
        name,
        help=summary,
        description=text,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", metavar="DIR", type=Path, help="the data set")
    add_detector(parser)
    add_json(parser)
    return parser


def _lfw(args: argparse.Namespace, config: Config) -> None:
    from facecam import pipeline
    from facecam.training.datasets import read_pairs
    from facecam.training.evaluation import evaluate_pairs

    pairs = read_pairs(args.directory)
    paths = sorted({path for pair in pairs for path in (pair.first, pair.second)})
    embeddings, about = embed(paths, args, config)
    if not args.plain:
        embeddings = pipeline.load_cohort(config).centred(embeddings)
    by_path = dict(zip(paths, embeddings, strict=True))
    result = {**evaluate_pairs(pairs, by_path), **about, "plain": args.plain}
    if args.json:
        print_json(result)
        return
    print_table(
        [
            ("accuracy", f"{result['accuracy']:.2%} ± {result['std']:.2%}"),
            ("VAL at FAR 0.1 %", f"{result['val_at_far_1e-3']:.2%}"),
            ("AUC", f"{result['auc']:.5f}"),
            ("EER", f"{result['eer']:.2%}"),
            ("threshold", f"{result['threshold']:.3f}"),
            ("pairs, folds", f"{result['pairs']}, {result['folds']}"),
            ("pictures", str(result["pictures"])),
            ("without a face", f"{result['without_face']} (centre taken)"),
        ]
    )


def _detection(args: argparse.Namespace, config: Config) -> None:
    from facecam import pipeline
    from facecam.annotations import reading
    from facecam.training.evaluation import evaluate_detection

    images = reading.part(reading.read(args.directory), args.split)
    if args.negatives is not None:
        images += reading.without_faces(args.negatives).annotations
    make_ready(config)
    *early, shown = pipeline.detector_config(config).thresholds or THRESHOLDS
    lower = {"detector": {"thresholds": [*early, min(CURVE_SCORE, shown)]}}
    detector = ready_detector(override(config, lower))
    with Progress("Looking for faces") as progress:
        result = evaluate_detection(
            images,
            detector,
            config.detector.min_face,
            progress,
            shown if config.detector.kind == "mtcnn" else 0.0,
        )
    if args.json:
        print_json({**result, "detector": config.detector.kind})
        return
    large = result["from_min_face"]
    print_table(
        [
            ("", "all faces", f"from {result['min_face']} px"),
            *(
                (words, form(result[key]), form(large[key]))
                for key, words, form in (
                    ("recall_at_0.5_fpi", "recall at 0.5 false per picture", _share),
                    ("recall", "recall", _share),
                    ("precision", "precision", _share),
                    ("average_precision", "average precision", _share),
                    ("false_per_image", "false per picture", _number),
                    ("landmark_error", "landmark error (eye distances)", _number),
                    ("faces", "faces", str),
                    ("images", "pictures", str),
                )
            ),
        ],
        right=[1, 2],
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
