"""What would betray somebody in a file: pieces of their data, their id, their name.

Pieces are looked for by the hashes of windows of 32 bytes. The needles hold the window
at every byte of a person's data, a file is looked at in steps of 32 bytes: whatever
piece of 63 bytes or more it holds, wherever it begins, covers one whole step. So a
gallery of gigabytes is read once, at about the speed of the disk.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

WINDOW = 32
"""Bytes of a window."""
LONGEST_PERIOD = 16
"""Windows that repeat themselves after so many bytes or fewer belong to nobody: even
areas of a picture are coded like this, and so is the padding of a file."""
LEAST_NEWS = 16
"""Bytes of a window that must differ from what repetition would give: an even area
begins and ends in a few bytes that others begin and end in, too."""
TABLE = 27
"""log2 of the bits that say quickly that a hash is no needle's: 16 MiB, of which the
windows of a person with 20 pictures set 3 %."""
BINARY_TEXT = 5
"""Shorter texts are not looked for in binary files, bytes: chance would find them."""
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"BM")
"""How the files of pictures begin: no text is looked for in them."""
CHANCE = 4
"""Bytes that may be equal by chance where few are compared."""
NUMPY = 4
"""Bytes of a character in NumPy's texts."""
_FACTORS = np.array(
    (
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0xD6E8FEB86659FD93,
        0xA0761D6478BD642F,
    ),
    np.uint64,
)
"""Odd constants of splitmix64, xxHash and wyhash; any would do."""
_FOLD = np.uint64(31)

DATA, COPY, NAME, ID = "data", "copy", "name", "id"
"""What may be found: a piece of data, a whole file, the name, the id."""


@dataclass(frozen=True)
class Text:
    """A word that must not appear."""

    kind: str
    text: str
    within: tuple[str, ...] = ()
    """Texts of others that contain it, such as "Ada Lovelace" for "Ada": an appearance
    as part of one of them is theirs."""
    part: bool = False
    """Whether it counts as part of a longer word, too, as a digest cut short does."""


@dataclass(frozen=True, eq=False)
class Needles:
    """Everything that is looked for."""

    windows: Hashes  # sorted
    copies: frozenset[tuple[int, str]] = frozenset()
    """Size and SHA-256 of whole files."""
    texts: tuple[Text, ...] = ()
    _table: NDArray[np.uint8] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        table = np.zeros(2 ** (TABLE - 3), np.uint8)
        places = self.windows >> np.uint64(64 - TABLE)
        np.bitwise_or.at(table, places >> np.uint64(3), _bit(places))
        object.__setattr__(self, "_table", table)

    def kinds_in(self, data: bytes) -> frozenset[str]:
        """Return what of a person the content of a file holds."""
        found = set()
        if self._pieces(data):
            found.add(DATA)
        sizes = {size for size, _ in self.copies}
        if len(data) in sizes and digest(data) in self.copies:
            found.add(COPY)
        binary = data.find(b"\0") >= 0
        found |= {text.kind for text in self.texts if any(_places(data, text, binary))}
        return frozenset(found)

    def kinds_in_path(self, parts: Sequence[str]) -> frozenset[str]:
        """Return whether names of files and folders tell of a person."""
        path = "/".join(parts).encode(errors="surrogateescape")
        return frozenset(
            text.kind for text in self.texts if any(_places(path, text, False))
        )

    def without_texts(self, data: bytes) -> bytes:
        """Return data of the same length in which each text became asterisks."""
        clean = bytearray(data)
        for text in self.texts:
            for start, end in _places(data, text, False):
                clean[start:end] = b"*" * (end - start)
        return bytes(clean)

    def _pieces(self, data: bytes) -> bool:
        if not len(self.windows) or len(data) < WINDOW:
            return False
        hashes = _hashes(data)
        places = hashes >> np.uint64(64 - TABLE)
        likely = hashes[(self._table[places >> np.uint64(3)] & _bit(places)) != 0]
        where = np.searchsorted(self.windows, likely)
        where[where == len(self.windows)] = 0
        return bool((self.windows[where] == likely).any())


def needles(
    files: Iterable[bytes],
    rows: Iterable[bytes],
    texts: Sequence[Text],
    whole: Iterable[bytes] = (),
) -> Needles:
    """Return what betrays a person.

    Args:
        files: pictures.
        rows: numbers as they lie in memory: embeddings, weights.
        texts: ids and names.
        whole: files of which pieces say nothing: records, whose words all share.
    """
    windows = [np.empty(0, np.uint64)]
    copies = {digest(data) for data in whole if data}
    for data in filter(None, files):  # an empty file is like any other
        copies.add(digest(data))
        windows.append(windows_of(_telling(data)))
    windows += [windows_of(row) for row in rows]
    together = np.sort(np.concatenate(windows))  # np.unique takes thirty times as long
    return Needles(together, frozenset(copies), tuple(texts))


def digest(data: bytes) -> tuple[int, str]:
    """Return what tells whole files apart."""
    return len(data), hashlib.sha256(data).hexdigest()


