"""What one "not this person" changes, on pictures of people in the layout of LFW.

    python scripts/corrected.py FOLDER [--portraits 1 2 5] [--one-in 50]

Some people are enrolled with a few portraits each. Of every other person whose picture
is given one of their names, one such picture becomes a negative example. Then the same
picture and the others of that stranger are asked again, and the person's own ones that
were not enrolled. Names are given more freely than by default, or there would be too
few wrong ones to count.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from facecam import pipeline
from facecam.config import Config, load
from facecam.faces import Examples, Floats, Identity
from facecam.media import find_images
from facecam.training.evaluation import embed_pictures
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier

ENROLLED = 12
"""Whoever has so many pictures is enrolled; everybody else is a stranger."""


def main() -> None:
    """Measure and print a line of JSON per number of portraits."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="one folder of pictures per person")
    parser.add_argument("--portraits", type=int, nargs="+", default=[1, 2, 5])
    parser.add_argument("--one-in", type=float, default=50.0, help="strangers per name")
    args = parser.parse_args()
    config = load()
    people = embedded(args.folder, config)
    rules = replace(config.identifier, strangers_per_wrong_name=args.one_in)
    wanted = replace(config, identifier=rules)
    cohort = pipeline.load_cohort(config)
    for portraits in args.portraits:
        print(json.dumps(measured(people, cohort, wanted, portraits)), flush=True)


def embedded(folder: Path, config: Config) -> dict[str, Floats]:
    """Return the embeddings of the pictures of each person, (n, d), by name."""
    files = [
        file
        for person in sorted(folder.iterdir())
        if person.is_dir()
        for file in find_images(person)
    ]
    detector = pipeline.build_detector(config)
    embedder = pipeline.build_embedder(config)
    vectors = embed_pictures(files, detector, embedder, lambda *_: None).embeddings
    names = np.array([file.parent.name for file in files])
    return {name: vectors[names == name] for name in sorted(set(names.tolist()))}


def measured(
    people: Mapping[str, Floats], cohort: Cohort, config: Config, portraits: int
) -> dict[str, Any]:
    """Correct every stranger who is wrongly named, one at a time.

    Args:
        people: embeddings by name, (n, d).
        cohort: of the same embedder.
        config: when a name is given.
        portraits: so many are enrolled of whoever has enough pictures.
    """
    known = {n: v for n, v in people.items() if len(v) >= ENROLLED}
    nothing = np.empty((0, len(cohort.mean)), np.float32)
    ids = {name: Identity(name, name) for name in known}
    gallery = {
        ids[name]: Examples(vectors[:portraits], nothing)
        for name, vectors in known.items()
    }
    before = Identifier.fit(gallery, cohort, config.identifier)
    views, others, lost, seconds = [], [], [], []
    for name in people.keys() - known.keys():
        called = names(before, people[name])
        wrong = [n for n, given in enumerate(called) if given is not None]
        if not wrong:
            continue
        identity = called[wrong[0]]
        assert identity is not None
        own = gallery[identity].own
        corrected = Examples(own, people[name][wrong[0]][None])
        begin = time.perf_counter()
        after = Identifier.fit(
            {**gallery, identity: corrected}, cohort, config.identifier, before
        )
        seconds.append(time.perf_counter() - begin)
        again = names(after, people[name])
        views.append(again[wrong[0]] != identity)
        others += [again[n] != identity for n in wrong[1:] if called[n] == identity]
        rest = known[identity.name][portraits:]
        lost.append(share(before, rest, identity) - share(after, rest, identity))
    return {
        "enrolled": len(known),
        "portraits": portraits,
        "strangers_wrongly_named": len(views),
        "corrected_view_unknown": _mean(views),
        "other_views_of_that_stranger": len(others),
        "other_views_unknown": _mean(others),
        "own_recognition_lost": _mean(lost),
        "median_seconds_to_fit": float(np.median(seconds)) if seconds else None,
    }


def names(identifier: Identifier, vectors: Floats) -> list[Identity | None]:
    """Return how each face is called, asked about alone."""
    return [identifier.identify(vector[None])[0].identity for vector in vectors]


def share(identifier: Identifier, vectors: Floats, identity: Identity) -> float:
    """Return the share of somebody's faces that get their name."""
    return _mean([name == identity for name in names(identifier, vectors)]) or 0.0


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


if __name__ == "__main__":
    main()
