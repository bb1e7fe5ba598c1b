"""Own people tried with pictures their SVM has not seen, a sitting at a time.

Pictures of one sitting resemble each other more than those of another day, so a whole
sitting is left out, the gallery is fitted without it as the product would, and its
pictures are named. Everybody loses at most one sitting per fit. Of a large gallery a
fair choice of sittings is tried: everybody once before anybody twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from facecam.config.report import ReportConfig
from facecam.faces import Examples, Identity
from facecam.report.promise import Reals, evidence
from facecam.vision.identifier import Identifier

if TYPE_CHECKING:
    from facecam.gallery import PersonViews

Report: TypeAlias = Callable[[str, float], None]
"""Told what is being done and the share done; raises to cancel."""
Fold: TypeAlias = Mapping[int, str]
"""Which sitting of which people is left out in one fit."""

SEED = 7
"""Of the choice of sittings."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """n pictures named by classifiers that had not seen their sitting."""

    person: NDArray[np.intp]  # (n,), whose it is
    picture: NDArray[np.intp]  # (n,), position among that person's pictures
    own: Reals  # (n,), evidence for the right person: one stranger in so many
    right: NDArray[np.bool_]  # (n,), whether it resembles nobody else more
    whom: NDArray[np.intp]  # (n,), the other person it resembles most; -1 if alone
    other: Reals  # (n,), evidence for that other person
    sittings: int
    """How many sittings were tried."""
    of: int
    """How many could have been tried."""

    def __len__(self) -> int:
        return len(self.person)

    def named_right(self, strangers: float) -> NDArray[np.bool_]:
        """Return which pictures get the right name at a setting, (n,)."""
        return self.right & (self.own >= strangers)


def joined(view: PersonViews, least: float) -> PersonViews:
    """Take pictures so alike that they show one moment for one sitting.

    Files do not say that one is a copy of another, or the next frame of a film; trying
    the one where the other was learned would promise too much.

    Args:
        view: somebody's pictures.
        least: cosine from which two show the same moment.
    """
    alike = view.embeddings @ view.embeddings.T >= least  # (n, n)
    captures = np.array(view.captures, dtype=object)
    for one, other in np.argwhere(np.triu(alike, 1)).tolist():
        captures[captures == captures[other]] = captures[one]
    return replace(view, captures=tuple(captures.tolist()))


def folds(views: Sequence[PersonViews], config: ReportConfig) -> list[dict[int, str]]:
    """Choose which sittings to leave out together; nobody twice in one fold."""
    rng = np.random.default_rng(SEED)
    orders = [
        [captures[k] for k in rng.permutation(len(captures))]
        for captures in (sorted(set(view.captures)) for view in views)
    ]
    left, chosen = config.most_sittings, []
    for turn in range(max((len(order) for order in orders), default=0)):
        who = [n for n, order in enumerate(orders) if turn < len(order) > 1]
        who = sorted(rng.permutation(who)[:left].tolist())
        left -= len(who)
        for start in range(0, len(who), config.at_once):
            some = who[start : start + config.at_once]
            chosen.append({n: orders[n][turn] for n in some})
    return chosen


def try_held_out(
    people: Mapping[Identity, Examples],
    views: Mapping[Identity, PersonViews],
    whole: Identifier,
    config: ReportConfig,
    report: Report,
) -> HeldOut:
    """Leave sittings out one by one and name their pictures.

    Args:
        people: what everybody is learned from.
        views: the same pictures with their sittings.
        whole: the identifier of all of it; unaffected SVMs are taken from it.
        config: how much to try.
        report: told after each fit; may raise to cancel.
    """
    listed = [views[identity] for identity in people]
    plan = folds(listed, config)
    rows: list[tuple[Reals, ...]] = []
    for done, fold in enumerate(plan):
        report("Trying every picture as if it were new", done / len(plan))
        rows.append(_named(people, listed, fold, whole))
    sittings = [len(set(view.captures)) for view in listed]
    none = tuple(np.empty(0) for _ in range(6))
    columns = [np.concatenate(c) for c in zip(none, *rows, strict=True)]
    return HeldOut(
        person=columns[0].astype(np.intp),
        picture=columns[1].astype(np.intp),
        own=columns[2],
        right=columns[3].astype(bool),
        whom=columns[4].astype(np.intp),
        other=columns[5],
        sittings=sum(len(fold) for fold in plan),
        of=sum(n for n in sittings if n > 1),
    )


def _named(
    people: Mapping[Identity, Examples],
    views: Sequence[PersonViews],
    fold: Fold,
    whole: Identifier,
) -> tuple[Reals, ...]:
    """Fit without a fold and name its pictures: the columns of `HeldOut`."""
    out = {n: np.array(views[n].captures) == fold[n] for n in fold}
    kept: dict[Identity, Examples] = {
        identity: (
            Examples(views[n].embeddings[~out[n]], examples.never)
            if n in fold
            else examples
        )
        for n, (identity, examples) in enumerate(people.items())
    }
    fitted = Identifier.fit(kept, whole.cohort, whole.config, whole)
    tried = np.concatenate([views[n].embeddings[out[n]] for n in fold])
    person = np.repeat(list(fold), [int(out[n].sum()) for n in fold])
    picture = np.concatenate([np.flatnonzero(out[n]) for n in fold])
    scores = evidence(fitted, tried)  # (k, p)
    rows = np.arange(len(tried))
    own = scores[rows, person]
    scores[rows, person] = 0.0
    other = scores.max(axis=1)
    whom = np.where(other > 0, scores.argmax(axis=1), -1)
    return person, picture, own, own >= other, whom, other


def by_person(held: HeldOut) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Yield everybody who was tried, with the rows of their pictures."""
    for n in np.unique(held.person):
        yield int(n), np.flatnonzero(held.person == n)
