"""Measure facecam on this computer: stages, rates, start, memory, smoothness.

    python scripts/bench.py [--source FILM_OR_PICTURE] [--json]

Everything is measured with the code that the window runs. The window itself is opened
in a process of its own (scripts/bench_window.py), invisibly where there is no display.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import environment

if not all(map(importlib.util.find_spec, ("cv2", "ai_edge_litert", "PySide6"))):
    environment.require_python()
    environment.prepare("requirements.txt")
    sys.exit(subprocess.call([environment.PYTHON, *sys.argv]))
sys.path.insert(0, str(environment.ROOT))

import numpy as np

from facecam import diagnosis, installation, media, pipeline
from facecam.camera import open_camera
from facecam.config import Config, load
from facecam.errors import FacecamError, SourceEnded
from facecam.faces import Frame, Image
from facecam.gallery import Shot
from facecam.recognizer import Recognizer
from facecam.vision.identifier import Identifier
from facecam.vision.tracker import Tracker

FPS = 30.0
STAGES = {"_propose": "P-Net", "_refine": "R-Net", "_finish": "O-Net"}
"""The detector's own stages, by the name of its method."""
WINDOW_SECONDS = 8.0


def main() -> int:
    """Measure, then print a table or one JSON object."""
    options = parser().parse_args()
    config = load()
    installation.ensure_detector(config)
    with tempfile.TemporaryDirectory() as place:
        config = replace(config, home=home(Path(place), config))
        frames = read(options.source, options.frames, config)
        recognizer = pipeline.build_recognizer(config)
        identifier = enrol(recognizer, frames, config)
        recognizer.use(identifier)
        height, width, _ = frames[0].shape
        measured: dict[str, Any] = {
            "processor": diagnosis.processor(),
            "runtime": recognizer.runtime,
            "picture": f"{width}x{height}, min face {config.detector.min_face}",
            "every_face_every_frame": every_face(
                recognizer, identifier, frames, config
            ),
            "live": live(recognizer, frames),
        }
        if not options.no_window:
            measured["window"] = window(frames, Path(place))
    if options.json:
        print(json.dumps(measured, indent=1))
    else:
        show(measured)
    return 0


def parser() -> argparse.ArgumentParser:
    """Describe the arguments."""
    made = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--source", help="film or picture; default: the demo's, 640×480")
    made.add_argument("--frames", type=int, default=150, help="how many (%(default)s)")
    made.add_argument("--no-window", action="store_true", help="skip start and window")
    made.add_argument("--json", action="store_true", help="print one JSON object")
    return made


def home(place: Path, config: Config) -> Path:
    """Make a home with this one's models and nobody enrolled."""
    shutil.copytree(config.models, place / "models", copy_function=_link)
    return place


def read(source: str | None, count: int, config: Config) -> list[Image]:
    """Return the first pictures of a film, or one picture many times."""
    if source is None:
        return [diagnosis.scene()] * count
    if Path(source).suffix.lower() in (".jpg", ".jpeg", ".png", ".bmp", ".webp"):
        return [media.read_image(Path(source))] * count
    camera = open_camera(source, config.camera, paced=False)
    images: list[Image] = []
    try:
        while len(images) < count:
            images.append(camera.read().image)
    except SourceEnded:
        pass
    finally:
        camera.close()
    return images


def enrol(
    recognizer: Recognizer, frames: list[Image], config: Config
) -> Identifier | None:
    """Enrol the best face of the frames; None without an embedder or a face."""
    if recognizer.embedder is None:
        return None
    gallery = pipeline.open_gallery(config, recognizer.embedder)
    for image in frames[::10]:
        found = recognizer.detector.detect(image)
        if len(found):
            shot = Shot(image, found.boxes[0], found.landmarks[0])
            gallery.enrol("Somebody", [shot])
            return pipeline.fit_identifier(config, gallery)
    return None


