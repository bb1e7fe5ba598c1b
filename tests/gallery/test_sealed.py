import pytest

from facecam.errors import GalleryError, VaultLocked
from facecam.gallery import Gallery, Shot
from facecam.media import write_image
from facecam.vault import MAGIC, create, open_vault
from tests.fakes import BlobDetector
from tests.gallery.pictures import ONE, OTHER, THIRD, enrol, files_of, state


@pytest.fixture
def vault(tmp_path):
    return create(tmp_path, "correct horse")


@pytest.fixture
def sealed(tmp_path, vault, embedder):
    return Gallery(tmp_path / "people", BlobDetector(), embedder, vault=vault)


def test_every_byte_of_a_person_is_sealed_and_read_back(sealed, tmp_path, embedder):
    ada = enrol(sealed, "Ada Lovelace", ONE, OTHER)
    sealed.add_negative(ada.identity.id, Shot(THIRD))
    sealed.rename(ada.identity.id, "Countess")
    before = sealed.examples()

    people = tmp_path / "people"
    stored = [people / file for file in files_of(people) if "sqlite" not in file]
    assert stored
    assert all(path.read_bytes().startswith(MAGIC) for path in stored)
    assert not any("ada" in file or "lovelace" in file for file in files_of(people))
    again = Gallery(people, None, embedder, vault=open_vault(tmp_path, "correct horse"))
    seen = embedder.embedded
    [(identity, after)] = again.examples().items()
    assert identity.name == "Countess"
    assert (after.own == before[identity].own).all()
    assert embedder.embedded == seen
    assert again.thumbnail(again.people()[0]) is not None


def test_embeddings_in_the_index_are_sealed(sealed, tmp_path):
    enrol(sealed, "Ada")
    [rows] = sealed.embeddings().values()

    parts = (tmp_path / "people").glob(".index.sqlite*")
    index = b"".join(path.read_bytes() for path in parts)

    assert rows.tobytes() not in index
    assert rows.tobytes()[:64] not in index
    assert MAGIC in index


def test_without_the_passphrase_people_are_not_taken_for_damaged(sealed, tmp_path):
    enrol(sealed, "Ada")

    bare = Gallery(tmp_path / "people")

    with pytest.raises(VaultLocked):
        bare.people()


def test_pictures_that_change_hands_are_sealed_for_the_new_owner(
    sealed, tmp_path, vault
):
    ada, grace = enrol(sealed, "Ada", ONE, OTHER), enrol(sealed, "Grace", THIRD)
    file = ada.portraits[0].file

    moved = sealed.move(ada.identity.id, [file], grace.identity)

    data = (moved.folder / file).read_bytes()
    assert vault.unseal(data, grace.identity.id)
    with pytest.raises(GalleryError):
        vault.unseal(data, ada.identity.id)
    assert sealed.image(moved, moved.portraits[1]).shape
    before = state(tmp_path / "people")
    sealed.undo()
    sealed.redo()
    assert state(tmp_path / "people") == before
    assert len(sealed.embeddings()[moved.identity]) == 2


def test_merging_and_undoing_keeps_the_key_of_who_was_merged(sealed, tmp_path):
    ada, grace = enrol(sealed, "Ada"), enrol(sealed, "Grace", THIRD)
    sealed.merge([ada.identity.id], grace.identity.id)

    sealed.undo()

    assert {p.identity.name for p in sealed.people()} == {"Ada", "Grace"}
    assert len(sealed.embeddings()) == 2


def test_keys_go_with_the_last_data_they_seal(sealed, tmp_path):
    ada, grace = enrol(sealed, "Ada"), enrol(sealed, "Grace", THIRD)
    keys = tmp_path / "keys"
    before = len(list(keys.glob("*.key")))
    sealed.merge([ada.identity.id], grace.identity.id)
    assert len(list(keys.glob("*.key"))) == before

    sealed.forget(grace.identity.id)

    assert len(list(keys.glob("*.key"))) == before - 2
    assert sealed.history() == []


def test_a_picture_dropped_in_by_hand_is_read_beside_sealed_ones(sealed, tmp_path):
    ada = enrol(sealed, "Ada")
    write_image(ada.folder / "mum.png", OTHER)

    assert len(sealed.embeddings()[ada.identity]) == 2


def test_nobody_is_told_to_delete_a_record_whose_key_is_gone(sealed, vault, tmp_path):
    ada = enrol(sealed, "Ada")
    vault.destroy(ada.identity.id)

    again = Gallery(tmp_path / "people", vault=vault)

    assert again.people() == []
    (problem,) = again.problems
    assert "person.json cannot be read" in problem
    assert "delete it: the pictures" not in problem


def test_a_folder_that_cannot_be_a_name_is_called_so(gallery, tmp_path):
    folder = tmp_path / "people" / ("x" * 210)
    folder.mkdir(parents=True)
    write_image(folder / "1.png", ONE)

    assert gallery.people() == []
    (problem,) = gallery.problems
    assert "is no name of a person" in problem
