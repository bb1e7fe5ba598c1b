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
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from facecam.faces import Detections, Floats, Image
from facecam.gallery import Gallery, Portrait, Shot
from facecam.gallery.cutting import digest
from facecam.gallery.records import Record, dump, now, one_face
from facecam.media import encode_jpeg
from facecam.vision import image as images

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
            face = one_face(np.array((4, 4, 20, 20), np.float32), np.ones((5, 2)))
            file = f"portraits/{digest(data, face)[:16]}.jpg"
            (folder / file).write_bytes(data)
            portraits.append(Portrait(file, face, "capture", now()))
        record = Record(f"Person {k}", now(), pictures=tuple(portraits))
        (folder / "person.json").write_bytes(dump(record))
    (directory / "gallery.json").write_text('{"version": 2}')


def measure(directory: Path) -> dict[str, list[float]]:
    """Return milliseconds that passed, and that the CPU worked, by what was done."""
    taken: dict[str, list[tuple[float, float]]] = {}

    def timed(name: str, act: Callable[[], object]) -> None:
        begin, busy = time.perf_counter(), time.process_time()
        act()
        passed = time.perf_counter() - begin, time.process_time() - busy
        taken.setdefault(name, []).append(passed)

    rng = np.random.default_rng()
    opened: list[Gallery] = []
    timed("open", lambda: opened.append(Gallery(directory, embedder=Numbers())))
    [gallery] = opened
    timed("people, first", gallery.people)
    timed("embeddings, first", gallery.embeddings)
    timed("people", gallery.people)
    timed("embeddings", gallery.embeddings)

    def shots() -> list[Shot]:
        box = np.array((80, 60, 200, 200), np.float32)
        noise = rng.integers(0, 255, (10, 30, 40, 3), np.uint8)
        return [Shot(n.repeat(8, 0).repeat(8, 1), box) for n in noise]

    for _ in range(5):
        timed("add one of 10 shots", partial(gallery.enrol, "New", shots()))
        timed("then embeddings", gallery.embeddings)
        person = gallery.find("New")
        files = [portrait.file for portrait in person.portraits]
        other = gallery.people()[-1].identity
        timed("correct", partial(gallery.move, person.identity.id, files[:1], other))
        timed("then embeddings", gallery.embeddings)
        timed("undo", gallery.undo)
        timed("then embeddings", gallery.embeddings)
        timed("remove", partial(gallery.remove, person.identity.id, files[:1]))
        timed("then embeddings", gallery.embeddings)
        timed("forget", partial(gallery.forget, person.identity.id))
        timed("then embeddings", gallery.embeddings)
    return {
        name: [round(statistics.median(v) * 1000, 1) for v in zip(*times, strict=True)]
        for name, times in taken.items()
    }


if __name__ == "__main__":
    sys.exit(main())
