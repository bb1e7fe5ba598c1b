"""Weights -> a folder with compiled nets, by a child process.

The conversion needs TensorFlow; it runs in a process of its own so that whoever calls
this never imports it.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

from facecam import artifacts
from facecam.artifacts import Installed, Manifest, Origin
from facecam.config import Config
from facecam.errors import (
    ModelError,
    RuntimeUnavailable,
    WeightsCorrupt,
    WeightsMissing,
)
from facecam.installation.checking import check

Report: TypeAlias = Callable[[str, float], None]
"""Takes what is being done and how far it is, 0…1."""

REFUSALS: dict[str, type[ModelError]] = {
    kind.__name__: kind for kind in (WeightsCorrupt, WeightsMissing)
}
"""Errors the child tells by name."""


DIGITS = 8
"""Hexadecimal digits that tell conversions under way from each other."""
ABANDONED = 24 * 3600.0
"""Seconds after which nobody works on a conversion any more."""


def quiet(text: str, done: float) -> None:
    """Report to nobody."""


def convert(
    config: Config, manifest: Manifest, weights: Path, origin: Origin, report: Report
) -> Installed:
    """Convert weights, check the nets, publish them and keep the version before.

    Args:
        config: says where models live.
        manifest: the model they are weights of.
        weights: in any layout that facecam.nets.compile reads.
        origin: what to call them, and the settings that belong to them.
        report: told about progress.

    Raises:
        ModelError: they are of another network or damaged, or the disk refuses.
    """
    folder = config.models / manifest.kind / manifest.name
    with _scratch(folder) as partial:
        what = manifest.network or manifest.kind
        arrays = _run_converter(what, partial, weights, report)
        report("Checking", 0.97)
        check(manifest, partial)
        artifacts.write_installed(partial, origin, arrays)
        artifacts.publish(partial, folder / artifacts.FINAL)
    report("Installed", 1.0)
    return now_installed(config, manifest)


def now_installed(config: Config, manifest: Manifest) -> Installed:
    """Return what has just been put in place."""
    model = artifacts.installed(config.models, manifest.kind, manifest.name)
    if model is None:
        raise ModelError(
            f"{manifest.name} was removed by another program while it was installed. "
            f"Run: facecam models install {manifest.name}"
        )
    return model


def _sweep(folder: Path) -> None:
    """Delete what conversions left that were killed."""
    long_ago = time.time() - ABANDONED
    for left in folder.glob(f"{artifacts.FINAL}.{'[0-9a-f]' * DIGITS}"):
        with suppress(OSError):  # another program was quicker
            if left.stat().st_mtime < long_ago:
                shutil.rmtree(left)


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Give a new folder beside the final one; remove it if it is still there after."""
    partial = folder / f"{artifacts.FINAL}.{secrets.token_hex(DIGITS // 2)}"
    _sweep(folder)
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


def _run_converter(what: str, out: Path, source: Path, report: Report) -> str:
    """Run facecam.nets.compile in a child process; return the arrays' checksum."""
    command = [
        sys.executable,
        "-m",
        "facecam.nets.compile",
        what,
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


def _messages(child: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    """Yield the child's JSON lines; anything else a library prints is passed over."""
    assert child.stdout is not None
    for line in child.stdout:
        if line.startswith("{"):
            yield json.loads(line)


def _environment() -> dict[str, str]:
    """Return the child's environment: TensorFlow on the CPU, quiet, our package."""
    package = str(Path(__file__).resolve().parents[2])
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
