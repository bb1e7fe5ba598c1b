"""Which pictures an embedder learns from, and which are held out to measure on.

people    one folder of pictures per person; whole people are held out
crops     pictures without names, in any folders; for a teacher
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from facecam import files
from facecam.config.embedding_training import PeopleConfig
from facecam.errors import DatasetError, ImageError
from facecam.media import find_images
from facecam.training.datasets import read_people
from facecam.training.step import Inputs, Metrics, Report

INDEX = "index.json"
NOBODY = ""
"""Whom a picture without a name shows."""
LEAST_PEOPLE = 4
"""People below which nothing can be learned and measured."""
LEAST_CROPS = 16
"""Crops without names below which the same holds."""


@dataclass(frozen=True)
class Shown:
    """A picture, and whom it shows."""

    path: Path
    person: str = NOBODY


@dataclass(frozen=True)
class Index:
    """What is learned from, and what is held out."""

    learned: tuple[Shown, ...]
    held_out: tuple[Shown, ...]
    left_out: int = 0
    """Pictures of people with too few of them."""

    def people(self) -> list[str]:
        """Return whom the pictures to learn from show, sorted: labels are places."""
        return sorted({shown.person for shown in self.learned})


@dataclass(frozen=True)
class IndexRequest:
    """What determines an index."""

    data: tuple[Path, ...]
    named: bool
    """Whether folders are people."""
    seed: int
    numbers: PeopleConfig
    content: str = ""
    """Fingerprint of the folders."""


def make_index(
    request: IndexRequest, inputs: Inputs, out: Path, report: Report
) -> Metrics:
    """Write the index; a step function.

    Raises:
        DatasetError: there is too little to learn from.
    """
    index = divide(request)
    values = {
        "learned": [_as_json(one) for one in index.learned],
        "held_out": [_as_json(one) for one in index.held_out],
        "left_out": index.left_out,
    }
    files.write(out / INDEX, json.dumps(values).encode())
    return {
        "people": len(index.people()) if request.named else 0,
        "pictures": len(index.learned),
        "held_out": len(index.held_out),
        "left_out": index.left_out,
    }


def read_index(folder: Path) -> Index:
    """Read what `make_index` wrote.

    Raises:
        DatasetError: it is damaged.
    """
    try:
        values = json.loads((folder / INDEX).read_text("utf-8"))
        learned, held_out = (
            tuple(Shown(Path(path), person) for path, person in values[name])
            for name in ("learned", "held_out")
        )
        return Index(learned, held_out, int(values["left_out"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"{folder / INDEX} cannot be read: {error}. Delete {folder} and run again."
        ) from error


def divide(request: IndexRequest) -> Index:
    """Divide the pictures of some folders.

    Raises:
        DatasetError: there is no such folder, or too little in it.
    """
    numbers = request.numbers
    rng = np.random.default_rng((request.seed, 1))
    if not request.named:
        shown = [Shown(path) for path in _pictures(request.data)]
        if len(shown) < LEAST_CROPS:
            raise DatasetError(
                f"There are {len(shown)} pictures in {_named(request.data)}; at least "
                f"{LEAST_CROPS} are needed, and thousands to learn from."
            )
        return Index(*_split(shown, numbers.held_out, rng, least=4))
    people = _people(request.data)
    by_pictures = numbers.hold_out == "pictures"
    least = numbers.least * (2 if by_pictures else 1)
    kept = {name: paths for name, paths in people.items() if len(paths) >= least}
    if len(kept) < LEAST_PEOPLE:
        raise DatasetError(
            f"{_named(request.data)} shows {len(kept)} people with {least} pictures or "
            f"more; at least {LEAST_PEOPLE} are needed. Expected one folder of "
            "pictures per person, named like the person."
        )
    divided = _pictures_held_out if by_pictures else _people_held_out
    taught, measured = divided(kept, numbers, rng)
    missing = sum(map(len, people.values())) - sum(map(len, kept.values()))
    return Index(taught, measured, missing)


def _people_held_out(
    people: Mapping[str, Sequence[Path]],
    numbers: PeopleConfig,
    rng: np.random.Generator,
) -> tuple[tuple[Shown, ...], tuple[Shown, ...]]:
    learned, held_out = _split(sorted(people), numbers.held_out, rng, least=2)
    taught = [Shown(path, name) for name in learned for path in people[name]]
    measured = [
        Shown(path, name)
        for name in held_out
        for path in people[name][: numbers.pairs_shown]
    ]
    return tuple(taught), tuple(measured)


def _pictures_held_out(
    people: Mapping[str, Sequence[Path]],
    numbers: PeopleConfig,
    rng: np.random.Generator,
) -> tuple[tuple[Shown, ...], tuple[Shown, ...]]:
    taught: list[Shown] = []
    measured: list[Shown] = []
    for name in sorted(people):
        learned, held_out = _split(people[name], numbers.held_out, rng, numbers.least)
        taught += [Shown(path, name) for path in learned]
        measured += [Shown(path, name) for path in held_out[: numbers.pairs_shown]]
    return tuple(taught), tuple(measured)


def fingerprint(folders: Sequence[Path]) -> str:
    """Identify the pictures of some folders by their names and sizes.

    Raises:
        DatasetError: there is no such folder.
    """
    hasher = hashlib.sha256()
    for folder in folders:
        for path in _pictures([folder]):
            name = path.relative_to(folder).as_posix()
            line = f"{name} {path.stat().st_size}\n"
            hasher.update(line.encode("utf-8", "surrogatepass"))  # names may be bytes
    return hasher.hexdigest()[:16]


def _people(folders: Sequence[Path]) -> dict[str, list[Path]]:
    """Return the pictures of every person; one name in two folders is one person."""
    people: dict[str, dict[Path, None]] = {}
    for folder in folders:
        _pictures([folder])  # says what is wrong with it
        for name, paths in read_people(folder).items():
            people.setdefault(name, {}).update(dict.fromkeys(paths))
    return {name: list(paths) for name, paths in people.items()}


def _pictures(folders: Sequence[Path]) -> list[Path]:
    """Return the pictures of folders, each once, even if one lies in another."""
    found: dict[Path, None] = {}
    for folder in folders:
        try:
            inside = find_images(folder)
        except ImageError as error:
            raise DatasetError(str(error)) from error
        if not inside:
            raise DatasetError(f"There is no picture in {folder}. Give another folder.")
        found.update(dict.fromkeys(inside))
    return list(found)


def _split(
    everything: Sequence[Any], share: float, rng: np.random.Generator, least: int
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return what is learned from and what is held out, each in its old order."""
    count = min(max(round(len(everything) * share), least), len(everything) - least)
    chosen = set(rng.permutation(len(everything))[:count].tolist())
    learned = tuple(one for n, one in enumerate(everything) if n not in chosen)
    return learned, tuple(one for n, one in enumerate(everything) if n in chosen)


def _named(folders: Sequence[Path]) -> str:
    return ", ".join(map(str, folders))


def _as_json(shown: Shown) -> tuple[str, str]:
    return str(shown.path), shown.person
