"""`facecam enrol NAME PICTURE …`: a new person, or more portraits of one."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from facecam.cli.console import print_json, print_table, warn
from facecam.cli.options import add_detector, add_json, configured, pictures
from facecam.cli.parts import ready_detector
from facecam.cli.people import described
from facecam.config import Config
from facecam.errors import (
    GalleryError,
    ImageError,
    NoFaceInImage,
    SeveralFacesInImage,
)

if TYPE_CHECKING:
    from facecam.faces import Detections, Image
    from facecam.gallery import Gallery, Person
    from facecam.vision.detector import Detector

DESCRIPTION = """\
Enrol somebody from pictures. From each the face that is clearly the largest and
most central is taken; a picture of several people is skipped unless --face or
--largest says whom to take. Nobody is enrolled if no picture can be used.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one picture."""

    picture: Path
    reason: str
    """Why it was skipped; empty if it was not."""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "enrol",
        help="add a person from pictures",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", help="the person's name, in any script")
    parser.add_argument(
        "pictures", nargs="+", type=Path, help="pictures, or folders of them"
    )
    parser.add_argument("--id", help="add to the person with this id, called NAME")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--face", type=int, metavar="N", help="take the N-th face from the left"
    )
    which.add_argument(
        "--largest", action="store_true", help="take the most prominent face"
    )
    add_detector(parser)
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Enrol; return the exit code."""
    from facecam.gallery import Gallery

    config = configured(args, config)
    paths = pictures(args.pictures)
    gallery = Gallery(config.people, config=config.gallery)
    person = _chosen(gallery, args) if args.id else None
    namesakes = [] if args.id else _namesakes(gallery, args.name)
    enroller = Enroller(gallery, ready_detector(config), config, args)
    outcomes = []
    for path in paths:
        try:
            person = enroller.take(path, person)
            outcomes.append(Outcome(path, ""))
        except (ImageError, NoFaceInImage, SeveralFacesInImage) as error:
            outcomes.append(Outcome(path, str(error)))
    if person is None or all(outcome.reason for outcome in outcomes):
        reasons = [f"\n  {o.picture}: {o.reason}" for o in outcomes]
        raise GalleryError(
            f"Nothing was enrolled: no picture could be used.{''.join(reasons)}"
        )
    _tell(args, person, outcomes, namesakes)
    return 0


@dataclass(frozen=True, slots=True)
class Enroller:
    """Takes pictures into the gallery, one after another."""

    gallery: Gallery
    detector: Detector
    config: Config
    args: argparse.Namespace

    def take(self, path: Path, person: Person | None) -> Person:
        """Add the face meant in one picture to a person, a new one if None."""
        from facecam.gallery import Shot
        from facecam.media import read_image

        image = read_image(path)
        face = self._face(image)
        shot = Shot(image, face.boxes[0], face.landmarks[0])
        who = self.args.name if person is None else person.identity
        return self.gallery.enrol(who, [shot]).person

    def _face(self, image: Image) -> Detections:
        from facecam.gallery import subject

        found = self.detector.detect(image)
        if self.args.face is not None:
            return _from_the_left(found, self.args.face)
        gallery = self.config.gallery
        clearly = 1.0 if self.args.largest else gallery.clearly
        try:
            chosen = subject(found, image.shape[:2], clearly, gallery.least_score)
        except SeveralFacesInImage as error:
            raise SeveralFacesInImage(f"{error} (--face N, --largest)") from error
        return found.keep(np.array([chosen]))


def _from_the_left(found: Detections, position: int) -> Detections:
    """Return the face with a position counted from the left, the first being 1."""
    if not 1 <= position <= len(found):
        raise NoFaceInImage(
            f"There is no face number {position}: {len(found)} were found."
        )
    order = (found.boxes[:, 0] + found.boxes[:, 2]).argsort(kind="stable")
    return found.keep(order[position - 1 : position])


def _chosen(gallery: Gallery, args: argparse.Namespace) -> Person:
    """Return the person with the id given, checking that NAME is that person's."""
    from facecam.gallery.lookup import folded

    person = gallery.find(args.id)
    if folded(person.identity.name) != folded(args.name):
        raise GalleryError(
            f"{person.identity.id} is called {person.identity.name}, not {args.name}. "
            "Correct the name or the id."
        )
    return person


def _namesakes(gallery: Gallery, name: str) -> list[str]:
    """Return the ids of people with that name already."""
    from facecam.gallery.lookup import folded

    people = gallery.people()
    return [p.identity.id for p in people if folded(p.identity.name) == folded(name)]


def _tell(
    args: argparse.Namespace,
    person: Person,
    outcomes: list[Outcome],
    namesakes: list[str],
) -> None:
    added = sum(not outcome.reason for outcome in outcomes)
    if args.json:
        listed = [
            {
                "picture": outcome.picture,
                "added": not outcome.reason,
                "reason": outcome.reason or None,
            }
            for outcome in outcomes
        ]
        print_json({**described(person), "added": added, "pictures": listed})
        return
    rows = [(str(o.picture), o.reason or "added") for o in outcomes]
    print_table(rows)
    total = len(person.portraits)
    print(
        f"{person.identity.name} has {total} portrait{'s' * (total != 1)} now "
        f"(id {person.identity.id})."
    )
    if namesakes:
        warn(
            f"Somebody else is called {person.identity.name}: {', '.join(namesakes)}. "
            "To add pictures to them instead, use --id."
        )
