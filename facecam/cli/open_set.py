"""The open-set part of `facecam evaluate`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, print_table
from facecam.cli.options import positive, whole
from facecam.cli.parts import embed
from facecam.config import Config
from facecam.errors import DatasetError

if TYPE_CHECKING:
    from facecam.vision.cohort import Cohort

TEXT = """\
Enrol k random photos of some people of DIR, one folder per person, and try to name
their other photos while everybody else is a stranger. DIR@FAR is the share of photos
that get the right name when at most that share of the strangers gets any name.
"""
PHOTOS = (1, 2, 5, 10)
CROP = 1.5
"""Side of the cohort's crops as a multiple of the detector's box."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command line of `evaluate open-set`."""
    parser.add_argument(
        "--people",
        type=Path,
        metavar="FILE",
        help="names of the people to enrol, one per line (default: "
        "DIR/identify_people.txt, else everybody with enough photos)",
    )
    parser.add_argument(
        "--photos",
        type=numbers,
        default=PHOTOS,
        metavar="K,K,…",
        help="photos to enrol per person (default: 1,2,5,10)",
    )
    parser.add_argument(
        "--draws", type=whole(1), default=5, help="random draws (default 5)"
    )
    parser.add_argument("--seed", type=whole(0), default=0, help="of the draws")
    parser.add_argument(
        "--cohort",
        type=Path,
        metavar="DIR",
        help="face crops of strangers to compute the cohort from (default: the one "
        "that comes with the embedder)",
    )
    parser.add_argument(
        "--cohort-crop",
        type=positive,
        default=CROP,
        metavar="X",
        help=f"side of those crops in boxes of the detector (default {CROP})",
    )
    parser.add_argument(
        "--baseline",
        action="store_true",
        help='measure SVC(kernel="linear", probability=True) as well',
    )


def numbers(text: str) -> tuple[int, ...]:
    """Read "1,2,5"."""
    try:
        numbers = tuple(int(number) for number in text.split(","))
    except ValueError:
        numbers = ()
    if not numbers or min(numbers) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not like 1,2,5")
    return numbers


def run_open_set(args: argparse.Namespace, config: Config) -> None:
    """Measure open-set identification and say the result."""
    from facecam.training.datasets import read_people
    from facecam.training.open_set import (
        Plan,
        evaluate_open_set,
        product,
        seeds,
    )

    plan = Plan(args.photos, min(5, max(args.photos)), args.draws, args.seed)
    by_name = read_people(args.directory)
    enrolled = _enrolled(args, {name: len(paths) for name, paths in by_name.items()})
    paths = [path for group in by_name.values() for path in group]
    embeddings, about = embed(paths, args, config)
    people, start = {}, 0
    for name, group in by_name.items():
        people[name] = embeddings[start : start + len(group)]
        start += len(group)
    fit = product(_cohort(args, config), config.identifier)
    with Progress("Enrolling and trying") as progress:
        galleries = evaluate_open_set(people, enrolled, plan, fit, progress)
        if args.baseline and len(enrolled) > 1:  # it cannot be fitted to one person
            several = replace(plan, alone=0)
            others = evaluate_open_set(people, enrolled, several, seeds, progress)
            for gallery, other in zip(galleries, others, strict=False):
                gallery["baseline"] = other
    if args.json:
        print_json({"galleries": galleries, **about})
    else:
        _tell_galleries(galleries)


def _enrolled(args: argparse.Namespace, photos: dict[str, int]) -> list[str]:
    """Return who is to be enrolled."""
    from facecam.training.datasets import PEOPLE, read_names

    listed = args.people or args.directory / PEOPLE
    if args.people or listed.is_file():
        return read_names(listed)
    least = max(args.photos) + 1
    return [name for name, count in photos.items() if count > least]


def _cohort(args: argparse.Namespace, config: Config) -> Cohort:
    """Return the strangers to fit against: those given, else those shipped."""
    from facecam import pipeline
    from facecam.media import find_images
    from facecam.training.evaluation import embed_face_crops
    from facecam.vision.cohort import Cohort

    if args.cohort is None:
        return pipeline.load_cohort(config)
    paths = find_images(args.cohort)
    if not paths:
        raise DatasetError(f"There is no picture in {args.cohort}.")
    embedder = pipeline.build_embedder(config)
    with Progress("Embedding the cohort") as progress:
        return Cohort.of(embed_face_crops(paths, args.cohort_crop, embedder, progress))


def _tell_galleries(galleries: list[dict[str, Any]]) -> None:
    head = ("people", "photos", "rank-1", "DIR at 1 %", "95 %", "DIR at 0.1 %", "95 %")
    rows: list[tuple[str, ...]] = [("", *head)]
    for gallery in galleries:
        rows.append(("facecam", *_cells(gallery)))
        if "baseline" in gallery:
            rows.append(("SVC(probability=True)", *_cells(gallery["baseline"])))
    print_table(rows, right=range(1, 8))


def _cells(gallery: dict[str, Any]) -> list[str]:
    cells = [str(gallery["people"]), str(gallery["photos"]), f"{gallery['rank1']:.3f}"]
    for key in ("dir_at_far_1e-2", "dir_at_far_1e-3"):
        low, high = gallery[f"{key}_interval"]
        cells += [f"{gallery[key]:.3f}", f"{low:.3f}–{high:.3f}"]
    return cells
