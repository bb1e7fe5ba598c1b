"""`facecam vault`: protect the people with a passphrase, or no longer."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from facecam.cli.console import Progress, print_json
from facecam.cli.options import add_json
from facecam.cli.unlocking import VARIABLE, ask, new_passphrase, unlocked
from facecam.config import Config
from facecam.errors import GalleryError, VaultLocked

NEW = "FACECAM_NEW_PASSPHRASE"
WORDS = {
    "off": "The people are not protected: whoever reads this disk can see them.",
    "on": "The people are protected with a passphrase.",
    "turning on": "The people are protected in part: it was interrupted. "
    "Finish it: facecam vault on",
    "turning off": "The people are protected in part: turning it off was interrupted. "
    "Finish it: facecam vault off",
}
LOST = "Keep the passphrase safe: if it is lost, nobody can read the people again."
OPEN = (
    "Not protected: pictures the detector learns from, {:,}: what learns has no "
    "passphrase. Remove those with people on them: facecam train hard"
)
TELLING = (
    "Folders of people enrolled before are still called much like them, "
    "and so are the ids in the list of visits. To change that, enrol them anew."
)


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "vault",
        help="protect the people with a passphrase",
        description="Protect pictures, names and embeddings with a passphrase. It is "
        f"asked for, or taken from {VARIABLE}; a new one from {NEW}. {LOST}",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for action, summary in (
        ("status", "whether the people are protected"),
        ("on", "protect the people, or finish what was interrupted"),
        ("off", "end the protection, or finish what was interrupted"),
        ("passphrase", "choose another passphrase"),
    ):
        add_json(actions.add_parser(action, help=summary))


def run(args: argparse.Namespace, config: Config) -> int:
    """Say or change whether the people are protected; return the exit code."""
    from facecam import vault

    actions = {"on": _on, "off": _off, "passphrase": _passphrase}
    if args.action in actions:
        actions[args.action](config)
    state = vault.protection(config.home)
    if args.json:
        print_json({"protection": state})
        return 0
    if args.action == "passphrase":
        print("The passphrase is changed.")
    print(WORDS[state])
    plain = len(_unprotected(config)) if state == "on" else 0
    if plain:
        print(f"Not protected: files put there by hand, {plain}. Run: facecam vault on")
    taught = _pictures_to_learn_from(config) if state == "on" else 0
    if taught:
        print(OPEN.format(taught))
    if args.action == "on":
        print(LOST)
        if _telling(config):
            print(TELLING)
    return 0


def _unprotected(config: Config) -> list[Path]:
    """Return what was put by hand beside protected people."""
    from facecam.forgetting import sealing

    return sealing.unprotected(config.home)


def _pictures_to_learn_from(config: Config) -> int:
    """Return how many pictures the detector learns from lie open."""
    from facecam.errors import DatasetError
    from facecam.training.detector import hard_pool

    try:
        return hard_pool.listed(config.hard).pictures
    except DatasetError:
        return 0


def _telling(config: Config) -> bool:
    """Tell whether ids made from names are left of before the protection."""
    from facecam.gallery.layout import people_folders
    from facecam.gallery.names import NAMELESS

    folders = people_folders(config.people)
    return any(NAMELESS.fullmatch(folder.name) is None for folder in folders)


def _on(config: Config) -> None:
    from facecam import vault
    from facecam.forgetting import sealing

    state = vault.protection(config.home)
    if state == "off":
        opened: vault.Vault = vault.create(config.home, _first_passphrase())
    else:
        opened = unlocked(config)
    if state != "on" or _unprotected(config):
        with Progress("Protecting the people") as progress:
            sealing.convert(
                config, opened, True, lambda _, s: progress(round(s * 100), 100)
            )


def _off(config: Config) -> None:
    from facecam import vault
    from facecam.forgetting import sealing

    if vault.protection(config.home) != "off":
        opened = unlocked(config)
        with Progress("Ending the protection") as progress:
            sealing.convert(
                config, opened, False, lambda _, s: progress(round(s * 100), 100)
            )


def _first_passphrase() -> str:
    return new_passphrase(NEW if NEW in os.environ else VARIABLE)


def _passphrase(config: Config) -> None:
    from facecam import vault

    if vault.protection(config.home) == "off":
        raise GalleryError("The people are not protected. Run: facecam vault on")
    old = os.environ.get(VARIABLE) or ask("Present passphrase: ")
    if old is None:
        raise VaultLocked(f"Set {VARIABLE}, or run this in a terminal.")
    vault.open_vault(config.home, old)
    vault.change_passphrase(config.home, old, new_passphrase(NEW))
