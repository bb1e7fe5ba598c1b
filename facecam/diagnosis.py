"""What works on this computer and what does not: the findings behind `facecam doctor`.

Each check answers with findings; one that stops facecam from doing its work is BROKEN
and says how to cure it. Qt and Keras are tried in processes of their own: a missing
system library ends a process that loads Qt, and looking for a GPU costs 600 MB.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from facecam import artifacts, camera, media, pipeline
from facecam.config import THRESHOLDS, Config
from facecam.errors import FacecamError
from facecam.faces import Image
from facecam.recognizer import Recognizer

PACKAGES = (
    "numpy", "opencv-python-headless", "ai-edge-litert", "scikit-learn",
    "PySide6-Essentials", "keras", "tensorflow", "h5py", "pillow", "platformdirs",
)  # fmt: skip
"""The distributions facecam cannot do all its work without."""
QT_PROBE = "from PySide6.QtWidgets import QApplication; QApplication([])"
GPU_PROBE = "from facecam.runtime import gpu; print('GPU:', gpu.available() or '')"
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
PICTURE = Path(__file__).parent / "app" / "demo" / "astronaut.jpg"
SIZE = (640, 480)
"""Width and height of the picture that speed is measured on, pixels."""
RUNS = 15
"""How often the speed of each part is measured; the median counts."""
PATIENCE = 60.0
"""Seconds a probe in a process of its own may take."""


class State(Enum):
    """How a finding is to be taken."""

    FINE = "fine"
    NOTE = "note"
    """Something is absent, but not needed for the rest to work."""
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    topic: str
    state: State
    text: str
    advice: str = ""
    """What to do about it."""


@dataclass(frozen=True)
class Speed:
    """Median times of one picture of 640×480 with one face, seconds."""

    detect: float
    embed: float | None
    """None without an embedder."""

    @property
    def per_second(self) -> float:
        """Frames a second if every face is embedded in every frame."""
        return 1 / (self.detect + (self.embed or 0.0))


def diagnose(config: Config) -> Iterator[Finding]:
    """Look at everything, slow things last; findings come as they are made."""
    yield python()
    yield from packages()
    yield qt()
    yield cameras()
    yield from models(config)
    yield detector(config)
    yield gpu()
    yield from runtime(config)


def python() -> Finding:
    """Say which Python runs on what."""
    text = f"{platform.python_version()} on {platform.platform()}, {processor()}"
    return Finding("Python", State.FINE, f"{text}, {os.cpu_count()} cores")


def packages() -> Iterator[Finding]:
    """Say which packages are installed, in which versions."""
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    yield Finding("Packages", State.FINE, ", ".join(found))
    if missing:
        advice = f"Type: {Path(sys.executable).name} -m pip install {' '.join(missing)}"
        yield Finding(
            "Packages", State.BROKEN, f"missing: {', '.join(missing)}", advice
        )


def qt(environment: dict[str, str] | None = None) -> Finding:
    """Open an invisible window in another process, on the display there is."""
    settings = dict(os.environ if environment is None else environment)
    shown = sys.platform != "linux" or any(settings.get(name) for name in DISPLAYS)
    code, said = _probe(QT_PROBE, settings if shown else _offscreen(settings))
    missing = sorted({*_unlinked(), *re.findall(r"(lib\S+\.so[.\d]*): cannot", said)})
    if missing:
        advice = "Start scripts/run.py: it installs them, or shows the command."
        text = f"libraries of the system are missing: {' '.join(missing)}"
        return Finding("Qt", State.BROKEN, text, advice)
    if code:
        last = said.strip().splitlines()[-1:] or [f"it ended with code {code}"]
        return Finding("Qt", State.BROKEN, last[0], "Install PySide6-Essentials anew.")
    if not shown:
        advice = "Windows need a desktop session, ssh -X or xvfb-run."
        return Finding("Qt", State.NOTE, "works, but there is no display", advice)
    return Finding("Qt", State.FINE, "a window can be opened")


def cameras() -> Finding:
    """Say which webcams are connected."""
    found = camera.list_cameras()
    if not found:
        advice = "Connect one, or use a video file, a folder or a network stream."
        return Finding("Cameras", State.NOTE, "no webcam", advice)
    named = ", ".join(f"{each.index}: {each.name}" for each in found)
    return Finding("Cameras", State.FINE, named)


def models(config: Config) -> Iterator[Finding]:
    """Check every model of the catalogue against its checksums.

    One that is not in use need not be there.
    """
    used = config.detector.model, artifacts.running(config)
    for manifest in artifacts.catalogue(config):
        topic = f"Model {manifest.name}"
        advice = f"Type: facecam models install {manifest.name}"
        if manifest.own:
            advice += f", or: facecam models delete {manifest.name}"
        missing = State.BROKEN if manifest.name in used else State.NOTE
        try:
            model = artifacts.installed(config.models, manifest.kind, manifest.name)
            if model is None:
                absent = "not installed" if missing is State.BROKEN else "not in use"
                yield Finding(topic, missing, absent, advice)
                continue
            artifacts.verify(model)
        except FacecamError as error:
            yield Finding(topic, missing, str(error), advice)
            continue
        text = f"verified, from {model.source}, in {model.folder}"
        yield Finding(topic, State.FINE, text)
    for path in artifacts.damaged(config):
        advice = f"Delete {path.parent} and deploy its run anew: facecam deploy RUN"
        state = State.BROKEN if path.parent.name in used else State.NOTE
        said = f"{path} cannot be read"
        yield Finding(f"Model {path.parent.name}", state, said, advice)


def detector(config: Config) -> Finding:
    """Say which detector finds faces, where it comes from and what came before."""
    chosen = config.detector
    if chosen.kind != "mtcnn":
        return Finding("Detector", State.FINE, f"{chosen.kind}, as facecam.toml says")
    where = config.models, "detector", chosen.model
    try:
        model, earlier = artifacts.installed(*where), artifacts.before(*where)
        settled = pipeline.detector_config(config)
    except FacecamError as error:
        return Finding("Detector", State.BROKEN, str(error))
    if model is None:
        advice = f"Type: facecam models install {chosen.model}"
        return Finding("Detector", State.BROKEN, "none is installed", advice)
    thresholds = "/".join(f"{limit:g}" for limit in settled.thresholds or THRESHOLDS)
    day = f", installed {model.when[:10]}" if model.when else ""
    note = f"; {model.origin.note}" if model.origin.note else ""
    text = f"{chosen.model}, from {model.source}{day}, thresholds {thresholds}{note}"
    back = "Back to that of {}: facecam rollback detector"
    advice = back.format(earlier.source) if earlier else ""
    return Finding("Detector", State.FINE, text, advice)


def gpu() -> Finding:
    """Ask Keras, in another process, for a GPU."""
    code, said = _probe(GPU_PROBE, dict(os.environ))
    told = re.search(r"^GPU: *(.*)$", said, re.MULTILINE)
    if code or told is None:
        last = said.strip().splitlines()[-1:] or ["it cannot be asked"]
        return Finding("GPU", State.NOTE, f"Keras does not start: {last[0]}")
    if not told[1]:
        return Finding("GPU", State.NOTE, "Keras sees none; the CPU does the work")
    return Finding("GPU", State.FINE, told[1])


def runtime(config: Config) -> Iterator[Finding]:
    """Run the nets that would be chosen, and measure them."""
    try:
        recognizer = pipeline.build_recognizer(config)
    except FacecamError as error:
        yield Finding("Runtime", State.BROKEN, str(error))
        return
    yield Finding("Runtime", State.FINE, recognizer.runtime)
    speed = measure(recognizer, scene())
    times = f"finding faces {speed.detect * 1000:.1f} ms"
    if speed.embed is not None:
        times += f", a face's embedding {speed.embed * 1000:.1f} ms"
    text = f"{times}: {speed.per_second:.0f} frames/s without tracking"
    yield Finding("Speed", State.FINE, text)


def measure(recognizer: Recognizer, image: Image) -> Speed:
    """Time the parts of a recognizer on one picture with a face."""
    detector, embedder = recognizer.detector, recognizer.embedder
    detections = detector.detect(image)
    detect = median_time(lambda: detector.detect(image))
    if embedder is None or not len(detections):
        return Speed(detect, None)
    crops = embedder.crop(image, detections.keep(np.arange(1)))
    embedder.embed(crops)
    return Speed(detect, median_time(lambda: embedder.embed(crops)))


def median_time(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of some work, seconds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def scene(path: Path = PICTURE) -> Image:
    """Return a picture cut and scaled to 640×480; the demo's face unless told."""
    import cv2

    picture = media.read_image(path)
    height, width, _ = picture.shape
    part = min(height, width * SIZE[1] // SIZE[0])
    return np.asarray(cv2.resize(picture[:part], SIZE, interpolation=cv2.INTER_AREA))


def processor() -> str:
    """Name the processor as its maker does, where the system tells."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        told = re.search(r"model name\s*: (.+)", cpuinfo.read_text("utf-8"))
        return told[1].strip() if told else platform.machine()
    return platform.processor() or platform.machine()


def _probe(code: str, environment: dict[str, str]) -> tuple[int, str]:
    """Run Python code in another process -> its exit code and what it said."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, timeout=PATIENCE,
            capture_output=True, encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return 1, f"no answer within {PATIENCE:.0f} seconds"
    return done.returncode, done.stderr + done.stdout


def _offscreen(settings: dict[str, str]) -> dict[str, str]:
    return {**settings, "QT_QPA_PLATFORM": "offscreen"}


def _unlinked() -> list[str]:
    """Name the libraries that Qt's window plugin for X needs and does not find."""
    spec = find_spec("PySide6")
    if sys.platform != "linux" or spec is None or not shutil.which("ldd"):
        return []
    plugin = Path(str(spec.origin)).parent / "Qt/plugins/platforms/libqxcb.so"
    done = subprocess.run(["ldd", plugin], capture_output=True, text=True, check=False)
    return re.findall(r"(\S+) => not found", done.stdout)
