"""Can every picture be read? Its head and its end are looked at; some are decoded.

Decoding the 12,880 pictures of WIDER FACE takes minutes; reading the first and the last
bytes of each takes seconds and finds what goes wrong in practice: files cut short by a
full disk, web pages saved under the name of a picture, the same picture twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from facecam import media
from facecam.annotations.annotation import AnnotatedSet, Annotation, Fault
from facecam.errors import ImageError
from facecam.training.detector.census import is_held_out


@dataclass(frozen=True)
class Screening:
    """What the files of some sets are like."""

    sets: tuple[AnnotatedSet, ...]
    """The sets without the pictures that cannot be read."""
    faults: tuple[Fault, ...]
    """Those pictures, and why."""
    decoded: int
    """Pictures that were decoded in full."""
    grey: int
    """Pictures without colour."""
    pixels: tuple[int, ...]
    """Size of each picture that can be read, in the order of the sets."""
    twins: tuple[tuple[Path, Path], ...]
    """A picture held out, and its copy that is learned from."""
    repeated: int
    """Pictures learned from that are a copy of another one."""


def screen(
    sets: Sequence[AnnotatedSet],
    decoded: int,
    rng: np.random.Generator,
    report: Callable[[int, int], None],
) -> Screening:
    """Look at the files of all pictures.

    Args:
        sets: as read.
        decoded: how many pictures to decode in full.
        rng: draws those.
        report: told how many of how many pictures have been looked at.
    """
    total = sum(len(each.annotations) for each in sets)
    chosen = set(rng.permutation(total)[:decoded].tolist())
    headers: dict[Path, media.Header] = {}
    faults: dict[Path, Fault] = {}
    done = 0
    for each in sets:
        for annotation in each.annotations:
            try:
                headers[annotation.path] = _looked_at(annotation.path, done in chosen)
            except ImageError as error:
                where = annotation.where or str(annotation.path)
                faults[annotation.path] = Fault(where, str(error), annotation.path)
            done += 1
            report(done, total)
    kept = tuple(_without(each, faults) for each in sets)
    return _screening(kept, tuple(faults.values()), len(chosen), headers)


def _looked_at(path: Path, decode: bool) -> media.Header:
    """Return the header of a picture that can be read.

    Raises:
        ImageError: it cannot.
    """
    header = media.read_header(path)
    if not header.ended:
        media.require_whole(path)
    if decode:
        media.read_image(path)
    return header


def _without(each: AnnotatedSet, faults: dict[Path, Fault]) -> AnnotatedSet:
    kept = tuple(one for one in each.annotations if one.path not in faults)
    return replace(each, annotations=kept)


def _screening(
    sets: tuple[AnnotatedSet, ...],
    faults: tuple[Fault, ...],
    decoded: int,
    headers: dict[Path, media.Header],
) -> Screening:
    annotations = [one for each in sets for one in each.annotations]
    found = [headers[one.path] for one in annotations]
    learned, held_out = _by_mark(annotations, headers)
    return Screening(
        sets=sets,
        faults=faults,
        decoded=decoded,
        grey=sum(header.grey for header in found),
        pixels=tuple(header.width * header.height for header in found),
        twins=tuple(
            (path, learned[mark][0])
            for mark, paths in held_out.items()
            for path in paths
            if mark in learned
        ),
        repeated=sum(len(paths) - 1 for paths in learned.values()),
    )


def _by_mark(
    annotations: Sequence[Annotation], headers: dict[Path, media.Header]
) -> tuple[dict[tuple[int, int], list[Path]], dict[tuple[int, int], list[Path]]]:
    """Group pictures that are copies: those learned from, and those held out."""
    groups: tuple[dict[tuple[int, int], list[Path]], ...] = ({}, {})
    for one in annotations:
        group = groups[is_held_out(one)]
        group.setdefault(headers[one.path].mark, []).append(one.path)
    return groups[0], groups[1]
