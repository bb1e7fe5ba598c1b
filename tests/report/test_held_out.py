"""facecam.report.held_out: own people tried with pictures not seen before."""

import numpy as np
import pytest

from facecam.config.report import ReportConfig
from facecam.faces import Examples
from facecam.report.held_out import folds, joined, try_held_out
from facecam.vision.identifier import Identifier
from tests.report.galleries import D, enrolled, unit, views


def tried(given, config=None):
    return try_held_out(
        given.people,
        given.views,
        given.identifier,
        config or ReportConfig(),
        lambda text, share: None,
    )


def test_nobody_and_one_sitting_only_give_nothing_to_try():
    assert len(tried(enrolled(people=0))) == 0

    alone = tried(enrolled(people=3, captures=("a",) * 4))
    assert (len(alone), alone.sittings, alone.of) == (0, 0, 0)


def test_every_picture_is_tried_once():
    held = tried(enrolled(people=3, pictures=4))

    cells = sorted(zip(held.person.tolist(), held.picture.tolist(), strict=True))
    assert cells == [(n, k) for n in range(3) for k in range(4)]
    assert (held.sittings, held.of) == (12, 12)


def test_the_pictures_of_a_sitting_are_left_out_together():
    given = enrolled(people=2, captures=("a", "a", "b", "b"))
    plan = folds(list(given.views.values()), ReportConfig())

    held = tried(given)

    assert [len(fold) for fold in plan] == [2, 2]
    assert len(held) == 8
    identity = next(iter(given.people))
    rows = given.views[identity].embeddings
    kept = {**given.people, identity: Examples(rows[2:], rows[:0])}
    without = Identifier.fit(kept, given.identifier.cohort, given.identifier.config)
    own = without.scores(rows[:1])[0, 0]
    whole = given.identifier.scores(rows[:1])[0, 0]
    assert own < whole
    mine = held.own[(held.person == 0) & (held.picture == 0)]
    assert mine[0] < 1e9


def test_a_picture_copied_within_its_sitting_does_not_vouch_for_itself():
    given = enrolled(people=2, pictures=3, spread=1.2)
    identity = next(iter(given.people))
    rows = given.views[identity].embeddings
    twice = np.concatenate([rows, rows[:1]])
    captures = ("0", "1", "2", "0")
    copied = given.views | {identity: views(twice, captures)}
    people = given.people | {identity: Examples(twice, twice[:0])}
    identifier = Identifier.fit(people, given.identifier.cohort)

    held = try_held_out(
        people, copied, identifier, ReportConfig(), lambda text, share: None
    )

    first = held.own[(held.person == 0) & np.isin(held.picture, (0, 3))]
    alone = held.own[(held.person == 0) & (held.picture == 1)]
    assert len(first) == 2
    assert first.max() < 100 * max(alone[0], 1)


def test_a_large_gallery_is_tried_fairly_and_within_bounds():
    config = ReportConfig(most_sittings=10, at_once=3)
    listed = [views(np.zeros((4, 2), np.float32)) for _ in range(7)]

    plan = folds(listed, config)

    assert sum(len(fold) for fold in plan) == 10
    assert max(len(fold) for fold in plan) <= 3
    times = np.bincount([n for fold in plan for n in fold], minlength=7)
    assert times.min() >= 1
    assert times.max() <= 2


def test_progress_rises_and_may_cancel():
    given = enrolled(people=3, pictures=3)
    shares = []

    def report(text, share):
        shares.append(share)
        if len(shares) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        try_held_out(
            given.people, given.views, given.identifier, ReportConfig(), report
        )
    assert shares == sorted(shares)


def test_negatives_stay_with_their_person():
    given = enrolled(people=2, pictures=3)
    identity = next(iter(given.people))
    rows = given.views[identity].embeddings
    never = rows[:1].copy()
    refused = given.people | {identity: Examples(rows, never)}

    before = tried(given)
    after = try_held_out(
        refused,
        given.views,
        Identifier.fit(refused, given.identifier.cohort),
        ReportConfig(),
        lambda text, share: None,
    )

    first = (before.person == 0) & (before.picture == 0)
    assert after.own[first][0] < before.own[first][0]


def test_copies_of_a_picture_are_one_sitting_with_it():
    first, other, third = np.eye(D, dtype=np.float32)[:3]
    rows = unit(np.stack([first, other, first + 0.1 * third, other + 0.1 * third]))
    seen = views(rows, captures=["a", "b", "c", "d"])

    found = joined(seen, ReportConfig().same_moment)

    assert found.captures == ("a", "b", "a", "b")
    assert joined(views(rows[:2]), ReportConfig().same_moment).captures == ("0", "1")


def test_a_chain_of_frames_is_one_sitting():
    angles = np.radians(np.arange(0, 90, 10))
    rows = np.zeros((9, D), np.float32)
    rows[:, 0], rows[:, 1] = np.cos(angles), np.sin(angles)

    found = joined(views(rows), ReportConfig().same_moment)

    assert len(set(found.captures)) == 1
