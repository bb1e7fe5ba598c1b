import json
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
    ImageError,
    NoFaceInImage,
    PersonNotFound,
    SeveralFacesInImage,
    WeightsMissing,
)
from facecam.gallery import Gallery, Portrait, Shot
from facecam.media import read_image, write_image
from tests.fakes import BlobDetector, ColourEmbedder, picture
from tests.gallery.pictures import ONE, OTHER, THIRD, TWO_FACES, enrol

NAMES = ["李小龍", "Zoë", "Ольга", "محمد", "👩🏽‍🚀 🙂", "a/b\\c: *?", "ก้อง", "a" * 200]


def live_embedding(image, embedder):
    detections = BlobDetector().detect(image)
    return embedder.embed(embedder.crop(image, detections))[0]


def record_of(person):
    return json.loads((person.folder / "person.json").read_text("utf-8"))


def test_an_absent_folder_is_an_empty_gallery(gallery, tmp_path):
    assert gallery.people() == []
    assert gallery.embeddings() == {}
    assert gallery.history() == []
    assert (gallery.problems, gallery.generation) == ([], 0)
    assert not (tmp_path / "people").exists()


def test_somebody_enrolled_is_found_by_id_and_by_name(gallery):
    person = enrol(gallery, "Ada Lovelace")

    assert person.identity.id.startswith("ada-lovelace-")
    assert gallery.people() == [person]
    assert gallery.find(person.identity.id) == person
    assert gallery.find(" ADA lovelace") == person
    assert person.created
    assert person.consent == ""


def test_shots_of_one_sitting_are_enrolled_together(gallery):
    shots = [Shot(ONE, taken="2026-01-31T12:00:00+00:00"), Shot(OTHER)]

    enrolled = gallery.enrol("Ada", shots, capture="c1", consent="2026-01-31")
    more = gallery.enrol(enrolled.person.identity, [Shot(THIRD)])

    assert [portrait.capture for portrait in enrolled.kept] == ["c1", "c1"]
    assert enrolled.kept[0].taken == "2026-01-31T12:00:00+00:00"
    assert enrolled.kept[1].taken > "2026"
    assert more.kept[0].capture not in ("", "c1")
    assert more.person.consent == "2026-01-31"
    assert len(more.person.portraits) == 3


def test_of_each_shot_portrait_original_and_crop_are_kept(gallery, embedder):
    person = enrol(gallery, "Ada")

    [portrait] = person.portraits
    assert gallery.image(person, portrait).shape == (150, 150, 3)
    assert gallery.original(person, portrait).shape == ONE.shape
    assert gallery.aligned(person, portrait).shape == (32, 32, 3)  # as the embedder's
    assert np.array_equal(
        gallery.thumbnail(person), gallery.aligned(person, person.portraits[0])
    )
    place = record_of(person)["pictures"][portrait.file]
    assert place["box"] == [45, 45, 105, 105]
    assert np.shape(place["landmarks"]) == (5, 2)


def test_originals_are_reduced_and_hold_no_more_than_pixels(tmp_path):
    config = GalleryConfig(original_side=100)
    gallery = Gallery(tmp_path, BlobDetector(), config=config)

    person = enrol(gallery, "Ada")

    assert gallery.original(person, person.portraits[0]).shape == (75, 100, 3)
    stored = next((person.folder / "originals").iterdir()).read_bytes()
    assert b"Exif" not in stored


def test_originals_are_left_out_where_not_wanted_or_no_more_than_the_portrait(tmp_path):
    config = GalleryConfig(keep_originals=False)
    unwanted = Gallery(tmp_path / "a", BlobDetector(), config=config)
    gallery = Gallery(tmp_path / "b", BlobDetector())

    ada = enrol(unwanted, "Ada")
    face = enrol(gallery, "Ada", np.ascontiguousarray(ONE[70:150, 90:170]))

    assert unwanted.original(ada, ada.portraits[0]) is None
    assert gallery.original(face, face.portraits[0]) is None


