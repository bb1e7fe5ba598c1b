"""A run on a real disk of 320 kB: it stops, says so, and goes on when there is room."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOUNT = "mount -t tmpfs -o size=320k none"


@pytest.fixture
def disk(tmp_path):
    """A folder on which a disk of 320 kB can be mounted, in a namespace of its own."""
    if shutil.which("unshare") is None:
        pytest.skip("Only Linux can mount a tiny disk for one process.")
    probe = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    tried = subprocess.run(
        [*probe, f"{MOUNT} {tmp_path}"], capture_output=True, check=False
    )
    if tried.returncode != 0:
        pytest.skip("This system does not let us mount a disk.")
    return tmp_path, probe


def test_a_run_on_a_real_full_disk_stops_and_goes_on(disk):
    folder, unshared = disk
    program = f"{MOUNT} {folder} && exec {sys.executable} -m tests.training.filling"

    done = subprocess.run(
        [*unshared, f"{program} {folder}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    happened = json.loads(done.stdout)
    first, second, _ = happened["told"]
    assert first.startswith("The disk is full: ")
    assert second.startswith("The disk is full: ")
    assert "run the same command again" in first
    assert happened["states"] == ["failed"]
    assert all(error.startswith("The disk is full: ") for error in happened["errors"])
    assert happened["whole"]
    assert 0 < happened["metrics"]["written"] < 10  # the others were kept
