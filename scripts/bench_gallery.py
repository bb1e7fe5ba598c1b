"""How long a gallery of many people takes: open, read, change.

    python scripts/bench_gallery.py --people 1000 --pictures 10

Pictures and embeddings are made up; what is measured is the people folder alone, in a
process of its own, with an index that knows every embedding.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from facecam.faces import Detections, Floats, Image
from facecam.gallery import Gallery, Portrait, Shot
from facecam.gallery.cutting import digest
from facecam.gallery.records import Record, dump, now, one_face
from facecam.media import encode_jpeg
from facecam.vision import image as images

T = TypeVar("T")

SIDE = 512
"""Length of an embedding, as FaceNet's."""


class Numbers:
    """An embedder that draws a crop's embedding from its pixels, in no time."""

    fingerprint = "numbers"

    def crop(self, image: Image, detections: Detections) -> Image:
        """Cut every detected face."""
        return images.align(image, detections.boxes)

    def embed(self, crops: Image) -> Floats:
        """Return one unit vector per crop."""
        seeds = [int(crop.astype(np.int64).sum()) for crop in crops]
        rows = np.stack([np.random.default_rng(s).normal(size=SIDE) for s in seeds])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def main() -> int:
    """Measure; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--pictures", type=int, default=10)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.read is not None:
        print(json.dumps(measure(args.read)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "people"
        make(directory, args.people, args.pictures)
        Gallery(directory, embedder=Numbers()).embeddings()
        for _ in range(2):
            asked = [sys.executable, __file__, "--read", str(directory)]
            told = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True)
            print(told.stdout.strip())
    return 0


def make(directory: Path, people: int, pictures: int) -> None:
    """Write a people folder of made-up pictures."""
    rng = np.random.default_rng(0)
    for k in range(people):
        folder = directory / f"person-{k:08x}"
        (folder / "portraits").mkdir(parents=True)
        portraits = []
        for _ in range(pictures):
            data = encode_jpeg(rng.integers(0, 255, (24, 24, 3), np.uint8))
            face = one_face(
                np.array((4, 4, 20, 20), np.float32), np.ones((5, 2), np.float32)
            )
            file = f"portraits/{digest(data, face)[:16]}.jpg"
            (folder / file).write_bytes(data)
            portraits.append(Portrait(file, face, "capture", now()))
        record = Record(f"Person {k}", now(), pictures=tuple(portraits))
        (folder / "person.json").write_bytes(dump(record))
    (directory / "gallery.json").write_text('{"version": 2}')


class Watch:
    """Notes how long things take."""

    def __init__(self) -> None:
        self.taken: dict[str, list[tuple[float, float]]] = {}

    def time(self, name: str, act: Callable[[], T]) -> T:
        """Do something; note the seconds that passed and that the CPU worked."""
        begin, busy = time.perf_counter(), time.process_time()
        answer = act()
        passed = time.perf_counter() - begin, time.process_time() - busy
        self.taken.setdefault(name, []).append(passed)
        return answer


def measure(directory: Path) -> dict[str, list[float]]:
    """Return milliseconds that passed, and that the CPU worked, by what was done."""
    watch = Watch()
    gallery = watch.time("open", lambda: Gallery(directory, embedder=Numbers()))
    watch.time("people, first", gallery.people)
    watch.time("embeddings, first", gallery.embeddings)
    watch.time("people", gallery.people)
    watch.time("embeddings", gallery.embeddings)
    for _ in range(5):
        change(gallery, watch)
    return {
        name: [round(statistics.median(v) * 1000, 1) for v in zip(*times, strict=True)]
        for name, times in watch.taken.items()
    }


def change(gallery: Gallery, watch: Watch) -> None:
    """Add, correct and remove somebody, each followed by what a refit needs."""
    then = "then embeddings"
    shots = ten_shots()
    new = watch.time("add by 10 shots", lambda: gallery.enrol("New", shots).person)
    watch.time(then, gallery.embeddings)
    files, other = [new.portraits[0].file], gallery.people()[-1].identity
    identity_id = new.identity.id
    watch.time("correct", lambda: gallery.move(identity_id, files, other))
    watch.time(then, gallery.embeddings)
    watch.time("undo", gallery.undo)
    watch.time(then, gallery.embeddings)
    watch.time("remove a picture", lambda: gallery.remove(identity_id, files))
    watch.time(then, gallery.embeddings)
    watch.time("forget", lambda: gallery.forget(identity_id))
    watch.time(then, gallery.embeddings)


def ten_shots() -> list[Shot]:
    """Return ten pictures of nobody."""
    noise = np.random.default_rng().integers(0, 255, (10, 30, 40, 3), np.uint8)
    box = np.array((80, 60, 200, 200), np.float32)
    return [Shot(small.repeat(8, 0).repeat(8, 1), box) for small in noise]


if __name__ == "__main__":
    sys.exit(main())
