"""What each change does to records and files: pure, from what there is to a draft."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TypeAlias

from facecam.errors import GalleryError
from facecam.faces import Identity
from facecam.gallery.cutting import Cut
from facecam.gallery.layout import (
    ALIGNED,
    NEGATIVES,
    ORIGINALS,
    PORTRAITS,
    kept_of,
    managed,
)
from facecam.gallery.listing import Listed
from facecam.gallery.names import clean_name, new_capture, new_id
from facecam.gallery.people import Person, Portrait
from facecam.gallery.records import Record, now, without
from facecam.gallery.store import Draft, Store

Shown: TypeAlias = Mapping[str, Collection[str]]
"""Negatives, by the ids of whose they are."""
NONE_SHOWN: Shown = MappingProxyType({})


def target(store: Store, who: str | Identity) -> tuple[str, Record]:
    """Return id and record of somebody: a new person for a name."""
    if isinstance(who, Identity):
        return who.id, settled(store.one(who.id))
    name = clean_name(who)
    return new_id(name, store.vault.sealed), Record(name, created=now())


def settled(listed: Listed) -> Record:
    """Return a record that can be written: dated, without pictures that have gone."""
    record, there = listed.record, listed.managed
    return replace(
        record,
        created=record.created or now(),
        pictures=tuple(p for p in record.pictures if p.file in there),
        negatives=tuple(n for n in record.negatives if n.file in there),
    )


def enrol(
    store: Store, who: str | Identity, cuts: Sequence[Cut], capture: str, consent: str
) -> tuple[Draft, str, tuple[Portrait, ...]]:
    """Give pictures to somebody; -> the draft, the id, the portraits that are new."""
    identity_id, record = target(store, who)
    capture = capture or new_capture()
    new = {f"{PORTRAITS}/{cut.name}": cut for cut in reversed(cuts)}
    known = {portrait.file for portrait in record.pictures}
    added = tuple(
        Portrait(file, cut.face, cut.capture or capture, cut.taken)
        for file, cut in reversed(new.items())
        if file not in known
    )
    done = f"Enrolled {record.name} ({_pictures(len(added))})"
    draft = Draft(done if added else f"Noted the consent of {record.name}")
    for portrait in added:
        cut = new[portrait.file]
        draft.put(identity_id, portrait.file, cut.region)
        draft.put(identity_id, f"{ALIGNED}/{cut.name}", cut.aligned)
        if cut.original:
            draft.put(identity_id, f"{ORIGINALS}/{cut.name}", cut.original)
    if added or consent:
        record = replace(
            record,
            consent=consent or record.consent,
            pictures=(*record.pictures, *added),
        )
        draft.note(identity_id, record)
    return draft, identity_id, added


def rename(store: Store, identity_id: str, name: str) -> Draft:
    """Give somebody another name."""
    record = settled(store.one(identity_id))
    draft = Draft(f"Renamed {record.name} to {clean_name(name)}")
    draft.note(identity_id, replace(record, name=clean_name(name)))
    return draft


def choose_cover(store: Store, person: Person, file: str) -> Draft:
    """Show somebody by another portrait."""
    if file:
        _own(person, [file])
    record = settled(store.one(person.identity.id))
    draft = Draft(f"Chose another cover for {record.name}")
    draft.note(person.identity.id, replace(record, cover=file))
    return draft


def remove(store: Store, person: Person, files: Sequence[str]) -> Draft:
    """Take portraits away from somebody."""
    _own(person, files)
    record = settled(store.one(person.identity.id))
    draft = Draft(f"Removed {_pictures(len(set(files)))} of {record.name}")
    _take(draft, person.identity.id, record, files)
    return draft


def move(
    store: Store, person: Person, files: Sequence[str], to: str | Identity
) -> tuple[Draft, str]:
    """Give portraits of one person to another, or to a new one; -> also the id."""
    portraits = _own(person, files)
    source_id = person.identity.id
    identity_id, record = target(store, to)
    if identity_id == source_id:
        raise GalleryError("These pictures are there already. Choose somebody else.")
    source = settled(store.one(source_id))
    draft = Draft(
        f"Moved {_pictures(len(portraits))} from {source.name} to {record.name}"
    )
    record = _give(store, draft, source_id, (identity_id, record), portraits)
    draft.note(identity_id, record)
    _take(draft, source_id, source, files)
    return draft, identity_id


def merge(store: Store, people: Sequence[Person], into: str) -> Draft:
    """Make several people one: pictures and negatives go, the others vanish."""
    record = settled(store.one(into))
    names = ", ".join(person.identity.name for person in people)
    draft = Draft(f"Merged {names} into {record.name}")
    for person in people:
        identity_id = person.identity.id
        record = _give(store, draft, identity_id, (into, record), person.portraits)
        record = _give(store, draft, identity_id, (into, record), person.negatives)
        for path in sorted(person.folder.rglob("*")):
            if path.is_file():
                draft.drop(identity_id, path.relative_to(person.folder).as_posix())
    merged = {person.identity.id for person in people} | {into}
    own = {n.file for n in record.negatives if n.of in merged}
    for file in own:
        draft.files[f"{into}/{file}"] = None
    consents = (record.consent, *(person.consent for person in people))
    consent = next((text for text in consents if text), "")
    left = without(record.negatives, own)
    draft.note(into, replace(record, consent=consent, negatives=left))
    _retarget(store, draft, merged - {into}, into)
    return draft


def add_negative(store: Store, identity_id: str, cut: Cut, of: str) -> Draft:
    """Note a view that does not show somebody."""
    record = settled(store.one(identity_id))
    if of:
        store.require(of)
    file = f"{NEGATIVES}/{cut.name}"
    draft = Draft(f"Noted that a picture does not show {record.name}")
    draft.put(identity_id, file, cut.region)
    others = without(record.negatives, {file})
    negative = Portrait(file, cut.face, "", cut.taken, None, of)
    draft.note(identity_id, replace(record, negatives=(*others, negative)))
    return draft


def remove_negative(store: Store, identity_id: str, files: Sequence[str]) -> Draft:
    """Take back that views do not show somebody."""
    record = settled(store.one(identity_id))
    unknown = set(files) - {negative.file for negative in record.negatives}
    if unknown:
        raise GalleryError(f"{record.name} has no negative {min(unknown)}.")
    draft = Draft(f"Took back {_pictures(len(files))} said not to show {record.name}")
    for file in files:
        draft.drop(identity_id, file)
    left = without(record.negatives, set(files))
    draft.note(identity_id, replace(record, negatives=left))
    return draft


def forget(store: Store, identity_id: str, shown: Shown) -> Draft:
    """Return what has to change about others when somebody is forgotten.

    Args:
        store: has the person.
        identity_id: the person.
        shown: negatives of others that show them without saying so.
    """
    draft = Draft("")
    for other, listed in store.listed().items():
        if other == identity_id or isinstance(listed, GalleryError):
            continue
        theirs = shown.get(other, ())
        negatives = listed.record.negatives
        gone = {n.file for n in negatives if n.of == identity_id or n.file in theirs}
        for file in gone:
            draft.drop(other, file)
        if gone:
            record = settled(listed)
            left = without(record.negatives, gone)
            draft.note(other, replace(record, negatives=left))
    return draft


def _own(person: Person, files: Sequence[str]) -> list[Portrait]:
    """Return a person's portraits of these names; raises GalleryError."""
    if not files:
        raise GalleryError("No picture was chosen. Choose at least one.")
    portraits = {portrait.file: portrait for portrait in person.portraits}
    for file in files:
        if file not in portraits:
            raise GalleryError(f"{person.identity.name} has no picture {file}.")
    return [portraits[file] for file in dict.fromkeys(files)]


