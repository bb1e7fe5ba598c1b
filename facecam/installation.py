"""Get models ready to run: from a package, a download or a file somebody has.

    weights as published -> child process (facecam.nets.compile) -> checked -> published

The conversion needs TensorFlow; it runs in a process of its own so that whoever calls
this never imports it. Before a folder is published, its nets must answer a fixed probe
picture as the published model does. A file with an unknown checksum is accepted if it
passes that too: the layouts differ, the numbers do not. Random weights never run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from facecam import artifacts, downloads
from facecam.artifacts import Installed, Manifest
from facecam.config import Config
from facecam.errors import (
    ModelError,
    RuntimeUnavailable,
    WeightsCorrupt,
    WeightsMissing,
)
from facecam.faces import Floats, Image
from facecam.runtime import litert

Report = Callable[[str, float], None]
"""Takes what is being done and how far it is, 0…1."""

LEAST_AGREEMENT = 0.98
"""Cosine between a probe's embedding and the published model's. int8 reaches 0.999."""


def quiet(text: str, done: float) -> None:
    """Report to nobody."""


def install(config: Config, name: str, report: Report = quiet) -> Installed:
    """Install a model from where it is published.

    Args:
        config: says where models live.
        name: a model, or a kind for its first model.
        report: told about progress.

    Raises:
        ModelError: no such model; the download or the conversion failed.
    """
    manifest = artifacts.find(name)
    if not manifest.url:
        origin = f"{manifest.package} {manifest.version}"
        return _convert(config, manifest, (_package_files(manifest), origin), report)
    file = config.models / manifest.kind / manifest.name / "download"
    file = file / manifest.url.rsplit("/", 1)[-1]
    fetching = _part(report, 0.0, 0.5)
    downloads.download(manifest.url, file, manifest.sha256, manifest.size, fetching)
    model = _convert(config, manifest, (file, file.name), _part(report, 0.5, 1.0))
    shutil.rmtree(file.parent, ignore_errors=True)
    return model


def import_file(config: Config, path: Path, report: Report = quiet) -> Installed:
    """Install the embedder from a file or folder in any published layout.

    Raises:
        WeightsMissing: there is no such file.
        WeightsCorrupt: it is damaged, of another network, or of other training.
    """
    manifest = artifacts.find(config.embedder.model, "embedder")
    if not path.exists():
        raise WeightsMissing(f"There is no file {path}.")
    origin = path.name
    if path.is_dir() or artifacts.sha256(path) not in manifest.published.values():
        report("The checksum is not a published one: the answers decide", 0.0)
        origin = f"{path.name} (checksum unknown, answers as published)"
    return _convert(config, manifest, (path, origin), report)


def ensure_detector(config: Config, report: Report = quiet) -> Installed:
    """Return the detector, converting it if it is missing or damaged (some seconds)."""
    manifest = artifacts.find(config.detector.model, "detector")
    try:
        found = artifacts.installed(config.models, manifest.kind, manifest.name)
        if found is not None and found.files.keys() >= set(manifest.files):
            artifacts.verify(found)
            return found
    except (WeightsCorrupt, WeightsMissing):
        report("The detector is damaged and is converted anew", 0.0)
    return install(config, manifest.name, report)


def verify(config: Config) -> dict[str, str]:
    """Check every installed model; return what is wrong by model, "" if nothing."""
    findings = {}
    for manifest in artifacts.catalogue():
        try:
            model = artifacts.installed(config.models, manifest.kind, manifest.name)
            if model is None:
                continue
            artifacts.verify(model)
            findings[manifest.name] = ""
        except ModelError as error:
            findings[manifest.name] = str(error)
    return findings


def remove(config: Config, name: str) -> None:
    """Remove what is installed of a model, the version before it and any download.

    Raises:
        ModelError: there is no such model.
    """
    manifest = artifacts.find(name)
    folder = config.models / manifest.kind / manifest.name
    for part in (artifacts.FINAL, artifacts.PREVIOUS, "download"):
        shutil.rmtree(folder / part, ignore_errors=True)


def _convert(
    config: Config, manifest: Manifest, weights: tuple[Path, str], report: Report
) -> Installed:
    """Convert, check and publish weights, given by path and by what to call them."""
    source, origin = weights
    folder = config.models / manifest.kind / manifest.name
    with _scratch(folder) as partial:
        arrays = _run_converter(manifest.kind, partial, source, report)
        report("Checking", 0.97)
        _check(manifest, partial)
        artifacts.write_installed(partial, origin, arrays)
        artifacts.publish(partial, folder / artifacts.FINAL)
    report("Installed", 1.0)
    model = artifacts.installed(config.models, manifest.kind, manifest.name)
    assert model is not None
    return model


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Give a new folder beside the final one; remove it if it is still there after."""
    partial = folder / f"{artifacts.FINAL}.{secrets.token_hex(4)}"
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise ModelError(
            f"{folder} cannot be written: {error}. Make it writable, or let "
            "FACECAM_HOME name another folder."
        ) from error
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _run_converter(kind: str, out: Path, source: Path, report: Report) -> str:
    """Run facecam.nets.compile in a child process; return the arrays' checksum."""
    command = [
        sys.executable,
        "-m",
        "facecam.nets.compile",
        kind,
        str(out),
        str(source),
    ]
    last: dict[str, Any] = {}
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ) as child,
    ):
        try:
            for last in _messages(child):
                if "done" in last:
                    report(last["text"], 0.95 * last["done"])
        except BaseException:
            child.kill()
            raise
        child.wait()
        log.seek(0)
        words = log.read()[-2000:].strip()
    if "error" in last:
        raise REFUSALS.get(last["type"], ModelError)(last["error"])
    if child.returncode != 0 or "arrays" not in last:
        raise RuntimeUnavailable(
            f"The conversion of {source.name} stopped with exit code "
            f"{child.returncode}. It needs TensorFlow and about 2 GB of free memory. "
            f"Its last words:\n{words}"
        )
    return last["arrays"]


