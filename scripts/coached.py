"""Compare pictures the coach takes with the first and with random ones of a camera.

    python scripts/coached.py PEOPLE STRANGERS [--draws 3] [--rough]

PEOPLE holds pictures Name/Name_VF.jpg (video V, frame F): one video of each person is
shown to a simulated camera and enrolled from, the others are recognised, every video in
its turn. STRANGERS holds pictures of people who are not enrolled, one folder each;
folders named like somebody enrolled are left out. See facecam/training/coached.py.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from facecam import config, pipeline
from facecam.errors import FacecamError
from facecam.faces import Floats
from facecam.media import read_image
from facecam.training.coached import (
    Chooser,
    Chosen,
    camera,
    draw,
    read_videos,
    summarise,
)
from facecam.training.datasets import read_people
from facecam.training.evaluation import embed_pictures
from facecam.training.open_set import product

HEAD = ("chosen by", "pictures", "rank-1", "DIR at 1 %", "DIR at 0.1 %")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=Path)
    parser.add_argument("strangers", type=Path)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--rough", action="store_true", help="a camera as in life")
    args = parser.parse_args()
    settings = config.load()
    settings = replace(settings, runtime=replace(settings.runtime, device="cpu"))
    chooser = Chooser(
        pipeline.build_detector(settings), pipeline.build_embedder(settings), settings
    )
    videos = read_videos(args.people)
    paths = [path for theirs in videos.values() for v in theirs.values() for path in v]
    known = dict(zip(paths, embedded(paths, chooser), strict=True))
    others = read_people(args.strangers)
    wanted = [path for name in others if name not in videos for path in others[name]]
    strangers = embedded(wanted, chooser)

    def pick(pictures: list[Path], seed: int) -> Chosen:
        tell(seed, 1000 * args.draws)
        images = [read_image(path) for path in pictures]
        return chooser.choose(list(camera(images, args.rough, seed)), seed)

    trials = [draw(videos, number, pick, known) for number in range(args.draws)]
    fit = product(pipeline.load_cohort(settings), settings.identifier)
    rows = summarise(trials, strangers, fit)
    print(f"\r{len(videos)} people, {len(strangers)} strangers, {args.draws} draws")
    print("  ".join(f"{cell:>18}" for cell in HEAD))
    for row in rows:
        shares = (f"{row[key]:.3f}" for key in ("rank1", "dir_1e-2", "dir_1e-3"))
        cells = (row["way"], f"{row['pictures']:.1f}", *shares)
        print("  ".join(f"{cell:>18}" for cell in cells))


def embedded(paths: list[Path], chooser: Chooser) -> Floats:
    """Embed the most prominent face of each picture, (n, d)."""
    return embed_pictures(paths, chooser.detector, chooser.embedder, tell).embeddings


def tell(done: int, total: int) -> None:
    """Say how far it is."""
    print(f"\r{done} of {total}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except FacecamError as error:
        sys.exit(f"{error}")
