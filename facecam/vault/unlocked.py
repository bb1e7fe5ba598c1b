"""A vault whose passphrase was given: a key of its own for every owner."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from facecam import files
from facecam.errors import GalleryError, VaultLocked
from facecam.vault.header import KEYS, Header, exists, read_header, stamp
from facecam.vault.protocol import MAGIC

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_MAGIC = b"FCK1"
"""How the file of an owner's key begins."""
NONCE = 12
"""Bytes of a nonce: what AES-GCM is specified for (NIST SP 800-38D, 8.2)."""
KEY = 32
"""Bytes of a key: AES-256."""
TAG = 16
"""Bytes that AES-GCM adds."""
PATIENCE = 10.0
"""Longest wait for another program that makes a key, seconds."""


class Unlocked:
    """A vault whose passphrase was given.

    Other programs may turn the protection off or on meanwhile, and destroy keys: each
    call looks at the dates of the files concerned.

    Args:
        home: the folder with vault.json.
        header: what vault.json says.
        master: the key that unwraps the owners' keys.
    """

    def __init__(self, home: Path, header: Header, master: bytes) -> None:
        self.home = home
        self._header, self._stamp = header, stamp(home)
        self._master = _cipher(master)
        self._ciphers: dict[str, tuple[object, AESGCM]] = {}
        self._turn = threading.Lock()

    @property
    def sealed(self) -> bool:
        """Whether data written now is sealed."""
        header = self._current()
        return header is not None and header.sealing

    def seal(self, owner: str, data: bytes) -> bytes:
        """Return data sealed for an owner; plain while the protection is turned off."""
        return self.sealed_for(owner, data) if self.sealed else data

    def sealed_for(self, owner: str, data: bytes) -> bytes:
        """Return data sealed for an owner, whatever the state of the protection."""
        cipher = self._cipher_of(owner, make=True)
        nonce = secrets.token_bytes(NONCE)
        return MAGIC + nonce + cipher.encrypt(nonce, data, MAGIC + owner.encode())

    def unseal(self, data: bytes, owner: str) -> bytes:
        """Return data as it was before `seal`; what is not sealed unchanged."""
        from cryptography.exceptions import InvalidTag

        if not data.startswith(MAGIC):
            return data
        cipher = self._cipher_of(owner, make=False)
        start = len(MAGIC) + NONCE
        if len(data) < start + TAG:
            raise GalleryError("A protected file is cut off. Put back a copy of it.")
        nonce = data[len(MAGIC) : start]
        try:
            return cipher.decrypt(nonce, data[start:], MAGIC + owner.encode())
        except InvalidTag:
            raise GalleryError(
                "A protected file is damaged, or was moved here from somebody else. "
                "Put back a copy of it."
            ) from None

    def reseal(self, data: bytes, owner: str, to: str) -> bytes:
        """Return data of one owner, sealed or not, as it is written for another."""
        return self.seal(to, self.unseal(data, owner))

    def destroy(self, owner: str) -> None:
        """Overwrite the key of an owner and delete it."""
        path = key_path(self.home, owner)
        with self._turn, _alone(self.home):
            self._ciphers.pop(owner, None)
            try:
                files.shred(path)
            except OSError as error:
                raise GalleryError(
                    f"Cannot delete the key {path}: {error.strerror or error}. "
                    "Check the folder's rights."
                ) from error

    def _current(self) -> Header | None:
        """Return what vault.json says now; None when it is gone.

        Raises:
            VaultLocked: it is another vault by now.
        """
        now = stamp(self.home)
        if now == self._stamp and now is not None:
            return self._header
        header = read_header(self.home) if exists(self.home) else None
        if header is None:
            return None
        if header.identity != self._header.identity:
            raise VaultLocked(
                "The people were protected anew by another program. "
                "Give the new passphrase."
            )
        self._header, self._stamp = header, now
        return header

    def _cipher_of(self, owner: str, make: bool) -> AESGCM:
        path = key_path(self.home, owner)
        with self._turn:
            date = _date(path)
            known = self._ciphers.get(owner)
            if known is not None and date is not None and known[0] == date:
                return known[1]
            self._ciphers.pop(owner, None)
            if date is None and not make:
                raise GalleryError(
                    "The key of a protected file is gone: the person was forgotten. "
                    "The file cannot be read again; delete it."
                )
            key = self._read_key(owner) if date else self._make_key(owner)
            cipher = _cipher(key)
            self._ciphers[owner] = (_date(path), cipher)
            return cipher

    def _make_key(self, owner: str) -> bytes:
        """Make the key of an owner, unless another program just did."""
        path = key_path(self.home, owner)
        with _alone(self.home):
            if path.is_file():
                return self._read_key(owner)
            key, nonce = secrets.token_bytes(KEY), secrets.token_bytes(NONCE)
            wrapped = self._master.encrypt(nonce, key, KEY_MAGIC + owner.encode())
            try:
                files.write(path, KEY_MAGIC + nonce + wrapped)
                files.settle(path.parent)
            except OSError as error:
                raise GalleryError(
                    f"Cannot write the key {path}: {error.strerror or error}. "
                    "Check the folder and its space."
                ) from error
            return key

    def _read_key(self, owner: str) -> bytes:
        from cryptography.exceptions import InvalidTag

        path = key_path(self.home, owner)
        start = len(KEY_MAGIC) + NONCE
        try:
            data = path.read_bytes()
            if not data.startswith(KEY_MAGIC):
                raise ValueError("not a key")
            nonce = data[len(KEY_MAGIC) : start]
            return self._master.decrypt(nonce, data[start:], KEY_MAGIC + owner.encode())
        except (OSError, ValueError, InvalidTag) as error:
            self._current()  # another vault by now has other keys: that is no damage
            raise GalleryError(
                f"The key {path} is damaged. Put back a copy of it; without one, what "
                "it protects cannot be read again: forget the person."
            ) from error


def key_path(home: Path, owner: str) -> Path:
    """Return the file of an owner's key; its name says nothing about the owner."""
    digest = hashlib.sha256(owner.encode()).hexdigest()[:32]
    return home / KEYS / f"{digest}.key"


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _date(path: Path) -> object:
    """Return what changes when a file is replaced; None when it is gone."""
    with contextlib.suppress(OSError):
        status = path.stat()
        return status.st_mtime_ns, status.st_ino, status.st_size
    return None


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Keep other programs from making or destroying keys meanwhile."""
    from filelock import FileLock, Timeout

    folder = home / KEYS
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=PATIENCE):
            yield
    except Timeout:
        raise GalleryError(
            "Another facecam program holds the keys. Close it, or try again."
        ) from None
