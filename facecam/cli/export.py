"""`facecam export OUT`: embeddings for NumPy, spreadsheets and TensorBoard."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, print_table, warn
from facecam.cli.options import (
    add_detector,
    add_json,
    add_runtime,
    configured,
    pictures,
)
from facecam.cli.parts import faces_of, make_ready
from facecam.config import Config
from facecam.files import require_free

if TYPE_CHECKING:
    from facecam.exporting import Collection
    from facecam.vision.embedder import Embedder

TEXT = """\
Write embeddings, names and small pictures of faces into the folder OUT: embeddings.npy,
labels.npy, names.npy, embeddings.csv, and what the projector of TensorBoard reads:
tensorboard --logdir OUT. Of people who are protected the passphrase is asked for, or
taken from FACECAM_PASSPHRASE; what is written is not protected.
"""
OPEN = (
    "What was written shows these people to whoever reads it, and `facecam forget` "
    "does not reach it. Delete {} when it has served."
)


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "export",
        help="write embeddings for other programs",
        description=TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="a folder to be made")
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument(
        "--pictures",
        type=Path,
        metavar="DIR",
        help="of the pictures of a folder, named by the folders they lie in",
    )
    whose.add_argument(
        "--people", action="store_true", help="of the portraits of everybody enrolled"
    )
    parser.add_argument(
        "--every-face",
        action="store_true",
        help="all faces of a picture, not only the most prominent one",
    )
    parser.add_argument(
        "--aligned", action="store_true", help="DIR holds faces cut out already"
    )
    parser.add_argument(
        "--centred",
        action="store_true",
        help="with the mean face subtracted, as the identifier sees them",
    )
    add_detector(parser)
    add_runtime(parser)
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Export; return the exit code."""
    from dataclasses import replace

    from facecam import artifacts, exporting, pipeline

    config = configured(args, config)
    require_free(args.out)
    make_ready(config)
    embedder = pipeline.build_embedder(config)
    collect = _of_people if args.people else _of_folder
    faces, problems = collect(args, config, embedder)
    if args.centred and len(faces.embeddings):
        centred = pipeline.load_cohort(config).centred(faces.embeddings)
        faces = replace(faces, embeddings=centred)
    about = {
        "embedder": embedder.fingerprint,
        "model": artifacts.running(config),
        "centred": args.centred,
    }
    written = exporting.export(args.out, faces, about)
    for problem in problems:
        warn(problem)
    if args.people:
        warn(OPEN.format(args.out))
    n, d = faces.embeddings.shape
    people = len({name for name in faces.names if name})
    if args.json:
        said = {"faces": n, "dimensions": d, "people": people, **about}
        print_json({**said, "out": args.out, "files": written, "problems": problems})
    else:
        rows = [
            ("faces", f"{n:,}"),
            ("people", f"{people:,}"),
            ("numbers each", str(d)),
        ]
        print_table([*rows, ("folder", str(args.out)), ("files", ", ".join(written))])
    return 0


def _of_people(
    args: argparse.Namespace, config: Config, embedder: Embedder
) -> tuple[Collection, list[str]]:
    from facecam import exporting, pipeline
    from facecam.cli.unlocking import unlocked
    from facecam.errors import GalleryError

    vault = unlocked(config)
    gallery = pipeline.open_gallery(config, embedder, vault)
    faces = exporting.enrolled(gallery)
    if not faces.names:
        raise GalleryError("Nobody is enrolled yet. Enrol somebody: facecam enrol")
    return faces, list(gallery.problems)


def _of_folder(
    args: argparse.Namespace, config: Config, embedder: Embedder
) -> tuple[Collection, list[str]]:
    from facecam.exporting import Collection
    from facecam.gathering import gather

    paths = pictures([args.pictures])
    detector, _ = faces_of(args.pictures, args.aligned, config)
    with Progress("Embedding faces") as progress:
        found = gather(paths, detector, embedder, args.every_face, progress)
    names = ["" if p.parent == args.pictures else p.parent.name for p in found.pictures]
    below = [p.relative_to(args.pictures).as_posix() for p in found.pictures]
    faces = Collection(found.embeddings, names, below, found.thumbnails)
    return faces, [f"{path}: {reason}" for path, reason in found.missed]
