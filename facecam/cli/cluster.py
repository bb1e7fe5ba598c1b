"""`facecam cluster DIR`: whose pictures belong together, without names."""

from __future__ import annotations

import argparse
from dataclasses import asdict
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
    positive,
    whole,
)
from facecam.cli.parts import faces_of
from facecam.config import Config
from facecam.files import require_free

if TYPE_CHECKING:
    from facecam.clustering import Labels
    from facecam.gathering import Gathered

NOTHING = 3
"""Exit code when no picture shows a face."""
SHOWN = 12
"""Groups whose size is told."""
TEXT = """\
Group the faces of a folder by person. Nobody is enrolled and nothing is kept but what
--out and --sheet write. Where every picture lies in a folder of its person, the groups
are compared with these names, by pairs: precision, recall, F1.
"""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "cluster",
        help="group pictures by person, without names",
        description=TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("directory", metavar="DIR", type=Path, help="the pictures")
    parser.add_argument(
        "--method",
        choices=("whispers", "dbscan"),
        default="whispers",
        help="Chinese whispers (usual), or DBSCAN",
    )
    parser.add_argument(
        "--distance",
        type=positive,
        metavar="X",
        help="below which two faces may be one person's, 0 to 2 (default: of the "
        "embedder and the method, 0.85 or 0.75; less for many people)",
    )
    parser.add_argument(
        "--least",
        type=whole(1),
        default=2,
        metavar="N",
        help="faces of a group; smaller ones count as alone (default: 2)",
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
        "--plain", action="store_true", help="do not subtract the mean face first"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="copy the pictures, a folder per person"
    )
    parser.add_argument(
        "--sheet", type=Path, metavar="FILE.png", help="draw the groups"
    )
    add_detector(parser)
    add_runtime(parser)
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Cluster; return the exit code."""
    from facecam import clustering, pipeline
    from facecam.gathering import gather
    from facecam.media import write_image

    config = configured(args, config)
    _require_targets(args)
    paths = pictures([args.directory])
    detector, _ = faces_of(args.directory, args.aligned, config)
    embedder = pipeline.build_embedder(config)
    with Progress("Embedding faces") as progress:
        faces = gather(paths, detector, embedder, args.every_face, progress)
    embeddings = faces.embeddings
    if len(embeddings) and not args.plain:
        embeddings = pipeline.load_cohort(config).centred(embeddings)
    usual = clustering.usual_distance(args.method, config.gallery.same_distance)
    distance = args.distance or usual
    labels = clustering.cluster(embeddings, args.method, distance, args.least)
    names = None if args.every_face else known_names(args.directory, faces.pictures)
    result = _described(args.directory, faces, labels, names)
    result |= {"method": args.method, "distance": distance}
    if args.sheet is not None:
        sheet = clustering.contact_sheet(faces.thumbnails, labels, names)
        write_image(args.sheet, sheet)
    if args.out is not None:
        clustering.sort_into(args.out, faces.pictures, labels, result)
    if args.json:
        print_json(result)
    else:
        _tell(result)
    return 0 if len(labels) else NOTHING


def _require_targets(args: argparse.Namespace) -> None:
    """Refuse where nothing can be written, before the work is done."""
    from facecam.media import require_format

    if args.sheet is not None:
        require_format(args.sheet)
    if args.out is not None:
        require_free(args.out)


def known_names(directory: Path, paths: tuple[Path, ...]) -> list[str] | None:
    """Return whose picture each is, by its folder; None where folders do not say it."""
    names = [path.parent.name for path in paths]
    if len(set(names)) < 2 or any(path.parent == directory for path in paths):
        return None
    return names


def _described(
    directory: Path, faces: Gathered, labels: Labels, names: list[str] | None
) -> dict[str, Any]:
    from facecam.clustering import ALONE, agreement, folder_of

    def listed(label: int) -> list[dict[str, Any]]:
        return [
            {
                "picture": faces.pictures[k].relative_to(directory).as_posix(),
                "box": [round(float(side), 1) for side in faces.boxes[k]],
            }
            for k in np.flatnonzero(labels == label)
        ]

    groups = [
        {"name": folder_of(label), "faces": listed(label)}
        for label in range(int(labels.max(initial=-1)) + 1)
    ]
    return {
        "pictures": len({*faces.pictures}) + len(faces.missed),
        "faces": len(labels),
        "clusters": groups,
        "alone": listed(ALONE),
        "without_face": [
            {"picture": str(path), "reason": reason} for path, reason in faces.missed
        ],
        "names": None if names is None else asdict(agreement(labels, names)),
    }


def _tell(result: dict[str, Any]) -> None:
    sizes = [len(group["faces"]) for group in result["clusters"]]
    rows = [
        ("faces", f"{result['faces']:,} in {result['pictures']:,} pictures"),
        ("people", f"{len(sizes):,}{_sizes(sizes)}"),
        ("alone", f"{len(result['alone']):,}"),
        ("without a face", f"{len(result['without_face']):,}"),
        ("nearer than", f"{result['distance']:g} ({result['method']})"),
    ]
    if names := result["names"]:
        rows += [
            ("people by folder", f"{names['people']:,}"),
            ("pairs put together rightly", f"{names['precision']:.1%} (precision)"),
            ("pairs of one person together", f"{names['recall']:.1%} (recall)"),
            ("F1", f"{names['f1']:.3f}"),
        ]
    print_table(rows)
    for one in result["without_face"][:5]:
        warn(f"{one['picture']}: {one['reason']}")


def _sizes(sizes: list[int]) -> str:
    """Return the sizes of the groups as text: " (12, 9, 9 faces)"."""
    more = ", …" if len(sizes) > SHOWN else ""
    return f" ({', '.join(map(str, sizes[:SHOWN]))}{more} faces)" if sizes else ""
