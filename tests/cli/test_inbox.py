"""Tests of `facecam inbox`: list, name, ignore, delete, merge, save."""

import pytest

from facecam.inbox import Inbox
from facecam.media import read_image
from tests.inbox.conftest import NOW, sight


@pytest.fixture
def inbox(home, monkeypatch) -> Inbox:
    """Two strangers, two views each."""
    monkeypatch.setattr("time.time", lambda: NOW + 3600)
    inbox = Inbox(home)
    for view in range(2):
        inbox.add(sight(1, view))
        inbox.add(sight(2, view))
    return inbox


def ids(inbox):
    return [group.id for group in inbox.groups()]


def test_an_empty_inbox_says_how_to_turn_it_on(facecam, home):
    assert "facecam inbox on" in facecam("inbox", "list")[1]


def test_strangers_are_listed(facecam, asked, inbox):
    listed = asked("inbox", "list")
    assert [group["group"] for group in listed["groups"]] == ids(inbox)
    assert [group["views"] for group in listed["groups"]] == [2, 2]
    code, out, _ = facecam("inbox", "list")
    assert code == 0
    assert out.splitlines()[1].endswith("71 h")


def test_a_stranger_is_enrolled_under_a_name(asked, inbox):
    first, second = ids(inbox)

    person = asked("inbox", "name", first, "Zoë, 王")

    assert (person["name"], person["added"]) == ("Zoë, 王", 2)
    assert ids(inbox) == [second]
    more = asked("inbox", "name", second, "Zoë, 王", "--id", person["id"])
    assert more["id"] == person["id"]
    assert len(more["portraits"]) == 4


def test_several_groups_become_one_person(asked, inbox):
    assert asked("inbox", "name", *ids(inbox), "Ada")["added"] == 4
    assert ids(inbox) == []


def test_strangers_are_ignored_deleted_and_merged(asked, facecam, inbox):
    first, second = ids(inbox)
    assert asked("inbox", "merge", first, second)["views"] == 2  # of the same moments
    asked("inbox", "ignore", first)
    assert "1 ignored." in facecam("inbox", "list")[1]
    assert asked("inbox", "delete", first) == {"deleted": [first]}
    assert asked("inbox", "clear") == {"deleted": 0}


def test_views_are_saved_to_be_looked_at(asked, inbox, tmp_path):
    (tmp_path / "views").mkdir()
    files = asked("inbox", "save", ids(inbox)[0], tmp_path / "views")["files"]
    assert [read_image(tmp_path / "views" / file).shape for file in files] == [
        (40, 40, 3)
    ] * 2


def test_a_group_is_meant_by_the_end_of_its_id_and_an_unknown_one_explained(
    asked, facecam, inbox
):
    first, _ = ids(inbox)
    assert asked("inbox", "delete", first[-8:]) == {"deleted": [first]}
    code, _, err = facecam("inbox", "delete", "nobody")
    assert (code, "no group nobody" in err) == (1, True)
