import json
import shutil

import numpy as np
import pytest

from facecam.errors import GalleryError, PersonNotFound
from facecam.gallery import Gallery, Shot
from facecam.media import write_image
from tests.fakes import BlobDetector
from tests.gallery.pictures import ONE, OTHER, THIRD, enrol, state


def files(person):
    return [portrait.file for portrait in person.portraits]


@pytest.fixture
def ada(gallery):
    return enrol(gallery, "Ada", ONE, OTHER)


@pytest.fixture
def grace(gallery):
    return enrol(gallery, "Grace", THIRD)


def test_renaming_keeps_the_id_and_the_embeddings(gallery, embedder, ada):
    gallery.embeddings()

    renamed = gallery.rename(ada.identity.id, "Countess")

    assert renamed.identity.id == ada.identity.id
    assert list(gallery.embeddings()) == [renamed.identity]
    assert embedder.embedded == 2
    with pytest.raises(GalleryError):
        gallery.rename(ada.identity.id, "\n")


def test_the_cover_is_the_first_portrait_until_another_is_chosen(gallery, ada):
    first, second = ada.portraits
    assert ada.shown == first

    chosen = gallery.choose_cover(ada.identity.id, second.file)

    assert chosen.shown == second
    assert np.array_equal(gallery.thumbnail(chosen), gallery.aligned(chosen, second))
    assert gallery.choose_cover(ada.identity.id, "").shown == first
    with pytest.raises(GalleryError, match="no picture"):
        gallery.choose_cover(ada.identity.id, "portraits/0.jpg")


def test_removing_a_picture_removes_all_that_is_kept_of_it(gallery, ada, tmp_path):
    gallery.choose_cover(ada.identity.id, files(ada)[0])

    left = gallery.remove(ada.identity.id, files(ada)[:1])

    assert files(left) == files(ada)[1:]
    assert left.shown == left.portraits[0]
    gone = files(ada)[0].rpartition("/")[2]
    assert not [path for path in state(tmp_path / "people") if gone in path]


def test_somebody_may_be_left_without_pictures(gallery, ada):
    left = gallery.remove(ada.identity.id, files(ada))

    assert left.portraits == ()
    assert left.shown is None
    assert gallery.thumbnail(left) is None
    assert gallery.people() == [left]
    assert gallery.embeddings() == {}


def test_a_picture_dropped_in_by_hand_can_be_removed_too(gallery, ada):
    write_image(ada.folder / "mum.png", THIRD)

    gallery.remove(ada.identity.id, ["mum.png"])

    assert not (ada.folder / "mum.png").exists()


def test_moving_pictures_takes_everything_along(gallery, embedder, ada, grace):
    before = gallery.embeddings()[ada.identity]
    seen = embedder.embedded

    moved = gallery.move(ada.identity.id, files(ada)[:1], grace.identity)

    assert [p.capture for p in moved.portraits] == [
        grace.portraits[0].capture,
        ada.portraits[0].capture,
    ]
    assert gallery.original(moved, moved.portraits[1]) is not None
    after = gallery.embeddings()
    assert np.array_equal(after[moved.identity][1], before[0])
    assert len(after[ada.identity]) == 1
    assert embedder.embedded == seen
    with pytest.raises(GalleryError, match="there already"):
        gallery.move(ada.identity.id, files(ada)[1:], ada.identity)


def test_pictures_are_split_off_into_a_new_person(gallery, ada):
    write_image(ada.folder / "mum.png", THIRD)

    split = gallery.move(ada.identity.id, [files(ada)[1], "mum.png"], "Grace")

    assert split.identity.name == "Grace"
    assert files(split) == [files(ada)[1], "mum.png"]
    assert files(gallery.find("Ada")) == files(ada)[:1]


def test_merging_makes_one_person_of_several(gallery, ada, grace):
    enrol(gallery, ada.identity, THIRD)  # a picture both have
    third = gallery.find("Ada").portraits[2]
    write_image(ada.folder / "mum.png", ONE)
    write_image(grace.folder / "mum.png", OTHER)

    merged = gallery.merge([grace.identity.id, ada.identity.id], ada.identity.id)

    assert files(merged) == [*files(ada), third.file, "mum 2.png", "mum.png"]
    assert gallery.people() == [merged]
    assert not grace.folder.exists()
    with pytest.raises(GalleryError, match="two people"):
        gallery.merge([ada.identity.id], ada.identity.id)


def test_after_a_merge_negatives_show_who_is_left(gallery, ada, grace):
    eve = enrol(gallery, "Eve", THIRD)
    gallery.add_negative(eve.identity.id, Shot(ONE), of=grace.identity.id)
    gallery.add_negative(ada.identity.id, Shot(THIRD), of=grace.identity.id)
    gallery.add_negative(grace.identity.id, Shot(ONE), of=eve.identity.id)

    merged = gallery.merge([grace.identity.id], ada.identity.id)

    assert [n.of for n in gallery.find("Eve").negatives] == [ada.identity.id]
    assert [n.of for n in merged.negatives] == [eve.identity.id]


