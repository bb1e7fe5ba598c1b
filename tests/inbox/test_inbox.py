"""Tests of facecam.inbox: strangers come in, are dealt with, and expire."""

import json
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from facecam.config import InboxConfig
from facecam.errors import GalleryError, VaultLocked
from facecam.inbox import Inbox
from facecam.vault import Unlocked, create, open_vault
from tests.inbox.conftest import NOW, sight, vector

HOUR = 3600.0


def test_an_inbox_nobody_used_is_empty_and_makes_no_folder(tmp_path):
    inbox = Inbox(tmp_path)

    assert (inbox.groups(), inbox.ignored(), inbox.paths()) == ([], [], [])
    assert inbox.expire() == 0
    assert inbox.forget(vector(1)[None], "net") == 0
    assert list(tmp_path.iterdir()) == []


def test_views_are_grouped_by_person_as_they_arrive(inbox):
    for view in range(3):
        for who in (1, 2):
            inbox.add(sight(who, view))

    groups = inbox.groups()
    assert [len(group.views) for group in groups] == [3, 3]
    assert groups[0].first == NOW
    assert groups[0].last == NOW + 120
    assert groups[0].expires == NOW + 120 + 72 * HOUR


def test_what_was_kept_can_be_taken_to_enrol_from(inbox):
    group = inbox.add(sight(1))

    (view,) = inbox.take(group)

    assert view.box.tolist() == [10, 10, 30, 30]
    assert view.landmarks.shape == (5, 2)
    assert np.array_equal(view.embedding, vector(1))
    assert np.abs(view.image.astype(int) - sight(1).image).mean() < 3
    assert (view.taken, view.fingerprint) == (NOW, "net")


def test_views_of_one_moment_are_one_view_the_best(inbox):
    group = inbox.add(sight(1, 0, quality=0.5))
    inbox.add(sight(1, 1, quality=0.7, taken=NOW + 1))
    inbox.add(sight(1, 2, quality=0.6, taken=NOW + 1.5))

    (view,) = inbox.take(group)
    assert view.quality == 0.7
    assert len(inbox.paths()) == 3  # the picture, the record, the lock


def test_at_most_so_many_views_are_kept_the_best(tmp_path):
    inbox = Inbox(tmp_path, InboxConfig(views=3))
    for view in range(6):
        inbox.add(sight(1, view, quality=0.4 + 0.1 * (view % 4)))

    (group,) = inbox.groups()
    assert [round(view.quality, 1) for view in group.views] == [0.7, 0.6, 0.5]


def test_too_many_people_make_room_the_longest_unseen_first(tmp_path):
    inbox = Inbox(tmp_path, InboxConfig(groups=3))
    for who in range(1, 6):
        inbox.add(sight(who, who))

    assert [round(group.last - NOW) for group in inbox.groups()] == [300, 240, 180]


def test_an_ignored_person_is_kept_no_more_until_the_time_is_over(inbox):
    group = inbox.add(sight(1, 0))
    inbox.ignore(group)

    assert inbox.add(sight(1, 1)) == group
    assert inbox.groups() == []
    assert not list(inbox.paths()[0].parent.glob("*/*.jpg"))
    assert inbox.expire(time.time() + 71 * HOUR) == 0
    assert len(inbox.ignored()) == 1
    inbox.expire(time.time() + 73 * HOUR)
    assert inbox.ignored() == []
    inbox.add(sight(1, 2))
    assert len(inbox.groups()) == 1


@pytest.mark.parametrize("deed", ["ignore", "delete"])
def test_ignoring_and_deleting_can_be_taken_back(inbox, deed):
    for view in range(3):
        group = inbox.add(sight(1, view))
    before = inbox.take(group)

    gone = getattr(inbox, deed)(group)
    assert inbox.groups() == []
    inbox.restore(gone)

    after = inbox.take(group)
    assert [v.taken for v in after] == [v.taken for v in before]
    assert all(
        np.array_equal(a.image, b.image) for a, b in zip(after, before, strict=True)
    )
    assert inbox.ignored() == []


def test_what_is_deleted_leaves_no_file(inbox):
    group = inbox.add(sight(1))
    inbox.delete(group)

    assert [path.name for path in inbox.paths()] == [".lock"]
    with pytest.raises(GalleryError, match="no group"):
        inbox.delete(group)


def test_views_expire_one_by_one_and_groups_with_the_last(inbox):
    for view in (0, 60):
        group = inbox.add(sight(1, view))

    assert inbox.expire(NOW + 72.5 * HOUR) == 1
    assert [view.taken for view in inbox.take(group)] == [NOW + HOUR]
    assert inbox.expire(NOW + 73.5 * HOUR) == 1
    assert [path.name for path in inbox.paths()] == [".lock"]


