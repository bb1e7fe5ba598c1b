"""Tests of facecam.vision.identifier."""

import numpy as np
import pytest

from facecam.config import IdentifierConfig
from facecam.errors import WeightsCorrupt
from facecam.faces import Examples, Identity
from facecam.vision import identifier as module
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier

D = 32
ADA, GRACE, ALAN = (
    Identity("ada", "Ada"),
    Identity("grace", "Grace"),
    Identity("al", "Al"),
)
CONFIG = IdentifierConfig(cohort=600)


def unit(vectors: np.ndarray) -> np.ndarray:
    vectors = vectors.astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


@pytest.fixture(scope="module")
def cohort():
    rng = np.random.default_rng(0)
    return Cohort.of(unit(rng.standard_normal((4000, D)) + 0.5))


def looks(seed: int, n: int, spread: float = 0.4) -> np.ndarray:
    """n views of the person number `seed`, (n, D)."""
    rng = np.random.default_rng(seed)
    person = rng.standard_normal(D) + 0.5
    return unit(person + spread * rng.standard_normal((n, D)))


@pytest.fixture(scope="module")
def two(cohort):
    return Identifier.fit({ADA: looks(1, 5), GRACE: looks(2, 5)}, cohort, CONFIG)


def test_no_faces_are_no_matches(two):
    assert two.identify(np.empty((0, D), np.float32)) == []


def test_nobody_enrolled_means_everybody_is_a_stranger(cohort):
    empty = Identifier.fit({}, cohort, CONFIG)
    (match,) = empty.identify(looks(1, 1))
    assert match.identity is None
    assert match.strangers == 1


def test_people_are_told_apart(two):
    matches = two.identify(np.vstack([looks(1, 6)[5:], looks(2, 6)[5:]]))
    assert [match.identity for match in matches] == [ADA, GRACE]


def test_strangers_get_no_name(two):
    strangers = np.vstack([looks(seed, 1) for seed in range(100, 160)])
    named = [match for match in two.identify(strangers) if match.identity]
    assert named == []


def test_one_person_and_one_picture_are_enough(cohort):
    alone = Identifier.fit({ADA: looks(1, 1)}, cohort, CONFIG)
    (known,) = alone.identify(looks(1, 3)[2:])
    (stranger,) = alone.identify(looks(50, 1))
    assert known.identity == ADA
    assert stranger.identity is None
    assert stranger.candidate == ADA


def test_a_name_is_given_once_in_a_frame_to_the_face_that_fits_best(two):
    frame = np.vstack([looks(1, 9, spread=0.5)[6:], looks(1, 1, spread=0.0)])
    matches = two.identify(frame)
    assert [match.identity for match in matches].count(ADA) == 1
    assert matches[-1].identity == ADA


def test_a_held_name_survives_weaker_evidence_and_a_new_one_does_not(two):
    steps = np.linspace(0, 1, 200)[:, None]
    fading = unit((1 - steps) * looks(1, 1, 0.0) + steps * looks(77, 1, 0.0))
    fresh = [two.identify(face[None])[0].identity for face in fading]
    kept = [two.identify(face[None], held=[ADA])[0].identity for face in fading]
    assert kept.count(ADA) > fresh.count(ADA) > 0
    assert kept[-1] is None


def test_the_answer_does_not_depend_on_the_order_of_faces(two):
    frame = np.vstack([looks(seed, 1) for seed in (2, 30, 1, 40)])
    forward = two.identify(frame)
    backward = two.identify(frame[::-1])
    assert [m.identity for m in forward] == [m.identity for m in backward[::-1]]


def crowd(*seeds: int, n: int = 5) -> dict[Identity, np.ndarray]:
    """People whose views resemble each other in part, so that some are near."""
    shared = looks(1, 1, 0.0)
    return {
        Identity(f"p{seed}", f"P{seed}"): unit(
            looks(seed, n) + (0.9 if seed % 2 else 0.1) * shared
        )
        for seed in seeds
    }


