"""What is probably wrong with a gallery, picture by picture and pair by pair.

Pictures that show somebody else, pictures that cause confusion, people enrolled twice
or looking alike, people with too few pictures, pictures too poor to learn from. Each
finding says so in a sentence, with a number that means something, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facecam.config import AuditConfig
from facecam.faces import Floats, Identity
from facecam.report import wording
from facecam.report.findings import Audit, Finding, Kind, Remedy, keyed
from facecam.report.resemblance import Resemblance, compare, strangers_as_near
from facecam.vision.identifier import Identifier, one_in

if TYPE_CHECKING:
    from facecam.gallery import PersonViews

TOGETHER = 1024
"""So many pictures are given to the classifiers at once."""
Rise = Callable[[str, float], None]
"""Told what is being done, and the share done, 0…1."""


def audit(
    views: Mapping[Identity, PersonViews],
    identifier: Identifier,
    config: AuditConfig,
    accepted: Collection[str] = (),
    rise: Rise = lambda text, share: None,
) -> Audit:
    """Look for mistakes in a gallery.

    Args:
        views: embeddings, files, captures and quality of everybody's pictures.
        identifier: fitted to them; says which pictures are named wrongly.
        config: what counts as a mistake.
        accepted: keys of findings that are right as they are.
        rise: told the progress.
    """
    seen = {person: view for person, view in views.items() if len(view.files)}
    pictures = sum(len(view.files) for view in seen.values())
    if not seen:
        return Audit((), 0, 0, 0)
    found = [keyed(finding) for finding in _findings(seen, identifier, config, rise)]
    told = [finding for finding in found if finding.key not in accepted]
    kept = [f for kind in Kind for f in _first(told, kind, config.listed)]
    return Audit(tuple(kept), len(seen), pictures, len(found) - len(told))


def _findings(
    views: Mapping[Identity, PersonViews],
    identifier: Identifier,
    config: AuditConfig,
    rise: Rise,
) -> list[Finding]:
    text = "Comparing pictures"
    rise(text, 0.0)
    resemblance = compare(
        [view.embeddings for view in views.values()],
        identifier.cohort,
        config.strangers,
        identifier.config.real_spread,
        lambda share: rise(text, 0.8 * share),
    )
    rise("Asking the classifiers", 0.8)
    book = _Book.of(views, resemblance, _called(views, identifier), config, identifier)
    strays = sorted(_strays(book), key=lambda finding: finding.number)
    gone = {(f.people[0].id, file) for f in strays for file in f.files}
    rise("Comparing people", 0.9)
    return [
        *strays,
        *_pairs(book),
        *_confusing(book, gone),
        *_poor(views, config),
        *_few(views, config),
    ]


@dataclass(frozen=True, eq=False)
class _Book:
    """The n pictures of p people, and what was measured of them."""

    people: list[Identity]  # p
    files: list[str]  # n
    resemblance: Resemblance
    own: Floats  # (n,), one in so many strangers resembles the person as much
    other: Floats  # (n,), the same of the person resembled most beside
    called: list[Identity | None]  # n, whose name the classifiers give wrongly
    config: AuditConfig
    certain: float
    """One in how many strangers may resemble somebody who is named."""

    @staticmethod
    def of(
        views: Mapping[Identity, PersonViews],
        resemblance: Resemblance,
        called: list[Identity | None],
        config: AuditConfig,
        identifier: Identifier,
    ) -> _Book:
        return _Book(
            people=list(views),
            files=[file for view in views.values() for file in view.files],
            resemblance=resemblance,
            own=strangers_as_near(resemblance.own),
            other=strangers_as_near(resemblance.other),
            called=called,
            config=config,
            certain=identifier.config.strangers_per_wrong_name,
        )

    @cached_property
    def twice(self) -> NDArray[np.bool_]:
        """Which two people resemble each other as one person does, (p, p)."""
        seen, config = self.resemblance, self.config
        within = np.where(np.isnan(seen.within), config.within, seen.within)
        least = np.minimum.outer(within, within) - config.twice_gap
        return (seen.pairs >= config.twice) & (seen.pairs >= least)

    @cached_property
    def alike(self) -> NDArray[np.bool_]:
        """Which two people look alike, (p, p)."""
        return self.resemblance.means >= self.config.alike

    def akin(self, pairs: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which pictures resemble most somebody paired with their person, (n,)."""
        seen = self.resemblance
        return (seen.whom >= 0) & pairs[seen.owner, seen.whom]

    def person(self, row: int) -> Identity:
        return self.people[self.resemblance.owner[row]]

    def resembled(self, row: int) -> Identity | None:
        """Return whom a picture resembles most beside its own person."""
        whom = self.resemblance.whom[row]
        return self.people[whom] if whom >= 0 else None


