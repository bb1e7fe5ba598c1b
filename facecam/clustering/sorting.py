"""Clusters as folders: a copy of each picture in the folder of its person."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from facecam import files
from facecam.clustering.grouping import ALONE, Labels
from facecam.errors import ImageError

INDEX = "clusters.json"
APART = "alone"


def folder_of(label: int) -> str:
    """Return the name of the folder of a cluster: "person-001"; "alone"."""
    return APART if label == ALONE else f"person-{label + 1:03}"


def sort_into(
    target: Path, pictures: Sequence[Path], labels: Labels, said: dict[str, Any]
) -> None:
    """Copy pictures into a folder per cluster, all or nothing.

    A picture with faces of several people is copied to each of them. Copies of one name
    from several folders get the folder's name before theirs.

    Args:
        target: a folder that is empty or not there.
        pictures: n, one for each face.
        labels: (n,), of `cluster`.
        said: goes into clusters.json.

    Raises:
        ImageError: the folder holds something, or the disk refuses.
    """
    try:
        with files.new_folder(target) as folder:
            taken: set[str] = set()
            for path, label in dict.fromkeys(
                zip(pictures, labels.tolist(), strict=True)
            ):
                copy = _free(folder / folder_of(label) / path.name, path, taken)
                copy.parent.mkdir(exist_ok=True)
                shutil.copyfile(path, copy)
            (folder / INDEX).write_text(json.dumps(said, indent=1), "utf-8")
    except OSError as error:
        raise ImageError(
            f"Cannot write {target}: {error.strerror or error}. "
            "Check the folder and its space, or choose another."
        ) from error


def _free(copy: Path, path: Path, taken: set[str]) -> Path:
    """Return a name nobody has taken yet, on any system."""
    name, number = copy, 1
    if files.alike(name) in taken:
        name = copy.with_name(f"{path.parent.name}_{path.name}")
    while files.alike(name) in taken:
        number += 1
        name = copy.with_name(f"{path.parent.name}_{path.stem}_{number}{path.suffix}")
    taken.add(files.alike(name))
    return name