def every_face(
    recognizer: Recognizer,
    identifier: Identifier | None,
    frames: list[Image],
    config: Config,
) -> dict[str, Any]:
    """Detect, embed and identify every face of every frame -> median times, ms."""
    detector, embedder = recognizer.detector, recognizer.embedder
    tracker = Tracker(config.tracker)
    laps: dict[str, list[float]] = defaultdict(list)
    for method, stage in STAGES.items():
        if hasattr(detector, method):
            setattr(detector, method, timed(getattr(detector, method), laps[stage]))
    faces = 0
    for n, image in enumerate(frames):
        began = time.perf_counter()
        found = timed(detector.detect, laps["detect"])(image)
        if embedder is not None and len(found):
            crops = timed(embedder.crop, laps["align"])(image, found)
            embeddings = timed(embedder.embed, laps["embed"])(crops)
            if identifier is not None:
                timed(identifier.identify, laps["identify"])(embeddings)
        laps["total"].append(time.perf_counter() - began)
        timed(tracker.update, laps["track"])(image, found, n / FPS)
        faces += len(found)
    for method in STAGES:
        vars(detector).pop(method, None)
    medians = {stage: milliseconds(np.median(took)) for stage, took in laps.items()}
    rate = round(1000 / medians["total"], 1)
    return {
        "faces_per_frame": round(faces / len(frames), 2),
        "frames_per_second": rate,
        "ms": medians,
    }


def live(recognizer: Recognizer, frames: list[Image]) -> dict[str, Any]:
    """Recognise as the window does, with tracks, as fast as it goes."""
    recognizer.reset()
    took: list[float] = []
    for n, image in enumerate(frames):
        frame = Frame(image, n, n / FPS)
        timed(recognizer.process, took)(frame)
    return {
        "frames_per_second": round(len(took) / sum(took), 1),
        "ms_median": milliseconds(np.median(took)),
        "ms_p99": milliseconds(np.quantile(took, 0.99)),
    }


def window(frames: list[Image], place: Path) -> dict[str, Any]:
    """Open the window on the frames as a film; what its process reports."""
    film = place / "film.mp4"
    height, width, _ = frames[0].shape
    with media.VideoWriter(film, FPS, (width, height)) as writer:
        for n in range(int((WINDOW_SECONDS + 2) * FPS)):
            writer.write(frames[n % len(frames)])
    settings = {**os.environ, "FACECAM_HOME": str(place)}
    if sys.platform == "linux" and not any(
        os.environ.get(name) for name in diagnosis.DISPLAYS
    ):
        settings["QT_QPA_PLATFORM"] = "offscreen"
    settings["PYTHONPATH"] = str(environment.ROOT)
    script = Path(__file__).with_name("bench_window.py")
    began = time.time()
    done = subprocess.run(
        [sys.executable, script, str(film), str(WINDOW_SECONDS), str(began)],
        env=settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1:]}
    seen = dict(json.loads(done.stdout.splitlines()[-1]))
    log = place / "logs" / "facecam.log"
    if "first_name_s" not in seen and log.is_file():
        seen["log"] = log.read_text("utf-8").splitlines()[-1:]
    return seen


def timed(work: Callable[..., Any], laps: list[float]) -> Callable[..., Any]:
    """Return the same function, noting how long each call took."""

    def measured(*arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return work(*arguments)
        finally:
            laps.append(time.perf_counter() - began)

    return measured


def milliseconds(seconds: float) -> float:
    """Return a time in ms, to a hundredth."""
    return round(float(seconds) * 1000, 2)


def show(measured: dict[str, Any]) -> None:
    """Print nested values as lines."""
    for name, value in _lines(measured, ""):
        print(f"{name:<42} {value}")


def _lines(values: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{prefix}{name} · ")
        else:
            yield f"{prefix}{name}", value


def _link(source: str, target: str) -> None:
    """Put a file at a second place without copying it where that is possible."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except FacecamError as error:
        sys.exit(f"{error}")