def _strays(book: _Book) -> Iterator[Finding]:
    """Find pictures of somebody else, per person."""
    seen = book.resemblance
    nearer = (seen.other > seen.own) & ~book.akin(book.twice)
    elsewhere = nearer & (book.other >= book.config.outlier)
    clear = nearer & (book.other >= book.certain)
    stray = (book.own < book.config.outlier) | elsewhere  # NaN is neither
    for number, person in enumerate(book.people):
        rows = np.flatnonzero(seen.owner == number)
        wrong = rows[stray[rows]]
        if len(rows) == 2 and len(wrong):
            sure = clear[rows].sum() == elsewhere[rows].sum() == 1
            wrong = rows[clear[rows]] if sure else rows[:0]
            if not sure:
                yield _unlike(book, person, rows)
        for row in wrong.tolist():
            yield _stray(book, row)


def _stray(book: _Book, row: int) -> Finding:
    person, other = book.person(row), book.resembled(row)
    near = float(book.own[row])
    seen = book.resemblance
    sure = seen.other[row] > seen.own[row] and book.other[row] >= book.certain
    if other is not None and sure:
        return Finding(
            Kind.STRAY,
            (person, other),
            (book.files[row],),
            near,
            wording.of_another(person.name, other.name, float(book.other[row])),
            wording.MOVE.format(name=other.name),
            Remedy.MOVE,
        )
    return Finding(
        Kind.STRAY,
        (person,),
        (book.files[row],),
        near,
        wording.of_nobody(person.name, near),
        wording.REMOVE,
        Remedy.REMOVE,
    )


def _unlike(book: _Book, person: Identity, rows: NDArray[np.intp]) -> Finding:
    """Two pictures that differ: nobody can say which one is wrong."""
    near = float(book.own[rows[0]])
    return Finding(
        Kind.STRAY,
        (person,),
        tuple(book.files[row] for row in rows.tolist()),
        near,
        wording.unlike(person.name, near),
        wording.CHOOSE,
        Remedy.CHOOSE,
    )


def _pairs(book: _Book) -> Iterator[Finding]:
    """Tell which people are one, or look alike; the most alike first."""
    surprise = np.minimum(book.resemblance.surprise, book.resemblance.surprise.T)
    rows, columns = np.nonzero(np.triu(book.twice | book.alike, 1))
    order = np.argsort(-surprise[rows, columns])
    for a, b in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        pair = (book.people[a], book.people[b])
        one = float(one_in(surprise[a : a + 1, b])[0])
        names = (pair[0].name, pair[1].name)
        if book.twice[a, b]:
            text, advice = wording.twice(*names), wording.MERGE
            yield Finding(Kind.TWICE, pair, (), one, text, advice, Remedy.MERGE)
        else:
            text, advice = wording.alike(*names, one), wording.TELL_APART
            yield Finding(Kind.ALIKE, pair, (), one, text, advice, Remedy.ADD)


