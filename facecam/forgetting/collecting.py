"""What there is of a person before anything is deleted: needles, vectors, counts."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np

from facecam.errors import FacecamError, GalleryError, PersonNotFound
from facecam.faces import Floats
from facecam.forgetting.needles import ID, NAME, Needles, Text, needles
from facecam.forgetting.places import SHARED, Kind, Place, owned
from facecam.gallery import Gallery, Person
from facecam.gallery.history import CHANGE
from facecam.gallery.layout import (
    ALIGNED,
    NEGATIVES,
    ORIGINALS,
    PORTRAITS,
    RECORD,
)
from facecam.gallery.lookup import folded
from facecam.vault import MAGIC, Vault

LEAST_STEM = 12
"""Shorter file names, such as those given by hand, say nothing of anybody."""


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


class Reader:
    """Reads files as they are and, where they are sealed, as they were before.

    Args:
        vault: unseals.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.unreadable: list[Path] = []

    def contents(self, place: Place) -> list[bytes]:
        """Return the bytes of a file and, if it was sealed, those inside.

        A file that goes away meanwhile holds nothing; one that cannot be read or
        unsealed is noted in `unreadable`.
        """
        try:
            raw = place.path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError:
            self.unreadable.append(place.path)
            return []
        if not raw.startswith(MAGIC):
            return [raw]
        try:
            plain = self._vault.unseal(raw, self._owner(place))
        except (GalleryError, OSError, ValueError, LookupError):
            self.unreadable.append(place.path)
            return [raw]
        return [raw, plain]

    def _owner(self, place: Place) -> str:
        """Return who sealed a file; what undo needs remains that of its owner."""
        if place.kind is Kind.HISTORY and place.path.name != CHANGE:
            data = (place.path.parent / CHANGE).read_bytes()
            files = json.loads(self._vault.unseal(data, SHARED))["files"]
            number = int(place.path.name.partition("-")[2])
            return PurePosixPath(files[number][0]).parts[0]
        return place.owner


def collect(gallery: Gallery, home: Path, identity_id: str) -> Traces:
    """Return everything that is known of a person.

    Args:
        gallery: has the person.
        home: the folder everything is below.
        identity_id: the person; the record may be damaged.

    Raises:
        PersonNotFound: nobody has the id.
        GalleryError: what is kept cannot be read at all.
    """
    if identity_id not in gallery.ids():
        raise PersonNotFound(f"Nobody has the id {identity_id}. See: people list")
    people = gallery.people()
    name = next((p.identity.name for p in people if p.identity.id == identity_id), "")
    read, files, counts = Reader(gallery.vault), list[bytes](), Counter[str]()
    records: list[bytes] = []
    stems: set[str] = set()
    for place, what in _places_of(home, identity_id, people):
        contents = read.contents(place)
        (records if place.path.name == RECORD else files).extend(contents)
        counts[what] += 1
        if len(place.path.stem) >= LEAST_STEM and place.path.name != RECORD:
            stems.add(place.path.stem)
    embeddings, own = _embeddings(gallery, identity_id)
    rows = [row.tobytes() for row in own]
    rows += _classifier_rows(home, identity_id, read)
    counts["embeddings"] = len(embeddings)
    rows += [piece for row in rows for piece in _as_text(row)]
    texts = _texts(identity_id, name, people, sorted(stems))
    wanted = needles(files, rows, texts, whole=records)
    fingerprint = gallery.fingerprint
    return Traces(identity_id, name, wanted, embeddings, fingerprint, dict(counts))


def _places_of(
    home: Path, identity_id: str, people: Sequence[Person]
) -> Iterator[tuple[Place, str]]:
    """Yield every file that is only about a person, and what it counts as."""
    shown = {
        person.folder / negative.file
        for person in people
        for negative in person.negatives
        if negative.of == identity_id
    }
    folders = {PORTRAITS: "portraits", ORIGINALS: "originals", ALIGNED: "crops"}
    for place in owned(home):
        if place.path in shown:
            yield place, "negatives"
        elif place.owner != identity_id:
            continue
        elif place.kind is Kind.BACKUP:
            yield place, "old copies"
        elif place.kind is Kind.PERSON:
            below = place.path.relative_to(home / "people" / identity_id)
            yield place, _called(PurePosixPath(below.as_posix()), folders)


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
    for place in owned(home):
        if place.kind is not Kind.CLASSIFIER or place.path.suffix != ".npz":
            continue
        with contextlib.suppress(
            ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile, IndexError
        ):
            data = read.contents(Place(place.path, place.kind, SHARED))[-1]
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
    identity_id: str, name: str, people: Sequence[Person], stems: Sequence[str]
) -> list[Text]:
    others = [p.identity for p in people if p.identity.id != identity_id]
    known = [text for other in others for text in (other.id, other.name)]
    texts = [Text(ID, identity_id, _containing(identity_id, known))]
    shared = any(folded(other.name) == folded(name) for other in others)
    if name and not shared and name != identity_id:
        texts.append(Text(NAME, name, _containing(name, [*known, identity_id])))
    theirs = {
        PurePosixPath(portrait.file).stem
        for person in people
        if person.identity.id != identity_id
        for portrait in (*person.portraits, *person.negatives)
        if portrait.of != identity_id
    }
    own = [stem for stem in stems if stem not in theirs]
    return texts + [Text(ID, stem, part=True) for stem in own]


def _containing(text: str, others: Sequence[str]) -> tuple[str, ...]:
    """Return the longer texts of others of which a text is a part."""
    return tuple(sorted({o for o in others if text in o and text != o}))
