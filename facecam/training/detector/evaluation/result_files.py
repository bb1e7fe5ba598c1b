"""What a detector found, in the files that the benchmarks' own programs read.

FDDB         one file: the picture's name without suffix, how many boxes,
             then "left top width height score" for each
WIDER FACE   <event>/<picture>.txt: the picture's name, how many boxes, the same
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from facecam import files
from facecam.annotations.annotation import Annotation
from facecam.errors import DatasetError
from facecam.faces import Detections

FDDB_FILE = "detections.txt"


def write_fddb(
    folder: Path, annotations: Sequence[Annotation], found: Sequence[Detections]
) -> Path:
    """Write the boxes found in n pictures as FDDB's evaluation reads them.

    Pictures are named by their path from the folder that holds all of them, as in
    FDDB's lists: "2002/08/11/big/img_591"; on several drives, by the whole path.

    Returns:
        The file written.
    """
    paths = [annotation.path.absolute() for annotation in annotations]
    root = _common_folder(paths)
    names = [
        (path.relative_to(root) if root else path).with_suffix("").as_posix()
        for path in paths
    ]
    text = "".join(map(_entry, names, found))
    folder.mkdir(parents=True, exist_ok=True)
    files.write(folder / FDDB_FILE, text.encode())
    return folder / FDDB_FILE


def write_wider(
    folder: Path, annotations: Sequence[Annotation], found: Sequence[Detections]
) -> int:
    """Write the boxes found in n pictures as WIDER FACE takes submissions.

    Returns:
        How many files were written, one for each picture.

    Raises:
        DatasetError: two pictures would have the same file.
    """
    paths = [Path(a.path.parent.name, f"{a.path.stem}.txt") for a in annotations]
    path, times = Counter(paths).most_common(1)[0] if paths else (None, 0)
    if times > 1:
        raise DatasetError(
            f"{times} pictures would be written to {path}. Results in WIDER FACE's "
            "layout need pictures in one folder per event: give one data set only."
        )
    for path, detections in zip(paths, found, strict=True):
        (folder / path.parent).mkdir(parents=True, exist_ok=True)
        files.write(folder / path, _entry(path.stem, detections).encode())
    return len(paths)


def _common_folder(paths: Sequence[Path]) -> Path | None:
    try:
        return Path(os.path.commonpath([path.parent for path in paths]))
    except ValueError:  # no path at all, or two drives of Windows
        return None


def _entry(name: str, found: Detections) -> str:
    """Return the lines of one picture."""
    corners, sizes = found.boxes[:, :2], found.boxes[:, 2:] - found.boxes[:, :2]
    rows = zip(corners, sizes, found.scores, strict=True)
    lines = [
        f"{x:.1f} {y:.1f} {w:.1f} {h:.1f} {score:.5f}" for (x, y), (w, h), score in rows
    ]
    return "\n".join([name, str(len(found)), *lines]) + "\n"
