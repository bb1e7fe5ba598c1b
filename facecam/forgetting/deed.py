"""Forgetting somebody, and proving it.

1. Collect what would betray the person, and keep it until the end.
2. Delete: the gallery as one change, events, inbox, classifiers.
3. Fit the classifiers anew, without the person.
4. Look through every file; remove what is found; look again.
5. Ask the new classifiers about the old embeddings.
6. Compare the pictures the detector learns from; delete those that may show them.
7. Write a receipt that names nobody.

A crash before the gallery's change leaves everything as it was; after it, `finish` does
what is missing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from facecam.config import Config
from facecam.errors import WeightsMissing
from facecam.forgetting import markers
from facecam.forgetting.collecting import Traces, collect
from facecam.forgetting.needles import DATA
from facecam.forgetting.outcome import Outcome, write_receipt
from facecam.forgetting.places import Kind
from facecam.forgetting.scanning import Report, Residue, Scan, clean, scan, scan_again
from facecam.gallery import Gallery
from facecam.gallery.layout import JOURNAL
from facecam.vault import Vault, key_path

if TYPE_CHECKING:
    from facecam.forgetting.pooled import Pooled
    from facecam.vision.identifier import Identifier

ROUNDS = 2
"""How often is cleaned up before what is still found is called left."""


@dataclass(frozen=True, eq=False)
class _Work:
    """What every step needs."""

    config: Config
    gallery: Gallery
    vault: Vault
    report: Report
    began: float = field(default_factory=time.monotonic)


def forget(
    config: Config,
    gallery: Gallery,
    identity_id: str,
    report: Report | None = None,
) -> Outcome:
    """Delete everything about somebody and prove it.

    Args:
        config: of the home.
        gallery: has the person.
        identity_id: the person, whose record may be damaged.
        report: told what is being done. It may raise, to stop early: once something
            has been deleted, `finish` does the rest.

    Raises:
        PersonNotFound: nobody has the id.
        GalleryError: something cannot be read or deleted; the text says what.
    """
    work = _Work(config, gallery, gallery.vault, report or _quiet)
    work.report("Collecting what there is", 0.0)
    traces = collect(gallery, identity_id, config.inbox.akin)
    known = _others(work, identity_id)
    marker = markers.write(config.home, traces, gallery.vault)
    work.report("Deleting", 0.1)
    try:
        gallery.forget(identity_id, traces.shown)
    except BaseException:
        begun = (config.people / JOURNAL).exists()
        if not begun and identity_id in gallery.ids():
            markers.remove(marker, gallery.vault)
        raise
    return _finish(work, traces, marker, known)


def pending(home: Path) -> bool:
    """Tell whether a forgetting was interrupted."""
    return bool(markers.pending(home))


def finish(
    config: Config,
    gallery: Gallery,
    report: Report | None = None,
) -> list[Outcome]:
    """Finish what was interrupted.

    Somebody who is still there has not begun to be forgotten: that stays as it is.

    Raises:
        GalleryError: something cannot be read or deleted; the text says what.
    """
    work = _Work(config, gallery, gallery.vault, report or _quiet)
    outcomes = []
    for marker in markers.pending(config.home):
        traces = markers.read(marker, gallery.vault)
        if traces is None or traces.id in gallery.ids():
            markers.remove(marker, gallery.vault)
            continue
        outcomes.append(_finish(work, traces, marker))
    return outcomes


def _finish(
    work: _Work, traces: Traces, marker: Path, known: Identifier | None = None
) -> Outcome:
    """Do everything that follows the deletion from the gallery; may be repeated."""
    home, vault = work.config.home, work.vault
    deleted = {**traces.counts, **_forget_elsewhere(work, traces)}
    key = key_path(home, traces.id).exists()
    vault.destroy(traces.id)
    work.report("Learning anew without them", 0.2)
    asked, alike = _ask(work, traces, known)
    looked, cleaned = _look(work, traces)
    pool = _forget_pictures(work, traces)
    if pool.removed:
        deleted["hard examples"] = pool.removed
    work.report("Writing the receipt", 0.95)
    outcome = Outcome(
        name=traces.name or traces.id,
        deleted=deleted,
        files=looked.files,
        size=looked.size,
        cleaned=cleaned,
        left=(*looked.residues, *_runs(work, pool)),
        unreadable=looked.unreadable,
        asked=asked,
        alike=alike,
        compared=pool.left,
        sealed=vault.sealed or key,
        seconds=time.monotonic() - work.began,
    )
    outcome = replace(outcome, receipt=write_receipt(home, outcome))
    markers.remove(marker, vault)
    return outcome


def _others(work: _Work, identity_id: str) -> Identifier | None:
    """Return what is fitted of everybody else, so that not all is fitted anew."""
    from facecam.forgetting import learning

    return learning.others(work.config, work.gallery, identity_id)


def _forget_elsewhere(work: _Work, traces: Traces) -> Mapping[str, int]:
    """Delete the person's events, and whoever in the inbox might be them."""
    from facecam.inbox import Inbox

    config = work.config
    inbox = Inbox(config.home, config.inbox, work.vault)
    counts = {"events": _forget_visits(work, traces)}
    if len(traces.embeddings) or not traces.fingerprint:
        groups = inbox.forget(traces.embeddings, traces.fingerprint)
        counts["groups of strangers"] = groups
    return counts


