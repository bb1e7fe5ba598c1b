"""Tests of facecam.forgetting: everything goes, and it is proved."""

import json
import shutil

import numpy as np
import pytest

from facecam import forgetting
from facecam.errors import PersonNotFound
from facecam.events import Events, Visit
from facecam.forgetting import deed
from facecam.forgetting.collecting import collect
from facecam.forgetting.scanning import scan


def proof(home, identity_id):
    """Return what to look for, as collected while the person is still there."""
    return collect(home.gallery(), identity_id)


def test_somebody_forgotten_leaves_nothing_anywhere(either):
    ada = either.enrol("Ada 王", 1)
    grace = either.enrol("Grace", 2)
    either.fit()
    traces = proof(either, ada)
    gallery = either.gallery()
    gallery.rename(ada, "Countess Ada 王")
    gallery.rename(ada, "Ada 王")

    outcome = forgetting.forget(either.config, gallery, ada)

    assert outcome.clean
    assert outcome.cleaned == ()
    assert either.gallery().ids() == [grace]
    looked = scan(either.path, traces.needles, either.gallery().vault)
    assert looked.residues == ()
    assert looked.unreadable == ()
    assert looked.files >= 10
    assert not list((either.path / "forgetting").glob("*"))
    assert outcome.deleted["portraits"] == 3
    assert outcome.deleted["embeddings"] == 3


def test_the_look_before_would_have_found_the_person_everywhere(home):
    ada = home.enrol("Ada 王", 1)
    home.enrol("Grace", 2)
    home.fit()

    found = scan(home.path, proof(home, ada).needles, home.gallery().vault).residues

    kinds = {residue.kind.name for residue in found}
    assert kinds >= {"PERSON", "INDEX", "CLASSIFIER", "HISTORY"}
    assert not any("grace" in residue.path for residue in found)


def test_others_keep_everything_they_had(either):
    ada = either.enrol("Ada", 1)
    grace = either.enrol("Grace", 2)
    mine = {k: v for k, v in either.files().items() if k.startswith(f"people/{grace}/")}
    before = either.embeddings(grace)

    forgetting.forget(either.config, either.gallery(), ada)

    after = either.files()
    assert mine == {k: after[k] for k in mine}
    assert (either.embeddings(grace) == before).all()


def test_a_namesake_is_neither_touched_nor_reported(either):
    ada = either.enrol("Ada", 1)
    other = either.enrol("ada", 2)
    gallery = either.gallery()
    gallery.rename(other, "Ada")

    outcome = forgetting.forget(either.config, gallery, ada)

    assert outcome.clean
    assert [p.identity.name for p in either.gallery().people()] == ["Ada"]


def test_the_last_person_leaves_an_empty_gallery(either):
    ada = either.enrol("Ada", 1)
    either.fit()

    outcome = forgetting.forget(either.config, either.gallery(), ada)

    assert outcome.clean
    assert either.gallery().people() == []


def test_the_new_classifiers_are_asked(home):
    ada = home.enrol("Ada", 1)
    home.enrol("Grace", 2)

    outcome = forgetting.forget(home.config, home.gallery(), ada)

    assert (outcome.asked, dict(outcome.alike)) == (3, {})


def test_whoever_looks_alike_is_named_to_the_user_but_not_in_the_receipt(home):
    ada = home.enrol("Ada", 1)
    home.gallery().enrol("Twin", home_shots(1, start=5))
    home.enrol("Grace", 2)

    outcome = forgetting.forget(home.config, home.gallery(), ada)

    assert sum(outcome.alike.values()) > 0
    assert set(outcome.alike) == {"Twin"}
    assert any("Twin" in line.text for line in forgetting.sentences(outcome))
    assert "Twin" not in outcome.receipt.read_text()


def home_shots(seed, start):
    from tests.forgetting.conftest import BOX, Shot, face

    return [Shot(face(seed, view), BOX) for view in range(start, start + 3)]


