"""What a fit judges most wrongly of the samples held out: one strip of small pictures.

    hardest-0001500.png    faces scored lowest above, backgrounds scored highest below
    hardest.json           which strip it is, and the scores; written last

Looking changes nothing: a fit learns and measures the same with it or without.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facecam import files
from facecam.faces import Floats, Image
from facecam.training.detector.crops.samples import Kind, Samples

RECORD = "hardest.json"
PATTERN = "hardest-*.png"
SHOWN = 12
"""Of each kind, so many."""
TRIED = 40
"""Candidates of each kind for one that is shown: crops of one face look alike."""
ALIKE = 0.85
"""Two crops that correlate more than this, shifted a little, show the same."""
SMALL, SEEN = 12, 8
"""Pixels of a side at which crops are compared, and how many of them in the middle."""


@dataclass(frozen=True)
class Hardest:
    """What is on a strip. Tile n of a row belongs to score n."""

    file: str
    step: int
    """Of the fit when it was measured."""
    size: int
    """Side of a tile, pixels."""
    faces: tuple[float, ...]
    """Scores of the faces, 0…1, the lowest first."""
    backgrounds: tuple[float, ...]
    """Scores of the backgrounds, the highest first."""


def write(out: Path, step: int, samples: Samples, scores: Floats) -> None:
    """Replace the strip in a fit's directory.

    Args:
        out: of the fit.
        step: of the fit.
        samples: held out, n of them.
        scores: (n,), how surely each is taken for a face.

    Raises:
        OSError: the disk refuses; the strip before is still there.
    """
    from facecam.media import encode_png

    order = np.argsort(scores, kind="stable")
    faces = _different(samples, order[samples.kinds[order] == Kind.POSITIVE])
    grounds = order[::-1][samples.kinds[order[::-1]] == Kind.NEGATIVE]
    backgrounds = _different(samples, grounds)
    size = samples.pixels.shape[1]
    record = Hardest(
        f"hardest-{step:07d}.png",
        step,
        size,
        tuple(round(float(score), 4) for score in scores[faces]),
        tuple(round(float(score), 4) for score in scores[backgrounds]),
    )
    strip = _strip([samples.pixels[faces], samples.pixels[backgrounds]], size)
    files.write(out / record.file, encode_png(strip))
    files.write(out / RECORD, json.dumps(asdict(record)).encode())
    for old in out.glob(PATTERN):
        if old.name != record.file:
            old.unlink(missing_ok=True)


def read(out: Path) -> Hardest | None:
    """Return what the strip of a fit shows; None if there is none."""
    try:
        values = json.loads((out / RECORD).read_text("utf-8"))
        return Hardest(
            Path(values["file"]).name,
            int(values["step"]),
            int(values["size"]),
            tuple(map(float, values["faces"])),
            tuple(map(float, values["backgrounds"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _different(samples: Samples, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the first places whose crops do not show what another shows already."""
    tried = places[: SHOWN * TRIED]
    views = _views(samples.pixels[tried])
    middle = views[:, views.shape[1] // 2]
    kept: list[int] = []
    for place in range(len(tried)):
        if len(kept) == SHOWN:
            break
        if not (views[kept] @ middle[place] > ALIKE).any():
            kept.append(place)
    return tried[kept]


def _views(crops: Image) -> Floats:
    """Return grey parts of crops to be correlated, one for each little shift.

    Args:
        crops: (n, s, s, 3), s a multiple of `SMALL`.

    Returns:
        (n, shifts, pixels), each part of mean 0 and length 1; the middle one is not
        shifted.
    """
    n, size = crops.shape[:2]
    block = size // SMALL
    parts = crops.reshape(n, SMALL, block, SMALL, block * 3)
    grey = parts.mean(axis=(2, 4), dtype=np.float32)  # (n, SMALL, SMALL)
    shifts = SMALL - SEEN + 1
    seen = np.lib.stride_tricks.sliding_window_view(grey, (SEEN, SEEN), axis=(1, 2))
    views: Floats = seen.reshape(n, shifts**2, SEEN**2)
    views = views - views.mean(axis=2, keepdims=True)
    return views / np.maximum(np.linalg.norm(views, axis=2, keepdims=True), 1e-6)


def _strip(rows: list[Image], size: int) -> Image:
    """Lay out crops in rows of `SHOWN` tiles, black where there are fewer."""
    strip: Image = np.zeros((len(rows) * size, SHOWN * size, 3), np.uint8)
    for line, crops in enumerate(rows):
        for column, crop in enumerate(crops):
            top, left = line * size, column * size
            strip[top : top + size, left : left + size] = crop
    return strip