def _forget_pictures(work: _Work, traces: Traces) -> Pooled:
    """Delete the pictures the detector learns from that may show the person."""
    from facecam.forgetting import pooled

    def report(text: str, share: float) -> None:
        work.report(text, 0.9 + 0.05 * share)

    return pooled.forget(work.config, work.gallery, traces, report)


def _runs(work: _Work, pool: Pooled) -> Iterator[Residue]:
    """Yield the training runs that hold crops of what was deleted."""
    runs = work.config.runs.relative_to(work.config.home)
    for name in pool.runs:
        yield Residue((runs / name).as_posix(), Kind.RUN, frozenset({DATA}))


def _forget_visits(work: _Work, traces: Traces) -> int:
    """Delete the person's events; return how many."""
    from facecam.events import Events

    events = Events(work.config.home, work.config.events)
    return events.forget(traces.id, work.gallery.ids())


def _ask(
    work: _Work, traces: Traces, known: Identifier | None
) -> tuple[int, Mapping[str, int]]:
    """Fit new classifiers and ask about each of the forgotten embeddings by itself.

    Returns:
        How many were asked about; names that were given, and how often.
    """
    from facecam.forgetting import learning

    if work.gallery.fingerprint != traces.fingerprint:
        return 0, {}  # another embedder by now: its vectors do not compare
    try:
        identifier = learning.relearn(work.config, work.gallery, known)
    except WeightsMissing:
        return 0, {}
    return len(traces.embeddings), learning.ask(identifier, traces.embeddings)


def _look(work: _Work, traces: Traces) -> tuple[Scan, tuple[Residue, ...]]:
    """Look through every file, clean up, and look again.

    Returns:
        The last look; what was found earlier and is gone now.
    """
    home, needles = work.config.home, traces.needles

    def report(text: str, share: float) -> None:
        work.report(text, 0.4 + 0.5 * share)

    found: dict[str, Residue] = {}
    looked = scan(home, needles, work.vault, report)
    for _ in range(ROUNDS):
        if not looked.residues:
            break
        found.update({residue.path: residue for residue in looked.residues})
        if any(residue.kind is Kind.EVENTS for residue in looked.residues):
            _forget_visits(work, traces)  # a camera wrote one meanwhile
        clean(home, looked.residues, needles, _known(work.gallery))
        looked = scan_again(home, looked, needles, work.vault)
    left = {residue.path for residue in looked.residues}
    cleaned = [replace(r, removed=True) for p, r in found.items() if p not in left]
    return looked, tuple(cleaned)


def _known(gallery: Gallery) -> frozenset[Path]:
    """Return the pictures that the records of people name."""
    return frozenset(
        person.folder / portrait.file
        for person in gallery.people()
        for portrait in (*person.portraits, *person.negatives)
    )


def _quiet(text: str, share: float) -> None:
    """Report to nobody."""
