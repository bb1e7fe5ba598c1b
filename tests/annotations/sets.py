"""Small data sets, made up where they are needed."""

import numpy as np

from facecam.annotations.forms import Form
from facecam.media import write_image

FRONTAL = ((30, 40), (50, 40), (40, 50), (32, 60), (48, 60))
"""Five points of an upright face whose box is (20, 25) to (60, 75)."""
INVERSE = {
    Form.SIZES: lambda a, b, c, d: (a, b, c - a, d - b),
    Form.CORNERS: lambda a, b, c, d: (a, b, c, d),
    Form.EDGES: lambda a, b, c, d: (a, c, b, d),
    Form.CENTRES: lambda a, b, c, d: ((a + c) / 2, (b + d) / 2, c - a, d - b),
}
"""The numbers of a box in a file of each form, from its corners."""


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


def written(boxes, form):
    """Return corners (n, 4) as a file of that form holds them."""
    return np.stack(INVERSE[form](*boxes.T), axis=1).astype(np.float32)
