"""vault.json: how the passphrase opens the master key.

    {"identity": …, "state": "on", "kdf": {"name": "scrypt", "n": …, "r": …, "p": …,
     "salt": …}, "master": …, "checksum": …}

Holds nothing secret and nothing about anybody, but without it nothing can be read
again: a copy lies beside the owners' keys and takes its place when it is damaged or
gone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import shutil
import unicodedata
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from facecam import files
from facecam.errors import GalleryError, VaultLocked

NAME = "vault.json"
KEYS = "keys"
"""The folder of the owners' keys, and of the copy of vault.json."""
OFF, ON, TURNING_ON, TURNING_OFF = "off", "on", "turning on", "turning off"
STATES = (ON, TURNING_ON, TURNING_OFF)
LEAST = 8
"""Shortest passphrase, characters (NIST SP 800-63B, 5.1.1.1)."""
COST = 2**17
"""N of scrypt: 128 MiB and about 0.3 s per guess (OWASP Password Storage, scrypt)."""
GREATEST_COST = 2**22
"""A larger N in vault.json is taken for damage: 4 GiB."""
BLOCK, LANES = 8, 1
"""r and p of scrypt (same source)."""
SALT, NONCE, KEY = 16, 12, 32
"""Bytes of the salt, of a nonce and of a key."""


@dataclass(frozen=True)
class Header:
    """The content of vault.json."""

    identity: str
    """Random: tells this vault from a later one of the same home."""
    state: str
    salt: str
    cost: int
    block: int
    lanes: int
    master: str
    """The master key, wrapped: nonce and AES-256-GCM, hexadecimal."""

    @property
    def sealing(self) -> bool:
        """Whether data written now is sealed."""
        return self.state != TURNING_OFF


def exists(home: Path) -> bool:
    """Tell whether the people of a home are protected, wholly or in part."""
    return (home / NAME).exists() or (home / KEYS / NAME).exists()


def stamp(home: Path) -> object:
    """Return what changes whenever vault.json does; None while it is not there."""
    with contextlib.suppress(OSError):
        status = (home / NAME).stat()
        return status.st_mtime_ns, status.st_ino, status.st_size
    return None


def read_header(home: Path) -> Header:
    """Read vault.json, or its copy where that is gone or damaged.

    Raises:
        GalleryError: both are.
    """
    for path in (home / NAME, home / KEYS / NAME):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            return _parse(path.read_bytes())
    raise GalleryError(
        f"{home / NAME} and its copy in {home / KEYS} are damaged. Put one of them "
        "back from a backup: without it, the protected people cannot be read."
    )


def write_header(home: Path, header: Header) -> None:
    """Write vault.json, then its copy, where they differ.

    Raises:
        GalleryError: the disk refuses.
    """
    stored = {**asdict(header), "checksum": _checksum(asdict(header))}
    data = f"{json.dumps(stored, indent=1)}\n".encode()
    for path in (home / NAME, home / KEYS / NAME):
        try:
            if path.is_file() and path.read_bytes() == data:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, data)
            files.settle(path.parent)
        except OSError as error:
            raise GalleryError(
                f"Cannot write {path}: {error.strerror or error}. "
                "Check the folder and its space."
            ) from error


def new_header(passphrase: str, state: str = TURNING_ON) -> tuple[Header, bytes]:
    """Return the header of a new vault, and its master key.

    Raises:
        GalleryError: the passphrase is too short.
    """
    master = secrets.token_bytes(KEY)
    empty = Header(secrets.token_hex(8), state, "", COST, BLOCK, LANES, "")
    return wrapped(empty, master, passphrase), master


def wrapped(header: Header, master: bytes, passphrase: str) -> Header:
    """Return the header that opens the same master key with another passphrase.

    Raises:
        GalleryError: the passphrase is too short.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(passphrase) < LEAST:
        raise GalleryError(
            f"The passphrase is too short. Use at least {LEAST} characters; several "
            "words are easy to remember and hard to guess."
        )
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    fresh = replace(
        header, salt=salt.hex(), cost=COST, block=BLOCK, lanes=LANES, master=""
    )
    cipher = AESGCM(_derived(fresh, passphrase))
    sealed = cipher.encrypt(nonce, master, header.identity.encode())
    return replace(fresh, master=(nonce + sealed).hex())


def open_master(header: Header, passphrase: str) -> bytes:
    """Return the master key.

    Raises:
        VaultLocked: the passphrase is wrong.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    data = bytes.fromhex(header.master)
    cipher = AESGCM(_derived(header, passphrase))
    try:
        return cipher.decrypt(data[:NONCE], data[NONCE:], header.identity.encode())
    except InvalidTag:
        raise VaultLocked("That is not the passphrase. Try again.") from None


def discard(home: Path) -> None:
    """Delete all keys, the copy and, last of all, vault.json.

    Raises:
        GalleryError: the disk refuses.
    """
    try:
        if (home / KEYS).is_dir():
            shutil.rmtree(home / KEYS)
        (home / NAME).unlink(missing_ok=True)
        files.settle(home)
    except OSError as error:
        raise GalleryError(
            f"Cannot delete the keys in {home / KEYS}: {error.strerror or error}. "
            "Check the folder's rights."
        ) from error


def _derived(header: Header, passphrase: str) -> bytes:
    """Return the key a passphrase stands for (RFC 7914)."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    kdf = Scrypt(
        salt=bytes.fromhex(header.salt),
        length=KEY,
        n=header.cost,
        r=header.block,
        p=header.lanes,
    )
    return kdf.derive(unicodedata.normalize("NFC", passphrase).encode())


def _parse(data: bytes) -> Header:
    """Read a header; raises ValueError, KeyError or TypeError if it is damaged."""
    stored: dict[str, Any] = json.loads(data)
    checksum = stored.pop("checksum")
    if checksum != _checksum(stored):
        raise ValueError("the checksum differs")
    header = Header(**stored)
    if header.state not in STATES or not 1 < header.cost <= GREATEST_COST:
        raise ValueError("out of range")
    return header


def _checksum(stored: dict[str, Any]) -> str:
    """Tell damage from a wrong passphrase; against malice it is no help."""
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()
