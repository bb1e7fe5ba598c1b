"""Tests of facecam.gallery.fits and refits: what a fit changed, kept beside it."""

import json

import numpy as np
import pytest

from facecam.config import IdentifierConfig
from facecam.faces import Examples, Identity
from facecam.gallery import Gallery, Shot, fits, refits
from facecam.gallery.refits import Refitted, Why
from facecam.vault import create, settle
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier
from tests.fakes import BlobDetector, ColourEmbedder, picture

D = 24
CONFIG = IdentifierConfig(cohort=300)
ADA, BO, CY = (Identity(one, one.title()) for one in ("ada", "bo", "cy"))
BLOBS = ((100, 80, 60), (40, 60, 90), (150, 30, 120), (20, 20, 150))


def unit(rows):
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


@pytest.fixture(scope="module")
def cohort():
    return Cohort.of(unit(np.random.default_rng(0).standard_normal((800, D)) + 0.3))


@pytest.fixture
def views():
    """Six views each of Ada, Bo and of Cy, who looks like Ada."""
    rng = np.random.default_rng(1)
    ada, bo = unit(rng.standard_normal((2, D)))
    centres = {ADA: ada, BO: bo, CY: unit(ada + 0.2 * rng.standard_normal(D) / 5)}
    return {
        who: unit(centre + 0.05 * rng.standard_normal((6, D)))
        for who, centre in centres.items()
    }


def fitted(people, cohort, before=None):
    examples = {
        who: rows if isinstance(rows, Examples) else Examples(rows, rows[:0])
        for who, rows in people.items()
    }
    return Identifier.fit(examples, cohort, CONFIG, before)


def told(before, after):
    return refits.compare(before, after, "2026-01-01T00:00:00+00:00", 0.5)


def test_everybody_is_new_at_first(cohort, views):
    fit = told(None, fitted({ADA: views[ADA][:2], BO: views[BO]}, cohort))

    assert fit.first
    assert (fit.people, fit.pictures, fit.kept) == (2, 8, 0)
    assert fit.refitted == (
        Refitted("ada", Why.NEW, 2, added=2),
        Refitted("bo", Why.NEW, 6, added=6),
    )


def test_who_has_other_pictures_is_fitted_anew_and_the_rest_kept(cohort, views):
    before = fitted({ADA: views[ADA][:4], BO: views[BO]}, cohort)
    after = fitted({ADA: views[ADA][2:], BO: views[BO]}, cohort, before)

    fit = told(before, after)

    assert fit.refitted == (Refitted("ada", Why.PICTURES, 4, added=2, removed=2),)
    assert fit.kept == 1
    assert not fit.same


def test_a_look_alike_who_comes_has_others_fitted_anew(cohort, views):
    before = fitted({ADA: views[ADA], BO: views[BO]}, cohort)
    after = fitted(views, cohort, before)

    why = {one.id: one.why for one in told(before, after).refitted}

    assert why == {"ada": Why.NEAR, "cy": Why.NEW}
    gone = told(after, fitted({ADA: views[ADA], BO: views[BO]}, cohort, after))
    assert (gone.gone, [one.why for one in gone.refitted]) == (1, [Why.NEAR])


def test_what_is_said_never_to_be_somebody_is_told(cohort, views):
    before = fitted({ADA: views[ADA], BO: views[BO]}, cohort)
    never = Examples(views[ADA], views[CY][:1])
    after = fitted({ADA: never, BO: views[BO]}, cohort, before)

    assert [one.why for one in told(before, after).refitted] == [Why.NOT_THEM]


def test_nothing_changed_is_nothing_done(cohort, views):
    before = fitted(views, cohort)
    fit = told(before, fitted(views, cohort, before))

    assert not fit.changed
    assert fit.same
    assert fit.kept == 3


def test_from_nothing_everything_is_fitted_and_comes_out_the_same(cohort, views):
    before = fitted(views, cohort)
    fit = told(before, fitted(views, cohort))

    assert {one.why for one in fit.refitted} == {Why.ASKED}
    assert fit.same


