"""Tests of facecam.correcting: a wrong name becomes a negative example."""

import numpy as np
import pytest

from facecam.config import IdentifierConfig
from facecam.correcting import Subject, compare, correct, portraits
from facecam.errors import PersonNotFound
from facecam.faces import Identity
from facecam.gallery import Gallery, Shot
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier
from tests.fakes import BlobDetector, ColourEmbedder, picture

ADA, ZOE = Identity("ada", "Ada"), Identity("zoe", "Zoë")


def vectors(n: int, seed: int) -> np.ndarray:
    """Return unit vectors as long as those of the embedder of colours."""
    drawn = np.random.default_rng(seed).standard_normal((n, 51))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return Cohort.of(vectors(2000, seed=9))


def identifier(cohort, **people) -> Identifier:
    who = {"ada": ADA, "zoe": ZOE}
    config = IdentifierConfig(cohort=300)
    return Identifier.fit({who[k]: v for k, v in people.items()}, cohort, config)


def test_nothing_to_compare_changes_nothing(cohort):
    one = identifier(cohort, ada=vectors(3, 1))
    assert compare(one, one, []) == ()
    assert compare(one, one, [Subject(vectors(1, 1)[0])]) == ()


def test_faces_that_are_called_differently_are_found_with_both_names(cohort):
    ada, zoe = vectors(3, 1), vectors(3, 2)
    before = identifier(cohort, ada=ada, zoe=zoe)
    after = identifier(cohort, ada=ada)
    subjects = [
        Subject(ada[0], ADA, "a.jpg"),
        Subject(zoe[0], ZOE, "z.jpg"),
        Subject(vectors(1, 3)[0]),
    ]

    (changed,) = compare(before, after, subjects)

    assert changed.subject is subjects[1]
    assert (changed.before, changed.after) == (ZOE, None)


@pytest.fixture
def gallery(tmp_path) -> Gallery:
    return Gallery(tmp_path / "people", BlobDetector(), ColourEmbedder())


def shot(*colour: float) -> Shot:
    image = (picture((60, 60, 80)) * np.array(colour)).astype(np.uint8)
    return Shot(image, np.array((60, 60, 140, 140), np.float32))


def test_a_correction_keeps_the_view_and_fits_again_and_is_undone(gallery, cohort):
    person = gallery.enrol("Ada", [shot(1, 0.2, 0.2)]).person
    fitted = []

    def fit() -> Identifier:
        people = gallery.embeddings()
        fitted.append(len(gallery.find(person.identity.id).negatives))
        return Identifier.fit(people, cohort, IdentifierConfig(cohort=300))

    correction = correct(gallery, fit, person.identity.id, [shot(0.9, 0.3, 0.2)])

    assert fitted == [0, 1]
    assert correction.person == person.identity
    assert correction.changed == ()
    assert correction.seconds > 0
    gallery.undo()
    assert gallery.find(person.identity.id).negatives == ()


def test_everybodys_pictures_are_compared(gallery):
    gallery.enrol("Ada", [shot(1, 0.2, 0.2), shot(1, 0.3, 0.2)])
    gallery.enrol("Zoë", [shot(0.2, 0.2, 1)])

    subjects = portraits(gallery)

    assert sorted(one.whose.name for one in subjects) == ["Ada", "Ada", "Zoë"]
    assert all(one.key.startswith("portraits/") for one in subjects)


def test_who_is_gone_cannot_be_corrected(gallery, cohort):
    with pytest.raises(PersonNotFound):
        correct(gallery, lambda: identifier(cohort), "nobody", [shot(1, 1, 1)])