def test_a_huge_face_is_kept_reduced(tmp_path, embedder):
    config = GalleryConfig(longest_side=100)
    gallery = Gallery(tmp_path, BlobDetector(), embedder, config)

    person = enrol(gallery, "Ada")

    assert max(gallery.image(person, person.portraits[0]).shape) == 100
    (row,) = gallery.embeddings()[person.identity]
    assert row @ live_embedding(ONE, embedder) > 0.99


def test_gallery_and_live_embeddings_of_the_same_picture_agree(gallery, embedder):
    person = enrol(gallery, "Ada")

    (row,) = gallery.embeddings()[person.identity]

    assert row @ live_embedding(ONE, embedder) > 0.999


def test_embeddings_of_shots_are_those_they_have_once_enrolled(gallery):
    before = gallery.embed([Shot(ONE), Shot(OTHER)])

    ada = enrol(gallery, "Ada", ONE, OTHER)

    assert np.array_equal(before, gallery.embeddings()[ada.identity])
    assert gallery.embed([]).shape[0] == 0


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


@pytest.mark.parametrize("name", NAMES)
def test_any_unicode_is_a_name(gallery, tmp_path, name):
    person = enrol(gallery, f"  {unicodedata.normalize('NFD', name)} ")

    assert gallery.find(name).identity.name == unicodedata.normalize("NFC", name)
    assert person.identity.id.isascii()
    assert person.identity.id == person.identity.id.lower()
    assert Gallery(tmp_path / "people").find(name) == person
    assert person.folder.parent == tmp_path / "people"


def test_no_two_paths_collide_where_case_is_ignored(gallery, tmp_path):
    for name in (*NAMES, "ADA", "ada", "Ada", "Å", "Å", "å", "con", "NUL"):
        person = enrol(gallery, name, ONE, OTHER)
        gallery.add_negative(person.identity.id, Shot(THIRD))

    paths = [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert all(path.isascii() and path == path.lower() for path in paths)


def test_names_that_differ_in_case_or_normalisation_are_told_apart_by_id(gallery):
    first, second = enrol(gallery, "Zoë"), enrol(gallery, "ZOE\u0308")

    with pytest.raises(PersonNotFound, match=first.identity.id) as caught:
        gallery.find("zoë")

    assert second.identity.id in str(caught.value)
    assert gallery.find(second.identity.id).identity.name == "ZOË"
    assert len(gallery.embeddings()) == 2


def test_an_unknown_name_lists_who_there_is(gallery):
    with pytest.raises(PersonNotFound, match="Nobody is enrolled yet"):
        gallery.find("Grace")

    enrol(gallery, "Ada")

    with pytest.raises(PersonNotFound, match="Ada"):
        gallery.find("Grace")


def test_a_picture_without_a_clear_subject_is_refused(gallery, tmp_path):
    with pytest.raises(NoFaceInImage):
        enrol(gallery, "Ada", picture())
    with pytest.raises(SeveralFacesInImage, match="2 faces"):
        enrol(gallery, "Ada", ONE, TWO_FACES)
    with pytest.raises(GalleryError, match="at least one picture"):
        gallery.enrol("Ada", [])

    assert not (tmp_path / "people").exists()


def test_a_box_says_which_of_several_faces_is_meant(gallery):
    right = BlobDetector().detect(TWO_FACES).boxes[1]

    person = gallery.enrol("Ada", [Shot(TWO_FACES, right)]).person

    assert next(iter(record_of(person)["pictures"].values()))["landmarks"] is None
    assert gallery.embeddings()[person.identity].shape == (1, 51)


def test_a_face_outside_the_picture_is_refused_and_nothing_is_left(gallery, tmp_path):
    outside = Shot(ONE, np.array((900, 900, 950, 950), np.float32))

    with pytest.raises(NoFaceInImage):
        gallery.enrol("Ada", [Shot(ONE), outside])

    assert not (tmp_path / "people").exists()


def test_the_same_face_of_the_same_picture_is_kept_once(gallery):
    ada = enrol(gallery, "Ada")
    before = gallery.generation

    again = gallery.enrol(ada.identity, [Shot(ONE)])
    more = gallery.enrol(ada.identity, [Shot(OTHER), Shot(ONE), Shot(OTHER)])

    assert (again.kept, again.known) == ((), 1)
    assert (len(more.kept), more.known) == (1, 2)
    assert gallery.generation == before + 1
    assert gallery.embeddings()[ada.identity].shape == (2, 51)


def test_embeddings_are_computed_once_for_each_embedder(tmp_path, gallery, embedder):
    ada = enrol(gallery, "Ada")
    gallery.embeddings()

    again = Gallery(tmp_path / "people", BlobDetector(), embedder)
    enrol(again, ada.identity, OTHER)
    again.embeddings()
    assert embedder.embedded == 2

    other = ColourEmbedder("another net")
    Gallery(tmp_path / "people", BlobDetector(), other).embeddings()
    assert other.embedded == 2


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\x00 torn", b"nothing"])
def test_a_damaged_index_is_made_again(tmp_path, gallery, embedder, damage):
    ada = enrol(gallery, "Ada")
    before = gallery.embeddings()[ada.identity]
    (tmp_path / "people" / ".index.sqlite").write_bytes(damage)

    again = Gallery(tmp_path / "people", BlobDetector(), embedder)
    after = again.embeddings()[ada.identity]

    assert embedder.embedded == 2
    assert np.array_equal(before, after)
    Gallery(tmp_path / "people", BlobDetector(), embedder).embeddings()
    assert embedder.embedded == 2


def test_an_index_that_cannot_be_written_is_done_without(gallery, tmp_path):
    enrol(gallery, "Ada")
    (tmp_path / "people" / ".index.sqlite").unlink(missing_ok=True)
    (tmp_path / "people" / ".index.sqlite").mkdir()

    assert len(gallery.embeddings()) == 1
    assert gallery.people()[0].portraits[0].quality is not None


def test_mirrored_copies_are_averaged_on_request(tmp_path, embedder):
    config = GalleryConfig(mirror=True)
    gallery = Gallery(tmp_path, BlobDetector(), embedder, config)
    ada = enrol(gallery, "Ada")

    (row,) = gallery.embeddings()[ada.identity]

    assert embedder.embedded == 2
    assert np.linalg.norm(row) == pytest.approx(1)
    assert gallery.fingerprint == "colours-mirrored"


def test_quality_is_known_once_a_portrait_was_embedded(gallery, tmp_path):
    sharp = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)
    box = np.array((100, 60, 200, 180), np.float32)
    ada = gallery.enrol("Ada", [Shot(sharp, box)]).person
    assert ada.portraits[0].quality is None

    views = gallery.views()[ada.identity]

    assert views.quality[0] > 0.5
    assert views.files == (ada.portraits[0].file,)
    assert views.captures == (ada.portraits[0].capture,)
    [bare] = Gallery(tmp_path / "people").people()
    assert bare.portraits[0].quality == pytest.approx(float(views.quality[0]))


