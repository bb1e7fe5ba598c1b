"""What there is of a person before anything is deleted: needles, vectors, counts."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np

from facecam.errors import FacecamError, PersonNotFound
from facecam.faces import Floats
from facecam.forgetting.absorbed import absorbed, stashed
from facecam.forgetting.needles import ID, NAME, Needles, Text, needles
from facecam.forgetting.places import Kind, Place, belonging, inside
from facecam.forgetting.reading import Reader
from facecam.gallery import Gallery, Person
from facecam.gallery.layout import (
    ALIGNED,
    IDENTIFIER,
    NEGATIVES,
    ORIGINALS,
    PORTRAITS,
    RECORD,
    ours,
)
from facecam.gallery.lookup import folded

NOBODY_AKIN = 2.0
"""No cosine is as large."""


@dataclass(frozen=True, eq=False)
class Traces:
    """What there is of a person."""

    id: str
    name: str
    """Empty if the record is damaged."""
    needles: Needles
    embeddings: Floats  # (n, d); (0, 0) without an embedder
    fingerprint: str
    counts: Mapping[str, int] = field(default_factory=dict)
    """How much there is of what: portraits, originals, aligned, negatives, …"""
    shown: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Negatives of others that show them, by the others' ids."""


def collect(gallery: Gallery, identity_id: str, akin: float = NOBODY_AKIN) -> Traces:
    """Return everything that is known of a person.

    Args:
        gallery: has the person.
        identity_id: the person; the record may be damaged.
        akin: cosine with a picture of theirs from which a negative of somebody else,
            of which nobody has said whom it shows, is taken for theirs.

    Raises:
        PersonNotFound: nobody has the id.
        GalleryError: what is kept cannot be read at all.
    """
    if identity_id not in gallery.ids():
        raise PersonNotFound(f"Nobody has the id {identity_id}. See: people list")
    home, people = gallery.directory.parent, gallery.people()
    name = next((p.identity.name for p in people if p.identity.id == identity_id), "")
    read, files, counts = Reader(gallery.vault), list[bytes](), Counter[str]()
    records, names, stems = list[bytes](), {name}, set[str]()
    embeddings, own, shown = _embeddings(gallery, identity_id, akin)
    for place, what in _places_of(home, identity_id, people, shown):
        contents = read.contents(place)
        (records if place.path.name == RECORD else files).extend(contents)
        counts[what] += 1
        if ours(place.path):
            stems.add(place.path.stem)
    for file, place in stashed(home, read):
        if file.parts[0] == identity_id:
            contents = read.contents(place)
            (records if file.name == RECORD else files).extend(contents)
            names |= _names(contents) if file.name == RECORD else set()
            stems |= {file.stem} if ours(Path(file)) else set()
    parts = absorbed(home, gallery.ids(), stems, read)
    for contents in parts.values():
        records += contents
        names |= _names(contents)
    counts["embeddings"] = len(embeddings)
    rows = [row.tobytes() for row in own]
    rows += _classifier_rows(home, identity_id, read)
    rows += [piece for row in rows for piece in _as_text(row)]
    texts = _texts((identity_id, *parts), names - {""}, people, sorted(stems))
    wanted = needles(files, rows, texts, whole=records)
    fingerprint = gallery.fingerprint
    found = wanted, embeddings, fingerprint, dict(counts), shown
    return Traces(identity_id, name, *found)


def _places_of(
    home: Path,
    identity_id: str,
    people: Sequence[Person],
    shown: Mapping[str, Collection[str]],
) -> Iterator[tuple[Place, str]]:
    """Yield every file that is only about a person, and what it counts as."""
    folders = {PORTRAITS: "portraits", ORIGINALS: "originals", ALIGNED: "crops"}
    for place in belonging(home, identity_id):
        if place.kind is Kind.BACKUP:
            yield place, "old copies"
        else:
            below = place.path.relative_to(home / "people" / identity_id)
            yield place, _called(PurePosixPath(below.as_posix()), folders)
    for person in people:
        owner = person.identity.id
        for negative in person.negatives:
            if negative.of == identity_id or negative.file in shown.get(owner, ()):
                path = person.folder / negative.file
                yield Place(path, Kind.PERSON, owner), "negatives"


