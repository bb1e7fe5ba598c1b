"""Tests of facecam.report.audit."""

import numpy as np
import pytest

from facecam.config import AuditConfig
from facecam.faces import Identity
from facecam.gallery import PersonViews
from facecam.report.audit import audit
from facecam.report.findings import Kind, Remedy
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier

D = 64
ADA, GRACE, ALAN = (
    Identity(f"{name.lower()}-1", name) for name in ("Ada", "Grace", "Alan")
)
CONFIG = AuditConfig()


@pytest.fixture(scope="module")
def world():
    """Faces of people as clusters on a sphere; -> a function that takes pictures."""
    rng = np.random.default_rng(4)
    cohort = Cohort.of(rng.standard_normal((3000, D)).astype(np.float32))
    faces = rng.standard_normal((12, D))

    def take(person: int, count: int, near: float = 0.55):
        rows = faces[person] + near * rng.standard_normal((count, D))
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    return cohort, take


def views(embeddings, quality=0.8, captures=None):
    n = len(embeddings)
    files = tuple(f"portraits/{k}.jpg" for k in range(n))
    captures = captures or tuple(f"capture {k}" for k in range(n))
    return PersonViews(files, captures, embeddings, np.full(n, quality, np.float32))


def examine(people, cohort, accepted=(), config=CONFIG, rise=lambda text, share: None):
    rows = {person: view.embeddings for person, view in people.items()}
    identifier = Identifier.fit(rows, cohort)
    return audit(people, identifier, config, accepted, rise)


def kinds(found):
    return [finding.kind for finding in found.findings]


def test_an_empty_gallery_has_nothing_wrong(world):
    found = examine({}, world[0])

    assert (found.findings, found.people, found.pictures) == ((), 0, 0)


def test_a_good_gallery_has_nothing_wrong(world):
    cohort, take = world
    people = {p: views(take(k, 6)) for k, p in enumerate((ADA, GRACE, ALAN))}

    found = examine(people, cohort)

    assert (found.findings, found.people, found.pictures) == ((), 3, 18)


def test_a_picture_of_somebody_else_enrolled_is_to_be_moved_there(world):
    cohort, take = world
    mixed = np.concatenate([take(0, 5), take(1, 1)])
    people = {ADA: views(mixed), GRACE: views(take(1, 6)), ALAN: views(take(2, 6))}

    (finding,) = examine(people, cohort).findings

    assert (finding.kind, finding.remedy) == (Kind.STRAY, Remedy.MOVE)
    assert finding.people == (ADA, GRACE)
    assert finding.files == ("portraits/5.jpg",)
    assert "This picture of Ada is probably of Grace" in finding.text
    assert "Grace" in finding.advice


def test_a_picture_of_nobody_enrolled_is_to_be_removed(world):
    cohort, take = world
    people = {
        ADA: views(np.concatenate([take(5, 1), take(0, 5)])),
        GRACE: views(take(1, 6)),
    }

    (finding,) = examine(people, cohort).findings

    assert (finding.kind, finding.remedy) == (Kind.STRAY, Remedy.REMOVE)
    assert (finding.people, finding.files) == ((ADA,), ("portraits/0.jpg",))
    assert finding.number < CONFIG.outlier
    assert "stranger" in finding.text


def test_several_wrong_pictures_do_not_accuse_the_right_ones(world):
    cohort, take = world
    mixed = np.concatenate([take(0, 5), take(6, 1), take(7, 1)])
    people = {ADA: views(mixed), GRACE: views(take(1, 6))}

    found = examine(people, cohort).of(Kind.STRAY)

    assert {finding.files for finding in found} == {
        ("portraits/5.jpg",),
        ("portraits/6.jpg",),
    }


def test_of_two_pictures_that_differ_both_are_shown(world):
    cohort, take = world
    people = {
        ADA: views(np.concatenate([take(0, 1), take(5, 1)])),
        GRACE: views(take(1, 6)),
    }

    (finding,) = examine(people, cohort).of(Kind.STRAY)

    assert finding.files == ("portraits/0.jpg", "portraits/1.jpg")
    assert "two pictures of Ada" in finding.text
    assert finding.remedy is Remedy.CHOOSE