def _take(draft: Draft, identity_id: str, record: Record, files: Iterable[str]) -> None:
    """Remove portraits and what is kept of them."""
    gone = set(files)
    for file in gone:
        for kept in kept_of(file):
            draft.drop(identity_id, kept)
    cover = "" if record.cover in gone else record.cover
    left = without(record.pictures, gone)
    draft.note(identity_id, replace(record, cover=cover, pictures=left))


def _give(
    store: Store,
    draft: Draft,
    source: str,
    to: tuple[str, Record],
    portraits: Iterable[Portrait],
) -> Record:
    """Copy portraits and negatives to somebody; -> the record that names them."""
    identity_id, record = to
    known = {p.file for p in (*record.pictures, *record.negatives)}
    pictures, negatives = list(record.pictures), list(record.negatives)
    for portrait in portraits:
        if portrait.face is None or not managed(portrait.file):
            file = _free(store, draft, identity_id, portrait.file)
            draft.put(identity_id, file, store.read(source, portrait.file))
            continue
        if portrait.file in known:
            continue
        for kept in kept_of(portrait.file):
            if (store.directory / source / kept).is_file():
                draft.put(identity_id, kept, store.read(source, kept))
        is_negative = portrait.file.startswith(NEGATIVES)
        (negatives if is_negative else pictures).append(portrait)
    return replace(record, pictures=tuple(pictures), negatives=tuple(negatives))


def _free(store: Store, draft: Draft, identity_id: str, file: str) -> str:
    """Return a name that nothing in a person's folder has yet."""
    path, number = PurePosixPath(file), 1
    name = path.name
    while (store.directory / identity_id / name).exists() or (
        f"{identity_id}/{name}" in draft.files
    ):
        number += 1
        name = f"{path.stem} {number}{path.suffix}"
    return name


def _retarget(store: Store, draft: Draft, gone: set[str], into: str) -> None:
    """Make the negatives of others that show somebody merged show who is left."""
    for other, listed in store.listed().items():
        if other in gone | {into} or isinstance(listed, GalleryError):
            continue
        if gone & listed.record.mentions:
            record = settled(listed)
            turned = (
                replace(n, of=into) if n.of in gone else n for n in record.negatives
            )
            draft.note(other, replace(record, negatives=tuple(turned)))


def _pictures(n: int) -> str:
    return f"{n} picture{'s' * (n != 1)}"
