"""Tests of facecam.keeping.keeper and choices: from recognitions to files."""

from dataclasses import replace

import pytest

from facecam.config import Config, override
from facecam.errors import ConfigError
from facecam.keeping import choices as choosing
from facecam.keeping.choices import Choices
from facecam.keeping.keeper import Keeper
from tests.keeping.faces import ADA, START, ZOE, face, seen

BOTH = Choices(events=True, days=30, inbox=True, hours=72)


@pytest.fixture
def config(tmp_path) -> Config:
    (tmp_path / "people" / ADA.id).mkdir(parents=True)
    return Config(home=tmp_path)


@pytest.fixture
def keeper(config) -> Keeper:
    keeper = Keeper(config, choices=BOTH)
    keeper.know_embedder("net")
    return keeper


def follow(keeper, *steps, begin=0.0):
    for second, faces in enumerate(steps):
        keeper.follow(seen(*faces), "Door", START + begin + second)
        keeper.flush()


def test_nothing_is_kept_unless_it_is_wanted(config, tmp_path):
    keeper = Keeper(config)
    keeper.know_embedder("net")

    follow(keeper, *[(face(1, ADA), face(2, 7))] * 20)
    keeper.leave(START + 20)
    keeper.flush()

    assert [path.name for path in tmp_path.iterdir()] == ["people"]


def test_visits_and_strangers_are_kept(keeper):
    follow(keeper, *[(face(1, ADA), face(2, 7))] * 9)
    keeper.leave(START + 9)
    keeper.flush()

    visits = keeper.events.visits()
    assert {(v.person, v.source, v.ended - v.began) for v in visits} == {
        ("ada-1", "Door", 8),
        ("", "Door", 8),
    }
    (group,) = keeper.inbox.groups()
    assert len(group.views) > 1


def test_the_visits_of_whoever_is_not_enrolled_any_more_are_not_written(keeper):
    follow(keeper, *[(face(1, ZOE),)] * 9)
    assert keeper.events.count() == 0


def test_a_stranger_named_after_all_leaves_the_inbox_and_the_visit(keeper):
    follow(keeper, *[(face(1, 7),)] * 9)
    assert len(keeper.inbox.groups()) == 1
    follow(keeper, *[(face(1, ADA),)] * 9, begin=9)

    assert keeper.inbox.groups() == []
    assert [v.person for v in keeper.events.visits()] == ["ada-1"]


def test_a_view_of_a_visit_stays_in_memory_to_be_corrected(keeper):
    follow(keeper, *[(face(1, ADA, 0.5 + second / 20),) for second in range(9)])
    (visit,) = keeper.events.visits()

    view = keeper.sight(visit.number)
    assert view is not None
    assert view.quality == pytest.approx(0.9)
    assert keeper.sight(visit.number + 1) is None
    assert keeper.recent() == [view]
    keeper.drop_gone([ADA.id])
    assert keeper.recent() == [view]
    keeper.drop_gone([])  # Ada was forgotten
    assert keeper.recent() == []
    assert keeper.sight(visit.number) is None


def test_a_corrected_visit_is_not_written_over(keeper):
    follow(keeper, *[(face(1, ADA),)] * 9)
    (visit,) = keeper.events.visits()

    keeper.settle(visit.number)
    keeper.events.unname(visit.number)
    follow(keeper, *[(face(1, ADA),)] * 9, begin=9)

    assert [v.person for v in keeper.events.visits()] == [""]


def test_turning_off_drops_what_is_not_written_yet(keeper):
    keeper.follow(seen(face(1, ADA)), "Door", START)
    keeper.follow(seen(face(1, ADA)), "Door", START + 4)
    keeper.use(Choices(events=False, days=30, inbox=False, hours=72))

    assert not keeper.collect()
    follow(keeper, *[(face(1, ADA), face(2, 7))] * 9, begin=5)
    assert keeper.events.count() == 0
    assert keeper.inbox.groups() == []


def test_what_has_expired_goes_with_the_next_writing(keeper, monkeypatch):
    follow(keeper, *[(face(1, ADA), face(2, 7))] * 9)
    monkeypatch.setattr("time.time", lambda: START + 31 * 86_400)

    assert keeper.expire() > 0

    assert keeper.events.count() == 0
    assert keeper.inbox.groups() == []


def test_choices_are_remembered_and_the_configuration_gives_the_first(tmp_path):
    config = override(Config(home=tmp_path), {"events": {"keep": True, "days": 7}})
    assert choosing.load(config) == Choices(True, 7, False, 72)

    choosing.save(tmp_path, BOTH)
    assert choosing.load(config) == BOTH
    assert BOTH.any


@pytest.mark.parametrize("text", ["", "[]", '{"events": {}}', '{"events": 3}'])
def test_damaged_choices_keep_nothing(tmp_path, text):
    (tmp_path / "keeping.json").write_text(text)
    config = override(Config(home=tmp_path), {"events": {"keep": True}})
    assert not choosing.load(config).any


def test_choices_out_of_range_are_refused():
    with pytest.raises(ConfigError, match="more than 0"):
        Choices(events=True, days=0, inbox=False, hours=72)


def test_choices_that_cannot_be_written_are_told(tmp_path):
    with pytest.raises(ConfigError, match="Check the folder"):
        choosing.save(tmp_path / "gone", BOTH)


def test_a_name_refused_while_in_view_leaves_the_list_and_may_come_back(keeper):
    follow(keeper, *[(face(1, ADA),)] * 9)
    (before,) = keeper.events.visits()
    assert keeper.recent(keeper.sight_of(1)) == []

    back = keeper.retract(1, ADA.id)
    follow(keeper, *[(face(1, 7),)] * 3, begin=9)
    assert [v.person for v in keeper.events.visits()] == [""]
    visit = back()
    keeper.events.rename(visit)

    assert (visit.person, visit.number) == (ADA.id, before.number)
    assert [v.person for v in keeper.events.visits()] == [ADA.id]
    assert keeper.retract(5, ADA.id)() is None


def test_vectors_are_kept_as_those_of_the_embedder_that_made_them(keeper):
    keeper.flush()  # so that nothing expires: it was long ago
    before = [replace(seen(face(1, 7)), embedder="net") for _ in range(9)]
    after = [replace(seen(face(1, 7)), embedder="other net") for _ in range(9)]

    for second, recognition in enumerate([*before, *after]):
        keeper.follow(recognition, "Door", START + second)
    keeper.leave(START + 30)
    keeper.flush()

    groups = keeper.inbox.groups()
    assert sorted(group.fingerprint for group in groups) == ["net", "other net"]


def test_strangers_are_grouped_by_the_numbers_of_another_embedder(keeper, config):
    inbox = keeper.inbox
    keeper.use_config(config)
    assert keeper.inbox is inbox

    keeper.use_config(override(config, {"inbox": {"same": 0.65}}))

    assert keeper.inbox is not inbox
