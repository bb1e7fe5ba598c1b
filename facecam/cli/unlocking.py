"""The passphrase of protected people, for commands: from outside, or asked for."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from facecam.cli.console import warn
from facecam.config import Config
from facecam.errors import VaultLocked

if TYPE_CHECKING:
    from facecam.vault import Vault

VARIABLE = "FACECAM_PASSPHRASE"
TRIES = 3
"""How often a passphrase may be mistyped."""


def unlocked(config: Config) -> Vault:
    """Return what reads and writes the people; ask for the passphrase if need be.

    Raises:
        VaultLocked: it is wrong, or there is nobody to ask.
    """
    from facecam import vault

    home = config.home
    if vault.protection(home) == "off" or VARIABLE in os.environ:
        return vault.open_vault(home, os.environ.get(VARIABLE))
    for tries in range(TRIES, 0, -1):
        try:
            return vault.open_vault(home, ask("Passphrase: "))
        except VaultLocked as error:
            if tries == 1 or not sys.stdin.isatty():
                raise
            warn(str(error))
    raise AssertionError("the last try raises")


def ask(question: str) -> str | None:
    """Ask for a passphrase without showing it; None without a terminal."""
    if not sys.stdin.isatty():
        return None
    import getpass

    return getpass.getpass(question)


def new_passphrase(variable: str) -> str:
    """Ask twice for a new passphrase, or take it from a variable.

    Raises:
        VaultLocked: there is nobody to ask, or the two differ.
    """
    if variable in os.environ:
        return os.environ[variable]
    chosen = ask("New passphrase: ")
    if chosen is None:
        raise VaultLocked(f"Set {variable}, or run this in a terminal.")
    if ask("The same again: ") != chosen:
        raise VaultLocked("The two passphrases differ. Nothing was changed.")
    return chosen