def _called(
    views: Mapping[Identity, PersonViews], identifier: Identifier
) -> list[Identity | None]:
    """Return whose name the classifiers give each picture wrongly, n; mostly None."""
    known = identifier.identities
    owners = [person for person, view in views.items() for _ in view.files]
    if not known:
        return [None] * len(owners)
    best, highest = _best(np.vstack([v.embeddings for v in views.values()]), identifier)
    strangers = one_in(highest / identifier.config.real_spread) / len(known)
    named = strangers >= identifier.config.strangers_per_wrong_name
    return [
        known[who] if name and known[who].id != owner.id else None
        for owner, who, name in zip(owners, best.tolist(), named.tolist(), strict=True)
    ]


def _best(
    embeddings: Floats, identifier: Identifier
) -> tuple[NDArray[np.intp], Floats]:
    """Return whom each picture resembles most for the classifiers, and the score.

    Args:
        embeddings: (n, d); compared some at a time, for n times p may be millions.
        identifier: of p people.
    """
    best: list[NDArray[np.intp]] = []
    highest: list[Floats] = []
    for first in range(0, len(embeddings), TOGETHER):
        scores = identifier.scores(embeddings[first : first + TOGETHER])
        best.append(scores.argmax(axis=1))
        highest.append(scores.max(axis=1))
    return np.concatenate(best), np.concatenate(highest)


def _confusing(book: _Book, gone: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """Find the other pictures that resemble somebody else too much, or nobody."""
    seen, config = book.resemblance, book.config
    near = np.where(np.isnan(book.own), book.certain, book.own / config.close)
    confusing = book.other >= np.maximum(near, config.outlier)
    confusing &= ~book.akin(book.twice | book.alike)  # said of the people
    suspects = np.flatnonzero(
        confusing | np.array([c is not None for c in book.called])
    )
    for row in suspects[np.argsort(-seen.other[suspects])].tolist():
        person, file = book.person(row), book.files[row]
        if (person.id, file) in gone:
            continue
        other, number = book.called[row] or book.resembled(row), float(book.other[row])
        if other is None:
            continue
        kind = Kind.MISTAKEN if book.called[row] else Kind.CONFUSING
        say = wording.mistaken if book.called[row] else wording.confusing
        text = say(person.name, other.name, number)
        yield Finding(
            *(kind, (person, other), (file,), number),
            *(text, wording.REPLACE, Remedy.REMOVE),
        )


def _poor(
    views: Mapping[Identity, PersonViews], config: AuditConfig
) -> Iterator[Finding]:
    """Find pictures from which little can be learned."""
    for person, view in views.items():
        low = np.flatnonzero(view.quality < config.poor)  # NaN is not low
        if not len(low):
            continue
        files = tuple(view.files[row] for row in low.tolist())
        enough = len(view.files) - len(low) >= config.least_pictures
        yield Finding(
            Kind.POOR,
            (person,),
            files,
            float(view.quality[low].min()),
            wording.poor(person.name, len(files), len(view.files)),
            wording.REMOVE_POOR if enough else wording.ADD_BETTER,
            Remedy.REMOVE if enough else Remedy.ADD,
        )


def _few(
    views: Mapping[Identity, PersonViews], config: AuditConfig
) -> Iterator[Finding]:
    """Find people with too few pictures or sittings, the fewest first."""
    for person, view in sorted(views.items(), key=lambda item: len(item[1].files)):
        pictures, captures = len(view.files), len(set(view.captures))
        if pictures < config.least_pictures:
            text = wording.few(person.name, pictures)
        elif captures < config.least_captures:
            text = wording.one_sitting(person.name, pictures)
        else:
            continue
        yield Finding(
            *(Kind.FEW, (person,), (), float(pictures), text),
            *(wording.ADD_OTHERS, Remedy.ADD),
        )


def _first(findings: list[Finding], kind: Kind, count: int) -> list[Finding]:
    return [finding for finding in findings if finding.kind is kind][:count]
