"""Memory of sampling and mining over many pictures.

    python scripts/bench_mining.py DIR [--pictures 12880] [--workers 2]

DIR is a data set in the layout of WIDER FACE. Its training pictures are linked again
and again into a set as large as WIDER FACE itself; then samples for P-Net are drawn, a
short fit makes a P-Net, and samples for R-Net are mined with it. What is printed is the
largest sum of memory of this process and its workers, without the fits, which run in
processes of their own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from itertools import cycle, islice
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from facecam.config import RetrainingConfig, override
from facecam.training.detector.recipe import DetectorRequest, detector_recipe
from facecam.training.step import Progress, fingerprints, run_step

SHORT = {
    "gate": {"recall": [0.0, 0.0, 0.0]},
    "pnet": {"samples": {"rounds": 1}, "fit": {"steps": 300, "every": 300}},
    "rnet": {"samples": {"rounds": 1}},
}
LIST = "wider_face_split/wider_face_train_bbx_gt.txt"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("directory", metavar="DIR", type=Path)
    parser.add_argument("--pictures", type=int, default=12_880)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        multiply(options.directory, Path(folder) / "data", options.pictures)
        config = override(RetrainingConfig(workers=options.workers), SHORT)
        request = DetectorRequest((Path(folder) / "data",))
        recipe = detector_recipe(request, config)
        last = next(n for n, step in enumerate(recipe) if "rnet-samples" in step.name)
        steps = recipe[1 : last + 1]  # without the check, which wants landmarks
        root = Path(folder) / "run"
        for step, fingerprint in zip(steps, fingerprints(steps).values(), strict=True):
            with Peak() as peak:
                started = time.monotonic()
                run_step(step, root, fingerprint, quiet)
            seconds = time.monotonic() - started
            print(f"{step.name:18} {seconds:7.0f} s {peak.megabytes:7.0f} MB")
    return 0


def multiply(directory: Path, target: Path, pictures: int) -> None:
    """Make a set of many pictures out of one with few, by hard links.

    Args:
        directory: in the layout of WIDER FACE.
        target: a new folder.
        pictures: how many.
    """
    lines = (directory / LIST).read_text("utf-8").splitlines()
    heads = [n for n, line in enumerate(lines) if line.lower().endswith(".jpg")]
    entries = [lines[a:b] for a, b in zip(heads, [*heads[1:], len(lines)], strict=True)]
    listed: list[str] = []
    for n, (name, *rest) in enumerate(islice(cycle(entries), pictures)):
        copy = f"{n // 1000:02d}--Copies/{n:05d}.jpg"
        place = target / "WIDER_train/images" / copy
        place.parent.mkdir(parents=True, exist_ok=True)
        original = directory / "WIDER_train/images" / name.strip()
        try:
            place.hardlink_to(original)
        except OSError:  # another disk
            place.write_bytes(original.read_bytes())
        listed += [copy, *rest]
    (target / LIST).parent.mkdir(parents=True)
    (target / LIST).write_text("\n".join(listed) + "\n", "utf-8")


class Peak:
    """Watches the memory of this process and of those it has started."""

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._ended.wait(0.2):
            total = 0
            for process in (me, *me.children(recursive=True)):
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.megabytes = max(self.megabytes, total / 1e6)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()


def quiet(progress: Progress) -> None:
    """Report to nobody."""


if __name__ == "__main__":
    sys.exit(main())