def test_a_negative_is_noted_and_taken_back(gallery, ada, grace):
    wrong = Shot(ONE, taken="2026-01-31T12:00:00+00:00")

    noted = gallery.add_negative(grace.identity.id, wrong, of=ada.identity.id)

    [negative] = noted.negatives
    assert (negative.of, negative.taken) == (ada.identity.id, wrong.taken)
    assert gallery.image(noted, negative).shape == (150, 150, 3)
    assert gallery.aligned(noted, negative).shape == (32, 32, 3)
    again = gallery.add_negative(grace.identity.id, wrong, of=ada.identity.id)
    assert len(again.negatives) == 1
    left = gallery.remove_negative(grace.identity.id, [negative.file])
    assert left.negatives == ()
    with pytest.raises(GalleryError, match="no negative"):
        gallery.remove_negative(grace.identity.id, [negative.file])
    with pytest.raises(PersonNotFound):
        gallery.add_negative(grace.identity.id, wrong, of="nobody")


def test_forgetting_also_forgets_what_negatives_of_others_show(gallery, ada, grace):
    gallery.add_negative(grace.identity.id, Shot(ONE), of=ada.identity.id)
    gallery.add_negative(grace.identity.id, Shot(OTHER))

    gallery.forget(ada.identity.id)

    [left] = gallery.people()
    assert [negative.of for negative in left.negatives] == [""]
    assert len(list((grace.folder / "negatives").iterdir())) == 1


@pytest.mark.parametrize("wrong", ["nobody", "..", ".history", "", "../people"])
def test_only_people_can_be_changed(gallery, ada, tmp_path, wrong):
    before = state(tmp_path / "people")

    for change in (
        gallery.forget,
        lambda i: gallery.rename(i, "X"),
        lambda i: gallery.remove(i, []),
        lambda i: gallery.merge([i], ada.identity.id),
        lambda i: gallery.merge([ada.identity.id], i),
        lambda i: gallery.add_negative(i, Shot(ONE)),
    ):
        with pytest.raises(PersonNotFound):
            change(wrong)

    assert state(tmp_path / "people") == before


def test_every_change_is_counted_for_every_program(gallery, ada, tmp_path):
    other = Gallery(tmp_path / "people", BlobDetector())
    before = gallery.generation

    other.rename(ada.identity.id, "Countess")

    assert gallery.generation == before + 1
    assert gallery.find("Countess").identity.id == ada.identity.id
    assert json.loads((tmp_path / "people" / "gallery.json").read_text()) == {
        "version": 2
    }


def test_a_picture_put_into_a_managed_folder_by_hand_is_a_portrait_too(gallery, ada):
    grace = enrol(gallery, "Grace", THIRD)
    file = grace.portraits[0].file
    shutil.copy(grace.folder / file, ada.folder / file)
    shutil.copy(grace.folder / file, ada.folder / "originals" / "stray.jpg")

    assert len(gallery.embeddings()[ada.identity]) == 3
    assert files(gallery.find("Ada")) == [*files(ada), file]
    assert gallery.find("Ada").portraits[2].quality is not None

    moved = gallery.move(ada.identity.id, [file], "Eve")
    assert files(moved) == [file.rpartition("/")[2]]
    assert files(gallery.find("Ada")) == files(ada)
    assert len(gallery.embeddings()[moved.identity]) == 1


def test_a_change_of_nothing_is_refused(gallery, ada, grace):
    for change in (
        lambda: gallery.remove(ada.identity.id, []),
        lambda: gallery.move(ada.identity.id, [], grace.identity),
    ):
        with pytest.raises(GalleryError, match="at least one"):
            change()

    assert len(gallery.history()) == 2


def test_a_consent_given_later_is_noted_and_outlives_a_merge(gallery, ada, grace):
    noted = gallery.enrol(ada.identity, [Shot(ONE)], consent="2026-01-31T12:00:00")
    merged = gallery.merge([ada.identity.id], grace.identity.id)

    assert (noted.kept, noted.known) == ((), 1)
    assert merged.consent == "2026-01-31T12:00:00"
    texts = [change.text for change in gallery.history()]
    assert texts[-2:] == ["Noted the consent of Ada", "Merged Ada into Grace"]


def test_a_change_keeps_what_was_put_by_hand(gallery, ada):
    write_image(ada.folder / "mum.png", THIRD)
    (ada.folder / "notes.txt").write_text("by hand")

    gallery.rename(ada.identity.id, "Countess")

    assert (ada.folder / "notes.txt").read_text() == "by hand"
    assert files(gallery.find("Countess"))[-1] == "mum.png"


def test_forgetting_works_with_a_damaged_index_too(gallery, ada, tmp_path):
    index = tmp_path / "people" / ".index.sqlite"
    gallery.embeddings()
    index.write_bytes(b"not a database, with traces of Ada")

    gallery.forget(ada.identity.id)

    assert gallery.people() == []
    assert not index.exists() or b"Ada" not in index.read_bytes()
