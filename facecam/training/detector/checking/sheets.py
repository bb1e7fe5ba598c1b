"""Sheets to look at before a run: labels on pictures, faces close up, samples.

Most data that trains no net was never looked at. So a person gets to see what is
learned: boxes and points as labelled, what is ignored, and the crops of 12, 24 and
48 pixels after every alteration, with what the net should answer drawn back onto them.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path

import numpy as np

from facecam.annotations.annotation import Annotation
from facecam.config.retraining import RetrainingConfig
from facecam.faces import Floats, Image
from facecam.media import read_image, write_image
from facecam.training.detector.checking.census import Divided, Pair, positives, tabulate
from facecam.training.detector.checking.contact import (
    POINT_NAMES,
    POINTS,
    Key,
    Row,
    Tile,
    draw_box,
    draw_points,
    enlarged,
    fitted,
    sheet,
)
from facecam.training.detector.checking.rehearsal import Rehearsal
from facecam.training.detector.crops.samples import SIZES, Kind, Samples
from facecam.training.progress import NETS
from facecam.vision.image import Mips, cut

LEARNED, LEFT_OUT, IGNORED = (74, 222, 160), (255, 196, 84), (255, 90, 90)
NO_FACE = (190, 130, 255)
BOX_KEYS = (
    Key(LEARNED, "learned from"),
    Key(LEFT_OUT, "too small or unclear to learn from"),
    Key(IGNORED, "ignored: neither face nor background"),
    Key(NO_FACE, "no face, as somebody said"),
)
POINT_KEYS = tuple(Key(*each) for each in zip(POINTS, POINT_NAMES, strict=True))

PICTURE_SIDE, PICTURE_COLUMNS = 320, 6
FACE_SIDE, FACE_COLUMNS = 150, 12
AROUND = 1.7
"""Side of a close-up, in longer sides of the face."""
SAMPLE_SIDE, SAMPLE_MARGIN, SAMPLE_COLUMNS = 96, 30, 12
"""A sample is enlarged to this; boxes reach out of it by as much as the margin
shows, or more."""
CAPTION = 24
"""Letters of a caption."""


def draw_labels(
    divided: Sequence[Divided],
    readable: Container[Path],
    config: RetrainingConfig,
    folder: Path,
) -> list[Path]:
    """Write the sheets of all sets into a folder; return their paths."""
    paths = []
    for number, each in enumerate(divided, start=1):
        rng = np.random.default_rng((config.seed, number))
        for name, image in label_sheets(each, readable, config, rng).items():
            paths.append(folder / f"{number}-{each.name}-{name}.png")
            write_image(paths[-1], image)
    return paths


def draw_samples(
    rehearsals: Sequence[Rehearsal], config: RetrainingConfig, folder: Path
) -> list[Path]:
    """Write a sheet of samples for each net into a folder; return their paths."""
    paths = []
    for one in rehearsals:
        paths.append(folder / f"samples-{SIZES[one.net]}.png")
        image = sample_sheet(one, config.preflight.samples)
        write_image(paths[-1], image)
    return paths


def label_sheets(
    each: Divided,
    readable: Container[Path],
    config: RetrainingConfig,
    rng: np.random.Generator,
) -> dict[str, Image]:
    """Draw the sheets of one set, by name: its pictures, and its faces close up.

    Boxes and points are those that will be learned; pictures held out are among them.

    Args:
        each: the set.
        readable: pictures that are known to be readable.
        config: how many pictures; which faces are learned from.
        rng: draws the pictures.

    Raises:
        ImageError: a picture cannot be read.
    """
    number = config.preflight.pictures
    both = (*each.training, *each.held_out)
    pairs = [pair for pair in both if pair.prepared.path in readable]
    faced = [pair for pair in pairs if (~pair.prepared.ignored).any()]
    about = f"{each.name}, {each.layout}"
    pictures = [_picture(pair, config) for pair in _drawn(pairs, number, rng)]
    keys = (*BOX_KEYS, *POINT_KEYS)
    sheets = {
        "pictures": sheet(
            f"Pictures of {about}", keys, [Row("", pictures)], PICTURE_COLUMNS
        )
    }
    if faced:
        faces = [_face(pair.prepared, rng) for pair in _drawn(faced, 3 * number, rng)]
        sheets["faces"] = sheet(
            f"Faces of {about}", POINT_KEYS, [Row("", faces)], FACE_COLUMNS
        )
    return sheets


def sample_sheet(rehearsal: Rehearsal, number: int) -> Image:
    """Draw samples for one net by kind, with the answers wanted.

    Args:
        rehearsal: its samples.
        number: of each kind.
    """
    samples = rehearsal.samples
    rows = []
    for kind in Kind:
        chosen = np.flatnonzero(samples.kinds == kind)[:number]
        shown = samples.keep(chosen)
        about = float(f"{rehearsal.expected[kind]:.2g}")
        heading = f"{kind.name.lower()}: about {about:,.0f} in the run"
        rows.append(Row(heading, [_sample(shown, n) for n in range(len(shown))]))
    whose = NETS[rehearsal.net]
    title = f"Samples for {whose}, {SIZES[rehearsal.net]} pixels, altered"
    keys = (Key(LEARNED, "where the face is"), *POINT_KEYS)
    return sheet(title, keys, rows, SAMPLE_COLUMNS)


def _drawn(pairs: Sequence[Pair], number: int, rng: np.random.Generator) -> list[Pair]:
    order = rng.permutation(len(pairs))[:number]
    return [pairs[n] for n in sorted(order.tolist())]


def _picture(pair: Pair, config: RetrainingConfig) -> Tile:
    one = pair.prepared
    tile, scale, corner = fitted(read_image(one.path), PICTURE_SIDE)
    learned = positives(tabulate([one]), config.pnet.samples)
    for box, ignored, used in zip(
        one.boxes, pair.labelled.ignored, learned, strict=True
    ):
        colour = IGNORED if ignored else LEARNED if used else LEFT_OUT
        draw_box(tile, box * scale + np.tile(corner, 2), colour, bool(ignored))
    for box in one.background:
        draw_box(tile, box * scale + np.tile(corner, 2), NO_FACE, True)
    for points in one.landmarks:
        draw_points(tile, points * scale + np.array(corner), 1.5)
    return Tile(tile, f"{_short(one.path, CAPTION * 2)} {one.split}")


def _face(one: Annotation, rng: np.random.Generator) -> Tile:
    """Cut one of a picture's faces, large enough to check its points."""
    which = rng.choice(np.flatnonzero(~one.ignored))
    box, points = one.boxes[which], one.landmarks[which]
    region = _region(box)
    tile = cut(Mips(read_image(one.path)), region[None], FACE_SIDE)[0]
    scale = FACE_SIDE / (region[2] - region[0])
    draw_box(tile, (box - np.tile(region[:2], 2)) * scale, LEARNED)
    draw_points(tile, (points - region[:2]) * scale)
    width, height = np.round(box[2:] - box[:2]).astype(int).tolist()
    return Tile(tile, f"{width}×{height} {_short(one.path, CAPTION - 8)}")


def _region(box: Floats) -> Floats:
    """Return the square around a box that a close-up shows."""
    centre = (box[:2] + box[2:]) / 2
    half = (box[2:] - box[:2]).max() * AROUND / 2
    return np.concatenate([centre - half, centre + half]).astype(np.float32)


def _sample(samples: Samples, n: int) -> Tile:
    """Show one sample, and the answer wanted of the net."""
    size = samples.pixels.shape[1]
    tile = enlarged(samples.pixels[n], SAMPLE_SIDE // size, SAMPLE_MARGIN)
    kind = samples.kinds[n]
    if kind in (Kind.POSITIVE, Kind.PART):
        box = samples.offsets[n] + np.array([0, 0, 1, 1])
        draw_box(tile, box * SAMPLE_SIDE + SAMPLE_MARGIN, LEARNED)
    if kind == Kind.LANDMARK:
        draw_points(tile, samples.landmarks[n] * SAMPLE_SIDE + SAMPLE_MARGIN)
    return Tile(tile)


def _short(path: Path, most: int) -> str:
    """Return the end of a file's name: numbers stand there."""
    name = path.stem
    return name if len(name) <= most else f"…{name[1 - most :]}"
