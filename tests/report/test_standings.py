"""Tests of facecam.report.standings: how surely everybody is recognised, kept."""

from dataclasses import replace

import numpy as np
import pytest

from facecam.config.report import ReportConfig
from facecam.gallery import Gallery, Shot, fits
from facecam.report import standings
from facecam.report.card import make_card
from facecam.report.standings import Kept, Standing, Standings
from facecam.vault import create, settle
from facecam.vision.cohort import Cohort
from tests.fakes import BlobDetector, ColourEmbedder, picture
from tests.report.galleries import enrolled

CONFIG = ReportConfig(strangers=500, draws=50)


def quiet(text, share):
    pass


def standing(identity_id, evidence, alike=""):
    return Standing(identity_id, len(evidence), len(evidence), evidence, alike, 3.0)


def several(*people, of="one"):
    when = "2026-01-01T00:00:00+00:00"
    return Standings(of, when, 1.0, 4, 0.5, 0.9, 500.0, people)


@pytest.fixture
def gallery(tmp_path):
    people = Gallery(tmp_path / "people", BlobDetector(), ColourEmbedder())
    people.enrol("Ada", [Shot(picture((100, 80, 60)))])
    strangers = Cohort.of(np.random.default_rng(0).normal(size=(300, 51)).astype("f4"))
    fits.fit(people, strangers, enrolled().identifier.config)
    return people


def test_a_card_in_short_says_of_everybody_what_the_card_says():
    given = enrolled()
    card = make_card(given, CONFIG, quiet)

    short = standings.of_card(card, given.identifier, 2.0)

    assert [one.id for one in short.people] == [line.identity.id for line in card.lines]
    for one, line in zip(short.people, card.lines, strict=True):
        assert one.share(card.setting) == line.recognised(card.setting)
    assert (short.sittings, short.strangers) == (card.tried.sittings, card.setting)


def test_nobody_tried_has_no_share():
    assert standing("ada", ()).share(500) is None
    assert standing("ada", (400.0, 600.0)).share(500) == 0.5


def test_other_pictures_give_another_stamp_and_other_settings_do_not():
    one, other = enrolled().identifier, enrolled(spread=0.4).identifier
    lax = replace(one, config=replace(one.config, strangers_per_wrong_name=10))

    assert standings.stamp(one) == standings.stamp(lax)
    assert standings.stamp(one) != standings.stamp(other)


def test_who_is_recognised_otherwise_is_told_the_greatest_difference_first():
    before = several(
        standing("ada", (900.0, 900.0)), standing("bo", (1.0,)), standing("cy", (9.0,))
    )
    now = several(
        standing("ada", (900.0, 0.0)), standing("bo", (700.0,)), standing("cy", (2.0,))
    )

    moved = Kept(now, before).moved(500)

    assert [one.id for _, one in moved] == ["bo", "ada"]
    assert Kept(now).moved(500) == []


def test_what_is_kept_comes_back_with_the_one_before(gallery):
    first, second = several(standing("ada", (4.0,))), several(of="two")
    second = replace(second, people=(standing("ada", (5.0,)),))

    standings.keep(gallery, first, gallery.generation)
    kept = standings.keep(gallery, second, gallery.generation)

    assert kept == Kept(second, first)
    assert standings.read(gallery) == kept


def test_the_same_measured_twice_does_not_lose_the_one_before(gallery):
    first = several(standing("ada", (4.0,)))
    second = replace(first, of="two")
    for one in (first, second, second):
        kept = standings.keep(gallery, one, gallery.generation)

    assert kept.before == first


def test_of_who_is_gone_nothing_stays(gallery):
    with_bo = several(standing("ada", (4.0,), alike="bo"), standing("bo", (5.0,)))
    without = several(standing("ada", (4.0,)), of="two")
    standings.keep(gallery, with_bo, gallery.generation)

    kept = standings.keep(gallery, without, gallery.generation)

    assert [one.id for one in kept.before.people] == ["ada"]
    assert kept.before.people[0].look_alike == ""


def test_what_was_measured_before_a_change_is_not_written(gallery):
    before = gallery.generation
    gallery.enrol("Bo", [Shot(picture((20, 20, 150)))])

    standings.keep(gallery, several(), before)

    assert standings.read(gallery) is None


def test_forgetting_takes_it_away(gallery):
    (ada,) = gallery.people()
    measured = several(standing(ada.identity.id, (4.0,)))
    standings.keep(gallery, measured, gallery.generation)

    gallery.forget(ada.identity.id)

    assert standings.read(gallery) is None


@pytest.mark.parametrize("damage", [b"{", b"[]", b'{"now": {"people": 3}}'])
def test_what_is_damaged_is_as_if_it_were_not_there(gallery, damage):
    standings.keep(gallery, several(), gallery.generation)
    (path,) = gallery.directory.rglob("*.standings.json")
    path.write_bytes(damage)

    assert standings.read(gallery) is None


def test_it_is_sealed_with_the_people(tmp_path):
    vault = create(tmp_path, "open sesame")
    settle(tmp_path, "on")
    people = Gallery(tmp_path / "people", BlobDetector(), ColourEmbedder(), vault=vault)
    people.enrol("Ada", [Shot(picture((100, 80, 60)))])
    (tmp_path / "people" / ".identifier").mkdir()

    kept = standings.keep(people, several(standing("ada", (4.0,))), people.generation)

    (path,) = people.directory.rglob("*.standings.json")
    assert b"ada" not in path.read_bytes()
    assert standings.read(people) == kept


def test_how_long_it_takes_is_expected_from_the_last_time():
    last = Kept(replace(several(), seconds=10.0, sittings=5))

    assert standings.expected(last, 20) == 40
    assert standings.expected(None, 20) == 20 * standings.PER_SITTING