def test_nobody_is_a_fit_like_any_other(cohort):
    fit = told(None, fitted({}, cohort))

    assert (fit.people, fit.pictures, fit.kept, fit.refitted) == (0, 0, 0, ())


def test_it_comes_back_from_the_disk_as_it_was(cohort, views, tmp_path):
    fit = told(None, fitted(views, cohort))
    refits.write(tmp_path / "fit.json", fit, bytes)

    assert refits.read(tmp_path / "fit.json", bytes) == fit


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"refitted": [{"why": "?"}]}'])
def test_what_is_damaged_is_as_if_it_were_not_there(tmp_path, damage):
    (tmp_path / "fit.json").write_bytes(damage)

    assert refits.read(tmp_path / "fit.json", bytes) is None


# Beside the people ----------------------------------------------------------------


@pytest.fixture
def strangers():
    return Cohort.of(np.random.default_rng(0).normal(size=(300, 51)).astype("f4"))


def opened(home, vault=None):
    return Gallery(home / "people", BlobDetector(), ColourEmbedder(), vault=vault)


def enrol(gallery, name, *blobs):
    return gallery.enrol(name, [Shot(picture(blob)) for blob in blobs]).person.identity


def test_the_last_change_stays_while_nothing_changes(tmp_path, strangers):
    gallery = opened(tmp_path)
    ada = enrol(gallery, "Ada", BLOBS[0])
    fits.fit(gallery, strangers, CONFIG)
    gallery.enrol(ada, [Shot(picture(BLOBS[1]))])
    _, changed = fits.fit(gallery, strangers, CONFIG)

    _, again = fits.fit(gallery, strangers, CONFIG)

    assert not again.changed
    assert fits.last(opened(tmp_path)) == changed
    assert changed.refitted == (Refitted(ada.id, Why.PICTURES, 2, added=1),)


def test_names_stand_nowhere_in_it(tmp_path, strangers):
    gallery = opened(tmp_path)
    enrol(gallery, "Ada Lovelace", BLOBS[0])
    fits.fit(gallery, strangers, CONFIG)

    (record,) = (tmp_path / "people" / ".identifier").glob("*.json")

    assert "Ada Lovelace" not in record.read_text()
    assert json.loads(record.read_text())["people"] == 1


def test_somebody_forgotten_is_not_in_it(tmp_path, strangers):
    gallery = opened(tmp_path)
    ada = enrol(gallery, "Ada", BLOBS[0])
    enrol(gallery, "Bo", BLOBS[2])
    fits.fit(gallery, strangers, CONFIG)

    gallery.forget(ada.id)

    assert fits.last(gallery) is None
    fits.fit(gallery, strangers, CONFIG)
    folder = tmp_path / "people" / ".identifier"
    assert not [p for p in folder.iterdir() if ada.id.encode() in p.read_bytes()]


def test_what_was_fitted_while_somebody_was_forgotten_is_not_kept(tmp_path, strangers):
    gallery = opened(tmp_path)
    ada = enrol(gallery, "Ada", BLOBS[0])
    enrol(gallery, "Bo", BLOBS[2])

    def forget(share):
        if share == 0:
            opened(tmp_path).forget(ada.id)

    fits.fit(gallery, strangers, CONFIG, forget)

    assert fits.last(gallery) is None


def test_it_is_sealed_with_the_people(tmp_path, strangers):
    vault = create(tmp_path, "open sesame")
    settle(tmp_path, "on")
    gallery = opened(tmp_path, vault)
    ada = enrol(gallery, "Ada", BLOBS[0])
    _, fit = fits.fit(gallery, strangers, CONFIG)

    (record,) = (tmp_path / "people" / ".identifier").glob("*.json")

    assert ada.id.encode() not in record.read_bytes()
    assert fits.last(gallery) == fit
