"""Pictures and films as files: read, write, find. The only place that knows formats.

OpenCV opens files by a name in the local 8-bit code page, which on Windows loses
every path that is not ASCII, and answers None to everything it does not like. So
pictures go through `numpy.fromfile` and `cv2.imdecode`, and failures become ImageError.
Everything written appears beside its target first and is then renamed, so that a
file of the right name is always complete.
"""

from __future__ import annotations

import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from facecam import files
from facecam.errors import ImageError
from facecam.faces import Image

SUFFIXES = frozenset(
    {".bmp", ".dib", ".gif", ".jfif", ".jp2", ".jpe", ".jpeg", ".jpg"}
    | {".pbm", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"}
)
"""Names that a picture may end in; other files of a folder are not looked at."""

CODECS = {".mp4": "mp4v", ".m4v": "mp4v", ".mov": "mp4v", ".mkv": "mp4v"} | {
    ".webm": "VP80",
    ".avi": "MJPG",
}
"""Codec by suffix. The wheels of OpenCV hold no H.264 encoder: players show mp4v,
web browsers only .webm."""

ENDS = {"JPEG": b"\xff\xd9", "MPO": b"\xff\xd9", "PNG": b"IEND"}
"""What stands within the last TAIL bytes of a complete file, by Pillow's format."""
TAIL = 1024
ORIENTATION, LYING = 274, 5
"""Tag of EXIF, and the least of its values that says width and height are swapped."""
GREY = ("1", "L", "LA", "I;16")
"""Pillow's modes without colour."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the first and the last bytes of a picture file say, without decoding it."""

    width: int
    """Pixels as `read_image` gives them, the orientation applied."""
    height: int
    grey: bool
    ended: bool
    """The file ends as its format does. Otherwise it may be cut short: decode it."""
    mark: tuple[int, int]
    """Length and checksum of the end: the same for copies of a file."""


def read_header(path: Path) -> Header:
    """Read the size of a picture, a fifth of a millisecond instead of ten.

    Raises:
        ImageError: the file is absent, unreadable, empty or not a picture.
    """
    from PIL import Image

    with _pillow_errors(path), path.open("rb") as file, Image.open(file) as picture:
        width, height = picture.size
        exif = picture.info.get("exif", b"")  # of TIFF, the size has it applied
        size = (height, width) if _is_lying(exif) else (width, height)
        length = file.seek(0, 2)
        file.seek(max(length - TAIL, 0))
        tail = file.read()
        end = ENDS.get(picture.format or "")
        ended = end is not None and end in tail
        return Header(*size, picture.mode in GREY, ended, (length, zlib.crc32(tail)))


def _is_lying(exif: bytes) -> bool:
    """Tell whether EXIF says that width and height are swapped; damaged, it says no."""
    from PIL import Image

    notes = Image.Exif()
    try:
        notes.load(exif)
        orientation = notes.get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        return False
    return isinstance(orientation, int) and orientation >= LYING


def require_whole(path: Path) -> None:
    """Decode a picture strictly: `read_image` shows grey where its file is cut short.

    Raises:
        ImageError: the file is absent, damaged or cut short.
    """
    from PIL import Image

    with _pillow_errors(path), Image.open(path) as picture:
        picture.load()


def read_image(path: Path) -> Image:
    """Read a picture as RGB uint8 (h, w, 3).

    The orientation noted by a phone (EXIF) is applied. Grey becomes RGB, 16 bits
    become 8, transparency is dropped.

    Raises:
        ImageError: the file is absent, unreadable, empty or not a picture.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ImageError(
            f"Cannot read {path}: {error.strerror or error}. Check the name and rights."
        ) from error
    return decode_image(data, str(path))


def decode_image(data: bytes, name: str = "The picture") -> Image:
    """Decode the bytes of a picture file; `name` is for the text of the error.

    Raises:
        ImageError: these are not the bytes of a picture.
    """
    if not data:
        raise ImageError(f"{name} is empty. Copy or download it again.")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error as error:
        raise ImageError(
            f"{name} cannot be decoded: {error.err}. Save it anew, smaller if large."
        ) from error
    if image is None:
        raise ImageError(
            f"{name} is damaged or not a picture. Use a format such as JPEG or PNG."
        )
    return np.asarray(image, np.uint8)


def read_size(path: Path) -> tuple[int, int]:
    """Return width and height of a picture as `read_image` returns it, pixels.

    Reads the head of the file only: 0.1 ms instead of several.

    Raises:
        ImageError: the file is absent, unreadable, empty or not a picture.
    """
    header = read_header(path)
    return header.width, header.height


def write_image(path: Path, image: Image, quality: int = 95) -> None:
    """Write RGB uint8 (h, w, 3) in the format its suffix says.

    Args:
        path: the target; its folder is made if need be.
        image: the picture.
        quality: 1…100, for JPEG and WebP.

    Raises:
        ImageError: unknown suffix, or the disk refuses.
    """
    data = _encode(image, path.suffix, quality)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, data)
    except OSError as error:
        raise _cannot_write(path, error) from error


def require_format(path: Path) -> None:
    """Refuse a name that says no format, before there is a picture to write.

    Raises:
        ImageError: it does not end in one that is known.
    """
    _encode(np.zeros((1, 1, 3), np.uint8), path.suffix, 95)


def encode_jpeg(image: Image, quality: int = 95) -> bytes:
    """Return RGB uint8 (h, w, 3) as the bytes of a JPEG file."""
    return _encode(image, ".jpg", quality)


def encode_png(image: Image) -> bytes:
    """Return RGB uint8 (h, w, 3) as the bytes of a PNG file, which loses nothing."""
    return _encode(image, ".png", 0)


def find_images(folder: Path) -> list[Path]:
    """Return the pictures below a folder, sorted, without hidden ones.

    Raises:
        ImageError: there is no such folder.
    """
    if not folder.is_dir():
        raise ImageError(f"There is no folder {folder}. Check the name.")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )


class VideoWriter:
    """Writes frames into a film, without sound.

    Use as a context manager: the film gets its name when the block ends, also after
    Ctrl+C, which cuts it short on purpose; after any other error nothing is left.

    Args:
        path: .mp4 (players), .webm (players and browsers), .avi and a few more.
        fps: frames per second.
        size: (width, height) of every frame, pixels; codecs round down to even.

    Raises:
        ImageError: no codec for that suffix, or the disk refuses.
    """

    def __init__(self, path: Path, fps: float, size: tuple[int, int]) -> None:
        self._path = path
        self._size = size
        self._partial = files.partial(path)
        codec = CODECS.get(path.suffix.lower())
        if codec is None:
            raise ImageError(
                f"Films are written as {', '.join(CODECS)}; not as {path}."
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot_write(path, error) from error
        self._writer = cv2.VideoWriter(
            str(self._partial),
            cv2.VideoWriter.fourcc(*codec),
            fps if math.isfinite(fps) and fps > 0 else 25.0,
            size,
        )
        if not self._writer.isOpened():
            self._partial.unlink(missing_ok=True)
            raise ImageError(
                f"Cannot write {path}: the folder is read-only, or this OpenCV has no "
                f"{codec} codec. Try another folder, or a name ending in .avi."
            )

    def write(self, image: Image) -> None:
        """Append one frame, RGB uint8; one of another size is fitted in, on black."""
        if image.shape[1::-1] != self._size:
            image = _fitted(image, self._size)
        self._writer.write(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._writer.release()
        try:
            if kind is None or issubclass(kind, KeyboardInterrupt):
                self._partial.replace(self._path)
            else:
                self._partial.unlink(missing_ok=True)
        except OSError as failure:
            raise _cannot_write(self._path, failure) from failure


@contextmanager
def _pillow_errors(path: Path) -> Iterator[None]:
    """Turn what Pillow raises for a file that is no picture into an ImageError."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # large pictures, damaged notes of cameras
            yield
    except UnidentifiedImageError as error:
        raise ImageError(
            f"{path} is damaged or not a picture. Use a format such as JPEG or PNG."
        ) from error
    except Image.DecompressionBombError as error:
        raise ImageError(f"{path} is too large. Save it anew, smaller.") from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise ImageError(
            f"Cannot read {path}: {reason}. Check the name and rights, or copy it anew."
        ) from error


def _fitted(image: Image, size: tuple[int, int]) -> Image:
    """Scale a picture to fit into (width, height), centred, its shape kept."""
    width, height = size
    h, w = image.shape[:2]
    scale = min(width / w, height / h)
    inner = (max(round(w * scale), 1), max(round(h * scale), 1))
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    canvas = np.zeros((height, width, 3), np.uint8)
    canvas[top : top + inner[1], left : left + inner[0]] = cv2.resize(
        image, inner, interpolation=cv2.INTER_AREA
    )
    return canvas


def _encode(image: Image, suffix: str, quality: int) -> bytes:
    quality_of = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_WEBP_QUALITY, quality]
    parameters = {".webp": quality_of[2:], ".png": []}.get(
        suffix.lower(), quality_of[:2]
    )
    try:
        done, data = cv2.imencode(
            suffix, cv2.cvtColor(image, cv2.COLOR_RGB2BGR), parameters
        )
    except cv2.error as error:
        raise ImageError(
            f"Cannot write a picture as {suffix or 'a file without suffix'}. "
            "Use a name ending in .jpg or .png."
        ) from error
    if not done:
        raise ImageError(f"This picture does not fit into the format {suffix}.")
    return data.tobytes()


def _cannot_write(path: Path, error: OSError) -> ImageError:
    reason = error.strerror or error
    return ImageError(f"Cannot write {path}: {reason}. Check the folder and its space.")
