"""Text files of annotations: their lines with numbers, their errors with a place.

Everything wrong with a file becomes a DatasetError that names file and line and says
what to do. One byte in a wrong encoding is enough: a name read wrongly would be a
picture that "does not exist".
"""

from __future__ import annotations

import math
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facecam.errors import DatasetError

TOO_LARGE = 1e9
"""No picture has so many pixels a side; beyond, areas overflow."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank."""

    text: str
    file: Path
    number: int

    @property
    def where(self) -> str:
        """File and line, for messages."""
        return f"{self.file}, line {self.number}"


def read_bytes(path: Path) -> bytes:
    """Read a whole file.

    Raises:
        DatasetError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatasetError(
            f"Cannot read {path}: {error.strerror or error}. Check the name and rights."
        ) from error


def read_text(path: Path) -> str:
    """Read a whole text file, with or without a byte order mark.

    Raises:
        DatasetError: it cannot be read, is empty, or is not UTF-8.
    """
    text = _decoded(path)
    if not text.strip():
        raise DatasetError(f"{path} is empty. Unpack or download it again.")
    return text


def read_lines(path: Path) -> list[Line]:
    """Return the lines of a text file that are not blank.

    Raises:
        DatasetError: see `read_text`.
    """
    return _lines(read_text(path), path)


def read_lines_if_any(path: Path) -> list[Line]:
    """Return the lines that are not blank, [] of a file that is empty on purpose.

    Raises:
        DatasetError: it cannot be read or is not UTF-8.
    """
    return _lines(_decoded(path), path)


def numbers(
    fields: Sequence[Any], count: int, where: str, expected: str
) -> list[float]:
    """Return fields as numbers.

    Args:
        fields: texts, or what JSON holds.
        count: how many there must be.
        where: file and line, for the message.
        expected: what they are, such as "x y width height".

    Raises:
        DatasetError: another count, or one is no number or too large.
    """
    if len(fields) != count:
        raise DatasetError(
            f"{where}: expected {count} numbers ({expected}), found {len(fields)}. "
            "Correct or remove the line."
        )
    return [_number(field, where, expected) for field in fields]


def _lines(text: str, path: Path) -> list[Line]:
    lines = text.split("\n")  # what else ends lines in Unicode stands in names
    return [
        Line(line.strip(), path, n) for n, line in enumerate(lines, 1) if line.strip()
    ]


def _decoded(path: Path) -> str:
    data = read_bytes(path)
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise DatasetError(f"{path}, line 1: this is UTF-16. {_SAVE}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DatasetError(
            f"{path}, line {line}: byte 0x{data[error.start]:02x} is not UTF-8. {_SAVE}"
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DatasetError(f"{path}, line {line}: this is no text file. {_SAVE}")
    return text


def _number(field: Any, where: str, expected: str) -> float:
    try:
        value = float(field)
    except (TypeError, ValueError, OverflowError):  # JSON's whole numbers have no end
        value = math.nan
    if abs(value) > TOO_LARGE and math.isfinite(value):
        raise DatasetError(
            f"{where}: {value:g} is too large ({expected}). Correct or remove the line."
        )
    if not math.isfinite(value):
        raise DatasetError(
            f"{where}: {field!r} is no number ({expected}). Correct or remove the line."
        )
    return value


_SAVE = "Open it in an editor and save it as UTF-8, or download it again."
