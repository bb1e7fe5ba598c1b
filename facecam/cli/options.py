"""Options several commands share, and what they change in the configuration."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from facecam.config import Config, override
from facecam.errors import ImageError

DETECTOR, EMBEDDER = "detector", "embedder"
"""What is trained."""


def add_json(
    parser: argparse.ArgumentParser, text: str = "print one JSON object instead of text"
) -> None:
    """Let the answer be one JSON object, and progress be told in such objects."""
    parser.add_argument("--json", action="store_true", help=text)
    parser.add_argument(
        "--progress",
        action="store_true",
        help="with --json: first say in such objects, one a line, how far it is",
    )


def add_trained(parser: argparse.ArgumentParser) -> None:
    """Let it be said what is to be trained."""
    parser.add_argument(
        "--for",
        dest="trained",
        choices=(DETECTOR, EMBEDDER),
        default=DETECTOR,
        help=f"what is to be trained; usual: {DETECTOR}",
    )


def add_detector(parser: argparse.ArgumentParser) -> None:
    """Let the detector be chosen."""
    parser.add_argument(
        "--min-face", type=int, metavar="N", help="smallest face to find, pixels"
    )
    parser.add_argument(
        "--detector", choices=("mtcnn", "haar"), help="which detector to use"
    )


def add_runtime(parser: argparse.ArgumentParser) -> None:
    """Let what runs the nets be chosen, and the precision of the embedder."""
    parser.add_argument(
        "--device", choices=("auto", "cpu", "gpu"), help="what runs the networks"
    )
    parser.add_argument(
        "--precision", choices=("int8", "float32"), help="of the embedder on the CPU"
    )


def add_training(parser: argparse.ArgumentParser) -> None:
    """Let data, numbers and start of a training run be given."""
    from facecam.config.presets import PRESETS

    for name, text in (
        ("--data", "labelled pictures"),
        ("--replay", "pictures, labels or not, whose faces are not to be forgotten"),
        ("--negatives", "pictures without faces"),
        ("--hard", "hard examples: false alarms and missed faces"),
    ):
        parser.add_argument(
            name,
            nargs="+",
            action="extend",
            type=Path,
            default=[],
            metavar="DIR",
            help=text,
        )
    parser.add_argument(
        "--from",
        dest="start",
        metavar="START",
        help="scratch (usual), deployed (the detector in use), or a run",
    )
    purposes = "; ".join(
        f"{name}: {preset.purpose}" for name, preset in PRESETS.items()
    )
    parser.add_argument("--preset", choices=PRESETS, help=purposes)
    parser.add_argument(
        "--set",
        dest="settings",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME=VALUE",
        help="single numbers, such as pnet.fit.steps=2000",
    )


def positive(text: str) -> float:
    """Read a number more than 0 for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number more than 0")
    return value


def whole(least: int) -> Callable[[str], int]:
    """Return what reads a whole number of at least `least` for argparse."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise argparse.ArgumentTypeError(
                f"{text!r} is no whole number of {least} or more"
            )
        return value

    return read


def configured(args: argparse.Namespace, config: Config) -> Config:
    """Return the configuration with what the command line says on top."""
    given = {
        "detector": {"min_face": "min_face", "kind": "detector"},
        "runtime": {"precision": "precision", "device": "device"},
    }
    values: dict[str, dict[str, Any]] = {
        section: {
            field: getattr(args, name)
            for field, name in names.items()
            if getattr(args, name, None) is not None
        }
        for section, names in given.items()
    }
    return override(config, values)


def pictures(paths: list[Path]) -> list[Path]:
    """Return the pictures meant: files as they are, folders by their content.

    Raises:
        ImageError: there is no such file, or no picture in a folder.
    """
    from facecam.media import find_images

    found: list[Path] = []
    for path in paths:
        inside = find_images(path) if path.is_dir() else [path]
        if not inside:
            raise ImageError(f"There is no picture in {path}. Give another folder.")
        if not path.exists():
            raise ImageError(f"There is no file {path}. Check the name.")
        found += inside
    return found
