"""`facecam enrol`: people from pictures, from a tree of folders, from a camera."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli import coaching
from facecam.cli.console import Progress, print_json, print_table, warn
from facecam.cli.options import add_detector, add_json, configured, positive, whole
from facecam.cli.parts import ready_detector
from facecam.cli.people import described
from facecam.cli.whom import chosen, namesakes, warn_of_namesakes, when_agreed
from facecam.config import Config
from facecam.errors import GalleryError, WeightsMissing

if TYPE_CHECKING:
    from facecam.enrolment.importing import Imported, Importer, Outcome
    from facecam.enrolment.planning import Plan
    from facecam.enrolment.screening import Screen, Skipped
    from facecam.gallery import Gallery, Person

MISUSED = 2
"""Exit code: see parser.EXIT_CODES."""

DESCRIPTION = """\
Enrol somebody from pictures, many people from a tree of folders, or somebody in front
of a camera.

From each picture the face that is clearly the largest and most central is taken; a
picture of several people is skipped unless --face or --largest says whom to take.
Blurred, dark and tiny faces are skipped, and faces that look like somebody else than
the other pictures of the person, unless --take-all. The same files may be given again:
what is enrolled already is passed over.

With --camera you are told what to do; pictures are taken when they are good.
"""
EPILOG = """\
examples:
  facecam enrol Ada ada/*.jpg
  facecam enrol --tree photos            photos/Ada/…, photos/Grace/…
  facecam enrol Ada --camera 0
  facecam enrol Ada --camera rtsp://door/1 --consent --pictures 10
"""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "enrol",
        help="add people from pictures, a tree of folders or a camera",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="?", help="the person's name, in any script")
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="PICTURE",
        help="pictures, or folders of them",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--tree", type=Path, metavar="DIR", help="one folder of pictures per person"
    )
    source.add_argument(
        "--camera", metavar="SOURCE", help="camera, film or address of a stream"
    )
    parser.add_argument("--id", help="add to the person with this id, called NAME")
    parser.add_argument(
        "--consent", action="store_true", help="the person has agreed; noted with them"
    )
    _add_files(parser.add_argument_group("from files"))
    _add_camera(parser.add_argument_group("from a camera"))
    add_detector(parser)
    add_json(parser)


def _add_files(group: Any) -> None:
    which = group.add_mutually_exclusive_group()
    which.add_argument(
        "--face", type=whole(1), metavar="N", help="take the N-th face from the left"
    )
    which.add_argument(
        "--largest", action="store_true", help="take the most prominent face"
    )
    group.add_argument(
        "--take-all",
        action="store_true",
        help="also blurred, dark and tiny faces, and those that look like others",
    )


def _add_camera(group: Any) -> None:
    group.add_argument(
        "--glasses", action="store_true", help="ask for a view with other glasses, too"
    )
    group.add_argument(
        "--pictures", type=whole(1), metavar="N", help="about how many (default 8)"
    )
    group.add_argument(
        "--seconds", type=positive, metavar="N", help="stop after so many seconds"
    )
    group.add_argument(
        "--anyway",
        action="store_true",
        help="save also somebody who is enrolled already under another name",
    )


def run(args: argparse.Namespace, config: Config) -> int:
    """Enrol; return the exit code."""
    config = configured(args, config)
    if problem := _misused(args):
        warn(f"facecam enrol: {problem} See: facecam enrol --help")
        return MISUSED
    if args.camera is not None:
        return coaching.run(args, config)
    return _import_tree(args, config) if args.tree else _import(args, config)


def _misused(args: argparse.Namespace) -> str:
    """Return what does not fit together on the command line; empty if all does."""
    if args.tree:
        alone = not (args.name or args.files or args.id)
        return "" if alone else "--tree takes the names from the folders."
    if not args.name:
        return "Say whom."
    if args.camera is not None:
        return "Pictures or --camera, not both." if args.files else ""
    return "" if args.files else "Give pictures, or --camera."


def _import(args: argparse.Namespace, config: Config) -> int:
    """Enrol one person from files."""
    from facecam.enrolment.importing import Importer
    from facecam.enrolment.planning import plan

    todo = plan(args.files, args.name)
    gallery, screen = _parts(args, config)
    person = chosen(gallery, args)
    others = [] if person else namesakes(gallery, args.name)
    importer = Importer(
        gallery,
        screen,
        to=person.identity if person else None,
        again=False,
        consent=when_agreed(args),
    )
    done = _imported(importer, todo)
    [outcome] = done.people
    if outcome.person is None:
        reasons = [f"\n  {s.path}: {s.text}{_cure(s)}" for s in done.left_out]
        raise GalleryError(
            f"Nothing was enrolled: no picture could be used.{''.join(reasons)}"
        )
    _tell_person(args, outcome, outcome.person)
    warn_of_namesakes(outcome.person, others if outcome.new else [])
    return 0


def _import_tree(args: argparse.Namespace, config: Config) -> int:
    """Enrol everybody of a tree name/picture."""
    from facecam.enrolment.importing import Importer
    from facecam.enrolment.planning import plan_tree

    todo = plan_tree(args.tree)
    gallery, screen = _parts(args, config)
    done = _imported(Importer(gallery, screen, consent=when_agreed(args)), todo)
    if args.json:
        print_json(_tree_described(done))
        return 0
    for skipped in done.left_out:
        print(f"{skipped.path}: {skipped.text}{_cure(skipped)}")
    _tell_others(done)
    people = [outcome.person for outcome in done.people if outcome.kept]
    pictures = f"{done.kept} picture{'s' * (done.kept != 1)}"
    whose = "1 person" if len(people) == 1 else f"{len(people)} people"
    print(
        f"Added: {pictures} of {whose}. Enrolled already: {done.known}. "
        f"Skipped: {len(done.left_out)}."
    )
    return 0


def _tell_others(done: Imported) -> None:
    """Say whose pictures are enrolled under another name than their folder's."""
    from facecam.gallery.lookup import folded

    for outcome in done.people:
        who = outcome.person.identity if outcome.person else None
        if who and folded(who.name) != folded(outcome.name):
            whose = f"{who.name} (id {who.id})"
            print(f"{outcome.name}: these pictures are enrolled as {whose}.")


def _parts(args: argparse.Namespace, config: Config) -> tuple[Gallery, Screen]:
    """Return the gallery, and what judges pictures."""
    from facecam import pipeline
    from facecam.cli.unlocking import unlocked
    from facecam.enrolment.screening import Screen

    vault = unlocked(config)
    detector, embedder = ready_detector(config), None
    with contextlib.suppress(WeightsMissing):  # people can be enrolled before
        embedder = pipeline.build_embedder(config, True)
    gallery = pipeline.open_gallery(config, embedder, vault)
    which = 0 if args.largest else args.face
    return gallery, Screen(detector, embedder, config, which, not args.take_all)


def _imported(importer: Importer, todo: Plan) -> Imported:
    with Progress("Looking at pictures") as progress:
        return importer.run(todo, progress)


def _tell_person(args: argparse.Namespace, outcome: Outcome, person: Person) -> None:
    listed = [(path, "") for path in (*outcome.kept, *outcome.known)]
    listed += [(s.path, f"{s.text}{_cure(s)}") for s in outcome.skipped]
    if args.json:
        pictures = [
            {"picture": path, "added": path in outcome.kept, "reason": reason or None}
            for path, reason in sorted(listed)
        ]
        added = len(outcome.kept)
        print_json({**described(person), "added": added, "pictures": pictures})
        return
    kept = set(outcome.kept)
    known = dict.fromkeys(outcome.known, "enrolled already")
    print_table(
        [
            (str(path), reason or known.get(path) or "added" * (path in kept))
            for path, reason in sorted(listed)
        ]
    )
    total = len(person.portraits)
    print(
        f"{person.identity.name} has {total} portrait{'s' * (total != 1)} now "
        f"(id {person.identity.id})."
    )


def _tree_described(done: Imported) -> dict[str, Any]:
    """Return what `--json` says about a tree."""
    return {
        "people": [
            {
                "name": outcome.name,
                "id": outcome.person.identity.id if outcome.person else None,
                "new": outcome.new,
                "added": len(outcome.kept),
                "known": len(outcome.known),
                "skipped": len(outcome.skipped),
            }
            for outcome in done.people
        ],
        "added": done.kept,
        "known": done.known,
        "skipped": [
            {"picture": s.path, "why": s.reason.value, "reason": s.text}
            for s in done.left_out
        ],
    }


def _cure(skipped: Skipped) -> str:
    """Return which option would take a picture that was skipped."""
    cures = {
        "several faces": " (--face N, --largest)",
        "too small": " (--take-all)",
        "too blurred": " (--take-all)",
        "badly lit": " (--take-all)",
        "somebody else": " (--take-all)",
    }
    return cures.get(skipped.reason.value, "")
