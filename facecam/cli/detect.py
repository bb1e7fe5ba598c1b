"""`facecam detect --input a.jpg --output b.jpg`: faces in pictures, with names."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from facecam.cli.console import Progress, print_json, print_table, warn
from facecam.cli.options import (
    add_detector,
    add_json,
    add_runtime,
    configured,
    pictures,
)
from facecam.cli.parts import ready_detector
from facecam.config import Config
from facecam.errors import FacecamError, ImageError, VaultLocked, WeightsMissing

if TYPE_CHECKING:
    from facecam.faces import Face, Image, Match, Recognition
    from facecam.gallery import Gallery
    from facecam.vision.detector import Detector
    from facecam.vision.embedder import Embedder
    from facecam.vision.identifier import Identifier

NOTHING = 3
"""Exit code when no picture shows a face."""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "detect",
        help="find the faces in pictures, and name them",
        description="Find the faces in a picture or in all pictures of a folder, and "
        "name those of people enrolled. The exit code is 3 if there is no face.",
    )
    parser.add_argument(
        "--input", type=Path, required=True, metavar="PATH", help="picture or folder"
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="PATH",
        help="where to write the picture, or the folder of pictures, with boxes drawn",
    )
    parser.add_argument(
        "--no-names", action="store_true", help="only find faces, name nobody"
    )
    parser.add_argument(
        "--no-landmarks", action="store_true", help="do not draw the five points"
    )
    add_detector(parser)
    add_runtime(parser)
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Find faces; return the exit code."""
    config = configured(args, config)
    paths = pictures([args.input])
    targets = _targets(args.input, args.output, paths)
    detector = ready_detector(config)
    namer = None if args.no_names else _namer(config)
    reports: list[dict[str, Any]] = []
    with Progress("Looking for faces") as progress:
        for n, (path, target) in enumerate(zip(paths, targets, strict=True), 1):
            reports.append(_picture(path, target, (detector, namer), args))
            progress(n, len(paths))
    _tell(args, reports)
    if any(report["error"] for report in reports):
        return 1
    return 0 if any(report["faces"] for report in reports) else NOTHING


def _targets(
    source: Path, output: Path | None, paths: Sequence[Path]
) -> Sequence[Path | None]:
    """Return where each picture goes: the same names below the folder given.

    Raises:
        ImageError: that is a file, or would replace a picture looked at.
    """
    if output is None:
        return [None] * len(paths)
    if source.is_dir() and output.is_file():
        raise ImageError(f"{output} is a file. Give a folder for several pictures.")
    if source.is_dir():
        targets = [output / path.relative_to(source) for path in paths]
    else:
        targets = [output / source.name if output.is_dir() else output]
    originals = {path.resolve() for path in paths}
    if any(target.resolve() in originals for target in targets):
        raise ImageError(f"{output} would replace what it shows. Choose another place.")
    return targets


def _namer(config: Config) -> tuple[Embedder, Identifier] | None:
    """Return what names faces; None if nobody is enrolled or no embedder installed."""
    from facecam import pipeline
    from facecam.cli.unlocking import unlocked
    from facecam.gallery import Gallery

    try:
        vault = unlocked(config)
    except VaultLocked as error:
        warn(f"Nobody is named: {error}")
        return None
    gallery = Gallery(config.people, vault=vault)
    if not gallery.people():
        _warn_of(gallery)
        return None
    try:
        embedder = pipeline.build_embedder(config)
    except WeightsMissing as error:
        warn(f"Nobody is named: {error}")
        return None
    gallery = pipeline.open_gallery(config, embedder, vault)
    identifier = pipeline.fit_identifier(config, gallery)
    _warn_of(gallery)
    return embedder, identifier


def _warn_of(gallery: Gallery) -> None:
    """Say whom or what the gallery had to leave out."""
    for problem in gallery.problems:
        warn(problem)


def _picture(
    path: Path,
    target: Path | None,
    parts: tuple[Detector, tuple[Embedder, Identifier] | None],
    args: argparse.Namespace,
) -> dict[str, Any]:
    """Find, name and draw the faces of one picture; say what was found."""
    from facecam.media import read_image, write_image
    from facecam.vision.draw import draw

    report: dict[str, Any] = {"picture": str(path), "output": None, "error": None}
    try:
        image = read_image(path)
        recognition = _recognise(image, *parts)
        if target is not None:
            drawn = draw(image, recognition, landmarks=not args.no_landmarks)
            write_image(target, drawn)
            report["output"] = str(target)
    except FacecamError as error:
        if args.input.is_dir():
            return {**report, "faces": [], "error": str(error)}
        raise
    height, width = image.shape[:2]
    faces = [_described(face) for face in recognition.faces]
    return {**report, "width": width, "height": height, "faces": faces}


def _recognise(
    image: Image,
    detector: Detector,
    namer: tuple[Embedder, Identifier] | None,
) -> Recognition:
    """Do what the live view does, for a picture that stands alone."""
    from facecam.faces import Face, Frame, Recognition

    found = detector.detect(image)
    matches: list[Match | None] = [None] * len(found)
    if namer is not None and len(found):
        embedder, identifier = namer
        matches = list(identifier.identify(embedder.embed(embedder.crop(image, found))))
    faces = tuple(
        Face(found.boxes[n], found.landmarks[n], float(found.scores[n]), n, match)
        for n, match in enumerate(matches)
    )
    return Recognition(Frame(image, 0, 0.0), faces)


def _described(face: Face) -> dict[str, Any]:
    identity = face.match.identity if face.match else None
    known = bool(np.isfinite(face.landmarks).all())
    return {
        "box": np.round(face.box.astype(float), 1),
        "score": round(face.score, 4),
        "landmarks": np.round(face.landmarks.astype(float), 1) if known else None,
        "name": identity.name if identity else None,
        "id": identity.id if identity else None,
        "strangers": round(face.match.strangers, 1) if face.match else None,
    }


def _tell(args: argparse.Namespace, reports: list[dict[str, Any]]) -> None:
    if args.json:
        print_json({"pictures": reports})
        return
    rows = [("picture", "box", "score", "name")]
    for report in reports:
        for face in report["faces"]:
            box = " ".join(f"{side:.0f}" for side in face["box"])
            unnamed = "" if face["strangers"] is None else "unknown"
            name = face["name"] or unnamed
            rows.append((report["picture"], box, f"{face['score']:.3f}", name))
        if report["error"]:
            warn(report["error"])
    if len(rows) > 1:
        print_table(rows, right=[2])
    found = len(rows) - 1
    shown = len(reports)
    print(f"{found} face{'s' * (found != 1)} in {shown} picture{'s' * (shown != 1)}.")
