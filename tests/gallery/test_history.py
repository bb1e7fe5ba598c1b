import json
from datetime import UTC, datetime, timedelta

import pytest

from facecam.config import GalleryConfig
from facecam.errors import GalleryError
from facecam.gallery import Gallery, Shot
from facecam.media import write_image
from tests.fakes import BlobDetector
from tests.gallery.pictures import ONE, OTHER, THIRD, enrol, files_of, state


@pytest.fixture
def people(tmp_path):
    return tmp_path / "people"


@pytest.fixture
def ada(gallery):
    return enrol(gallery, "Ada", ONE, OTHER)


def texts(gallery):
    return [change.text for change in gallery.history() if not change.undone]


def every_change(gallery, ada):
    """Each kind of change, one after another."""
    first, second = (portrait.file for portrait in ada.portraits)
    yield gallery.rename(ada.identity.id, "Countess")
    yield gallery.choose_cover(ada.identity.id, second)
    grace = gallery.move(ada.identity.id, [first], "Grace")
    yield grace
    write_image(grace.folder / "by hand.png", ONE)
    yield enrol(gallery, ada.identity, THIRD)
    yield gallery.add_negative(ada.identity.id, Shot(ONE), of=grace.identity.id)
    [negative] = gallery.find(ada.identity.id).negatives
    yield gallery.remove_negative(ada.identity.id, [negative.file])
    yield gallery.remove(ada.identity.id, [second])
    yield gallery.merge([grace.identity.id], ada.identity.id)


def test_every_change_can_be_undone_and_done_again(gallery, ada, people):
    states = [state(people)]
    for _ in every_change(gallery, ada):
        states.append(state(people))
    by_hand = {path: data for path, data in states[4].items() if "by hand" in path}
    states[:4] = [earlier | by_hand for earlier in states[:4]]

    for before in states[-2::-1]:
        gallery.undo()
        assert state(people) == before
    for after in states[1:]:
        gallery.redo()
        assert state(people) == after


def test_undoing_the_first_enrolment_leaves_nobody(gallery, ada, people):
    change = gallery.undo()

    assert change.text == "Enrolled Ada (2 pictures)"
    assert change.undone
    assert gallery.people() == []
    assert not ada.folder.exists()
    gallery.redo()
    assert gallery.people() == [ada]


def test_what_cannot_be_undone_is_said(gallery, ada):
    with pytest.raises(GalleryError, match="Nothing to redo"):
        gallery.redo()
    gallery.undo()

    with pytest.raises(GalleryError, match="Nothing to undo"):
        gallery.undo()


def test_a_new_change_ends_what_could_be_done_again(gallery, ada):
    gallery.rename(ada.identity.id, "Countess")
    gallery.undo()

    gallery.rename(ada.identity.id, "Duchess")

    assert texts(gallery) == ["Enrolled Ada (2 pictures)", "Renamed Ada to Duchess"]
    with pytest.raises(GalleryError, match="Nothing to redo"):
        gallery.redo()


def test_history_outlives_the_process_and_works_between_two(gallery, ada, people):
    gallery.rename(ada.identity.id, "Countess")
    other = Gallery(people, BlobDetector())

    assert other.history() == gallery.history()
    assert other.undo().text == "Renamed Ada to Countess"

    assert gallery.people()[0].identity.name == "Ada"
    assert gallery.redo().text == "Renamed Ada to Countess"


def test_only_so_many_changes_are_kept(people):
    config = GalleryConfig(undo_steps=3)
    gallery = Gallery(people, BlobDetector(), config=config)
    ada = enrol(gallery, "Ada", ONE)

    for k in range(5):
        gallery.rename(ada.identity.id, f"Ada {k}")

    assert len(gallery.history()) == 3
    assert len(list((people / ".history").iterdir())) == 3


def test_without_undo_what_was_removed_is_gone(people):
    config = GalleryConfig(undo_steps=0)
    gallery = Gallery(people, BlobDetector(), config=config)
    ada = enrol(gallery, "Ada", ONE, OTHER)

    gallery.remove(ada.identity.id, [ada.portraits[0].file])

    assert gallery.history() == []
    assert len(state(people)) == 5  # of the gallery, the person, and of a picture three


def test_changes_too_old_are_let_go_when_the_gallery_is_opened(gallery, ada, people):
    gallery.remove(ada.identity.id, [ada.portraits[0].file])
    gallery.rename(ada.identity.id, "Countess")
    old = people / ".history" / "2" / "change.json"
    stored = json.loads(old.read_text("utf-8"))
    stored["when"] = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    old.write_text(json.dumps(stored), "utf-8")

    later = Gallery(people)

    assert texts(later) == ["Renamed Ada to Countess"]
    assert [p.name for p in (people / ".history").iterdir()] == ["3"]


def test_forgetting_takes_what_undo_needs_along(gallery, ada, people):
    eve = enrol(gallery, "Eve", THIRD)
    grace = gallery.move(ada.identity.id, [ada.portraits[0].file], "Grace")
    gallery.rename(eve.identity.id, "Eva")

    gallery.forget(ada.identity.id)

    assert texts(gallery) == ["Enrolled Eve (1 picture)", "Renamed Eve to Eva"]
    assert ada.identity.id not in " ".join(files_of(people))
    gallery.undo()
    gallery.undo()
    assert [p.identity for p in gallery.people()] == [grace.identity]


def test_undo_after_forgetting_brings_back_nothing_of_others_negatives(
    gallery, ada, people
):
    eve = enrol(gallery, "Eve", THIRD)
    noted = gallery.add_negative(eve.identity.id, Shot(ONE), of=ada.identity.id)
    gallery.remove_negative(eve.identity.id, [noted.negatives[0].file])

    gallery.forget(ada.identity.id)

    assert gallery.history() == []
    assert not list(people.glob(".history/*"))


def test_a_change_whose_files_were_taken_away_cannot_be_undone(gallery, ada):
    gallery.rename(ada.identity.id, "Countess")
    (ada.folder / "person.json").unlink()

    with pytest.raises(GalleryError, match="changed by another program"):
        gallery.undo()


def test_a_torn_entry_of_the_history_is_left_out_and_goes_with_the_next_forgetting(
    gallery, ada, people
):
    enrol(gallery, "Grace", THIRD)
    (people / ".history" / "1" / "change.json").write_text("{")

    assert texts(gallery) == ["Enrolled Grace (1 picture)"]

    gallery.forget(ada.identity.id)
    assert [p.name for p in (people / ".history").iterdir()] == ["2"]


def test_no_change_takes_the_place_of_an_older_one_where_the_count_is_lost(
    gallery, ada, people
):
    gallery.rename(ada.identity.id, "Countess")
    gallery.rename(ada.identity.id, "Lady")
    (people / ".generation").unlink()

    gallery.rename(ada.identity.id, "Augusta")
    gallery.rename(ada.identity.id, "Byron")

    names = []
    for _ in range(4):
        gallery.undo()
        names.append(gallery.find(ada.identity.id).identity.name)
    assert names == ["Augusta", "Lady", "Countess", "Ada"]
