"""What was recognised, burnt into the picture: boxes, landmarks, names.

For films and pictures that facecam writes; the window paints for itself. The state of
a face shows in the shape of its box as well as in its colour: solid is known, dashed is
unknown, thin is still being looked at.

OpenCV's wheels write ASCII only, so names are set with Pillow, in the first font of the
system that has all their letters. Where no font has them, accents are taken off and
what remains becomes "?": the true name stands in the list of events. Arabic and Indic
letters are joined only where Pillow finds the library Raqm.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from facecam.faces import Face, Image, Recognition

Colour: TypeAlias = tuple[int, int, int]
Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont

KNOWN: Colour = (74, 222, 160)
UNKNOWN: Colour = (255, 196, 84)
LOOKING: Colour = (220, 220, 220)
SHADOW: Colour = (0, 0, 0)

PLATE = 0.35
"""Share of the picture that shines through the plate below a name."""
FONTS = (
    *("DejaVuSans.ttf", "NotoSans-Regular.ttf", "segoeui.ttf", "arial.ttf"),
    *("Arial Unicode.ttf", "NotoSansCJK-Regular.ttc", "msyh.ttc", "malgun.ttf"),
    *("YuGothR.ttc", "PingFang.ttc", "Hiragino Sans GB.ttc", "Nirmala.ttf"),
)
"""Looked for in the folders of the system: Linux, Windows, macOS."""


def draw(image: Image, recognition: Recognition, landmarks: bool = True) -> Image:
    """Return a copy of an image (h, w, 3) with its faces marked and named.

    Args:
        image: the picture the recognition is about, or a copy of its size.
        recognition: its faces, boxes in pixels of the image.
        landmarks: whether to show the five points, where there are any.
    """
    canvas = np.ascontiguousarray(image).copy()
    width = max(1, round(min(image.shape[:2]) / 360))
    for face in recognition.faces:
        _box(canvas, face, width)
        if landmarks:
            _points(canvas, face, width)
    # Names last: one on top of a neighbour's box stays readable.
    for face in recognition.faces:
        if face.match is not None:
            name = face.match.identity.name if face.match.identity else "unknown"
            _plate(canvas, face, name)
    return canvas


def text_mask(text: str, size: int) -> NDArray[np.uint8]:
    """Return a line of text as opacity 0…255, (h, w); h depends on the size alone."""
    return _mask(" ".join(unicodedata.normalize("NFC", text).split()), size)


def _box(canvas: Image, face: Face, width: int) -> None:
    x1, y1, x2, y2 = np.rint(face.box).astype(int).tolist()
    corners = np.array([(x1, y1), (x2 - 1, y1), (x2 - 1, y2 - 1), (x1, y2 - 1)])
    if face.match is None:
        lines, colour, thick = _around(corners), LOOKING, width
    elif face.match.identity is None:
        lines, colour, thick = _dashes(corners, 8 * width), UNKNOWN, 2 * width
    else:
        lines, colour, thick = _around(corners), KNOWN, 2 * width
    cv2.polylines(canvas, lines, False, SHADOW, thick + 2, cv2.LINE_AA)
    cv2.polylines(canvas, lines, False, colour, thick, cv2.LINE_AA)


def _around(corners: NDArray[np.int64]) -> list[NDArray[np.int32]]:
    return [np.vstack([corners, corners[:1]]).astype(np.int32)]


def _dashes(corners: NDArray[np.int64], length: int) -> list[NDArray[np.int32]]:
    """Cut the outline into strokes; every corner has one."""
    lines = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        count = max(1, round(float(np.abs(end - start).sum()) / (2 * length)))
        at = np.linspace(0, 1, 4 * count + 1)[:, None]  # quarter, gap, half, gap, …
        points = np.rint(start + (end - start) * at).astype(np.int32)
        lines += [points[[0, 1]], points[[-2, -1]]]
        lines += [points[[i - 1, i + 1]] for i in range(4, 4 * count, 4)]
    return lines


def _points(canvas: Image, face: Face, width: int) -> None:
    for x, y in face.landmarks[np.isfinite(face.landmarks).all(axis=1)]:
        at = (round(float(x)), round(float(y)))
        cv2.circle(canvas, at, width + 1, SHADOW, -1, cv2.LINE_AA)
        cv2.circle(canvas, at, width, LOOKING, -1, cv2.LINE_AA)


def _plate(canvas: Image, face: Face, name: str) -> None:
    """Write a name on a translucent plate below a box; inside the picture always."""
    h, w = canvas.shape[:2]
    mask = text_mask(name, int(np.clip(h / 28, 11, 64)))[:h, :w]
    mh, mw = mask.shape
    x1, _, x2, y2 = face.box.tolist()
    left = int(np.clip((x1 + x2 - mw) / 2, 0, w - mw))
    top = int(np.clip(y2 + 3, 0, h - mh))
    ground = canvas[top : top + mh, left : left + mw]
    opacity = mask[..., None] / np.float32(255)
    ground[:] = ground * PLATE * (1 - opacity) + 255 * opacity


@lru_cache(maxsize=256)
def _mask(text: str, size: int) -> NDArray[np.uint8]:
    font, text = _font_for(text, size)
    pad = max(2, size // 4)
    left, _, right, _ = font.getbbox(text)
    height = round(1.25 * size) + pad
    image = Pillow.new("L", (int(right - left) + 2 * pad, height))
    where = (pad - left, height / 2)
    if isinstance(font, ImageFont.FreeTypeFont):
        ImageDraw.Draw(image).text(where, text, 255, font, anchor="lm")
    else:  # Pillow without FreeType has one small bitmap font and no anchors.
        ImageDraw.Draw(image).text((where[0], pad), text, 255, font)
    mask = np.asarray(image, np.uint8)
    mask.flags.writeable = False
    return mask


def _font_for(text: str, size: int) -> tuple[Font, str]:
    """Return a font, and the text with what no font can show replaced."""
    fonts = _fonts(size)
    for font in fonts:
        if not any(_lacks(font, letter) for letter in text):
            return font, text
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    )
    font = min(fonts, key=lambda f: sum(_lacks(f, letter) for letter in plain))
    return font, "".join("?" if _lacks(font, letter) else letter for letter in plain)


@lru_cache(maxsize=16)
def _fonts(size: int) -> tuple[Font, ...]:
    found: list[Font] = []
    for name in FONTS:
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    return (*found, ImageFont.load_default(size))


def _lacks(font: Font, letter: str) -> bool:
    """Return whether a font shows a letter as it shows what does not exist."""
    if letter.isspace() or unicodedata.combining(letter):
        return False
    if not isinstance(font, ImageFont.FreeTypeFont):
        return not letter.isascii()
    return _look(font, letter) == _look(font, "\U0010fffe")


def _look(font: ImageFont.FreeTypeFont, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)
