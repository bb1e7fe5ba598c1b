"""What there is of a person before anything is deleted: needles, vectors, counts."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np

from facecam.errors import FacecamError, PersonNotFound
from facecam.faces import Floats
from facecam.forgetting.needles import ID, NAME, Needles, Text, needles
from facecam.forgetting.places import Kind, Place, belonging, inside
from facecam.forgetting.reading import Reader
from facecam.gallery import Gallery, Person
from facecam.gallery.layout import (
    ALIGNED,
    HISTORY,
    IDENTIFIER,
    NEGATIVES,
    ORIGINALS,
    PORTRAITS,
    RECORD,
    ours,
)
from facecam.gallery.lookup import folded


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


def collect(gallery: Gallery, identity_id: str) -> Traces:
    """Return everything that is known of a person.

    Args:
        gallery: has the person.
        identity_id: the person; the record may be damaged.

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
    for place, what in _places_of(home, identity_id, people):
        contents = read.contents(place)
        (records if place.path.name == RECORD else files).extend(contents)
        counts[what] += 1
        if ours(place.path):
            stems.add(place.path.stem)
    for file, contents in _stashed(home, identity_id, read):
        (records if file.name == RECORD else files).extend(contents)
        names |= _names(contents) if file.name == RECORD else set()
    embeddings, own = _embeddings(gallery, identity_id)
    counts["embeddings"] = len(embeddings)
    rows = [row.tobytes() for row in own]
    rows += _classifier_rows(home, identity_id, read)
    rows += [piece for row in rows for piece in _as_text(row)]
    texts = _texts(identity_id, names - {""}, people, sorted(stems))
    wanted = needles(files, rows, texts, whole=records)
    fingerprint = gallery.fingerprint
    return Traces(identity_id, name, wanted, embeddings, fingerprint, dict(counts))


def _places_of(
    home: Path, identity_id: str, people: Sequence[Person]
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
        for negative in person.negatives:
            if negative.of == identity_id:
                path, owner = person.folder / negative.file, person.identity.id
                yield Place(path, Kind.PERSON, owner), "negatives"


def _stashed(
    home: Path, identity_id: str, read: Reader
) -> Iterator[tuple[PurePosixPath, list[bytes]]]:
    """Yield what undo keeps of a person: which file it was, and what it held."""
    for place in inside(home, HISTORY):
        file = read.stashed(place)
        if file is not None and file.parts[0] == identity_id:
            yield file, read.contents(place)


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


def _embeddings(gallery: Gallery, identity_id: str) -> tuple[Floats, Floats]:
    """Return the vectors of a person's portraits, (n, d), and those only they have.

    A vector that somebody else has, too, is of a picture that was enrolled twice: it
    is that person's as well, and stays. Without an embedder there are none.
    """
    own, theirs = np.empty((0, 0), np.float32), set[bytes]()
    with contextlib.suppress(FacecamError):
        for identity, embeddings in gallery.embeddings().items():
            if identity.id == identity_id:
                own = embeddings
            else:
                theirs |= {row.tobytes() for row in embeddings}
    return own, own[[row.tobytes() not in theirs for row in own]]


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
    identity_id: str,
    names: Set[str],
    people: Sequence[Person],
    stems: Sequence[str],
) -> list[Text]:
    others = [p.identity for p in people if p.identity.id != identity_id]
    known = [text for other in others for text in (other.id, other.name)]
    theirs = {folded(other.name) for other in others}
    texts = [Text(ID, identity_id, _containing(identity_id, known))]
    for name in sorted(names - {identity_id}):
        if folded(name) not in theirs:
            within = _containing(name, [*known, identity_id])
            texts.append(Text(NAME, name, within))
    shown = {
        PurePosixPath(portrait.file).stem
        for person in people
        if person.identity.id != identity_id
        for portrait in (*person.portraits, *person.negatives)
        if portrait.of != identity_id
    }
    own = [stem for stem in stems if stem not in shown]
    return texts + [Text(ID, stem, part=True) for stem in own]


def _containing(text: str, others: Sequence[str]) -> tuple[str, ...]:
    """Return the longer texts of others of which a text is a part."""
    return tuple(sorted({o for o in others if text in o and text != o}))
