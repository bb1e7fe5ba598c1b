"""`facecam label`: names over the faces of a video, as a film and as a table."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from facecam.camera import Camera, open_camera
from facecam.cli.console import Progress, clock, print_json, print_table, warn
from facecam.cli.options import (
    add_detector,
    add_json,
    add_runtime,
    configured,
    positive,
)
from facecam.cli.parts import make_ready
from facecam.config import Config
from facecam.errors import ConfigError, VaultLocked
from facecam.labelling import Labeller, Summary, TimeLimit, label

DESCRIPTION = """\
Write names over the faces of a video, and a table of who is where.

The source may be a video file, a folder of pictures, a camera (number or name) or the
address of a stream. A camera is labelled until Ctrl+C, or for --seconds; the files are
complete up to there.
"""
EPILOG = """\
The table has the columns frame, time (seconds), track, name (empty: unknown), score
(about one wrong name in so many strangers), x1, y1, x2, y2 (pixels).

exit codes: 0 done, 1 it failed or the camera was lost
"""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> None:
    """Add `label`."""
    parser = subparsers.add_parser(
        "label",
        help="write names over the faces of a video",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", metavar="VIDEO|CAMERA", help="what to label")
    parser.add_argument(
        "--out", type=Path, metavar="FILM", help="film to write: .mp4, .webm, .avi"
    )
    parser.add_argument(
        "--events", type=Path, metavar="TABLE", help="table to write: .csv"
    )
    parser.add_argument(
        "--seconds", type=positive, metavar="N", help="stop after so many seconds"
    )
    add_detector(parser)
    add_runtime(parser)
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Label, then say what was found."""
    _check_targets(Path(args.source), [p for p in (args.out, args.events) if p])
    camera = open_camera(args.source, config.camera, paced=False)
    if args.seconds:
        camera = TimeLimit(camera, args.seconds)
    with contextlib.closing(camera):
        recognizer = _recognizer(configured(args, config))
        if camera.live and camera.length is None:
            warn(f"Labelling {camera.name} until Ctrl+C …")
        with Progress(camera.name) as bar:
            summary = label(camera, recognizer, args.out, args.events, _shown(bar))
    if args.json:
        print_json(asdict(summary) | {"out": args.out, "events": args.events})
    else:
        _print(summary, camera)
    return 1 if summary.outcome == "lost" else 0


def _check_targets(source: Path, targets: list[Path]) -> None:
    """Refuse what could only fail after all the work, or would destroy something."""
    for target in targets:
        if target.is_dir():
            raise ConfigError(f"{target} is a folder. Give the name of a file.")
        if target.exists() and target.resolve() == source.resolve():
            raise ConfigError(f"{target} is the source itself. Choose another name.")
    if len({target.resolve() for target in targets}) < len(targets):
        raise ConfigError("The film and the table need a name of their own each.")


def _recognizer(config: Config) -> Labeller:
    """Build the recognizer that knows everybody enrolled."""
    from facecam import pipeline
    from facecam.cli.unlocking import unlocked

    make_ready(config)
    recognizer = pipeline.build_recognizer(config)
    if recognizer.embedder is None:
        warn(
            "The network that tells people apart is not installed, so everybody is "
            "unknown. Install it: facecam models install"
        )
        return recognizer
    try:
        vault = unlocked(config)
    except VaultLocked as error:
        warn(f"Everybody is unknown: {error}")
        return recognizer
    gallery = pipeline.open_gallery(config, recognizer.embedder, vault)
    if gallery.people():
        recognizer.use(pipeline.fit_identifier(config, gallery))
    else:
        warn("Nobody is enrolled, so everybody is unknown. See: facecam enrol --help")
    for problem in gallery.problems:
        warn(problem)
    return recognizer


def _shown(bar: Progress) -> Callable[[int, int | None], None]:
    def show(done: int, total: int | None) -> None:
        if total:
            bar(min(done, total), total)

    return show


def _print(summary: Summary, camera: Camera) -> None:
    if summary.text:
        warn(summary.text)
    rows = [("name", "frames", "first", "last")]
    rows += [
        (person.name, str(person.frames), clock(person.first), clock(person.last))
        for person in summary.people
    ]
    rows.append(("unknown", str(summary.unknown), "", ""))
    print_table(rows, right=(1, 2, 3))
    print(
        f"{summary.frames} frames of {camera.name}, {summary.faces} faces in "
        f"{summary.tracks} tracks; {summary.fps:.1f} frames/s"
    )
