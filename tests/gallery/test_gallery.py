import json
import os
import shutil
import time
import unicodedata

import cv2
import numpy as np
import pytest

from facecam.config import GalleryConfig
from facecam.errors import (
    FacecamError,
    GalleryError,
    NoFaceInImage,
    PersonNotFound,
    SeveralFacesInImage,
    WeightsMissing,
)
from facecam.gallery import Gallery
from facecam.gallery import gallery as module
from facecam.media import read_image, write_image
from tests.fakes import BlobDetector, ColourEmbedder, picture

ONE = picture((100, 80, 60))
TWO = picture((40, 90, 60), (220, 90, 60))


@pytest.fixture
def embedder():
    return ColourEmbedder()


@pytest.fixture
def gallery(tmp_path, embedder):
    return Gallery(tmp_path / "people", BlobDetector(), embedder)


def files_below(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


def live_embedding(image, embedder):
    detections = BlobDetector().detect(image)
    return embedder.embed(embedder.crop(image, detections))[0]


def test_an_absent_folder_is_an_empty_gallery(gallery, tmp_path):
    assert gallery.people() == []
    assert gallery.embeddings() == {}
    assert gallery.problems == []
    assert not (tmp_path / "people").exists()


def test_somebody_added_is_found_by_id_and_by_name(gallery):
    person = gallery.add("Ada Lovelace", ONE)

    assert person.identity.id.startswith("ada-lovelace-")
    assert gallery.people() == [person]
    assert gallery.find(person.identity.id) == person
    assert gallery.find(" ADA lovelace") == person
    assert gallery.thumbnail(person) == person.portraits[0]


def test_a_portrait_is_the_region_around_the_face(gallery):
    person = gallery.add("Ada", ONE)

    portrait = read_image(person.portraits[0])

    assert portrait.shape == (150, 150, 3)
    record = json.loads((person.portraits[0].parent / "person.json").read_text("utf-8"))
    (place,) = record["portraits"].values()
    assert place["box"] == [45, 45, 105, 105]
    assert np.shape(place["landmarks"]) == (5, 2)


def test_a_huge_face_is_kept_reduced(tmp_path, embedder):
    config = GalleryConfig(longest_side=100)
    gallery = Gallery(tmp_path, BlobDetector(), embedder, config)

    person = gallery.add("Ada", ONE)

    assert max(read_image(person.portraits[0]).shape) == 100
    (row,) = gallery.embeddings()[person.identity]
    assert row @ live_embedding(ONE, embedder) > 0.99


def test_gallery_and_live_embeddings_of_the_same_picture_agree(gallery, embedder):
    person = gallery.add("Ada", ONE)

    (row,) = gallery.embeddings()[person.identity]

    assert row @ live_embedding(ONE, embedder) > 0.999


def test_without_jpeg_the_crop_of_a_portrait_is_that_of_the_picture(embedder):
    from facecam.gallery.portraits import cut_portrait
    from facecam.gallery.records import one_face

    rng = np.random.default_rng(0)
    noise = rng.integers(0, 255, (480, 641, 3), np.uint8)
    for box in (
        (100.3, 80.7, 160.2, 150.1),
        (-9.5, 200.2, 300.4, 470),
        (500, 0, 640, 99),
    ):
        face = one_face(np.array(box, np.float32))

        region, placed = cut_portrait(noise, face, GalleryConfig())

        expected = embedder.crop(noise, face)
        assert np.abs(embedder.crop(region, placed).astype(int) - expected).max() <= 1


@pytest.mark.parametrize("name", ["李小龍", "Zoë", "Ольга", "محمد", "🙂", "a" * 80])
def test_any_unicode_is_a_name(gallery, name):
    person = gallery.add(f"  {unicodedata.normalize('NFD', name)} ", ONE)

    assert gallery.find(name).identity.name == unicodedata.normalize("NFC", name)
    assert person.identity.id.isascii()


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "a\x00", "a" * 81, "a\u2028x"])
def test_what_is_no_name_is_refused_and_nothing_is_made(gallery, tmp_path, name):
    with pytest.raises(GalleryError):
        gallery.add(name, ONE)

    assert not (tmp_path / "people").exists()


