"""Close-ups of what two detectors do wrong, for the report and as contact sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import TrialConfig
from facecam.faces import Detections, Floats, Image
from facecam.media import read_image, write_image
from facecam.training.detector.checking import contact
from facecam.training.detector.checking.contact import Key, Row, Tile
from facecam.training.detector.evaluation.differences import (
    MOST,
    Corners,
    Difference,
    Differences,
    Kind,
    SeenPicture,
)
from facecam.training.detector.evaluation.mistakes import (
    Mistake,
    Mistakes,
    mistakes,
    without,
)
from facecam.training.detector.evaluation.page import Gallery, Picture
from facecam.vision.image import Mips, cut

SIDE = 150
"""Of a close-up, pixels."""
AROUND = 2.2
"""Side of what a close-up shows, in longer sides of the box it is about."""
SINGLES, PAIRS = 24, 12
"""At most so many pictures in a gallery of one detector, of both."""
COLUMNS = 8
"""Close-ups in a line of a contact sheet."""

LABELLED, NEW, DEPLOYED = (255, 196, 84), (74, 222, 160), (130, 171, 255)
KEYS = (
    Key(LABELLED, "labelled face"),
    Key(NEW, "shown by the new detector"),
    Key(DEPLOYED, "shown by the deployed detector"),
)


TITLES = {
    Kind.FOUND: "Faces only the new detector finds",
    Kind.LOST: "Faces only the deployed detector finds",
    Kind.RAISED: "False alarms only the new detector gives",
    Kind.CURED: "False alarms only the deployed detector gives",
}


@dataclass(frozen=True, eq=False, slots=True)
class Side:
    """What one of the two detectors found in n pictures."""

    found: Sequence[Detections]  # n
    shown: float
    """Score from which it shows a face."""


def galleries(
    annotations: Sequence[Annotation],
    config: TrialConfig,
    sides: Sequence[Side],
) -> Iterator[Gallery]:
    """Yield the galleries of a report.

    Args:
        annotations: n pictures as labelled.
        config: what was asked for.
        sides: the new detector; the one it is compared with, if any.

    Raises:
        ImageError: a picture cannot be read.
    """
    coloured = list(zip(sides, (NEW, DEPLOYED), strict=False))
    wrong = [_mistakes(annotations, config, side) for side in sides]

    def gallery(title: str, some: Sequence[Mistake], tiles: int) -> Gallery:
        most = PAIRS if tiles > 1 else SINGLES
        drawn = [_picture(annotations, one, coloured[:tiles]) for one in some[:most]]
        return Gallery(title, len(some), drawn)

    if len(sides) > 1:
        for kind, some in _differences(wrong[0], wrong[1], config.iou).items():
            yield gallery(TITLES[kind], some, tiles=2)
    yield gallery("Missed by the new detector", wrong[0].missed, tiles=1)
    yield gallery("False alarms of the new detector", wrong[0].false, tiles=1)


def write_sheets(made: Sequence[Gallery], folder: Path) -> list[Path]:
    """Write each gallery that is not empty as a contact sheet; return the files."""
    paths = []
    for gallery in made:
        tiles = [
            Tile(tile, picture.caption)
            for picture in gallery.pictures
            for tile in picture.tiles
        ]
        if tiles:
            path = folder / f"{gallery.title.lower().replace(' ', '-')}.jpg"
            sheet = contact.sheet(gallery.title, KEYS, [Row("", tiles)], COLUMNS)
            write_image(path, sheet)
            paths.append(path)
    return paths


def differences(
    annotations: Sequence[Annotation], config: TrialConfig, sides: Sequence[Side]
) -> Differences:
    """Return what only one of two detectors does wrong in n pictures.

    Args:
        annotations: n pictures as labelled.
        config: what was asked for.
        sides: the new detector and the deployed one.
    """
    new, deployed = (_mistakes(annotations, config, side) for side in sides)
    found = _differences(new, deployed, config.iou)
    kept = [(kind, one) for kind, some in found.items() for one in some[:MOST]]
    places = {n: k for k, n in enumerate(sorted({one.picture for _, one in kept}))}
    return Differences(
        tuple(_seen(annotations[n], n, sides) for n in places),
        tuple(
            Difference(kind, places[one.picture], _corners(one.box[None])[0], one.score)
            for kind, one in kept
        ),
        {kind: len(some) for kind, some in found.items()},
    )


def _seen(annotation: Annotation, n: int, sides: Sequence[Side]) -> SeenPicture:
    """Return a picture with what is labelled in it and what the two show."""
    new, deployed = (
        _corners(side.found[n].boxes[side.found[n].scores >= side.shown])
        for side in sides
    )
    labelled = _corners(annotation.boxes[~annotation.ignored])
    return SeenPicture(str(annotation.path.absolute()), labelled, new, deployed)


def _corners(boxes: Floats) -> tuple[Corners, ...]:
    """Return m boxes to a tenth of a pixel, (m, 4)."""
    rows = (map(float, box) for box in boxes)
    return tuple(
        (round(x1, 1), round(y1, 1), round(x2, 1), round(y2, 1))
        for x1, y1, x2, y2 in rows
    )


def _differences(
    new: Mistakes, old: Mistakes, iou: float
) -> dict[Kind, tuple[Mistake, ...]]:
    """Return what only one of the two detectors does wrong, by kind."""
    return {
        Kind.FOUND: without(old.missed, new.missed, iou),
        Kind.LOST: without(new.missed, old.missed, iou),
        Kind.RAISED: without(new.false, old.false, iou),
        Kind.CURED: without(old.false, new.false, iou),
    }


def _mistakes(
    annotations: Sequence[Annotation], config: TrialConfig, side: Side
) -> Mistakes:
    seen = list(zip(annotations, side.found, strict=True))
    return mistakes(seen, replace(config, shown=side.shown))


def _picture(
    annotations: Sequence[Annotation],
    mistake: Mistake,
    sides: Sequence[tuple[Side, contact.Colour]],
) -> Picture:
    """Draw what a mistake is about: labelled faces, and what each detector shows."""
    annotation = annotations[mistake.picture]
    image = read_image(annotation.path)
    tiles = []
    for side, colour in sides:
        found = side.found[mistake.picture]
        boxes = found.boxes[found.scores >= side.shown]
        marks = [(annotation.boxes[~annotation.ignored], LABELLED), (boxes, colour)]
        tiles.append(_close_up(image, mistake.box, marks))
    score = "" if mistake.score is None else f"{mistake.score:.2f}, "
    return Picture(tuple(tiles), f"{score}{annotation.path.name}")


def _close_up(
    image: Image, box: Floats, marks: Sequence[tuple[Floats, contact.Colour]]
) -> Image:
    """Show the surroundings of a box with other boxes marked, (SIDE, SIDE, 3)."""
    centre = (box[:2] + box[2:]) / 2
    half = max(float((box[2:] - box[:2]).max()), 1.0) * AROUND / 2
    corner = centre - half
    square = np.concatenate([corner, centre + half]).astype(np.float32)
    tile = cut(Mips(image), square[None], SIDE)[0]
    scale = SIDE / (2 * half)
    for boxes, colour in marks:
        for marked in boxes:
            inside = (marked - np.tile(corner, 2)) * scale
            contact.draw_box(tile, np.round(inside) + 0.5, colour)  # crisp lines
    return tile
