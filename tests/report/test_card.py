"""facecam.report.card: what a gallery can promise, and to whom."""

import json

import numpy as np
import pytest

from facecam.config.report import ReportConfig
from facecam.faces import Examples
from facecam.report import sayings
from facecam.report.card import Enrolled, make_card
from facecam.report.curves import drawn_strangers, recognised
from facecam.report.promise import STEPS
from facecam.vision.identifier import Identifier
from tests.report.galleries import enrolled, views

QUICK = ReportConfig(strangers=2000, draws=500)


def card_of(given, config=QUICK):
    return make_card(given, config, lambda text, share: None)


@pytest.fixture(scope="module")
def card():
    return card_of(enrolled(people=6, pictures=5))


def test_nobody_enrolled_promises_nothing_and_says_so():
    card = card_of(enrolled(people=0))

    assert (card.people, card.lines, card.look_alikes) == (0, (), ())
    assert all(promise.problem for promise in card.promises)
    assert sayings.headline(card) == "Nobody is enrolled yet."


def test_promises_are_monotone(card):
    shares = [promise.recognised for promise in card.promises]

    assert len(shares) >= len(STEPS)
    for attribute in ("value", "low", "high"):
        values = [getattr(share, attribute) for share in shares]
        assert values == sorted(values, reverse=True), attribute
    for values in (card.curve.recognised, card.curve.low, card.curve.wrong):
        assert list(values) == sorted(values, reverse=True)


def test_each_share_lies_within_its_interval_and_is_never_certain(card):
    for promise in card.promises:
        share = promise.recognised
        assert 0 <= share.low <= share.value <= share.high <= 1
        assert share.high - share.low > 0.01


def test_everything_can_be_written_as_json(card):
    text = json.dumps(card.as_json(), allow_nan=False)

    read = json.loads(text)
    assert read["people"] == 6
    assert read["now"]["strangers"] == card.setting == 500
    assert len(read["lines"]) == 6
    assert 0 <= read["lines"][0]["recognised"] <= 1


def test_pictures_of_one_sitting_are_not_enough_to_promise_anything():
    card = card_of(enrolled(people=3, captures=("a",) * 4))

    assert sayings.headline(card).startswith("Not enough pictures to promise this.")
    assert len(card.missing.one_sitting) == 3
    assert card.missing.text.startswith("Everybody has pictures of one sitting only")
    assert card.lines[0].recognised(500) is None
    assert sayings.recognised_of(card.lines[0], 500) == "one sitting only"


def test_who_has_one_sitting_only_is_counted():
    given = enrolled(people=3)
    first = next(iter(given.people))
    rows = given.views[first].embeddings
    changed = {**given.views, first: views(rows, ("a",) * len(rows))}

    card = card_of(Enrolled(given.people, changed, given.identifier))

    assert card.missing.one_sitting == (first,)
    assert card.missing.text.startswith("Person 0 has pictures of one sitting only")
    assert card.tried.people == 2


def test_one_picture_each_promises_nothing():
    card = card_of(enrolled(people=3, pictures=1))

    assert card.tried.pictures == 0
    assert all(promise.problem for promise in card.promises)


def test_one_person_alone_is_promised_something():
    card = card_of(enrolled(people=1, pictures=8))

    assert card.lines[0].look_alike is None
    assert card.promise(100).recognised.value > 0.5
    assert sayings.sentence(card, card.promise(100)).startswith("Person 0 is recogn")


def test_rarer_than_was_ever_checked_is_not_promised():
    card = card_of(enrolled(people=4, pictures=6), ReportConfig(checked=10_000))

    assert card.promise(1000).problem == ""
    assert "4 people" in card.promise(10_000).problem
    assert "2,500" in card.promise(10_000).problem


def test_twins_are_listed_first_and_resemble_each_other():
    given = enrolled(people=3, pictures=4, spread=0.6)
    first, second, third = given.people
    rows = given.people[first].own
    twin = np.roll(rows, 1, axis=0) + 0.3 * given.people[second].own
    twin /= np.linalg.norm(twin, axis=1, keepdims=True)
    people = {**given.people, third: Examples(twin, twin[:0])}
    seen = {**given.views, third: views(twin)}
    identifier = Identifier.fit(people, given.identifier.cohort)

    card = card_of(Enrolled(people, seen, identifier))

    pair = card.look_alikes[0]
    assert {pair.first, pair.second} == {first, third}
    assert card.lines[0].look_alike == third
    assert card.lines[0].near > 100


def test_drawn_strangers_reach_the_setting_as_often_as_it_says():
    given = enrolled(people=4)

    drawn = drawn_strangers(given.identifier, ReportConfig())

    assert (drawn >= 100).mean() == pytest.approx(0.01, rel=0.4)
    assert (drawn >= 10).mean() == pytest.approx(0.1, rel=0.2)


def test_other_pictures_of_own_people_are_recognised_as_often_as_promised():
    given = enrolled(people=8, pictures=12, spread=1.9)
    known = {who: one.own[:6] for who, one in given.people.items()}
    fresh = {who: one.own[6:] for who, one in given.people.items()}
    learned = {who: Examples(rows, rows[:0]) for who, rows in known.items()}
    identifier = Identifier.fit(learned, given.identifier.cohort)
    shown = {who: views(rows) for who, rows in known.items()}

    promise = card_of(Enrolled(learned, shown, identifier)).promise(100)

    named = [
        identifier.identify(row[None])[0].identity == who
        and identifier.identify(row[None])[0].strangers >= 100
        for who, rows in fresh.items()
        for row in rows
    ]
    assert 0.1 < np.mean(named) < 1
    assert (
        promise.recognised.low - 0.1 <= np.mean(named) <= promise.recognised.high + 0.1
    )


def test_no_share_without_anything_tried():
    given = enrolled(people=2, pictures=1)
    card = card_of(given)

    assert card.curve.recognised == ()
    assert sayings.share(None) == "–"
    assert recognised.__doc__