def windows_of(data: bytes) -> Hashes:
    """Return the hashes of the windows at every byte, those that say something."""
    if len(data) < WINDOW:
        return np.empty(0, np.uint64)
    hashes = np.empty(len(data) - WINDOW + 1, np.uint64)
    for shift in range(min(WINDOW, len(hashes))):
        hashes[shift::WINDOW] = _hashes(data[shift:])
    ordered = np.sort(hashes[_telling_windows(data)])
    again = ordered[1:] == ordered[:-1]  # what repeats is an even area, too
    once = np.ones(len(ordered), np.bool_)
    once[1:] &= ~again
    once[:-1] &= ~again
    return ordered[once]


def _hashes(data: bytes) -> Hashes:
    """Return the hash of every whole block of 32 bytes, -> (n // 32,)."""
    blocks = len(data) // WINDOW
    words = np.frombuffer(data, np.uint64, blocks * 4).reshape(blocks, 4)
    state = words[:, 0] * _FACTORS[0]
    for column in range(1, 4):
        state ^= state >> _FOLD
        state += words[:, column]
        state *= _FACTORS[column]
    state ^= state >> _FOLD
    return state * _FACTORS[0]


def _telling_windows(data: bytes) -> NDArray[np.bool_]:
    """Say which windows do not merely repeat a few bytes, -> (n - 31,)."""
    values = np.frombuffer(data, np.uint8)
    telling = np.ones(len(data) - WINDOW + 1, np.bool_)
    for period in range(1, LONGEST_PERIOD + 1):
        differs = np.zeros(len(data) + 1, np.int32)
        np.cumsum(values[period:] != values[:-period], out=differs[1 : -period or None])
        span = WINDOW - period
        news = differs[span : span + len(telling)] - differs[: len(telling)]
        telling &= news >= min(LEAST_NEWS, span - CHANCE)
    return telling


def _telling(data: bytes) -> bytes:
    """Return the part of a file that is the person's own.

    The beginning of a JPEG is the encoder's and the camera's: the tables of one are
    those of the next. Only what follows the first start of scan is the picture; of a
    PNG, what follows the first chunk of data.
    """
    if data.startswith(b"\x89PNG"):
        return data[max(data.find(b"IDAT"), 0) :]
    at = 2 if data.startswith(b"\xff\xd8") else len(data)
    while at + 4 <= len(data) and data[at] == 0xFF:
        following = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == 0xDA:
            return data[following:]
        at = following
    return data


def _bit(places: Hashes) -> NDArray[np.uint8]:
    return np.left_shift(1, (places & np.uint64(7)).astype(np.uint8)).astype(np.uint8)


def _places(data: bytes, text: Text, binary: bool) -> Iterator[tuple[int, int]]:
    """Yield where a text begins and ends, unless it is part of another's."""
    for form, width in _forms(text.text):
        if binary and len(form) < BINARY_TEXT:
            continue
        theirs: list[tuple[int, int]] | None = None
        for start in _finds(data, form):
            end = start + len(form)
            if not text.part and not _alone(data, (start, end), form, width):
                continue
            if theirs is None:
                theirs = _theirs(data, text.within)
            if not any(a <= start and end <= b for a, b in theirs):
                yield start, end


def _theirs(data: bytes, texts: Sequence[str]) -> list[tuple[int, int]]:
    return [
        (start, start + len(form))
        for text in texts
        for form, _ in _forms(text)
        for start in _finds(data, form)
    ]


def _finds(data: bytes, form: bytes) -> Iterator[int]:
    start = data.find(form)
    while start >= 0:
        yield start
        start = data.find(form, start + 1)


def _forms(text: str) -> set[tuple[bytes, int]]:
    """Return the bytes a text may be written as, and the bytes of one character.

    UTF-8, as typed and decomposed (file names on a Mac); as in JSON, as in the window's
    settings; UTF-16; and UTF-32, as NumPy stores it.
    """
    plain = {text, unicodedata.normalize("NFD", text), json.dumps(text)[1:-1]}
    plain.add("".join(c if c.isascii() else f"\\x{ord(c):x}" for c in text))
    forms = {(form.encode(errors="surrogateescape"), 1) for form in plain}
    for name, width in (("utf-16-le", 2), ("utf-32-le", NUMPY)):
        forms.add((text.encode(name, errors="surrogatepass"), width))
    return forms


def _alone(data: bytes, place: tuple[int, int], form: bytes, width: int) -> bool:
    """Tell whether a text is no part of a longer word; only ASCII letters are judged.

    Chinese, for one, writes names and what surrounds them without a gap; so do arrays
    of NumPy, whose texts are all of one length.
    """
    if width == NUMPY:
        return True
    start, end = place
    before, after = data[max(start - width, 0) : start], data[end : end + width]
    return not (_letter(before) and _letter(form[:width])) and not (
        _letter(after) and _letter(form[-width:])
    )


def _letter(character: bytes) -> bool:
    return character[:1].isalnum() and not any(character[1:])