def test_two_people_may_share_a_name_and_are_then_found_by_id(gallery):
    first, second = gallery.add("Ada", ONE), gallery.add("Ada", TWO[:, :160])

    with pytest.raises(PersonNotFound, match=first.identity.id) as caught:
        gallery.find("ada")

    assert second.identity.id in str(caught.value)
    assert len(gallery.embeddings()) == 2


def test_an_unknown_name_lists_who_there_is(gallery):
    with pytest.raises(PersonNotFound, match="Nobody is enrolled yet"):
        gallery.find("Grace")

    gallery.add("Ada", ONE)

    with pytest.raises(PersonNotFound, match="Ada"):
        gallery.find("Grace")


def test_a_picture_without_a_clear_subject_is_refused(gallery, tmp_path):
    with pytest.raises(NoFaceInImage):
        gallery.add("Ada", picture())
    with pytest.raises(SeveralFacesInImage, match="2 faces"):
        gallery.add("Ada", TWO)

    assert not (tmp_path / "people").exists()


def test_a_box_says_which_of_several_faces_is_meant(gallery, embedder):
    right = BlobDetector().detect(TWO).boxes[1]

    person = gallery.add("Ada", TWO, box=right)

    place = json.loads((person.portraits[0].parent / "person.json").read_text("utf-8"))
    assert next(iter(place["portraits"].values()))["landmarks"] is None
    assert gallery.embeddings()[person.identity].shape == (1, 51)


def test_a_face_outside_the_picture_is_refused_and_nothing_is_left(gallery, tmp_path):
    with pytest.raises(NoFaceInImage):
        gallery.add("Ada", ONE, box=np.array((900, 900, 950, 950), np.float32))

    assert files_below(tmp_path / "people") == []


def test_portraits_are_added_and_the_same_one_only_once(gallery):
    ada = gallery.add("Ada", ONE)

    gallery.add_portrait(ada.identity.id, picture((50, 50, 90)))
    again = gallery.add_portrait(ada.identity.id, ONE)

    assert len(again.portraits) == 2
    assert gallery.embeddings()[ada.identity].shape == (2, 51)


def test_embeddings_are_computed_once_for_each_embedder(tmp_path, gallery, embedder):
    ada = gallery.add("Ada", ONE)
    gallery.embeddings()

    again = Gallery(tmp_path / "people", BlobDetector(), embedder)
    again.add_portrait(ada.identity.id, picture((50, 50, 90)))
    again.embeddings()
    assert embedder.embedded == 2

    other = ColourEmbedder("another net")
    Gallery(tmp_path / "people", BlobDetector(), other).embeddings()
    assert other.embedded == 2


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 torn", b"\x93NUMPY"])
def test_a_damaged_cache_is_computed_again(tmp_path, gallery, embedder, damage):
    ada = gallery.add("Ada", ONE)
    before = gallery.embeddings()[ada.identity]
    (cache,) = (tmp_path / "people").rglob("*.npz")
    cache.write_bytes(damage)

    after = gallery.embeddings()[ada.identity]

    assert embedder.embedded == 2
    assert np.array_equal(before, after)


def test_mirrored_copies_are_averaged_on_request(tmp_path, embedder):
    gallery = Gallery(tmp_path, BlobDetector(), embedder, mirror=True)
    ada = gallery.add("Ada", ONE)

    (row,) = gallery.embeddings()[ada.identity]

    assert embedder.embedded == 2
    assert np.linalg.norm(row) == pytest.approx(1)


