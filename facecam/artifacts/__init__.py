"""Models as files: what there is, what is installed, and that it is what it should be.

    models/<kind>/<name>/manifest.json  CARD.md   the catalogue, shipped with facecam
    <home>/models/<kind>/<name>/installed/        the same model, ready to run
    <home>/models/embedder/<name>/                one of the user's own, with both

    shipped        the catalogue, with what the home adds to it
    own            embedders trained here: added, deleted
    installations  what is installed, checked by its checksums
    exchange       one installation put in the place of another, and back
    running        which embedder is used, and the numbers that belong to it

A model of our own has its `weights.npz` in the catalogue, beside its manifest. An
installed folder holds `weights.npz` (the canonical arrays), compiled nets and its own
manifest.json with the sha256 of each file, and the settings that belong to the weights.
"""

from facecam.artifacts.exchange import FINAL, FOLDERS, PREVIOUS, publish, roll_back
from facecam.artifacts.installations import (
    WEIGHTS,
    Installed,
    Origin,
    before,
    installed,
    read_installed,
    stamp,
    verify,
    write_installed,
)
from facecam.artifacts.own import adding, delete, slug
from facecam.artifacts.running import embedders, fitted, running
from facecam.artifacts.shipped import (
    KINDS,
    MANIFEST,
    Manifest,
    catalogue,
    damaged,
    find,
    sha256,
)

__all__ = [
    "FINAL",
    "FOLDERS",
    "KINDS",
    "MANIFEST",
    "PREVIOUS",
    "WEIGHTS",
    "Installed",
    "Manifest",
    "Origin",
    "adding",
    "before",
    "catalogue",
    "damaged",
    "delete",
    "embedders",
    "find",
    "fitted",
    "installed",
    "publish",
    "read_installed",
    "roll_back",
    "running",
    "sha256",
    "slug",
    "stamp",
    "verify",
    "write_installed",
]