def test_negatives_are_examples_of_who_somebody_is_not(gallery):
    ada, grace = enrol(gallery, "Ada"), enrol(gallery, "Grace", OTHER)

    gallery.add_negative(ada.identity.id, Shot(THIRD))

    examples = gallery.examples()
    assert examples[ada.identity].own.shape == (1, 51)
    assert examples[ada.identity].never.shape == (1, 51)
    assert examples[grace.identity].never.shape == (0, 51)
    assert gallery.embeddings()[ada.identity].shape == (1, 51)
    assert gallery.views()[ada.identity].embeddings.shape == (1, 51)


def test_a_picture_dropped_into_the_folder_is_a_portrait(gallery):
    ada = enrol(gallery, "Ada")
    write_image(ada.folder / "by hand 手.png", picture((10, 10, 40), (90, 60, 120)))
    write_image(ada.folder / "more" / "1.png", OTHER)

    assert len(gallery.embeddings()[ada.identity]) == 3
    [person] = gallery.people()
    files = [portrait.file for portrait in person.portraits]
    assert files[1:] == ["by hand 手.png", "more/1.png"]
    assert len(set(gallery.views()[ada.identity].captures)) == 3
    assert gallery.aligned(person, person.portraits[1]).shape == (32, 32, 3)
    assert gallery.original(person, person.portraits[1]) is None


