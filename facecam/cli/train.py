"""`facecam train …`: retrain on anybody's pictures. A module for each group of it."""

from __future__ import annotations

import argparse
from typing import Any

from facecam.cli import (
    train_check,
    train_detector,
    train_embedder,
    train_hard,
    train_look,
    train_numbers,
    train_queue,
    train_runs,
)
from facecam.config import Config

GROUPS = (
    train_look,
    train_check,
    train_numbers,
    train_detector,
    train_embedder,
    train_queue,
    train_runs,
    train_hard,
)
"""In the order of the help."""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "train",
        help="retrain the face detector, train an embedder",
        description="Retrain the face detector or an embedder, on anybody's pictures.",
    )
    kinds = parser.add_subparsers(dest="kind", metavar="WHAT", required=True)
    for group in GROUPS:
        before = set(kinds.choices)
        group.add_parser(kinds)
        for name in set(kinds.choices) - before:
            kinds.choices[name].set_defaults(group=group)


def run(args: argparse.Namespace, config: Config) -> int:
    """Do what was asked; return the exit code."""
    code: int = args.group.run(args, config)
    return code