def test_of_two_pictures_that_differ_one_may_be_somebody_enrolled(world):
    cohort, take = world
    people = {
        ADA: views(np.concatenate([take(0, 1), take(1, 1)])),
        GRACE: views(take(1, 6)),
    }

    (finding,) = examine(people, cohort).of(Kind.STRAY)

    assert (finding.people, finding.files) == ((ADA, GRACE), ("portraits/1.jpg",))


def test_the_same_person_under_two_names_is_to_be_merged(world):
    cohort, take = world
    people = {ADA: views(take(0, 4)), ALAN: views(take(0, 4)), GRACE: views(take(1, 4))}

    found = examine(people, cohort)

    (finding,) = found.of(Kind.TWICE)
    assert (finding.people, finding.remedy) == ((ADA, ALAN), Remedy.MERGE)
    assert "enrolled twice" in finding.text
    assert found.of(Kind.STRAY) == ()


def test_twins_look_alike_but_are_two_people(world):
    cohort, take = world
    rng = np.random.default_rng(8)
    ada = take(0, 5, near=0.3)
    other = take(0, 1, near=0.8)[0]
    twin = other + 0.04 * rng.standard_normal((5, D))
    twin = (twin / np.linalg.norm(twin, axis=1, keepdims=True)).astype(np.float32)

    found = examine({ADA: views(ada), GRACE: views(twin)}, cohort)

    (finding,) = found.of(Kind.ALIKE)
    assert finding.people == (ADA, GRACE)
    assert finding.remedy is Remedy.ADD
    assert found.of(Kind.TWICE) == ()


def test_a_pair_said_to_be_different_people_is_not_told_again(world):
    cohort, take = world
    people = {ADA: views(take(0, 4)), ALAN: views(take(0, 4))}
    (finding,) = examine(people, cohort).of(Kind.TWICE)

    again = examine(people, cohort, accepted={finding.key})

    assert again.of(Kind.TWICE) == ()
    assert again.accepted == 1
    assert "ada" not in finding.key


def test_a_picture_between_two_people_confuses(world):
    cohort, take = world
    ada, grace = take(0, 6, near=0.4), take(1, 6, near=0.4)
    between = ada[:1] + grace[:1]
    between /= np.linalg.norm(between)
    people = {ADA: views(np.concatenate([ada, between])), GRACE: views(grace)}

    found = examine(people, cohort)

    (finding,) = [f for f in found.findings if f.kind in (Kind.CONFUSING, Kind.STRAY)]
    assert (finding.people, finding.files) == ((ADA, GRACE), ("portraits/6.jpg",))


def test_poor_pictures_are_removed_only_where_enough_good_ones_are_left(world):
    cohort, take = world
    quality = np.array([0.02, 0.8, 0.8, 0.8, np.nan], np.float32)
    good = views(take(0, 5))
    people = {
        ADA: PersonViews(good.files, good.captures, good.embeddings, quality),
        GRACE: views(take(1, 4), quality=0.1),
    }

    ada, grace = examine(people, cohort).of(Kind.POOR)

    assert (ada.files, ada.remedy) == (("portraits/0.jpg",), Remedy.REMOVE)
    assert "1 of the 5 pictures of Ada is" in ada.text
    assert (len(grace.files), grace.remedy) == (4, Remedy.ADD)
    assert "All 4 pictures" in grace.text


def test_few_pictures_and_a_single_sitting_are_told(world):
    cohort, take = world
    people = {
        ADA: views(take(0, 6), captures=("monday",) * 6),
        GRACE: views(take(1, 1)),
        ALAN: views(take(2, 3)),
    }

    grace, ada = examine(people, cohort).of(Kind.FEW)

    assert "only one picture" in grace.text
    assert "one sitting" in ada.text
    assert grace.remedy is ada.remedy is Remedy.ADD


def test_the_gravest_comes_first_and_the_progress_rises(world):
    cohort, take = world
    shares: list[float] = []
    people = {
        ALAN: views(take(2, 1)),
        ADA: views(np.concatenate([take(5, 1), take(0, 5)])),
    }

    found = examine(people, cohort, rise=lambda text, share: shares.append(share))

    assert kinds(found) == [Kind.STRAY, Kind.FEW]
    assert shares == sorted(shares)
    assert shares[0] == 0


def test_one_person_alone_resembles_nobody_else(world):
    cohort, take = world

    found = examine({ADA: views(take(0, 1))}, cohort)

    assert kinds(found) == [Kind.FEW]