P3 = Identity("p3", "P3")
HISTORIES = {
    "somebody is added": (crowd(1, 2, 3, 4), crowd(1, 2, 3, 4, 5)),
    "somebody is forgotten": (crowd(1, 2, 3, 4, 5), crowd(1, 2, 4, 5)),
    "one picture goes": (
        crowd(1, 2, 3, 5),
        {**crowd(1, 2, 3, 5), P3: crowd(3)[P3][1:]},
    ),
    "a lookalike is exchanged": (crowd(1, 2, 3), crowd(1, 2, 7)),
    "all are new": (crowd(1, 3), crowd(2, 4)),
    "one of two who share a picture loses it": (
        {**crowd(1), ADA: crowd(3, n=6)[P3], GRACE: crowd(3, n=6)[P3][3:]},
        {**crowd(1), ADA: crowd(3, n=6)[P3], GRACE: crowd(3, n=6)[P3][4:]},
    ),
    "a picture moves to somebody else": (
        {**crowd(1), ADA: crowd(3, n=6)[P3][:4], GRACE: crowd(3, n=6)[P3][4:]},
        {**crowd(1), ADA: crowd(3, n=6)[P3][:3], GRACE: crowd(3, n=6)[P3][3:]},
    ),
    "nobody is left": (crowd(1, 3), {}),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_the_svms_do_not_depend_on_what_was_there_before(name, cohort):
    before, after = HISTORIES[name]
    previous = Identifier.fit(before, cohort, CONFIG)

    kept = Identifier.fit(after, cohort, CONFIG, previous=previous)

    anew = Identifier.fit(after, cohort, CONFIG)
    assert kept.same_as(anew)
    assert np.array_equal(kept.spread, anew.spread)
    for row, other in zip(kept.rows, anew.rows, strict=True):
        assert np.array_equal(np.sort(row.near), np.sort(other.near))


def test_a_lookalike_moves_the_svm_of_who_is_there_and_a_distant_face_does_not(cohort):
    alone = Identifier.fit(crowd(1), cohort, CONFIG)
    distant = Identity("far", "Far")

    beside_twin = Identifier.fit(crowd(1, 3), cohort, CONFIG, previous=alone)
    beside_other = Identifier.fit(
        {**crowd(1), distant: -crowd(1)[Identity("p1", "P1")]}, cohort, CONFIG, alone
    )

    assert not np.array_equal(beside_twin.weights[0], alone.weights[0])
    assert np.array_equal(beside_other.weights[0], alone.weights[0])


def test_whoever_was_never_near_has_left_no_mark_on_an_svm(cohort):
    """The weights hold the near faces only: those of others can be anything."""
    nobody = {Identity("x", "X"): unit(looks(1, 1, 0.0) * -1 + 0.01 * looks(8, 5))}
    other = {Identity("x", "X"): unit(looks(1, 1, 0.0) * -1 + 0.01 * looks(9, 5))}

    one = Identifier.fit({**crowd(1), **nobody}, cohort, CONFIG)
    two = Identifier.fit({**crowd(1), **other}, cohort, CONFIG)

    assert np.array_equal(one.weights[0], two.weights[0])


def test_a_view_that_is_never_them_loses_the_name_and_others_of_it_too(cohort):
    twin = unit(looks(1, 8) + 0.6 * looks(9, 1, 0.0))
    own = looks(1, 6)
    before = Identifier.fit({ADA: own[:5], GRACE: looks(2, 5)}, cohort, CONFIG)
    said = {ADA: Examples(own[:5], twin[:1]), GRACE: looks(2, 5)}

    after = Identifier.fit(said, cohort, CONFIG, previous=before)

    assert before.identify(twin[:1])[0].identity == ADA
    assert (after.scores(twin)[:, 0] < before.scores(twin)[:, 0] - 1).all()
    assert after.identify(own[5:])[0].identity == ADA
    assert np.array_equal(after.weights[1], before.weights[1])


def test_when_a_name_is_given_can_be_chosen_without_fitting_again(two, cohort):
    strict = IdentifierConfig(cohort=600, strangers_per_wrong_name=50_000)

    again = Identifier.fit(
        {ADA: looks(1, 5), GRACE: looks(2, 5)}, cohort, strict, previous=two
    )

    assert again.config.strangers_per_wrong_name == 50_000
    assert all(kept is old for kept, old in zip(again.rows, two.rows, strict=True))


def test_renaming_keeps_the_svm(two, cohort):
    renamed = Identity("ada", "Ada Lovelace")
    again = Identifier.fit(
        {renamed: looks(1, 5), GRACE: looks(2, 5)}, cohort, CONFIG, previous=two
    )
    assert again.identities[0].name == "Ada Lovelace"
    assert np.array_equal(again.weights, two.weights)


def test_fewer_strangers_resemble_a_better_score():
    assert module.one_in(np.array([0.0, 2.0, 3.0, 6.0])).tolist() == sorted(
        module.one_in(np.array([0.0, 2.0, 3.0, 6.0]))
    )
    assert module.one_in(np.array([-np.inf]))[0] >= 1


def test_an_identifier_is_stored_as_plain_arrays(two, cohort, tmp_path):
    path = tmp_path / "ночь" / "identifier.npz"
    two.save(path)
    again = Identifier.load(path, cohort, CONFIG)
    assert again.identities == two.identities
    assert np.array_equal(again.scores(looks(1, 2)), two.scores(looks(1, 2)))
    assert [file.name for file in path.parent.iterdir()] == ["identifier.npz"]


@pytest.mark.parametrize("kept", [0, 3, 500, -100])
def test_a_truncated_identifier_is_refused(cohort, tmp_path, kept):
    path = tmp_path / "identifier.npz"
    Identifier.fit({}, cohort, CONFIG).save(path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(WeightsCorrupt, match=r"identifier\.npz"):
        Identifier.load(path, cohort, CONFIG)


def test_an_identifier_of_other_strangers_is_refused(cohort, tmp_path):
    path = tmp_path / "identifier.npz"
    Identifier.fit({}, cohort, CONFIG).save(path)
    other = Cohort(cohort.centres + 1, cohort.shares, cohort.covariance)
    assert Identifier.load(path, cohort, CONFIG).identities == ()
    with pytest.raises(WeightsCorrupt, match="other settings or strangers"):
        Identifier.load(path, other, CONFIG)


def test_a_cohort_is_stored_and_read_back(cohort, tmp_path):
    cohort.save(tmp_path / "cohort.npz")
    again = Cohort.load(tmp_path / "cohort.npz")
    assert again.mean == pytest.approx(cohort.mean, abs=1e-3)
    assert np.abs(again.covariance - cohort.covariance).max() < 1e-3


def test_something_else_is_no_cohort(tmp_path):
    np.savez(tmp_path / "cohort.npz", other=np.zeros(3))
    with pytest.raises(WeightsCorrupt, match="cohort"):
        Cohort.load(tmp_path / "cohort.npz")


def test_sampled_strangers_are_the_same_for_the_same_seed(cohort):
    assert np.array_equal(cohort.sample(10, 1), cohort.sample(10, 1))
    assert not np.array_equal(cohort.sample(10, 1), cohort.sample(10, 2))


def test_fitting_many_tells_how_far_it_is_and_can_be_ended(cohort):
    told: list[float] = []
    Identifier.fit(crowd(1, 2, 3, 4), cohort, CONFIG, report=told.append)

    def end(share: float) -> None:
        if share >= 0.5:
            raise InterruptedError

    assert told == [0, 0.25, 0.5, 0.75]
    with pytest.raises(InterruptedError):
        Identifier.fit(crowd(1, 2, 3, 4), cohort, CONFIG, report=end)
