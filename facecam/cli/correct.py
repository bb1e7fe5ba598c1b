"""`facecam correct`: a picture does not show the person it is called."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import print_json
from facecam.cli.options import add_json
from facecam.cli.unlocking import unlocked
from facecam.config import Config
from facecam.errors import NoFaceInImage

if TYPE_CHECKING:
    from facecam.correcting import Changed, Correction
    from facecam.faces import Detections, Identity, Image
    from facecam.gallery import Shot

ABOUT = "Say that a picture does not show a person: nobody like it is called so again."


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "correct",
        help=ABOUT,
        description=ABOUT,
        epilog="Take it back with: facecam people undo",
    )
    parser.add_argument("who", metavar="NAME", help="who it is not: a name or an id")
    parser.add_argument("picture", type=Path, metavar="PICTURE")
    parser.add_argument(
        "--face", type=int, metavar="N", help="which face, counted from the left"
    )
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Correct, then say what is called differently now."""
    from facecam import pipeline
    from facecam.cli.parts import ready_detector
    from facecam.correcting import correct
    from facecam.gallery import subject
    from facecam.media import read_image

    image = read_image(args.picture)
    found = ready_detector(config).detect(image)
    if args.face is not None:
        chosen = _from_the_left(found, args.face)
    else:
        rules = config.gallery
        chosen = subject(found, image.shape[:2], rules.clearly, rules.least_score)
    shot = _shot(image, found, chosen)
    embedder = pipeline.build_embedder(config, True)
    gallery = pipeline.open_gallery(config, embedder, unlocked(config))
    person = gallery.find(args.who).identity
    asked = gallery.embed([shot])
    correction = correct(
        gallery, lambda: pipeline.fit_identifier(config, gallery), person.id, [shot]
    )
    was = correction.before.identify(asked)[0].identity
    now = correction.after.identify(asked)[0].identity
    _tell(args, correction, was, now)
    return 0


def _shot(image: Image, found: Detections, chosen: int) -> Shot:
    from facecam.gallery import Shot

    return Shot(image, found.boxes[chosen], found.landmarks[chosen])


def _from_the_left(found: Detections, position: int) -> int:
    """Return the index of a face counted from the left, the first being 1."""
    if not 1 <= position <= len(found):
        raise NoFaceInImage(
            f"There is no face number {position}: {len(found)} were found."
        )
    order = (found.boxes[:, 0] + found.boxes[:, 2]).argsort(kind="stable")
    return int(order[position - 1])


def _tell(
    args: argparse.Namespace,
    correction: Correction,
    was: Identity | None,
    now: Identity | None,
) -> None:
    if args.json:
        print_json(
            {
                "id": correction.person.id,
                "name": correction.person.name,
                "before": _name(was),
                "after": _name(now),
                "changed": _listed(correction.changed),
                "seconds": correction.seconds,
            }
        )
        return
    print(f"Noted: this is not {correction.person.name}.")
    print(f"It was called {_name(was) or 'unknown'}, and is {_name(now) or 'unknown'}.")
    for one in correction.changed:
        whose = one.subject.whose.name if one.subject.whose else "a view"
        before, after = _name(one.before) or "unknown", _name(one.after) or "unknown"
        print(f"{whose}, {one.subject.key}: {before} → {after}")
    if not correction.changed:
        print("Nothing else changes.")


def _listed(changed: Sequence[Changed]) -> list[dict[str, Any]]:
    return [
        {
            "whose": one.subject.whose.id if one.subject.whose else None,
            "picture": one.subject.key,
            "before": _name(one.before),
            "after": _name(one.after),
        }
        for one in changed
    ]


def _name(identity: Identity | None) -> str | None:
    return identity.name if identity else None
