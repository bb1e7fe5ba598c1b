"""Compute the cohort of strangers that ships with an embedder.

    python scripts/make_cohort.py FOLDER models/embedder/NAME/cohort.npz

FOLDER holds pictures of many people's faces, one face each, cut as the detector's box
grown by 1.5. The embedder is the installed one of that NAME, else the one in use. Only
statistics of its embeddings are written: the means of some groups of hundreds of faces
each, and one covariance.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from facecam import artifacts, config, pipeline, switching
from facecam.errors import DatasetError, FacecamError
from facecam.media import find_images
from facecam.training.evaluation import embed_face_crops
from facecam.vision.cohort import Cohort

GROUPS = 16
"""Groups of similar faces. On LFW-a, 16 instead of 1 bring 1 to 2 points of DIR at
0.1 %; with 64 a group is one person."""
GROWN = 1.5
"""Side of the pictures as a multiple of the detector's box."""


def main() -> None:
    """Embed every picture and write the statistics."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    paths = find_images(args.folder)
    if not paths:
        raise DatasetError(f"There is no picture in {args.folder}.")
    embedder = pipeline.build_embedder(settings(args.out.resolve().parent.name))
    embeddings = embed_face_crops(paths, GROWN, embedder, tell)
    Cohort.of(embeddings, GROUPS).save(args.out)
    print(f"\n{args.out}: {GROUPS} means and a covariance of {len(paths)} faces")


def settings(name: str) -> config.Config:
    """Return the configuration with the embedder of a name, if there is one."""
    loaded = config.load()
    if name not in [manifest.name for manifest in artifacts.embedders(loaded)]:
        return artifacts.fitted(loaded)
    return switching.using(loaded, switching.installed(loaded, name).name)


def tell(done: int, total: int) -> None:
    """Say how far it is."""
    print(f"\r{done} of {total}", end="", flush=True)


if __name__ == "__main__":
    try:
        main()
    except FacecamError as error:
        sys.exit(f"{error}")
