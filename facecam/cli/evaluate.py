"""`facecam evaluate lfw|open-set|promise|detection DIR`: accuracy on a data set.

`facecam evaluate embedders` compares them on the people enrolled.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from facecam.cli import detection, embedders, open_set, promise
from facecam.cli.console import print_json, print_table
from facecam.cli.options import add_detector, add_json, add_runtime, configured
from facecam.cli.parts import embed, faces_of
from facecam.config import Config

LFW = """\
Verify the pairs of Labeled Faces in the Wild. DIR holds pairs.txt and the pictures
as published: DIR/lfw/<name>/<name>_0001.jpg. Each fold is decided with the
threshold that suits the other folds best, on vectors as the identifier sees them:
with the mean face of the embedder's strangers subtracted. VAL at FAR is the share of
the pairs of one person that are recognised where so many pairs of two people are, too.
A folder that `facecam align` has made of them is recognised; its faces are taken as
they are, and pairs that lack one are left out and counted.
"""


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
    lfw.add_argument(
        "--roc", type=Path, metavar="FILE.png", help="draw the ROC curve into a file"
    )
    lfw.add_argument(
        "--pairs", type=Path, metavar="FILE", help="the list (default: DIR/pairs.txt)"
    )
    lfw.add_argument(
        "--aligned",
        action="store_true",
        help="DIR holds faces cut out already, though nothing in it says so",
    )
    strangers = _kind(kinds, "open-set", "name people among strangers", open_set.TEXT)
    open_set.add_options(strangers)
    kept = _kind(kinds, "promise", "try the report card's promises", promise.TEXT)
    promise.add_options(kept)
    for faces in (lfw, strangers, kept):
        faces.add_argument(
            "--mirror", action="store_true", help="average with the mirror image"
        )
        faces.add_argument(
            "--embedder",
            metavar="NAME",
            help="an installed embedder (default: the one in use)",
        )
        add_runtime(faces)
    boxes = _kind(kinds, "detection", "find faces", detection.TEXT)
    detection.add_options(boxes)
    embedders.add_parser(kinds)


def run(args: argparse.Namespace, config: Config) -> int:
    """Measure; return the exit code."""
    kinds = {
        "lfw": _lfw,
        "open-set": open_set.run_open_set,
        "promise": promise.run_promise,
        "detection": detection.run_detection,
        "embedders": embedders.run_embedders,
    }
    if getattr(args, "embedder", None):
        from facecam import switching

        name = switching.installed(config, args.embedder).name
        config = switching.using(config, name)
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
    from facecam.training.datasets import read_pairs, read_pairs_there
    from facecam.training.evaluation import evaluate_pairs
    from facecam.training.roc_chart import draw_roc

    detector, alignment = faces_of(args.directory, args.aligned, config)
    if alignment is None:
        pairs, lacking = read_pairs(args.directory, args.pairs), 0
    else:
        pairs, lacking = read_pairs_there(args.directory, args.pairs)
    paths = sorted({path for pair in pairs for path in (pair.first, pair.second)})
    embeddings, about = embed(paths, args, config, detector)
    if not args.plain:
        embeddings = pipeline.load_cohort(config).centred(embeddings)
    by_path = dict(zip(paths, embeddings, strict=True))
    result = {**evaluate_pairs(pairs, by_path), **about, "plain": args.plain}
    result |= {"aligned": alignment and str(alignment), "pairs_left_out": lacking}
    if args.json:
        print_json(result)
    else:
        _tell_lfw(result)
    if args.roc is not None:  # last: what was measured is told even if it fails
        different = sum(not pair.same for pair in pairs)
        draw_roc(result["roc"], different, about["title"], args.roc)


def _tell_lfw(result: dict[str, Any]) -> None:
    rows = [
        ("embedder", result["title"]),
        ("accuracy", f"{result['accuracy']:.2%} ± {result['std']:.2%}"),
        ("VAL at FAR 0.1 %", f"{result['val_at_far_1e-3']:.2%}"),
        ("AUC", f"{result['auc']:.5f}"),
        ("EER", f"{result['eer']:.2%}"),
        ("threshold", f"{result['threshold']:.3f}"),
        ("pairs, folds", f"{result['pairs']}, {result['folds']}"),
        ("pictures", str(result["pictures"])),
    ]
    if result["aligned"]:
        rows.append(("faces cut out before", result["aligned"]))
        rows.append(("pairs without a face", f"{result['pairs_left_out']} (left out)"))
    else:
        rows.append(("without a face", f"{result['without_face']} (centre taken)"))
    print_table(rows)
