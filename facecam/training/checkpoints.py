"""Checkpoints of a fit: everything needed to go on, thinned as they grow old."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam import files

PATTERN = "checkpoint-*.npz"
_DAMAGED = (
    *(OSError, EOFError, ValueError, KeyError, TypeError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error),
)
"""What NumPy and zipfile raise over a file that is not as it was written."""


def save(
    folder: Path, steps: int, arrays: Mapping[str, NDArray[Any]], keep: int
) -> None:
    """Write a checkpoint, then delete all but the newest `keep`."""
    files.write(folder / f"checkpoint-{steps:07d}.npz", packed(arrays))
    thin(folder, keep)


def newest(folder: Path) -> dict[str, NDArray[Any]] | None:
    """Return the newest checkpoint that can be read, None if there is none."""
    for path in sorted(folder.glob(PATTERN), reverse=True):
        arrays = unpacked(path)
        if arrays is not None:
            return arrays
    return None


def thin(folder: Path, keep: int) -> None:
    """Delete all checkpoints but the newest `keep`, at least one."""
    for old in sorted(folder.glob(PATTERN))[:-keep]:
        old.unlink(missing_ok=True)


def packed(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return arrays as the content of an .npz file."""
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()


def unpacked(path: Path) -> dict[str, NDArray[Any]] | None:
    """Return the arrays of an .npz file, None if it is missing or damaged."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except _DAMAGED:
        return None