def test_a_dropped_picture_that_changes_is_embedded_again(gallery, embedder):
    ada = enrol(gallery, "Ada")
    write_image(ada.folder / "mum.png", OTHER)
    before = gallery.embeddings()[ada.identity]

    assert np.array_equal(before, gallery.embeddings()[ada.identity])
    assert embedder.embedded == 2
    write_image(ada.folder / "mum.png", THIRD)

    assert not np.array_equal(before, gallery.embeddings()[ada.identity])
    assert embedder.embedded == 3


def test_a_folder_of_pictures_made_by_hand_is_a_person(gallery, tmp_path):
    write_image(tmp_path / "people" / "Zoë" / "1.png", ONE)

    person = gallery.find("Zoë")
    assert len(gallery.embeddings()[person.identity]) == 1

    assert gallery.rename("Zoë", "Zoë K.").identity.name == "Zoë K."
    assert [p.file for p in gallery.people()[0].portraits] == ["1.png"]


def test_portraits_that_cannot_be_used_are_reported_and_the_rest_works(gallery):
    ada = enrol(gallery, "Ada")
    (ada.folder / "torn.jpg").write_bytes(b"\xff\xd8\xff torn")
    write_image(ada.folder / "wall.png", picture())

    for _ in range(2):
        found = gallery.embeddings()

        assert len(found[ada.identity]) == 1
        assert [text.split(" is left out")[0][-8:] for text in gallery.problems] == [
            "torn.jpg",
            "wall.png",
        ]
    assert gallery.thumbnail(gallery.people()[0]) is not None


@pytest.mark.parametrize(
    "record",
    [
        "",
        "[]",
        "{}",
        '{"name": 7, "created": "", "pictures": {}}',
        '{"name": "A", "created": "", "pictures": {"a.jpg": {"box": [1, 2]}}}',
        '{"name": "A", "created": "", "pictures": {"a.jpg": {"box": [3, 3, 1, 4]}}}',
        '{"name": "A", "created": "", "pictures": {"a.jpg": {"box": [1, 1, NaN, 4]}}}',
        '{"name": "A", "created": "", "pictures": [1]}',
    ],
)
def test_a_damaged_record_is_reported_and_the_rest_works(gallery, record):
    ada, grace = enrol(gallery, "Ada"), enrol(gallery, "Grace")
    damaged = ada.folder / "person.json"
    damaged.write_text(record, "utf-8")

    assert list(gallery.embeddings()) == [grace.identity]
    assert len(gallery.problems) == 1
    assert str(damaged) in gallery.problems[0]
    with pytest.raises(GalleryError, match="damaged"):
        gallery.rename(ada.identity.id, "Ada")

    gallery.forget(ada.identity.id)
    assert [person.identity for person in gallery.people()] == [grace.identity]
    assert gallery.problems == []


def test_without_its_record_a_folder_is_enrolled_under_its_own_name(gallery):
    ada = enrol(gallery, "Ada")
    (ada.folder / "person.json").unlink()

    [person] = gallery.people()

    assert person.identity.name == ada.identity.id
    assert len(gallery.embeddings()[person.identity]) == 1


def test_people_whose_folders_vanish_meanwhile_are_no_failure(gallery, monkeypatch):
    ada = enrol(gallery, "Ada")
    enrol(gallery, "Grace", OTHER)
    before = gallery.people()
    shutil.rmtree(ada.folder)

    assert [person.identity.name for person in gallery.people()] == ["Grace"]
    assert gallery.problems == []
    monkeypatch.setattr(gallery, "people", lambda: before)
    assert [identity.name for identity in gallery.embeddings()] == ["Grace"]
    assert gallery.thumbnail(ada) is None
    with pytest.raises(ImageError, match="removed meanwhile"):
        gallery.image(ada, ada.portraits[0])


def test_removing_a_portrait_by_hand_removes_its_embedding_too(gallery, tmp_path):
    ada = enrol(gallery, "Ada", ONE, OTHER)
    gallery.embeddings()
    other = ColourEmbedder("other")
    Gallery(tmp_path / "people", None, other).embeddings()

    (ada.folder / ada.portraits[0].file).unlink()

    assert len(gallery.embeddings()[ada.identity]) == 1
    from facecam.gallery.index import Index
    from facecam.vault import PLAIN

    index = Index(tmp_path / "people" / ".index.sqlite", PLAIN)
    assert len(index.load("colours")) == len(index.load("other")) == 1


