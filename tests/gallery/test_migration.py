import json

import numpy as np
import pytest

from facecam.errors import GalleryError
from facecam.gallery import Gallery, Shot
from facecam.gallery import journal as journals
from facecam.gallery.cutting import digest
from facecam.gallery.records import one_face
from facecam.media import encode_jpeg, read_image, write_image
from tests.fakes import BlobDetector
from tests.gallery.pictures import ONE, OTHER, files_of, state

BOX, FACE = [100.0, 80.0, 160.0, 140.0], np.array((100, 80, 160, 140), np.float32)


@pytest.fixture
def people(tmp_path):
    """A folder as version 1 left it: Ada, Zoë made by hand, a damaged record."""
    people = tmp_path / "people"
    for name, image in (("ada-1234abcd", ONE), ("damaged-00000000", OTHER)):
        data = encode_jpeg(image)
        file = f"{digest(data, one_face(FACE))[:16]}.jpg"
        place = {"box": BOX, "landmarks": None}
        record = {"name": "Ada", "created": "2025-01-01", "portraits": {file: place}}
        (people / name / ".cache").mkdir(parents=True)
        (people / name / file).write_bytes(data)
        (people / name / "person.json").write_text(json.dumps(record), "utf-8")
    (people / "damaged-00000000" / "person.json").write_text("{")
    write_image(people / "Zoë" / "1.png", OTHER)
    (people / ".gone-eve").mkdir()
    return people


def cached(people, embedder):
    """Write the embeddings of Ada as version 1 did."""
    [portrait] = (people / "ada-1234abcd").glob("*.jpg")
    name = digest(portrait.read_bytes(), one_face(FACE))
    crops = embedder.crop(read_image(portrait), one_face(FACE))
    rows = embedder.embed(crops)
    path = portrait.parent / ".cache" / f"{embedder.fingerprint}.npz"
    np.savez(path, digests=[name], embeddings=rows)
    return rows


def test_people_of_version_1_are_converted_when_the_gallery_is_opened(people, embedder):
    gallery = Gallery(people, BlobDetector(), embedder)

    ada, zoe = gallery.people()

    assert (ada.identity.id, ada.identity.name) == ("ada-1234abcd", "Ada")
    assert ada.created == "2025-01-01"
    assert [p.file.partition("/")[0] for p in ada.portraits] == ["portraits"]
    assert ada.portraits[0].face.boxes.tolist() == [BOX]
    assert [p.file for p in zoe.portraits] == ["1.png"]
    assert len(gallery.embeddings()) == 2
    assert gallery.aligned(ada, ada.portraits[0]).shape == (32, 32, 3)
    assert "damaged-00000000" in gallery.problems[0]
    assert json.loads((people / "gallery.json").read_bytes()) == {"version": 2}
    assert not [path for path in files_of(people) if ".cache" in path]
    assert not (people / ".gone-eve").exists()


def test_a_copy_of_the_old_folder_is_kept_and_forgotten_with_the_person(
    people, tmp_path
):
    before = state(people)

    gallery = Gallery(people)

    copy = tmp_path / "people-before-2"
    assert state(copy) == before
    gallery.forget("ada-1234abcd")
    assert not (copy / "ada-1234abcd").exists()
    assert (copy / "Zoë").is_dir()


def test_embeddings_known_to_version_1_are_not_computed_again(people, embedder):
    rows = cached(people, embedder)
    assert embedder.embedded == 1
    (people / "ada-1234abcd" / ".cache" / "torn.npz").write_bytes(b"PK torn")

    gallery = Gallery(people, BlobDetector(), embedder)
    found = gallery.embeddings()[gallery.find("Ada").identity]

    assert np.array_equal(found, rows)
    assert embedder.embedded == 2  # that of Zoë's picture
    assert gallery.find("Ada").portraits[0].quality is not None


def test_the_same_picture_is_known_after_the_migration(people):
    gallery = Gallery(people, BlobDetector())
    ada = gallery.find("Ada")
    whole = gallery.image(ada, ada.portraits[0])
    added = gallery.enrol(ada.identity, [Shot(whole, FACE)])

    again = gallery.enrol(ada.identity, [Shot(whole, FACE)])

    assert (len(added.kept), again.known) == (1, 1)


def test_a_gallery_is_converted_once(people):
    Gallery(people).rename("ada-1234abcd", "Countess")

    again = Gallery(people)

    assert again.find("ada-1234abcd").identity.name == "Countess"
    assert again.undo().text == "Renamed Ada to Countess"


@pytest.mark.parametrize("moment", range(1, 4))
def test_an_interrupted_migration_is_finished_by_the_next_opening(
    people, tmp_path, monkeypatch, moment
):
    real, left = journals.write_file, [moment]

    def fail_then(path, data):
        left[0] -= 1
        if left[0] == 0:
            raise OSError(28, "No space left on device")
        real(path, data)

    before = state(people)
    monkeypatch.setattr(journals, "write_file", fail_then)
    with pytest.raises(GalleryError, match="No space left"):
        Gallery(people)
    assert state(people) == before
    monkeypatch.undo()

    gallery = Gallery(people)

    assert [p.identity.name for p in gallery.people()] == ["Ada", "Zoë"]
    assert gallery.find("Ada").portraits[0].file.startswith("portraits/")
    assert state(tmp_path / "people-before-2") == before
    assert not list(tmp_path.glob(".people*"))


def test_a_folder_of_version_1_that_is_read_only_is_read_as_it_is(
    people, embedder, monkeypatch
):
    before = state(people)
    monkeypatch.setattr("os.access", lambda *_: False)

    gallery = Gallery(people, BlobDetector(), embedder)
    ada, zoe = gallery.people()

    assert (ada.identity.name, len(ada.portraits), len(zoe.portraits)) == ("Ada", 1, 1)
    assert ada.portraits[0].face.boxes.tolist() == [BOX]
    assert len(gallery.embeddings()) == 2
    assert state(people) == before