def test_single_views_can_be_dropped_as_of_somebody_named_after_all(inbox):
    group = inbox.add(sight(1, 0))
    inbox.add(sight(1, 1))

    inbox.drop(group, [NOW])
    assert [view.taken for view in inbox.take(group)] == [NOW + 60]
    inbox.drop(group, [NOW + 60])
    assert inbox.groups() == []
    inbox.drop(group, [NOW])  # gone by now


def test_forgetting_takes_whoever_may_be_that_person_and_nobody_else(inbox):
    inbox.add(sight(1))
    inbox.add(sight(2))
    ignored = inbox.add(sight(3))
    inbox.ignore(ignored)

    own = np.stack([vector(1, 7), vector(3, 8)])
    assert inbox.forget(own, "net") == 2

    (left,) = inbox.groups()
    assert float(left.mean @ vector(2)) > 0.9
    assert inbox.ignored() == []


def test_groups_of_another_embedder_are_never_compared_and_go_when_in_doubt(inbox):
    first = inbox.add(sight(1, 0, fingerprint="old"))
    second = inbox.add(sight(1, 1))

    assert first != second
    assert inbox.forget(vector(5)[None], "net") == 1
    assert [group.id for group in inbox.groups()] == [second]


def test_two_groups_can_be_taken_for_one_person(inbox):
    first, second = inbox.add(sight(1, 0)), inbox.add(sight(2, 5))

    inbox.merge(first, [second])

    (group,) = inbox.groups()
    assert (group.id, len(group.views)) == (first, 2)
    assert len(inbox.take(first)) == 2


def test_everything_goes_at_once(inbox):
    inbox.add(sight(1))
    inbox.ignore(inbox.add(sight(2)))

    assert inbox.clear() == 2
    assert [path.name for path in inbox.paths()] == [".lock"]


def test_what_a_crash_left_goes_at_the_next_change(inbox):
    group = inbox.add(sight(1))
    folder = inbox.paths()[-1].parent
    (folder / "half.jpg").write_bytes(b"a picture without a record")
    record = folder / "group.json"
    torn = folder.with_name("stranger-torn")
    torn.mkdir()
    (torn / "a.jpg").write_bytes(b"a folder without a record")

    inbox.add(sight(1, 5))

    assert not torn.exists()
    assert not (folder / "half.jpg").exists()
    assert record.exists()
    assert len(inbox.take(group)) == 2


def test_a_damaged_record_is_passed_over_and_expires(inbox, tmp_path):
    inbox.add(sight(1))
    broken = tmp_path / "inbox" / "stranger-broken"
    broken.mkdir()
    (broken / "group.json").write_text('{"fingerprint": "net"')

    assert len(inbox.groups()) == 1
    inbox.expire(time.time() + HOUR)
    assert broken.exists()
    inbox.expire(time.time() + 73 * HOUR)
    assert not broken.exists()


def test_files_are_for_their_owner_only(inbox, tmp_path):
    inbox.add(sight(1))
    assert (tmp_path / "inbox").stat().st_mode & 0o077 == 0


def test_protected_strangers_show_nothing_without_the_passphrase(tmp_path):
    create(tmp_path, "correct horse")
    vault = open_vault(tmp_path, "correct horse")
    assert isinstance(vault, Unlocked)
    inbox = Inbox(tmp_path, vault=vault)
    group = inbox.add(sight(1))

    assert len(Inbox(tmp_path, vault=vault).take(group)) == 1
    files = [path for path in inbox.paths() if path.name != ".lock"]
    assert all(path.read_bytes().startswith(b"FCV1") for path in files)
    with pytest.raises(VaultLocked):
        Inbox(tmp_path).groups()
    inbox.delete(group)
    assert not list((tmp_path / "keys").glob(f"*{group}*"))


def test_two_programs_may_add_at_once(tmp_path):
    program = (
        "import sys; from pathlib import Path\n"
        "from facecam.inbox import Inbox\n"
        "from tests.inbox.conftest import sight\n"
        f"inbox = Inbox(Path({str(tmp_path)!r}))\n"
        "for view in range(4):\n"
        "    for who in (1, 2, 3):\n"
        "        inbox.add(sight(who, view + int(sys.argv[1])))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(offset)])
        for offset in (0, 10)
    ]
    assert [process.wait(120) for process in running] == [0, 0]

    groups = Inbox(tmp_path).groups()
    assert [len(group.views) for group in groups] == [8, 8, 8]
    assert all(len(Inbox(tmp_path).take(group.id)) == 8 for group in groups)


def test_the_record_holds_no_name(inbox, tmp_path):
    group = inbox.add(sight(1))
    record = json.loads((tmp_path / "inbox" / group / "group.json").read_text())
    assert set(record) == {"fingerprint", "first", "last", "ignored", "mean", "views"}


def test_hours_chosen_by_the_user_count(tmp_path):
    inbox = Inbox(tmp_path, replace(InboxConfig(), hours=72), hours=1)
    inbox.add(sight(1))
    assert inbox.expire(NOW + 2 * HOUR) == 1