def test_the_receipt_proves_without_saying_who(either):
    ada = either.enrol("Ada 王", 1)
    traces = proof(either, ada)

    outcome = forgetting.forget(either.config, either.gallery(), ada)

    stored = json.loads(outcome.receipt.read_text())
    assert outcome.receipt.parent == either.path / "receipts"
    assert stored["scan"]["residues"] == {}
    assert stored["scan"]["files"] == outcome.files
    assert stored["deleted"]["portraits"] == 3
    assert stored["key destroyed"] == (either.words is not None)
    assert not traces.needles.kinds_in(outcome.receipt.read_bytes())
    assert "Ada" not in outcome.receipt.name


def test_negatives_of_the_person_at_others_go_and_those_of_others_stay(either):
    ada, grace = either.enrol("Ada", 1), either.enrol("Grace", 2)
    gallery = either.gallery()
    gallery.add_negative(grace, home_shots(1, start=7)[0], of=ada)
    gallery.add_negative(grace, home_shots(9, start=0)[0])
    gallery.add_negative(ada, home_shots(2, start=7)[0], of=grace)
    gallery.embeddings()
    traces = proof(either, ada)

    outcome = forgetting.forget(either.config, gallery, ada)

    assert outcome.clean
    (person,) = either.gallery().people()
    assert len(person.negatives) == 1
    assert scan(either.path, traces.needles, gallery.vault).residues == ()


def test_somebody_whose_record_is_damaged_can_be_forgotten(home):
    ada = home.enrol("Ada", 1)
    home.enrol("Grace", 2)
    (home.path / "people" / ada / "person.json").write_text("{")

    outcome = forgetting.forget(home.config, home.gallery(), ada)

    assert outcome.clean
    assert outcome.name == ada


def test_nobody_is_forgotten_by_an_id_that_does_not_exist(home):
    home.enrol("Ada", 1)
    before = home.files()

    with pytest.raises(PersonNotFound):
        forgetting.forget(home.config, home.gallery(), "bob")

    assert home.files().keys() == before.keys()


def test_without_an_embedder_the_pictures_still_go(home):
    from facecam.gallery import Gallery

    ada = home.enrol("Ada", 1)
    home.embeddings(ada)
    gallery = Gallery(home.config.people)

    outcome = forgetting.forget(home.config, gallery, ada)

    assert outcome.clean
    assert outcome.asked == 0


def test_a_person_with_pictures_but_no_record_made_by_hand_is_forgotten(home):
    folder = home.path / "people" / "Mum, at 60"
    folder.mkdir(parents=True)
    picture = next(v for k, v in _one_picture(home) if k.endswith(".jpg"))
    (folder / "mum.jpg").write_bytes(picture)

    outcome = forgetting.forget(home.config, home.gallery(), "Mum, at 60")

    assert outcome.clean
    assert not folder.exists()


def _one_picture(home):
    from facecam.media import encode_jpeg
    from tests.forgetting.conftest import face

    return [("x.jpg", encode_jpeg(face(4)))]


def test_the_classifiers_of_protected_people_are_sealed_and_used(sealed_home):
    sealed_home.enrol("Ada 王", 1)
    sealed_home.enrol("Grace", 2)
    first = sealed_home.fit()
    path = next((sealed_home.path / "people" / ".identifier").glob("*.npz"))

    again = sealed_home.fit()

    assert path.read_bytes().startswith(b"FCV1")
    assert again.same_as(first)


def test_earlier_names_and_pictures_taken_away_are_looked_for_as_well(either):
    ada = either.enrol("Augusta Byron", 1)
    either.enrol("Grace", 2)
    gallery = either.gallery()
    file = gallery.find(ada).portraits[0].file
    removed = gallery.vault.unseal(
        (either.path / "people" / ada / file).read_bytes(), ada
    )
    gallery.rename(ada, "Ada Lovelace")
    gallery.remove(ada, [file])
    log = either.path / "logs" / "facecam.log"
    log.parent.mkdir()
    log.write_text("Augusta Byron was seen\n")
    copy = either.path / "people-before-2" / "x.jpg"
    copy.parent.mkdir()
    copy.write_bytes(removed)

    outcome = forgetting.forget(either.config, either.gallery(), ada)

    assert outcome.clean
    assert {residue.kind.name for residue in outcome.cleaned} == {"LOG", "BACKUP"}
    assert log.read_text() == "************* was seen\n"


