"""Fetch one large file, take up where it stopped, and believe only its checksum."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from facecam.errors import ModelError, WeightsCorrupt, WeightsMissing

Report = Callable[[str, float], None]

ATTEMPTS = 3
"""Connections made before giving up; each takes up where the one before broke off."""
TIMEOUT = 30.0
"""Seconds without a byte until a connection counts as broken."""
CHUNK = 1 << 18
"""Bytes read at a time."""
SLACK = 4
"""A download may grow to so many times the size announced in the manifest."""

_BROKEN = (OSError, http.client.HTTPException)


def download(url: str, target: Path, sha256: str, size: int, report: Report) -> None:
    """Fetch `url` into `target`, unless it is there already.

    What has arrived is kept in `<target>.part`, also when the process is stopped; the
    next call asks only for the rest.

    Args:
        url: http or https.
        target: its folder is made.
        sha256: of the whole file, 64 hex digits.
        size: bytes, roughly; for the progress where the server does not tell.
        report: told what is being done and how far it is.

    Raises:
        WeightsMissing: the server cannot be reached or does not have the file.
        WeightsCorrupt: what arrived has another checksum. It is removed.
        ModelError: there is no writing here.
    """
    if target.is_file() and _digest(target) == sha256:
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(
            f"{target.parent} cannot be made: {error.strerror}. Make its folder "
            "writable, or let FACECAM_HOME name another one."
        ) from error
    part = target.with_name(f"{target.name}.part")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _fetch_rest(url, part, size, report)
            break
        except _BROKEN as error:
            if attempt == ATTEMPTS or _is_refusal(error):
                raise _unreachable(url, part, error) from error
    report("Checking", 1.0)
    if _digest(part) != sha256:
        part.unlink()
        raise WeightsCorrupt(
            f"What {url} sent is not the published file: its checksum is wrong. It was "
            "removed. Try again, or get the file elsewhere and run: "
            "facecam models import FILE"
        )
    part.replace(target)


def _fetch_rest(url: str, part: Path, size: int, report: Report) -> None:
    """Append to `part` what it lacks of the file; restart if the server cannot."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "facecam"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                return  # everything is there; the checksum will say
            raise
    with response:
        if response.status != http.HTTPStatus.PARTIAL_CONTENT:
            have = 0
        whole = have + int(response.headers.get("Content-Length") or size - have)
        with part.open("ab" if have else "wb") as file:
            _copy(response, file, (have, whole, SLACK * max(size, 1)), report)
    if part.stat().st_size < whole and "Content-Length" in response.headers:
        raise ConnectionError("the connection was closed early")


def _copy(source: Any, file: Any, sizes: tuple[int, int, int], report: Report) -> None:
    """Copy a response; `sizes` are the bytes there, in all and at most."""
    have, whole, most = sizes
    while chunk := source.read(CHUNK):
        file.write(chunk)
        have += len(chunk)
        if have > most:
            raise WeightsCorrupt(
                f"The server sends more than the {most >> 20} MB expected."
            )
        report(
            f"Downloading {have / 1e6:.0f} of {whole / 1e6:.0f} MB",
            min(have / max(whole, 1), 1.0),
        )


def _is_refusal(error: Exception) -> bool:
    """Whether a server said no, which asking again does not change."""
    return (
        isinstance(error, urllib.error.HTTPError)
        and error.code < http.HTTPStatus.INTERNAL_SERVER_ERROR
    )


def _unreachable(url: str, part: Path, error: Exception) -> ModelError:
    """Make the error for a download that failed."""
    kept = ""
    if part.exists():
        kept = (
            f" {part.stat().st_size / 1e6:.0f} MB are kept; the next try goes on there."
        )
    refused = isinstance(error, urllib.error.HTTPError)
    reason = error if refused else getattr(error, "reason", error)
    return WeightsMissing(
        f"The download failed ({reason}).{kept} If this computer is offline, fetch\n"
        f"    {url}\nelsewhere, bring the file here and run: facecam models import FILE"
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
