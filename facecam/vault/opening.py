"""Making, opening and changing the vault of a home.

Turning the protection on or off converts every file and may be interrupted: vault.json
says how far it is, and both kinds of file are read until the end.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from facecam.errors import GalleryError
from facecam.vault.header import (
    OFF,
    TURNING_OFF,
    discard,
    exists,
    new_header,
    open_master,
    read_header,
    wrapped,
    write_header,
)
from facecam.vault.protocol import Plain, Vault, locked
from facecam.vault.unlocked import Unlocked


def protection(home: Path) -> str:
    """Return "off", "on", "turning on" or "turning off"; needs no passphrase.

    Raises:
        GalleryError: vault.json and its copy are damaged.
    """
    return read_header(home).state if exists(home) else OFF


def open_vault(home: Path, passphrase: str | None) -> Vault:
    """Return what reads and writes the people of a home.

    Args:
        home: the folder that may hold vault.json.
        passphrase: None if it is not known; only protected people need it.

    Raises:
        VaultLocked: the passphrase is missing or wrong.
        GalleryError: vault.json and its copy are damaged.
    """
    if not exists(home):
        return Plain(home)
    header = read_header(home)
    if passphrase is None:
        raise locked()
    master = open_master(header, passphrase)
    write_header(home, header)  # mends what a crash or a disk fault left of either copy
    return Unlocked(home, header, master)


def create(home: Path, passphrase: str) -> Unlocked:
    """Make a vault: from now on, what is written is sealed.

    Raises:
        GalleryError: there is one, the passphrase is too short, or the disk refuses.
    """
    if exists(home):
        raise GalleryError("The people are protected already.")
    header, master = new_header(passphrase)
    write_header(home, header)
    return Unlocked(home, header, master)


def change_passphrase(home: Path, old: str, new: str) -> None:
    """Let another passphrase open the vault; no file has to be sealed anew.

    Raises:
        VaultLocked: the old one is wrong.
        GalleryError: the new one is too short, or the disk refuses.
    """
    if not exists(home):
        raise GalleryError(
            "The people are not protected. Turn the protection on first."
        )
    header = read_header(home)
    write_header(home, wrapped(header, open_master(header, old), new))


def settle(home: Path, state: str) -> None:
    """Write down how far turning the protection on or off is.

    Args:
        home: has a vault.
        state: "on", "turning on" or "turning off".

    Raises:
        GalleryError: the disk refuses.
    """
    write_header(home, replace(read_header(home), state=state))


def remove(home: Path) -> None:
    """Delete the vault and all its keys: nothing may be sealed any more.

    Raises:
        GalleryError: it was not turned off first, or the disk refuses.
    """
    if exists(home):
        if protection(home) != TURNING_OFF:
            raise GalleryError("The people are still protected. Turn it off first.")
        discard(home)
