"""Small data sets on the disk, in the layouts that sets are published in."""

from pathlib import Path

import numpy as np

from facecam.media import write_image
from tests.training.detector.drawn import POINTS

SIZE = (120, 160)


def scene(path: Path, faces, seed=0) -> None:
    """Write a noisy picture with bright squares for faces, each (x, y, w, h)."""
    image = np.random.default_rng(seed).integers(0, 90, (*SIZE, 3), np.uint8)
    for x, y, w, h in faces:
        image[y : y + h, x : x + w] += 150
    write_image(path, image)


def face_of(n: int) -> tuple[int, int, int, int]:
    """Return the box of the only face of picture n: x, y, w, h."""
    return (20 + n % 40, 15 + n % 30, 40 + n % 7, 50 + n % 9)


def wider(root: Path, train: int, val: int = 0, faces=lambda n: [face_of(n)]) -> Path:
    """Write a set in the layout of WIDER FACE; `faces` gives the boxes of picture n."""
    for split, count in (("train", train), ("val", val)):
        lines = []
        for n in range(count):
            name = f"0--Parade/{split}_{n}.jpg"
            boxes = faces(n)
            scene(root / f"WIDER_{split}" / "images" / name, boxes, seed=n + 1000 * val)
            lines += [name, str(len(boxes))]
            lines += [f"{x} {y} {w} {h} 0 0 0 0 0 0" for x, y, w, h in boxes]
        if count:
            path = root / "wider_face_split" / f"wider_face_{split}_bbx_gt.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines) + "\n")
    return root


def points(root: Path, count: int) -> Path:
    """Write a list of faces with five points, in the layout of CNN_FacePoint."""
    lines = []
    for n in range(count):
        x, y, w, h = face_of(n)
        scene(root / f"{n}.jpg", [(x, y, w, h)], seed=n + 5000)
        hand = np.random.default_rng(n).normal(0, 1.5, (5, 2))
        places = np.array((x, y)) + POINTS * (w, h) + hand
        numbers = " ".join(f"{value:.2f}" for value in places.ravel())
        lines.append(f"{n}.jpg {x} {x + w} {y} {y + h} {numbers}")
    (root / "trainImageList.txt").write_text("\n".join(lines) + "\n")
    return root
