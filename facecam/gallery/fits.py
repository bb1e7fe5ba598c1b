"""The classifiers of a gallery: fitted, kept beside the people, gone on from.

They hold something of everybody, so they lie in a folder of their own, sealed where the
people are protected, which goes whole when somebody is forgotten. Beside them lies what
the last change did (see `refits`).
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from facecam.config import IdentifierConfig
from facecam.errors import GalleryError, WeightsCorrupt
from facecam.gallery import refits
from facecam.gallery.gallery import Gallery
from facecam.gallery.layout import IDENTIFIER
from facecam.gallery.refits import Fit
from facecam.vault import Vault
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier

EVERYBODY = "people"
"""Owner of what holds something of everybody, for the vault."""

log = logging.getLogger(__name__)


def fit(
    gallery: Gallery,
    cohort: Cohort,
    config: IdentifierConfig,
    report: Callable[[float], None] = lambda share: None,
    anew: bool = False,
) -> tuple[Identifier, Fit]:
    """Fit the classifiers of everybody enrolled, and keep them; say what that did.

    Args:
        gallery: the people.
        cohort: the strangers, of the same embedder.
        config: of the classifiers.
        report: told the share done; may raise to end it.
        anew: fit everybody from nothing, also where the classifier before still holds.

    Raises:
        WeightsMissing: no embedder is installed.
    """
    began = time.monotonic()
    generation, people = gallery.generation, gallery.examples()
    path = path_of(gallery)
    previous = _previous(path, cohort, config, gallery.vault)
    start = None if anew else previous
    identifier = Identifier.fit(people, cohort, config, start, report)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    done = refits.compare(previous, identifier, now, time.monotonic() - began)
    if not done.same or not _said(path).is_file():
        with contextlib.suppress(OSError, GalleryError):  # read-only works, slowly
            _keep(identifier, done, gallery, generation)
    return identifier, done


def last(gallery: Gallery) -> Fit | None:
    """Return what the last fit that changed anything did; None if that is not known."""
    unseal = partial(_unsealed, gallery.vault)
    return refits.read(_said(path_of(gallery)), unseal)


def path_of(gallery: Gallery) -> Path:
    """Return the file of the classifiers of a gallery's embedder."""
    return gallery.directory / IDENTIFIER / f"{gallery.fingerprint}.npz"


def _said(path: Path) -> Path:
    return path.with_suffix(refits.ENDING)


def _keep(identifier: Identifier, done: Fit, gallery: Gallery, generation: int) -> None:
    """Store an identifier, unless somebody was changed or forgotten meanwhile."""
    seal, path = partial(gallery.vault.seal, EVERYBODY), path_of(gallery)
    with gallery.locked():
        if gallery.generation == generation:
            if not done.same:
                identifier.save(path, seal)
            refits.write(_said(path), done, seal)


def _previous(
    path: Path, cohort: Cohort, config: IdentifierConfig, vault: Vault
) -> Identifier | None:
    if not path.is_file():
        return None
    try:
        return Identifier.load(path, cohort, config, partial(_unsealed, vault))
    except (WeightsCorrupt, GalleryError) as error:
        log.info("%s", error)
        return None


def _unsealed(vault: Vault, data: bytes) -> bytes:
    return vault.unseal(data, EVERYBODY)
