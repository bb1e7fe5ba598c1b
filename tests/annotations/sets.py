"""Small data sets, made up where they are needed."""

import numpy as np

from facecam.media import write_image

FRONTAL = ((30, 40), (50, 40), (40, 50), (32, 60), (48, 60))
"""Five points of an upright face whose box is (20, 25) to (60, 75)."""


def photo(path, size=(100, 80)):
    """Write a grey picture of width × height."""
    write_image(path, np.full((size[1], size[0], 3), 128, np.uint8))
    return path


def put(path, text):
    """Write a text file, and its folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def wider(root, text, *pictures, split="val", size=(100, 80)):
    """Write one list of WIDER FACE, and the pictures named."""
    for name in pictures:
        photo(root / f"WIDER_{split}" / "images" / name, size)
    return put(root / "wider_face_split" / f"wider_face_{split}_bbx_gt.txt", text)


def flat(points):
    """Return points as the numbers of a line."""
    return " ".join(f"{x} {y}" for x, y in points)
