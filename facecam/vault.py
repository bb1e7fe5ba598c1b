"""What turns a person's bytes into bytes that only the passphrase can read.

Whoever writes data about a person calls `vault.seal(owner, data)` on the way to the disk
and `vault.unseal(data, owner)` on the way back. Sealed bytes begin with MAGIC; others
are returned as they are, so folders that are half sealed, half not can be read.

An owner is a person's id; "people" for what concerns several; "inbox/<group>"; "events".
Data that changes hands is sealed anew: `vault.reseal(data, owner, to)`.

The window's two parts are `app.people.forgetting.ForgetDialog(engine, tasks, person,
parent)` with the signal `forgotten`, and `app.people.unlocking.UnlockCard(engine, tasks,
parent)` with the signal `unlocked`.
"""

from __future__ import annotations

from typing import Protocol

from facecam.errors import VaultLocked

MAGIC = b"FCV1"
"""How sealed bytes begin."""


class Vault(Protocol):
    """Seals and unseals what belongs to somebody; safe to use from several threads."""

    @property
    def sealed(self) -> bool:
        """Whether data written now is sealed; then no name may show in a path either."""
        ...

    def seal(self, owner: str, data: bytes) -> bytes:
        """Return data as it is to be written; sealing what is sealed is a mistake."""
        ...

    def unseal(self, data: bytes, owner: str) -> bytes:
        """Return data as it was before `seal`; unsealed data unchanged.

        Raises:
            VaultLocked: it is sealed, and the passphrase has not been given.
            GalleryError: it is damaged, somebody else's, or its key was destroyed.
        """
        ...

    def reseal(self, data: bytes, owner: str, to: str) -> bytes:
        """Return data of one owner, sealed or not, as it is to be written for another.

        Raises:
            VaultLocked, GalleryError: as `unseal`.
        """
        ...

    def destroy(self, owner: str) -> None:
        """Destroy the key of an owner: whatever copy is left can never be read again.

        Without a key nothing happens, so it may be called again after a crash.
        """
        ...


class Plain:
    """Passes everything through."""

    sealed = False

    def seal(self, owner: str, data: bytes) -> bytes:
        """Return data as it is."""
        return data

    def unseal(self, data: bytes, owner: str) -> bytes:
        """Return data as it is, unless it was sealed."""
        if data.startswith(MAGIC):
            raise VaultLocked("The people are protected. Give the passphrase.")
        return data

    def reseal(self, data: bytes, owner: str, to: str) -> bytes:
        """Return data as it is, unless it was sealed."""
        return self.seal(to, self.unseal(data, owner))

    def destroy(self, owner: str) -> None:
        """There is no key."""


PLAIN: Vault = Plain()
"""For people who are not protected."""
