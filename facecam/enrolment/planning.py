"""Who is to be enrolled from which files. Looks at names only, opens no picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from facecam.enrolment.screening import Reason, Skipped
from facecam.errors import ImageError
from facecam.media import SUFFIXES, find_images


@dataclass(frozen=True, slots=True)
class Batch:
    """The files of one person."""

    name: str
    """Empty: it has yet to be asked for."""
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is to be enrolled from which files."""

    people: tuple[Batch, ...]
    skipped: tuple[Skipped, ...] = ()
    """Files that cannot be told to be anybody's."""

    @property
    def files(self) -> int:
        """How many files there are to look at."""
        return sum(len(batch.files) for batch in self.people)


def plan(paths: Sequence[Path], name: str = "") -> Plan:
    """Say whose pictures files and folders hold.

    Args:
        paths: pictures, and folders of them.
        name: everything shows this person. Without it a folder is named like its
            person, a folder of folders is a tree, and loose pictures wait for a name.

    Raises:
        ImageError: there is no such file or folder, or no picture at all.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise ImageError(f"There is no file {missing[0]}. Check the name.")
    if name:
        files = [f for path in paths for f in _pictures(path)]
        found = Plan((Batch(name, tuple(dict.fromkeys(files))),)) if files else Plan(())
    else:
        found = _by_folder(paths)
    if not found.files and not found.skipped:
        where = ", ".join(str(path) for path in paths)
        raise ImageError(f"There is no picture in {where}. Give another folder.")
    return found


def plan_tree(folder: Path) -> Plan:
    """Say whose pictures a tree name/picture holds, one folder per person.

    Raises:
        ImageError: there is no such folder, or no picture in it.
    """
    if not folder.is_dir():
        raise ImageError(f"There is no folder {folder}. Check the name.")
    why = "It lies beside the people's folders. Move it into one of them."
    loose = [
        Skipped(path, Reason.NOBODY, why)
        for path in _listed(folder)
        if _is_picture(path)
    ]
    people = tuple(batch for batch in _below(folder) if batch.files)
    if not people:
        raise ImageError(
            f"{folder} holds no folders of pictures. Expected one folder per person, "
            "named like the person."
        )
    return Plan(people, tuple(loose))


def _pictures(path: Path) -> list[Path]:
    return find_images(path) if path.is_dir() else [path]


def _by_folder(paths: Sequence[Path]) -> Plan:
    """Name the pictures of each folder like the folder."""
    loose = [path for path in paths if not path.is_dir()]
    batches = [Batch("", tuple(dict.fromkeys(loose)))] if loose else []
    for folder in dict.fromkeys(path for path in paths if path.is_dir()):
        direct = [path for path in _listed(folder) if _is_picture(path)]
        if direct:
            batches.append(Batch(folder.resolve().name, tuple(find_images(folder))))
        else:
            batches += _below(folder)
    return Plan(tuple(batch for batch in batches if batch.files))


def _below(folder: Path) -> list[Batch]:
    """Return one batch per folder in a folder."""
    return [
        Batch(below.name, tuple(find_images(below)))
        for below in _listed(folder)
        if below.is_dir()
    ]


def _listed(folder: Path) -> list[Path]:
    """Return what a folder holds, sorted, without hidden things."""
    return sorted(p for p in folder.iterdir() if not p.name.startswith("."))


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.is_file()
