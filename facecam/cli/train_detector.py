"""`facecam train detector`: carry out a run, go on with it, or let it wait."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.options import add_training
from facecam.cli.train_run import add_run, train
from facecam.config import Config, RetrainingConfig
from facecam.errors import TrainingError

if TYPE_CHECKING:
    from facecam.training.detector.asking import Asked
    from facecam.training.running import Recipe

FOLDERS = ("data", "replay", "negatives", "hard")
"""Options that take folders."""

DETECTOR = """\
Retrain the face detector: index, then samples, fit and check for each of its three
nets, then a comparison with the detector in use. It may be stopped at any moment, even
by a power cut: the same command, or `facecam train detector --run RUN`, goes on. A
changed number redoes only what depends on it.

DIR is a data set as downloaded (WIDER FACE, CelebA, lists of points, .pts) or labelled
by yourself (COCO, YOLO, Pascal VOC).
"""


def add_parser(kinds: Any) -> None:
    """Describe the command line."""
    parser = kinds.add_parser(
        "detector",
        help="index, sample, fit, mine, evaluate",
        description=DETECTOR,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_training(parser)
    add_run(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Train, or let it wait; return the exit code."""

    def make(root: Path) -> Recipe:
        from facecam.cli.parts import make_ready
        from facecam.training.detector import asking

        asked, retraining = _asked(args, root, config)
        make_ready(config, names=False)
        return asking.recipe(asked, retraining, root, config)

    return train(args, config, make)


def _asked(
    args: argparse.Namespace, root: Path, config: Config
) -> tuple[Asked, RetrainingConfig]:
    """Return data and numbers; a run gone on with remembers what is not given."""
    from facecam.training import running
    from facecam.training.detector import asking

    given: dict[str, Any] = {
        name: tuple(getattr(args, name)) for name in FOLDERS if getattr(args, name)
    }
    if args.start:
        given["start"] = args.start
    if args.data:
        asked, numbers = asking.Asked(**given), config.retraining
        preset = args.preset or asking.usual_preset(asked.start)
    elif args.run is not None:
        asked, numbers = asking.remembered(root)
        asked, preset = replace(asked, **given), args.preset or ""
        others = [
            folder
            for name in FOLDERS
            if name not in given
            for folder in getattr(asked, name)
        ]
        if words := running.gone(others):
            raise TrainingError(words)
    else:
        raise TrainingError(
            "There is no data to learn from. Give folders of labelled pictures: "
            "facecam train detector --data DIR"
        )
    return asked, asking.numbers(numbers, preset, args.settings)
