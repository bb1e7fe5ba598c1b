"""The promise part of `facecam evaluate`: does the report card keep its word?"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, print_table
from facecam.cli.open_set import numbers
from facecam.cli.options import whole
from facecam.cli.parts import embed
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.faces import Floats
    from facecam.report.trial import Outcome

TEXT = """\
Enrol some people of DIR, one folder per person, promise how many strangers will be
given a wrong name, then show everybody else. A promise is kept where the number of
strangers wrongly named lies where 95 % of such numbers should.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command line of `evaluate promise`."""
    parser.add_argument(
        "--people",
        type=numbers,
        default=(1, 5, 24),
        metavar="P,P,…",
        help="how many to enrol (default: 1,5,24)",
    )
    parser.add_argument(
        "--photos",
        type=numbers,
        default=(2, 5, 10),
        metavar="K,K,…",
        help="photos of each (default: 2,5,10)",
    )
    parser.add_argument(
        "--settings",
        type=numbers,
        default=(100, 1000, 10_000),
        metavar="N,N,…",
        help="strangers per wrong name (default: 100,1000,10000)",
    )
    parser.add_argument(
        "--draws", type=whole(1), default=20, help="galleries of each kind (default 20)"
    )
    parser.add_argument("--seed", type=whole(0), default=0, help="of the draws")
    parser.add_argument(
        "--strangers",
        type=Path,
        metavar="DIR",
        help="other people than those of DIR, a folder or a picture each",
    )


def run_promise(args: argparse.Namespace, config: Config) -> None:
    """Try promises and say which were kept."""
    from facecam import pipeline
    from facecam.report.trial import Galleries, try_promises
    from facecam.vision.identifier import Identifier

    people, about = _embedded(args.directory, args, config)
    least = max(args.photos) + 1
    able = {name: rows for name, rows in people.items() if len(rows) >= least}
    others = {name: rows for name, rows in people.items() if name not in able}
    if args.strangers is not None:
        others = _embedded(args.strangers, args, config)[0]
        others = {name: rows for name, rows in others.items() if name not in able}
    cohort = pipeline.load_cohort(config)
    galleries = Galleries(
        args.people,
        args.photos,
        args.draws,
        tuple(map(float, args.settings)),
        args.seed,
    )
    with Progress("Promising and trying") as progress:
        outcomes = try_promises(
            able,
            others,
            lambda gallery: Identifier.fit(gallery, cohort, config.identifier),
            galleries,
            progress,
        )
    if args.json:
        print_json({"outcomes": [asdict(o) for o in outcomes], **about})
    else:
        _tell(outcomes)


def _embedded(
    folder: Path, args: argparse.Namespace, config: Config
) -> tuple[dict[str, Floats], dict[str, Any]]:
    """Embed a folder of people: a folder each, or else a picture each."""
    from facecam.media import find_images
    from facecam.training.datasets import people_root, read_people

    root = people_root(folder)
    if any(path.parent != root for path in find_images(root)):
        groups = read_people(folder)
    else:
        groups = {path.name: [path] for path in find_images(root)}
    paths = [path for group in groups.values() for path in group]
    embeddings, about = embed(paths, args, config)
    people, start = {}, 0
    for name, group in groups.items():
        people[name] = embeddings[start : start + len(group)]
        start += len(group)
    return people, about


def _tell(outcomes: list[Outcome]) -> None:
    rows = [
        ("people", "photos", "promised", "reached", "95 % interval", "inside", "kept")
    ]
    for one in outcomes:
        rows.append(
            (
                str(one.people),
                str(one.photos),
                _one_in(one.promised),
                _one_in(one.reached),
                f"{_one_in(one.high)} … {_one_in(one.low)}",
                "yes" if one.within else "no",
                f"{one.inside} of {one.draws}",
            )
        )
    print_table(rows, right=[0, 1, 2, 3, 4, 6])
    kept, all_draws = sum(o.inside for o in outcomes), sum(o.draws for o in outcomes)
    print(f"\n{kept / all_draws:.1%} of {all_draws} promises kept; 95 % should be.")


def _one_in(rate: float) -> str:
    return f"1 in {1 / rate:,.0f}" if rate > 1e-9 else "none"
