"""How the window says things: plain words for matches, sources, rates and times."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from facecam.config import WindowConfig
from facecam.faces import Face, Match

DEMO = "demo"
"""The source that plays the picture shipped with the window."""
STREAMS = ("rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "udp", "tcp", "srt")
"""Beginnings of addresses, as camera.stream has them; that module loads OpenCV."""
DEVICES = ("/sys/", "\\\\?\\")
"""Beginnings of ids of webcams that look like paths of files."""


def confidence_word(match: Match, config: WindowConfig) -> str:
    """Say how sure a match is: "certain", "likely" or "unknown"."""
    if match.identity is None:
        return "unknown"
    return "certain" if match.strangers >= config.certain_strangers else "likely"


def plate(face: Face, config: WindowConfig) -> tuple[str, str]:
    """Return the name and the word under a box; empty while still looking."""
    if face.match is None:
        return "", ""
    word = confidence_word(face.match, config)
    return (face.match.identity.name if face.match.identity else ""), word


def is_address(source: str) -> bool:
    """Tell whether a source is the address of a stream and not a file or camera."""
    parts = _split(source)
    return parts is not None and parts.scheme in STREAMS


def has_password(source: str) -> bool:
    """Tell whether an address contains a password, which is not to be kept."""
    parts = _split(source)
    return parts is not None and bool(parts.password)


def is_path(source: str) -> bool:
    """Tell whether a source is a file or a folder, without looking at the disk.

    A disk or a share may take seconds to answer, and the window asks often.
    """
    return Path(source).is_absolute() and not source.startswith(DEVICES)


def source_name(source: str) -> str:
    """Return a source as a person would call it, without passwords."""
    if source == DEMO:
        return "Demo clip"
    if parts := _split(source):
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.hostname}{port}{parts.path}".rstrip("/")
    if source.isdigit():
        return "Camera" if source == "0" else f"Camera {int(source) + 1}"
    return Path(source).name if is_path(source) else source


def source_icon(source: str) -> str:
    """Return the name of the icon that stands for a kind of source."""
    if source == DEMO:
        return "demo"
    if is_address(source):
        return "network"
    if not is_path(source):
        return "camera"
    return "film" if Path(source).suffix else "folder"


def _split(source: str) -> SplitResult | None:
    """Return the parts of an address; None of anything else, or of half an address."""
    try:
        parts = urlsplit(source)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    return parts if parts.scheme and parts.hostname else None


def rate(per_second: float) -> str:
    """Return a processing rate, "30 frames/s"."""
    return f"{per_second:.0f} frames/s"


def latency(seconds: float, named: bool = True) -> str:
    """Return a glass-to-name latency, "18 ms to name", or one to boxes alone."""
    aim = "to name" if named else "to find"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms {aim}"
    return f"{seconds:.1f} s {aim}"


def people(count: int) -> str:
    """Return how many are enrolled: "nobody enrolled", "1 person", "14 people"."""
    if count == 0:
        return "nobody enrolled"
    return "1 person" if count == 1 else f"{count:,} people"


def pictures(count: int) -> str:
    """Return "1 picture" or "4 pictures"."""
    return "1 picture" if count == 1 else f"{count:,} pictures"


def short(name: str, longest: int = 40) -> str:
    """Return a name that fits into a sentence, its end cut off if need be."""
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


def breakable(text: str) -> str:
    """Return text whose longest words may be broken into lines, where labels wrap."""
    return re.sub(r"\S{24}(?=\S)", "\\g<0>\u200b", text)


def clock(seconds: float) -> str:
    """Return a span of time as "0:42" or "1:02:05"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def plain(text: str) -> str:
    """Return text for comparing names: no accents, no case, single spaces."""
    parts = unicodedata.normalize("NFKD", " ".join(text.split()).casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
