"""What sealing looks like to whoever writes a person's data; and none at all."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from facecam.errors import VaultLocked
from facecam.vault.header import exists

MAGIC = b"FCV1"
"""How sealed bytes begin."""


class Vault(Protocol):
    """Seals and unseals what belongs to somebody; safe to use from several threads."""

    @property
    def sealed(self) -> bool:
        """Whether data written now is sealed; then no path may show a name either."""

    def seal(self, owner: str, data: bytes) -> bytes:
        """Return data as it is to be written.

        Raises:
            VaultLocked: another program has turned the protection on meanwhile.
            GalleryError: the key of the owner is damaged, or the disk refuses.
        """

    def unseal(self, data: bytes, owner: str) -> bytes:
        """Return data as it was before `seal`; what is not sealed unchanged.

        Raises:
            VaultLocked: it is sealed, and the passphrase has not been given.
            GalleryError: it is damaged, somebody else's, or its key was destroyed.
        """

    def reseal(self, data: bytes, owner: str, to: str) -> bytes:
        """Return data of one owner, sealed or not, as it is written for another.

        Raises:
            VaultLocked, GalleryError: as `seal` and `unseal`.
        """

    def destroy(self, owner: str) -> None:
        """Destroy the key of an owner: no copy left anywhere can be read again.

        Without a key nothing happens, so it may be called again after a crash.

        Raises:
            GalleryError: the disk refuses.
        """


class Plain:
    """Passes everything through: the people are not protected.

    Args:
        home: where a vault may appear, made by another program; None never looks.
    """

    sealed = False

    def __init__(self, home: Path | None = None) -> None:
        self._home = home

    def seal(self, owner: str, data: bytes) -> bytes:
        """Return data as it is, unless there is a vault by now."""
        if self._home is not None and exists(self._home):
            raise locked()
        return data

    def unseal(self, data: bytes, owner: str) -> bytes:
        """Return data as it is, unless it was sealed."""
        if data.startswith(MAGIC):
            raise locked()
        return data

    def reseal(self, data: bytes, owner: str, to: str) -> bytes:
        """Return data as it is, unless it was sealed."""
        return self.seal(to, self.unseal(data, owner))

    def destroy(self, owner: str) -> None:
        """There is no key."""


PLAIN: Vault = Plain()
"""For people who are not protected."""


def locked() -> VaultLocked:
    """Return the error for people whose passphrase has not been given."""
    return VaultLocked(
        "The people are protected. Give the passphrase: in the window, at the question "
        "of a command, or in FACECAM_PASSPHRASE."
    )
