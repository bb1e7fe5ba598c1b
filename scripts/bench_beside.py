"""Measure how the window goes while a training run works beside it.

    python scripts/bench_beside.py --data FOLDER… --source FILM [--minutes N]

The window is opened on the film again and again, in turn with Live and with Training
shown: first without a run, then while a run works that was put into the queue as the
window does it. Says for each step of the run how many frames were recognised in a
second and how late the window's timer was. Works in a copy of the home. Any other
option is one of `facecam train detector`: `--preset trial --set onet.fit.steps=5000`
comes to the last fit soon, and stays there.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from itertools import cycle
from pathlib import Path
from typing import Any

import environment
from bench import read

if not all(map(importlib.util.find_spec, ("cv2", "ai_edge_litert", "PySide6"))):
    environment.require_python()
    environment.prepare("requirements.txt")
    sys.exit(subprocess.call([environment.PYTHON, *sys.argv]))
sys.path.insert(0, str(environment.ROOT))

from facecam import diagnosis, media
from facecam.config import load
from facecam.errors import FacecamError
from facecam.training import runs
from facecam.training.runs import State

FPS = 30.0
MOST_FRAMES = 300
PLACES = ("live", "training")
LOOK = 12.0
"""How long the window is open each time, seconds."""
NOTHING = "nothing"


def main() -> int:
    """Measure, then print a table."""
    options, others = parser().parse_known_args()
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        shutil.copytree(load().home, home, ignore=shutil.ignore_patterns("runs"))
        film = lengthened(options.source, Path(place) / "film.mp4")
        print(f"{diagnosis.processor()}, {os.cpu_count()} processors")
        seen: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for shown in PLACES * 2:
            seen[NOTHING, shown].append(window(film, home, shown))
        run = begin(options.data, others, home)
        until = time.monotonic() + 60 * options.minutes
        places = cycle(PLACES)
        try:
            while time.monotonic() < until and not ended(run):
                shown, step = next(places), current(run)
                looked = window(film, home, shown)
                if current(run) == step:  # otherwise it belongs to two steps
                    seen[step, shown].append(looked)
        finally:
            facecam(home, "train", "stop", run.name)
            wait_for_end(run)
    show(seen)
    return 0


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    made = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    made.add_argument("--data", type=Path, nargs="+", required=True)
    made.add_argument("--source", type=Path, required=True, help="a film with faces")
    made.add_argument("--minutes", type=float, default=25.0, help="at most")
    return made


def lengthened(source: Path, film: Path) -> Path:
    """Write a film over and over until it lasts longer than a look."""
    frames = read(str(source), MOST_FRAMES, load())
    height, width, _ = frames[0].shape
    with media.VideoWriter(film, FPS, (width, height)) as writer:
        for n in range(int((LOOK + 5) * FPS)):
            writer.write(frames[n % len(frames)])
    return film


def begin(data: list[Path], others: list[str], home: Path) -> Path:
    """Put a run into the queue and let it be worked off; return its directory."""
    folders = [str(folder.resolve()) for folder in data]
    words = ("train", "detector", "--data", *folders, *others, "--later", "--json")
    answer = json.loads(facecam(home, *words))
    subprocess.Popen(
        [sys.executable, "-m", "facecam", "train", "work"],
        env=environment_of(home), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return Path(answer["run"])


def window(film: Path, home: Path, shown: str) -> dict[str, Any]:
    """Open the window for a while; return what its process reports."""
    script = Path(__file__).with_name("bench_window.py")
    arguments = [str(film), str(LOOK), str(time.time()), shown]
    done = subprocess.run(
        [sys.executable, script, *arguments], env=environment_of(home),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


def facecam(home: Path, *words: str) -> str:
    """Run a command; return what it answered."""
    done = subprocess.run(
        [sys.executable, "-m", "facecam", *words], env=environment_of(home),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def environment_of(home: Path) -> dict[str, str]:
    """Return the surroundings of a process that works in a home."""
    settings = {**os.environ, "FACECAM_HOME": str(home)}
    settings["PYTHONPATH"] = str(environment.ROOT)
    if sys.platform == "linux" and not any(
        os.environ.get(name) for name in diagnosis.DISPLAYS
    ):
        settings["QT_QPA_PLATFORM"] = "offscreen"
    return settings


def current(run: Path) -> str:
    """Return the step a run is at."""
    state = runs.read_run(run)
    found = (step.name for step in state.steps if step.state is State.RUNNING)
    return next(found, NOTHING)


def ended(run: Path) -> bool:
    """Tell whether a run is done, or failed."""
    return runs.read_run(run).state in (State.DONE, State.FAILED)


def wait_for_end(run: Path) -> None:
    """Wait until nobody works on a run any more."""
    while runs.is_running(run):
        time.sleep(0.5)


def show(seen: dict[tuple[str, str], list[dict[str, Any]]]) -> None:
    """Print a line for each step and place."""
    print(
        f"{'at work':<18}{'shown':<10}{'looks':>6}{'fps':>8}{'p99 ms':>8}{'worst':>8}"
    )
    for (step, shown), looks in sorted(seen.items()):
        rate = statistics.median(look["recognised_fps"] for look in looks)
        late = [look["timer_late_p99_ms"] for look in looks]
        middle = statistics.median(late)
        print(
            f"{step:<18}{shown:<10}{len(looks):>8}{rate:>8.1f}{middle:>8.1f}"
            f"{max(late):>8.1f}"
        )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FacecamError as error:
        sys.exit(f"{error}")
