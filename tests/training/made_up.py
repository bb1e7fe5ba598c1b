"""A data set of drawn faces, small enough to train a detector on in a test."""

from pathlib import Path

import cv2
import numpy as np

from facecam.config.presets import NETS
from facecam.media import write_image

POINTS = np.float32([(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.78), (0.65, 0.78)])
"""Where eyes, nose and mouth corners are drawn, as shares of the box."""
EACH = {
    "samples.rounds": 1,
    "samples.crops": 10,
    "fit.steps": 100,
    "fit.every": 20,
    "fit.rate": 0.004,
    "fit.average": 0,
    "fit.batch": [16, 16, 48, 16],
}
SETTINGS = [
    "preflight.steps=0",
    "onet.fit.landmarks_in_eyes=false",  # that needs more steps
    *(f"{net}.{k}={value}" for net in NETS for k, value in EACH.items()),
]
"""Numbers with which a detector of drawn faces is learned in a minute."""
SPLITS = {"train": 24, "val": 10}
"""Pictures with boxes."""
PORTRAITS = 60
"""Pictures of one face with points."""
SCENES = 6
"""Pictures without a face."""


def write(folder, seed=0):
    """Write WIDER FACE's layout, a list of points and scenes -> their folders."""
    rng = np.random.default_rng(seed)
    boxed, marked, scenes = (folder / name for name in ("boxed", "marked", "scenes"))
    for split, count in SPLITS.items():
        _write_boxed(boxed, split, count, rng)
    _write_marked(marked, rng)
    for number in range(SCENES):
        _save(scenes / f"{number}.png", _scene(rng, 160, 200))
    return boxed, marked, scenes


def _write_boxed(root, split, count, rng):
    lines = []
    for number in range(count):
        image, name = _scene(rng, 180, 240), f"0--Drawn/{number}.png"
        boxes = [_draw(image, rng, 120 * place) for place in range(2)]
        _save(root / f"WIDER_{split}" / "images" / name, image)
        lines += [name, str(len(boxes))]
        for x1, y1, x2, y2 in boxes:
            lines.append(f"{x1} {y1} {x2 - x1} {y2 - y1} 0 0 0 0 0 0")
    listing = root / "wider_face_split" / f"wider_face_{split}_bbx_gt.txt"
    listing.parent.mkdir(exist_ok=True)
    listing.write_text("\n".join(lines))


def _write_marked(root, rng):
    lines = []
    for number in range(PORTRAITS):
        image = _scene(rng, 110, 130)
        box = np.float32(_draw(image, rng, 10, (40, 80)))
        points = (box[:2] + POINTS * (box[2:] - box[:2])).ravel()
        _save(root / f"{number}.png", image)
        sides = " ".join(str(int(box[side])) for side in (0, 2, 1, 3))
        lines.append(f"{number}.png {sides} {' '.join(f'{p:.2f}' for p in points)}")
    (root / "trainImageList.txt").write_text("\n".join(lines))


def _scene(rng, height, width):
    """Return a background of soft blots."""
    coarse = rng.integers(0, 255, (height // 16, width // 16, 3)).astype(np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def _draw(image, rng, left, sides=(30, 100)):
    """Draw a face right of a column -> its box."""
    width = int(rng.integers(*sides))
    height = min(int(width * 1.2), image.shape[0] - 8)
    x = left + int(rng.integers(0, max(1, 112 - width)))
    y = int(rng.integers(0, image.shape[0] - height))
    box = (x, y, min(x + width, image.shape[1]), y + height)
    size = np.float32((box[2] - x, height))
    middle = (int(x + size[0] / 2), int(y + size[1] / 2))
    skin = tuple(int(value) for value in (225, 180, 150) - rng.integers(0, 60, 3))
    axes = (int(size[0] / 2), int(size[1] / 2))
    cv2.ellipse(image, middle, axes, 0, 0, 360, skin, -1, cv2.LINE_AA)
    eyes, nose, mouth = np.split(np.intp((x, y) + POINTS * size), [2, 3])
    dark, thick = (40, 25, 20), max(1, width // 14)
    for eye in eyes:
        cv2.circle(image, tuple(map(int, eye)), thick, dark, -1, cv2.LINE_AA)
    cv2.circle(image, tuple(map(int, nose[0])), thick // 2 + 1, dark, -1, cv2.LINE_AA)
    cv2.line(image, *(tuple(map(int, corner)) for corner in mouth), dark, thick)
    return box


def _save(path: Path, image):
    path.parent.mkdir(parents=True, exist_ok=True)
    write_image(path, image)