def test_classifiers_go_when_the_last_folder_was_deleted_by_hand(gallery, tmp_path):
    people = tmp_path / "people"
    ada = enrol(gallery, "Ada")
    (people / ".identifier").mkdir()
    (people / ".identifier" / "x.npz").write_bytes(b"Ada")

    Gallery(people)
    assert (people / ".identifier").is_dir()
    shutil.rmtree(ada.folder)
    Gallery(people)

    assert not (people / ".identifier").exists()


def test_people_are_managed_without_any_net(tmp_path, gallery):
    ada = enrol(gallery, "Ada")
    bare = Gallery(tmp_path / "people")

    assert bare.find("Ada") == ada
    assert bare.thumbnail(ada) is not None
    with pytest.raises(WeightsMissing, match="embedder"):
        bare.embeddings()
    with pytest.raises(WeightsMissing, match="detector"):
        enrol(bare, "Grace")


def test_a_folder_of_a_newer_facecam_is_left_alone(gallery, tmp_path):
    enrol(gallery, "Ada")
    (tmp_path / "people" / "gallery.json").write_text('{"version": 3}')

    with pytest.raises(GalleryError, match="newer facecam"):
        Gallery(tmp_path / "people")

    (tmp_path / "people" / "gallery.json").write_text("{")
    with pytest.raises(GalleryError, match=r"gallery\.json is damaged"):
        Gallery(tmp_path / "people")


def test_a_disk_that_refuses_is_explained(tmp_path):
    (tmp_path / "people").write_text("a file where the folder should be")

    with pytest.raises(FacecamError, match="Cannot change the people"):
        enrol(Gallery(tmp_path / "people", BlobDetector()), "Ada")


def test_adding_to_many_people_embeds_only_the_new_one(gallery, embedder):
    for k in range(30):
        enrol(gallery, f"Person {k}", picture((50, 50, 70 + k)))
    gallery.embeddings()
    seen = embedder.embedded

    begin = time.perf_counter()
    enrol(gallery, "One more")
    gallery.embeddings()

    assert embedder.embedded == seen + 1
    assert time.perf_counter() - begin < 5  # typically 0.05 s


def test_a_real_portrait_gives_the_embedding_of_the_frame(data, tmp_path, embedder):
    from facecam.gallery.records import one_face

    image = read_image(data / "samples" / "multiface.jpg")
    box = np.array((0.4, 0.3, 0.5, 0.5), np.float32) * np.tile(image.shape[1::-1], 2)
    gallery = Gallery(tmp_path, None, embedder)

    person = gallery.enrol("Somebody", [Shot(image, box.astype(np.float32))]).person

    (row,) = gallery.embeddings()[person.identity]
    live = embedder.embed(embedder.crop(image, one_face(box)))[0]
    assert row @ live > 0.99
    assert cv2.haveImageReader(str(person.folder / person.portraits[0].file))


def test_a_portrait_equals_another_of_the_same_file_and_origin():
    assert Portrait("a.jpg", quality=0.1) == Portrait("a.jpg", quality=0.9)
    assert Portrait("a.jpg") != Portrait("b.jpg")


@pytest.mark.parametrize(
    "name", [".DS_Store", "Thumbs.db", ".1f0c.77.partial.jpg", "notes.txt"]
)
def test_what_is_no_picture_beside_the_portraits_is_not_taken_for_one(gallery, name):
    ada = enrol(gallery, "Ada")
    written = (ada.folder / ada.portraits[0].file).read_bytes()

    (ada.folder / "portraits" / name).write_bytes(written)

    assert gallery.find("Ada").portraits == ada.portraits
    assert gallery.problems == []


def test_what_a_record_lacks_is_said(gallery):
    ada = enrol(gallery, "Ada")
    (ada.folder / "person.json").write_text('{"name": "Ada"}')

    assert gallery.people() == []
    assert "'portraits' is missing" in gallery.problems[0]
