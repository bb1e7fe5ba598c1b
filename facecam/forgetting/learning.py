"""The classifiers after somebody was forgotten: fitted anew, and asked.

An SVM depends only on its person's own views and on those of others that came near it;
see `vision.fitting`. One that never came near the forgotten person is exactly the one a
fit from nothing would give, so it is kept; every other is fitted anew. Asking the
embeddings afterwards does not rely on this.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from facecam import pipeline
from facecam.config import Config
from facecam.errors import FacecamError
from facecam.faces import Floats
from facecam.gallery import IDENTIFIER, Gallery
from facecam.vision.identifier import Identifier


def others(config: Config, gallery: Gallery, identity_id: str) -> Identifier | None:
    """Return the fitted SVMs of everybody else; None if there are none to be read."""
    with contextlib.suppress(OSError, FacecamError):
        identifier = Identifier.load(
            _path(config, gallery),
            pipeline.load_cohort(config),
            config.identifier,
            lambda data: gallery.vault.unseal(data, pipeline.EVERYBODY),
        )
        here = set(gallery.ids()) - {identity_id}
        return of_those_here(identifier, here)
    return None


def of_those_here(identifier: Identifier, ids: Collection[str]) -> Identifier:
    """Return an identifier with the SVMs of some people, and nobody else's."""
    pairs = zip(identifier.identities, identifier.rows, strict=True)
    left = [(who, row) for who, row in pairs if who.id in ids]
    identities, rows = tuple(who for who, _ in left), tuple(row for _, row in left)
    return replace(identifier, identities=identities, rows=rows)


def relearn(
    config: Config, gallery: Gallery, known: Identifier | None
) -> Identifier | None:
    """Fit everybody who is left; None without an embedder, or anybody.

    Args:
        config: of the home.
        gallery: without the forgotten person.
        known: the SVMs of the others, if they could be read; which of them still hold
            is found out.
    """
    if not gallery.fingerprint or not gallery.people():
        return None
    if known is not None:
        with contextlib.suppress(OSError, FacecamError), gallery.locked():
            seal = partial(gallery.vault.seal, pipeline.EVERYBODY)
            of_those_here(known, gallery.ids()).save(_path(config, gallery), seal)
    return pipeline.fit_identifier(config, gallery)


def ask(identifier: Identifier | None, embeddings: Floats) -> Mapping[str, int]:
    """Ask about each embedding by itself; return the names given, and how often."""
    if identifier is None:
        return {}
    answers = [identifier.identify(row[None])[0].identity for row in embeddings]
    return Counter(identity.name for identity in answers if identity is not None)


def _path(config: Config, gallery: Gallery) -> Path:
    return config.people / IDENTIFIER / f"{gallery.fingerprint}.npz"
