"""Where the picture lies that a file of annotations names.

Tools write a bare name, a path from wherever they ran, or one of another computer. So
the name is looked for beside the file, around it, and at last among all pictures of the
set, where it must be the only one of that name.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from pathlib import Path, PurePosixPath

from facecam.media import SUFFIXES, find_images

FOLDERS = ("", "images", "JPEGImages")
"""Where pictures lie, in the folder of the file that names them or the one above."""


def is_there(path: Path) -> bool:
    """Tell whether there is a file; a name that no disk can hold is none."""
    try:
        return path.is_file()
    except OSError:
        return False


class Finder:
    """Finds pictures by name below the folder of a set."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def find(self, name: str, beside: Path) -> Path:
        """Return the picture that a file in the folder `beside` calls so.

        Where there is none, the path where it was expected. A name without suffix fits
        a picture of any format.
        """
        relative = PurePosixPath(name.replace("\\", "/"))
        for folder in (beside, beside.parent):
            for below in FOLDERS:
                path = folder / below / relative
                if is_there(path):
                    return path
        same = self._by_name.get(relative.name, [])
        if len(same) == 1:
            return same[0]
        complete = relative.suffix.lower() in SUFFIXES
        return beside / (relative if complete else f"{relative}.jpg")

    @cached_property
    def _by_name(self) -> dict[str, list[Path]]:
        """All pictures of the set by their names, with and without suffix."""
        found: dict[str, list[Path]] = defaultdict(list)
        for path in find_images(self._root):
            found[path.name].append(path)
            found[path.stem].append(path)
        return found
