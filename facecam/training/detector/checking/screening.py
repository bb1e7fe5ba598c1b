"""Can every picture be read? Its head and its end are looked at; some are decoded.

Decoding the 12,880 pictures of WIDER FACE takes minutes; reading the first and the last
bytes of each takes seconds and finds what goes wrong in practice: files cut short by a
full disk, web pages saved under the name of a picture, the same picture twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from facecam import media
from facecam.annotations.annotation import AnnotatedSet, Fault
from facecam.errors import ImageError


@dataclass(frozen=True)
class Screening:
    """What the files of some sets are like."""

    sets: tuple[AnnotatedSet, ...]
    """The sets without the pictures that cannot be read."""
    faults: tuple[Fault, ...]
    """Those pictures, and why."""
    headers: Mapping[Path, media.Header]
    """Of each picture that can be read."""
    decoded: frozenset[Path]
    """Pictures that were decoded in full."""


def screen(
    sets: Sequence[AnnotatedSet],
    decoded: int,
    rng: np.random.Generator,
    report: Callable[[int, int], None],
) -> Screening:
    """Look at the files of all pictures.

    Args:
        sets: as read.
        decoded: how many pictures of each set to decode in full: with faces, and again
            as many without.
        rng: draws those.
        report: told how many of how many pictures have been looked at.
    """
    chosen = {path for each in sets for path in _drawn(each, decoded, rng)}
    annotations = [one for each in sets for one in each.annotations]
    headers: dict[Path, media.Header] = {}
    faults: dict[Path, Fault] = {}
    for done, one in enumerate(annotations, start=1):
        try:
            headers[one.path] = _looked_at(one.path, one.path in chosen)
        except ImageError as error:
            where = one.where or str(one.path)
            faults[one.path] = Fault(where, str(error), one.path)
        report(done, len(annotations))
    return Screening(
        tuple(_without(each, faults) for each in sets),
        tuple(faults.values()),
        headers,
        frozenset(chosen - faults.keys()),
    )


def _drawn(each: AnnotatedSet, number: int, rng: np.random.Generator) -> list[Path]:
    faced = [one.path for one in each.annotations if len(one.boxes)]
    others = [one.path for one in each.annotations if not len(one.boxes)]
    return [
        group[n]
        for group in (faced, others)
        for n in rng.permutation(len(group))[:number].tolist()
    ]


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