def test_a_picture_dropped_into_the_folder_is_a_portrait(gallery):
    ada = gallery.add("Ada", ONE)
    folder = ada.portraits[0].parent
    write_image(folder / "by hand 手.png", picture((10, 10, 40), (90, 60, 120)))

    assert len(gallery.embeddings()[ada.identity]) == 2
    assert gallery.people()[0].portraits[1].name == "by hand 手.png"


def test_a_folder_of_pictures_made_by_hand_is_a_person(gallery, tmp_path):
    write_image(tmp_path / "people" / "Zoë" / "1.png", ONE)

    person = gallery.find("Zoë")
    assert len(gallery.embeddings()[person.identity]) == 1

    assert gallery.rename("Zoë", "Zoë K.").identity.name == "Zoë K."


def test_portraits_that_cannot_be_used_are_reported_and_the_rest_works(gallery):
    ada = gallery.add("Ada", ONE)
    folder = ada.portraits[0].parent
    (folder / "torn.jpg").write_bytes(b"\xff\xd8\xff torn")
    write_image(folder / "wall.png", picture())

    found = gallery.embeddings()

    assert len(found[ada.identity]) == 1
    assert [text.split(" is left out")[0][-8:] for text in gallery.problems] == [
        "torn.jpg",
        "wall.png",
    ]


@pytest.mark.parametrize(
    "record",
    [
        "",
        "[]",
        "{}",
        '{"name": 7, "created": "", "portraits": {}}',
        '{"name": "A", "created": "", "portraits": {"a.jpg": {"box": [1, 2]}}}',
        '{"name": "A", "created": "", "portraits": {"a.jpg": {"box": [3, 3, 1, 4]}}}',
    ],
)
def test_a_damaged_record_is_reported_and_the_rest_works(gallery, record):
    ada, grace = gallery.add("Ada", ONE), gallery.add("Grace", ONE)
    damaged = ada.portraits[0].parent / "person.json"
    damaged.write_text(record, "utf-8")

    assert list(gallery.embeddings()) == [grace.identity]
    assert len(gallery.problems) == 1
    assert str(damaged) in gallery.problems[0]

    gallery.forget(ada.identity.id)
    assert gallery.people() == [grace]
    assert gallery.problems == []


def test_people_another_program_forgets_meanwhile_are_no_failure(gallery, monkeypatch):
    ada, _ = gallery.add("Ada", ONE), gallery.add("Grace", ONE)
    before = gallery.people()
    read = module.read_person

    def forget_then_read(folder):
        if folder.name == ada.identity.id:
            shutil.rmtree(folder)
        return read(folder)

    monkeypatch.setattr(module, "read_person", forget_then_read)
    assert [person.identity.name for person in gallery.people()] == ["Grace"]
    assert gallery.problems == []
    monkeypatch.setattr(gallery, "people", lambda: before)
    assert [identity.name for identity in gallery.embeddings()] == ["Grace"]


def test_a_cache_that_cannot_be_written_is_done_without(gallery, tmp_path):
    folder = gallery.add("Ada", ONE).portraits[0].parent
    (folder / ".cache").write_text("a file in the way")

    assert len(gallery.embeddings()) == 1


def test_renaming_keeps_the_id_and_the_embeddings(gallery, embedder):
    ada = gallery.add("Ada", ONE)
    gallery.embeddings()

    renamed = gallery.rename(ada.identity.id, "Countess")

    assert renamed.identity.id == ada.identity.id
    assert list(gallery.embeddings()) == [renamed.identity]
    assert embedder.embedded == 1
    with pytest.raises(GalleryError):
        gallery.rename(ada.identity.id, "\n")


def test_forgetting_leaves_no_trace(gallery, tmp_path):
    people = tmp_path / "people"
    ada, grace = gallery.add("Ada", ONE), gallery.add("Grace", ONE)
    gallery.embeddings()
    (people / ".identifier").mkdir()
    (people / ".identifier" / "svm.npz").write_bytes(b"rows of Ada and Grace")

    gallery.forget(ada.identity.id)

    assert gallery.people() == [grace]
    assert [p.name for p in people.iterdir()] == [grace.identity.id]