def test_real_pictures_of_others_are_never_taken_for_residues(home, data):
    """JPEGs of one camera, one film or one program share tables, never a picture."""
    from facecam.gallery import Shot
    from facecam.media import find_images, read_image

    folders = sorted(p for p in (data / "people_colour_ytf").iterdir() if p.is_dir())
    gallery, ids = home.gallery(), []
    for folder in folders[:10]:
        shots = []
        for path in find_images(folder)[:4]:
            image = read_image(path)
            height, width = image.shape[:2]
            box = np.array((0.3, 0.3, 0.7, 0.7)) * (width, height, width, height)
            shots.append(Shot(image, box.astype(np.float32)))
        ids.append(gallery.enrol(folder.name, shots).person.identity.id)
    by_hand = home.path / "people" / ids[1] / "by hand.jpg"
    by_hand.write_bytes(find_images(folders[1])[-1].read_bytes())

    for identity_id in ids[2:5]:
        outcome = forgetting.forget(home.config, home.gallery(), identity_id)
        assert outcome.clean, outcome.left
        assert outcome.cleaned == ()


def test_a_view_refused_before_its_person_had_a_name_goes_with_them(either):
    """ "Not this person" on a stranger, who is enrolled later, and then forgotten."""
    grace = either.enrol("Grace", 2)
    gallery = either.gallery()
    gallery.add_negative(grace, home_shots(1, start=7)[0])
    gallery.add_negative(grace, home_shots(9, start=0)[0])
    ada = either.enrol("Ada", 1)
    shown, other = gallery.find(grace).negatives
    before = (either.path / "people" / grace / shown.file).read_bytes()

    outcome = forgetting.forget(either.config, either.gallery(), ada)

    assert outcome.clean
    assert either.gallery().find(grace).negatives == (other,)
    assert not any(before in data for data in either.files().values())


def test_whoever_was_merged_into_them_is_forgotten_too(either):
    old = either.enrol("Augusta Byron", 1)
    ada = either.enrol("Ada Lovelace", 11)
    either.enrol("Grace", 2)
    record = (either.path / "people" / old / "person.json").read_bytes()
    copy = either.path / "people-before-2" / old / "person.json"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(record)
    log = either.path / "logs" / "facecam.log"
    log.parent.mkdir()
    log.write_text("Augusta Byron was seen\n")
    either.gallery().merge([old], ada)

    outcome = forgetting.forget(either.config, either.gallery(), ada)

    assert outcome.clean
    assert not copy.exists()
    assert log.read_text() == "************* was seen\n"


def test_the_copy_of_an_older_version_tells_who_was_merged_when_undo_does_not(home):
    old = home.enrol("Augusta Byron", 1)
    ada = home.enrol("Ada Lovelace", 11)
    people, before = home.path / "people", home.path / "people-before-2"
    shutil.copytree(people / old, before / old)
    home.gallery().merge([old], ada)
    shutil.rmtree(people / ".history")

    forgetting.forget(home.config, home.gallery(), ada)

    assert not (before / old).exists()


def test_whoever_was_merged_into_somebody_else_keeps_the_copy(home):
    old, grace = home.enrol("Augusta Byron", 1), home.enrol("Grace", 2)
    ada = home.enrol("Ada Lovelace", 11)
    people, before = home.path / "people", home.path / "people-before-2"
    shutil.copytree(people / old, before / old)
    home.gallery().merge([old], grace)

    forgetting.forget(home.config, home.gallery(), ada)

    assert len(list((before / old).rglob("*.jpg"))) == 9


def test_a_visit_written_while_somebody_is_forgotten_goes_as_well(home, monkeypatch):
    ada, events = home.enrol("Ada", 1), Events(home.path)
    home.enrol("Grace", 2)
    looked = deed.scan

    def scan(*given):
        if not events.count():
            events.write([Visit(ada, 1.0, 2.0, "Camera", 99.0)])
        return looked(*given)

    monkeypatch.setattr(deed, "scan", scan)

    outcome = forgetting.forget(home.config, home.gallery(), ada)

    assert outcome.clean
    assert events.count() == 0