REFUSALS: dict[str, type[ModelError]] = {
    kind.__name__: kind for kind in (WeightsCorrupt, WeightsMissing)
}
"""Errors the child tells by name."""


def _messages(child: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    """Yield the child's JSON lines; anything else a library prints is passed over."""
    assert child.stdout is not None
    for line in child.stdout:
        if line.startswith("{"):
            yield json.loads(line)


def _environment() -> dict[str, str]:
    """Return the child's environment: TensorFlow on the CPU, quiet, our package."""
    package = str(Path(__file__).resolve().parents[1])
    paths = [package, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return os.environ | {
        "CUDA_VISIBLE_DEVICES": "-1",
        "KERAS_BACKEND": "tensorflow",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONSAFEPATH": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
    }


def _package_files(manifest: Manifest) -> Path:
    """Return the folder of the weight files a Python package carries, checked.

    Raises:
        WeightsMissing: the package is not installed.
        WeightsCorrupt: a file is not the one published.
    """
    spec = importlib.util.find_spec(manifest.package)
    if spec is None or spec.origin is None:
        raise WeightsMissing(
            f"The weights of {manifest.name} come with the Python package "
            f"{manifest.package}, which is not installed. "
            f"Run: pip install {manifest.package}=={manifest.version}"
        )
    folder = Path(spec.origin).parent / manifest.subfolder
    for name, checksum in manifest.published.items():
        path = folder / name
        if not path.is_file() or artifacts.sha256(path) != checksum:
            raise WeightsCorrupt(
                f"{path} is not the published file. "
                f"Run: pip install --force-reinstall {manifest.package}"
            )
    return folder


def _check(manifest: Manifest, folder: Path) -> None:
    """Run the compiled nets once; compare the embedder with the published one.

    Raises:
        WeightsCorrupt: a net answers otherwise than the published model does.
    """
    for name in manifest.files:
        net = litert.load(folder / name, threads=2)
        side = manifest.input["size"]
        if not isinstance(side, int):
            side = side[name.removesuffix(".tflite").removesuffix("-int8")]
        outputs = net(probe(side))
        if not all(np.isfinite(output).all() for output in outputs):
            raise WeightsCorrupt(f"{name} computes values that are not numbers.")
        if manifest.kind == "embedder":
            _check_embedding(manifest, outputs[0])


def _check_embedding(manifest: Manifest, embedding: Floats) -> None:
    """Compare embeddings of the probe, (n, d), with the published model's."""
    published = np.load(manifest.folder / "probe.npy", allow_pickle=False)
    agreement = (embedding * published).sum(axis=1).min()
    if agreement < LEAST_AGREEMENT:
        raise WeightsCorrupt(
            f"These weights fit the network but are not those of {manifest.name}: on a "
            f"test picture they agree only by {agreement:.2f} (1 is the same). Use a "
            "published file."
        )


def probe(side: int) -> Image:
    """Return two fixed colourful pictures, (2, side, side, 3): waves and rings."""
    y, x = np.mgrid[0:side, 0:side] * (12.0 / side)
    channels = np.arange(3)
    waves = np.sin(x[..., None] * (1 + channels) + y[..., None] * (3 - channels))
    rings = np.cos(np.hypot(x - 6, y - 5)[..., None] * (1 + 0.5 * channels))
    pictures = np.stack([waves, rings])  # (2, side, side, 3)
    return np.round(127.5 + 120 * pictures).astype(np.uint8)


def _part(report: Report, start: float, end: float) -> Report:
    """Return a report whose 0…1 is a part of the whole."""
    return lambda text, done: report(text, start + (end - start) * done)
