"""Measure facecam against others on the same pictures, in turn, on this computer.

    python scripts/bench_peers.py [PICTURE…] [--peers NAME…] [--min-face 40] [--json]

Each peer (facenet-pytorch, mtcnn, OpenCV's Haar cascade, dlib) gets an environment of
its own below --place, made once, and a process of its own (scripts/peers.py). They are
asked one after the other, again and again, so that whatever else the computer does hits
all of them alike. Ratios hold better than milliseconds; above 1 facecam is faster.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import environment

if not all(map(importlib.util.find_spec, ("cv2", "ai_edge_litert"))):
    environment.require_python()
    environment.prepare("requirements.txt")
    sys.exit(subprocess.call([environment.PYTHON, *sys.argv]))
sys.path.insert(0, str(environment.ROOT))

import numpy as np

from facecam import diagnosis
from facecam.errors import FacecamError

OPENCV = ("numpy==2.2.6", "opencv-python-headless==4.12.0.88")
PACKAGES: dict[str, tuple[tuple[str, ...], ...]] = {
    "facenet-pytorch": (
        (
            *OPENCV,
            "torch==2.13.0",
            "pillow==12.0.0",
            "requests==2.32.5",
            "tqdm==4.67.1",
        ),
        ("--no-deps", "facenet-pytorch==2.6.0"),
    ),
    "mtcnn": (("mtcnn==1.0.0", "tensorflow==2.21.0", *OPENCV),),
    "haar": (OPENCV,),
    "dlib": (("numpy==2.2.6", "dlib==20.0.0"),),
}
"""What pip installs for each peer, in these steps."""
OTHER_MIN_FACE = {"mtcnn": 20}
"""mtcnn 1.0.0 finds no face at all when asked for faces from 25, 30 or 40 pixels."""
WARM_UP = 3
"""Answers thrown away before the first that counts."""
CALLS = 5
"""Pictures looked at before the next peer has its turn."""
REST = 0.25
"""Seconds between two turns, in which the threads of the last one go to sleep."""


def main() -> int:
    """Make environments, measure, then print a table or one JSON object."""
    options = parser().parse_args()
    pythons = {"facecam": sys.executable}
    for name in options.peers:
        if python := provide(name, options.place):
            pythons[name] = python
    with tempfile.TemporaryDirectory() as folder:
        pictures = [diagnosis.scene(path) for path in options.pictures]
        paths = saved(pictures or [diagnosis.scene()], Path(folder))
        workers = start(pythons, paths, options)
        measured = {
            f"picture {n + 1}": {
                kind: compare(workers, n, kind == "whole", options.rounds)
                for kind in ("detect", "whole")
            }
            for n in range(len(paths))
        }
        for worker in workers.values():
            worker.close()
    if options.json:
        print(json.dumps({"processor": diagnosis.processor(), **measured}, indent=1))
    else:
        show(measured)
    return 0


def parser() -> argparse.ArgumentParser:
    """Describe the arguments."""
    made = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument(
        "pictures", nargs="*", type=Path, help="scaled to 640×480; default: the demo's"
    )
    made.add_argument(
        "--peers", nargs="*", choices=PACKAGES, default=list(PACKAGES), metavar="NAME",
        help=f"some of {', '.join(PACKAGES)} (default: all)",
    )  # fmt: skip
    made.add_argument("--min-face", type=int, default=40, help="pixels (%(default)s)")
    made.add_argument("--threads", type=int, default=min(os.cpu_count() or 1, 2))
    made.add_argument("--rounds", type=int, default=12, help="turns (%(default)s)")
    made.add_argument(
        "--place", type=Path, default=Path(tempfile.gettempdir()) / "facecam-peers",
        help="where the peers' environments are kept (%(default)s)",
    )  # fmt: skip
    made.add_argument("--json", action="store_true", help="print one JSON object")
    return made


class Worker:
    """A peer in its own process and environment; ask it, then close it."""

    def __init__(self, command: Sequence[str]) -> None:
        settings = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONUTF8": "1"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, encoding="utf-8", env=settings,
        )  # fmt: skip
        self.whole: bool = self._answer()["whole"]
        """Whether it embeds and names faces too."""

    def ask(self, picture: int, whole: bool) -> tuple[float, int]:
        """Return the seconds one picture took, and the faces found."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"picture": picture, "whole": whole}))
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        answer = self._answer()
        return answer["seconds"], answer["faces"]

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=20)

    def _answer(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"It ended with code {self._process.wait()}.")
        return json.loads(line)


def provide(name: str, place: Path) -> str | None:
    """Return the Python of a peer's environment, made if need be; None if it fails."""
    folder = place / f"{name}-{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / environment.PYTHON.relative_to(environment.VENV)
    stamp = folder / "installed.json"
    wanted = json.dumps(PACKAGES[name])
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return str(python)
    print(f"Installing {name} …", file=sys.stderr, flush=True)
    venv.create(folder, clear=True, with_pip=True)
    for packages in PACKAGES[name]:
        done = subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", *packages],
            capture_output=True, encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
            print(f"{name} is left out: {why}", file=sys.stderr)
            return None
    stamp.write_text(wanted, "utf-8")
    return str(python)


def saved(pictures: Sequence[Any], folder: Path) -> list[str]:
    """Write pictures as the arrays that every worker reads."""
    paths = [str(folder / f"{n}.npy") for n in range(len(pictures))]
    for path, picture in zip(paths, pictures, strict=True):
        np.save(path, picture)
    return paths


def start(
    pythons: dict[str, str], paths: Sequence[str], options: argparse.Namespace
) -> dict[str, Worker]:
    """Start one worker after another; those that fail are left out, with a word."""
    script = str(Path(__file__).with_name("peers.py"))
    workers = {}
    for name, python in pythons.items():
        smallest = str(OTHER_MIN_FACE.get(name, options.min_face))
        command = [python, script, name, smallest, str(options.threads), *paths]
        try:
            workers[name] = Worker(command)
        except RuntimeError as error:
            print(f"{name} is left out. {error}", file=sys.stderr)
    return workers


def compare(
    workers: dict[str, Worker], picture: int, whole: bool, rounds: int
) -> dict[str, Any]:
    """Ask all workers in turn -> median ms, faces and ratio to ours, by name."""
    able = {n: worker for n, worker in workers.items() if worker.whole or not whole}
    took: dict[str, list[float]] = {name: [] for name in able}
    faces: dict[str, int] = {}
    for worker in able.values():
        for _ in range(WARM_UP):
            worker.ask(picture, whole)
    for _ in range(rounds):
        for name, worker in able.items():
            time.sleep(REST)
            worker.ask(picture, whole)  # wakes its threads
            for _ in range(CALLS):
                seconds, faces[name] = worker.ask(picture, whole)
                took[name].append(seconds)
    ours = median(took["facecam"]) if "facecam" in took else float("nan")
    return {
        name: {
            "ms": round(median(seconds) * 1000, 2),
            "faces": faces[name],
            "ratio": round(median(seconds) / ours, 2),
        }
        for name, seconds in took.items()
    }


def show(measured: dict[str, Any]) -> None:
    """Print one line for each peer and picture."""
    texts = {"detect": "find faces", "whole": "find, embed and name every face"}
    for picture, kinds in measured.items():
        for kind, peers in kinds.items():
            print(f"\n{picture}: {texts[kind]}")
            for name, told in peers.items():
                print(
                    f"  {name:<16} {told['ms']:>8.2f} ms  {told['faces']:>3} faces"
                    f"  {told['ratio']:>6.2f} × ours"
                )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FacecamError as error:
        sys.exit(f"{error}")