def test_classifiers_go_when_the_last_folder_was_deleted_by_hand(gallery, tmp_path):
    people = tmp_path / "people"
    ada = gallery.add("Ada", ONE)
    (people / ".identifier").mkdir()
    (people / ".identifier" / "x.npz").write_bytes(b"Ada")

    Gallery(people)
    assert (people / ".identifier").is_dir()
    shutil.rmtree(people / ada.identity.id)
    Gallery(people)

    assert not (people / ".identifier").exists()


def test_removing_a_portrait_by_hand_removes_its_embeddings_too(gallery, tmp_path):
    ada = gallery.add("Ada", ONE)
    gallery.add_portrait(ada.identity.id, picture((50, 50, 90)))
    gallery.embeddings()
    Gallery(tmp_path / "people", None, ColourEmbedder("other")).embeddings()

    ada.portraits[0].unlink()

    assert len(gallery.embeddings()[ada.identity]) == 1
    (cache,) = (tmp_path / "people").rglob("*.npz")
    assert cache.name == "colours.npz"


def test_leftovers_of_a_crash_are_ignored_and_swept(gallery, tmp_path):
    people = tmp_path / "people"
    ada = gallery.add("Ada", ONE)
    for leftover in (".gone-x", ".new-old", ".new-busy"):
        shutil.copytree(people / ada.identity.id, people / leftover)
    long_ago = time.time() - 7200
    os.utime(people / ".new-old", (long_ago, long_ago))

    assert gallery.people() == [ada]
    Gallery(people)

    assert sorted(p.name for p in people.iterdir()) == [".new-busy", ada.identity.id]


def test_people_are_managed_without_any_net(tmp_path, gallery):
    ada = gallery.add("Ada", ONE)
    bare = Gallery(tmp_path / "people")

    assert bare.find("Ada") == ada
    with pytest.raises(WeightsMissing, match="embedder"):
        bare.embeddings()
    with pytest.raises(WeightsMissing, match="detector"):
        bare.add("Grace", ONE)


@pytest.mark.parametrize("wrong", ["nobody", "..", ".identifier", "", "../people"])
def test_only_people_can_be_changed(gallery, wrong):
    gallery.add("Ada", ONE)

    for change in (gallery.forget, lambda i: gallery.rename(i, "X")):
        with pytest.raises(PersonNotFound):
            change(wrong)


def test_a_disk_that_refuses_is_explained(tmp_path):
    (tmp_path / "people").write_text("a file where the folder should be")

    with pytest.raises(FacecamError, match="Cannot enrol Ada"):
        Gallery(tmp_path / "people", BlobDetector()).add("Ada", ONE)


def test_adding_to_a_hundred_people_takes_well_under_a_second(gallery, embedder):
    for k in range(100):
        gallery.add(f"Person {k}", picture((50 + k, 50, 60)))
    gallery.embeddings()
    seen = embedder.embedded

    begin = time.perf_counter()
    gallery.add("One more", ONE)
    gallery.embeddings()

    assert time.perf_counter() - begin < 1
    assert embedder.embedded == seen + 1


def test_a_real_portrait_gives_the_embedding_of_the_frame(data, tmp_path, embedder):
    image = read_image(data / "samples" / "multiface.jpg")
    box = np.array((0.4, 0.3, 0.5, 0.5), np.float32) * np.tile(image.shape[1::-1], 2)
    gallery = Gallery(tmp_path, None, embedder)

    person = gallery.add("Somebody", image, box=box.astype(np.float32))

    (row,) = gallery.embeddings()[person.identity]
    from facecam.gallery.records import one_face

    live = embedder.embed(embedder.crop(image, one_face(box)))[0]
    assert row @ live > 0.99
    assert cv2.haveImageReader(str(person.portraits[0]))
