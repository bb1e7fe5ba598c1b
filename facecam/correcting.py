"""“Not this person”: a view becomes a negative example of whoever it was called.

The SVM of that person is fitted again; what else is called differently from then on is
found by asking the identifier before and the one after about everything at hand: the
pictures of everybody enrolled, and views of late. Undoing is `gallery.undo()`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facecam.faces import Floats, Identity
from facecam.vision.fitting import Row
from facecam.vision.identifier import Identifier

if TYPE_CHECKING:
    from facecam.gallery import Gallery, Shot

NEAR = 2.0
"""Score, in standard deviations of strangers, below which a face has no name: one
stranger in 20 has more."""


@dataclass(frozen=True, eq=False, slots=True)
class Subject:
    """A face to ask both identifiers about."""

    embedding: Floats  # (d,)
    whose: Identity | None = None
    """Of whom it is a picture; None for a view of late."""
    key: str = ""
    """The picture's file, or whatever the caller knows the view by."""


@dataclass(frozen=True, eq=False, slots=True)
class Changed:
    """A face that is called differently now."""

    subject: Subject
    before: Identity | None
    after: Identity | None


@dataclass(frozen=True, eq=False, slots=True)
class Correction:
    """What "Not this person" has done."""

    person: Identity
    before: Identifier
    after: Identifier
    changed: tuple[Changed, ...]
    """Other faces than the one corrected."""
    seconds: float
    """That fitting again took."""


def correct(
    gallery: Gallery,
    fit: Callable[[], Identifier],
    person_id: str,
    shots: Sequence[Shot],
    views: Iterable[Subject] = (),
) -> Correction:
    """Take note that views do not show a person, and fit again.

    Args:
        gallery: of the people.
        fit: fits an identifier to the gallery as it is, taking over what has not
            changed, as `pipeline.fit_identifier`.
        person_id: who it is not.
        shots: the views, at least one.
        views: faces of late to compare beside everybody's pictures.

    Raises:
        PersonNotFound: there is nobody with that id any more.
        GalleryError: the view cannot be kept.
    """
    person = gallery.find(person_id).identity
    before = fit()
    subjects = [*portraits(gallery), *views]
    for shot in shots:
        gallery.add_negative(person_id, shot)
    begin = time.perf_counter()
    after = fit()
    seconds = time.perf_counter() - begin
    return Correction(person, before, after, compare(before, after, subjects), seconds)


def portraits(gallery: Gallery) -> list[Subject]:
    """Return every picture of everybody enrolled."""
    return [
        Subject(embedding, identity, file)
        for identity, views in gallery.views().items()
        for file, embedding in zip(views.files, views.embeddings, strict=True)
    ]


def compare(
    before: Identifier, after: Identifier, subjects: Sequence[Subject]
) -> tuple[Changed, ...]:
    """Return the faces that two identifiers call differently, each asked about alone.

    Only those are looked at that resemble somebody whose SVM has changed.
    """
    if not subjects:
        return ()
    embeddings = np.stack([subject.embedding for subject in subjects])  # (n, d)
    old, new = _rows(before), _rows(after)
    moved = {i for i in old.keys() | new.keys() if _differ(old.get(i), new.get(i))}
    near = _near(before, embeddings, moved) | _near(after, embeddings, moved)  # (n,)
    found = []
    for n in np.flatnonzero(near).tolist():
        was = before.identify(embeddings[n : n + 1])[0].identity
        now = after.identify(embeddings[n : n + 1])[0].identity
        if (was and was.id) != (now and now.id):
            found.append(Changed(subjects[n], was, now))
    return tuple(found)


def _rows(identifier: Identifier) -> dict[str, Row]:
    """Return the SVM of each person by id."""
    ids = [identity.id for identity in identifier.identities]
    return dict(zip(ids, identifier.rows, strict=True))


def _differ(old: Row | None, new: Row | None) -> bool:
    """Tell whether somebody's SVM is another one, or there is only one of the two."""
    if old is None or new is None:
        return True
    same = np.array_equal(old.weights, new.weights)
    return not same or (old.bias, old.usual, old.spread) != (
        *(new.bias, new.usual, new.spread),
    )


def _near(
    identifier: Identifier, embeddings: Floats, moved: Collection[str]
) -> NDArray[np.bool_]:
    """Say which faces (n, d) resemble any of some people, -> (n,)."""
    columns = [n for n, who in enumerate(identifier.identities) if who.id in moved]
    scores = identifier.scores(embeddings)[:, columns]  # (n, c)
    return np.asarray((scores >= NEAR).any(axis=1))
