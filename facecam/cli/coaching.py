"""`facecam enrol NAME --camera SOURCE`: coached capture in a terminal."""

from __future__ import annotations

import argparse
import contextlib
import sys
from typing import TYPE_CHECKING, Any

from facecam.camera import open_camera
from facecam.cli.console import print_json, warn
from facecam.cli.parts import make_ready
from facecam.cli.people import described
from facecam.cli.whom import chosen, namesakes, warn_of_namesakes, when_agreed
from facecam.config import Config
from facecam.errors import CameraLost, GalleryError, SourceEnded

if TYPE_CHECKING:
    from facecam.camera import Camera
    from facecam.enrolment import Advice, Caution, Coach
    from facecam.gallery import Gallery, Person

MISUSED = 2
"""Exit code: see parser.EXIT_CODES."""
CONSENT = (
    "Pictures of {name}'s face and numbers made from them are kept on this computer to "
    "recognise {name}. They leave it only if somebody copies them, and go with: "
    "facecam forget."
)


def run(args: argparse.Namespace, config: Config) -> int:
    """Take pictures of somebody in front of a camera and save them."""
    from facecam import pipeline
    from facecam.cli.unlocking import unlocked
    from facecam.gallery.names import clean_name

    if not _agreed(args):
        warn("facecam enrol: nothing was done. The person has to agree: --consent")
        return MISUSED
    clean_name(args.name)  # before somebody has sat for it
    vault = unlocked(config)
    camera = open_camera(args.camera, config.camera, paced=False)
    with contextlib.closing(camera):
        make_ready(config)
        embedder = pipeline.build_embedder(config)
        gallery = pipeline.open_gallery(config, embedder, vault)
        person = chosen(gallery, args)
        coach = _coach(args, config, gallery, person)
        advice = _capture(camera, coach, args)
    if not coach.shots:
        said = f" The last advice was: {advice.text}" if advice else ""
        raise GalleryError(f"Nothing was enrolled: no picture was taken.{said}")
    caution = advice.warning if advice else None
    _check(caution, args)
    _save(args, gallery, coach, person)
    return 0


def _agreed(args: argparse.Namespace) -> bool:
    """Return whether the person has agreed; ask where there is a terminal."""
    if args.consent or not sys.stdin.isatty():
        return bool(args.consent)
    warn(CONSENT.format(name=args.name))
    args.consent = _yes(f"Does {args.name} agree?")
    return bool(args.consent)


def _coach(
    args: argparse.Namespace, config: Config, gallery: Gallery, person: Person | None
) -> Coach:
    from facecam import pipeline
    from facecam.enrolment import Coach, Sitting

    embedder = pipeline.build_embedder(config)
    identifier = pipeline.fit_identifier(config, gallery) if gallery.ids() else None
    sitting = Sitting(
        identifier, person.identity if person else None, args.glasses, args.pictures
    )
    return Coach(pipeline.build_detector(config), embedder, config, sitting)


def _capture(camera: Camera, coach: Coach, args: argparse.Namespace) -> Advice | None:
    """Look at frames until the coach has enough or the source ends."""
    said, first = "", None
    try:
        while True:
            frame = camera.read()
            first = frame.time if first is None else first
            coach.process(frame)
            advice = coach.advice.peek()
            line = _line(advice) if advice else ""
            if line != said:
                said = line
                _say(line, args)
            if advice and advice.finished:
                break
            if args.seconds and frame.time - first >= args.seconds:
                break
    except SourceEnded:
        pass
    except CameraLost as lost:  # what was taken so far is good
        warn(str(lost))
    return coach.advice.peek()


def _line(advice: Advice) -> str:
    caution = f"  ({advice.warning.text})" if advice.warning else ""
    return f"[{advice.taken} of about {advice.about}] {advice.text}{caution}"


def _say(line: str, args: argparse.Namespace) -> None:
    if not args.json:
        print(line, flush=True)
    elif sys.stderr.isatty():
        warn(line)


def _check(caution: Caution | None, args: argparse.Namespace) -> None:
    """Stop before somebody is enrolled twice, or given another's pictures.

    Raises:
        GalleryError: that would happen, and nobody said to do it anyway.
    """
    from facecam.enrolment import Concern

    if caution is None or caution.concern is Concern.SOMEBODY_ELSE or args.anyway:
        return
    if sys.stdin.isatty() and _yes(f"{caution.text} Save anyway?"):
        return
    id_ = caution.identity.id if caution.identity else ""
    cure = f"Add the pictures there (--id {id_}) or" if id_ else "Choose another id or"
    raise GalleryError(
        f"Nothing was saved. {caution.text} {cure} save it anyway: --anyway"
    )


def _save(
    args: argparse.Namespace, gallery: Gallery, coach: Coach, person: Person | None
) -> None:
    from facecam.gallery import Shot

    others = [] if person else namesakes(gallery, args.name)
    shots = [Shot(shot.image, shot.box, shot.landmarks) for shot in coach.shots]
    who = person.identity if person else args.name
    done = gallery.enrol(who, shots, consent=when_agreed(args))
    if args.json:
        print_json(_described(done.person, coach))
    else:
        total = len(done.person.portraits)
        print(
            f"{args.name} has {total} portrait{'s' * (total != 1)} now "
            f"(id {done.person.identity.id})."
        )
    warn_of_namesakes(done.person, others)


def _described(person: Person, coach: Coach) -> dict[str, Any]:
    """Return what `--json` says."""
    advice = coach.advice.peek()
    assert advice is not None
    return {
        **described(person),
        "added": len(coach.shots),
        "finished": advice.finished,
        "pictures": [
            {"view": s.view.value, "quality": s.quality, "seconds": s.time}
            for s in coach.shots
        ],
        "missing": [w.view.value for w in advice.wanted if not w.done],
    }


def _yes(question: str) -> bool:
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")