def _names(records: Sequence[bytes]) -> set[str]:
    """Return the names in records of earlier days, those that can be read."""
    names = set[str]()
    for record in records:
        with contextlib.suppress(ValueError, KeyError, TypeError):
            names.add(str(json.loads(record)["name"]))
    return names


def _called(below: PurePosixPath, folders: Mapping[str, str]) -> str:
    top = below.parts[0]
    if top == NEGATIVES:
        return "negatives"
    if below.name == RECORD:
        return "records"
    return folders.get(top, "portraits")


def _embeddings(
    gallery: Gallery, identity_id: str, akin: float
) -> tuple[Floats, Floats, dict[str, set[str]]]:
    """Return the vectors of a person's portraits, and those only they have.

    A vector that somebody else has, too, is of a picture that was enrolled twice: it
    is that person's as well, and stays. Without an embedder there are none.

    Returns:
        (n, d); (m, d), with those of others' negatives that show the person; which
        negatives these are, by whose they are.
    """
    own, theirs = np.empty((0, 0), np.float32), set[bytes]()
    rows, shown = list[Floats](), dict[str, set[str]]()
    with contextlib.suppress(FacecamError):
        for identity, embeddings in gallery.embeddings().items():
            if identity.id == identity_id:
                own = embeddings
            else:
                theirs |= {row.tobytes() for row in embeddings}
        for owner, file, row in _negatives(gallery, identity_id, own, akin):
            shown.setdefault(owner, set()).add(file)
            rows.append(row)
    rows = [row for row in (*own, *rows) if row.tobytes() not in theirs]
    return own, np.array(rows, np.float32), shown


def _negatives(
    gallery: Gallery, identity_id: str, own: Floats, akin: float
) -> Iterator[tuple[str, str, Floats]]:
    """Yield others' negatives that show a person: owner, file, vector (d,)."""
    of = {
        (person.identity.id, negative.file): negative.of
        for person in gallery.people()
        for negative in person.negatives
    }
    for identity, views in gallery.views(negatives=True).items():
        if identity.id == identity_id:
            continue
        for file, row in zip(views.files, views.embeddings, strict=True):
            whose = of.get((identity.id, file), "")
            near = bool(len(own)) and float((own @ row).max()) >= akin
            if whose == identity_id or (not whose and near):
                yield identity.id, file, row


def _classifier_rows(home: Path, identity_id: str, read: Reader) -> Iterator[bytes]:
    """Yield the rows of a person in every fitted classifier."""
    for place in inside(home, IDENTIFIER):
        with contextlib.suppress(
            ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile, IndexError
        ):
            data = read.contents(place)[-1]
            with np.load(io.BytesIO(data), allow_pickle=False) as stored:
                ids = stored["ids"].tolist()
                row = ids.index(identity_id)
                for name in stored.files:
                    array = stored[name]
                    if array.dtype.kind == "f" and len(array) == len(ids):
                        yield np.ascontiguousarray(array[row]).tobytes()


def _as_text(row: bytes) -> list[bytes]:
    """Return a row as JSON files hold it: base64, wherever it begins there."""
    return [base64.b64encode(row[shift:])[:-4] for shift in range(3)]


def _texts(
    ids: Sequence[str],
    names: Set[str],
    people: Sequence[Person],
    stems: Sequence[str],
) -> list[Text]:
    others = [p.identity for p in people if p.identity.id not in ids]
    known = [text for other in others for text in (other.id, other.name)]
    theirs = {folded(other.name) for other in others}
    texts = [Text(ID, one, _containing(one, known)) for one in ids]
    for name in sorted(names - {*ids}):
        if folded(name) not in theirs:
            within = _containing(name, [*known, *ids])
            texts.append(Text(NAME, name, within))
    shown = {
        PurePosixPath(portrait.file).stem
        for person in people
        if person.identity.id not in ids
        for portrait in (*person.portraits, *person.negatives)
        if portrait.of not in ids
    }
    own = [stem for stem in stems if stem not in shown]
    return texts + [Text(ID, stem, part=True) for stem in own]


def _containing(text: str, others: Sequence[str]) -> tuple[str, ...]:
    """Return the longer texts of others of which a text is a part."""
    return tuple(sorted({o for o in others if text in o and text != o}))
