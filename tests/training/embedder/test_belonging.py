import numpy as np
import pytest

from facecam.config import Config, override
from facecam.config.belonging import EMBEDDER
from facecam.training.embedder import belonging

SIZE = 64
PEOPLE, VIEWS = 300, 3


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype("f4")


@pytest.fixture(scope="module")
def reference():
    """Embeddings of three views of each of many people, and whose they are."""
    rng = np.random.default_rng(0)
    people = np.repeat(unit(rng.normal(size=(PEOPLE, SIZE))), VIEWS, axis=0)
    away = rng.uniform(0.02, 0.09, (len(people), 1))
    views = unit(people + away * rng.normal(size=people.shape))
    return views, np.repeat(np.arange(PEOPLE), VIEWS)


@pytest.fixture
def usual(tmp_path):
    return belonging.usual_of(Config(home=tmp_path), "facenet-20180402")


def cosines(rows, faces, same):
    first, second = np.triu_indices(len(rows), 1)
    chosen = (faces[first] == faces[second]) == same
    return (rows @ rows.T)[first, second][chosen]


def test_the_same_embedder_has_the_same_numbers(reference, usual):
    rows, faces = reference

    carried = belonging.settings_of(usual, rows, rows, faces)

    for section, values in carried.items():
        for name, value in values.items():
            assert value == pytest.approx(usual[section][name], abs=2e-3), name


def test_as_many_strangers_pass_as_before(reference, usual):
    rows, faces = reference
    crowded = unit(rows + 0.5 * unit(np.ones((1, SIZE))))  # everybody is more alike

    carried = belonging.settings_of(usual, rows, crowded, faces)

    for section, names in belonging.STRANGERS.items():
        for name in names:
            assert carried[section][name] > usual[section][name]
    before = np.mean(cosines(rows, faces, False) > usual["tracker"]["same_face"])
    after = cosines(crowded, faces, False) > carried["tracker"]["same_face"]
    assert np.mean(after) == pytest.approx(before, rel=0.1)
    assert carried["gallery"]["same_distance"] < usual["gallery"]["same_distance"]


def test_views_of_one_face_count_for_what_is_said_of_one_person(reference, usual):
    rows, faces = reference
    rng = np.random.default_rng(1)
    coarse = unit(rows + 0.05 * rng.normal(size=rows.shape))

    carried = belonging.settings_of(usual, rows, coarse, faces)

    within = usual["audit"]["within"], carried["audit"]["within"]
    assert within[1] < within[0]
    before, after = (
        np.mean(cosines(part, faces, True) > limit)
        for part, limit in zip((rows, coarse), within, strict=True)
    )
    assert after == pytest.approx(before, abs=0.01)
    newness = carried["enrolment"]
    assert newness["novelty"] >= newness["least_novelty"]


def test_they_fit_the_configuration_and_only_what_belongs_is_carried(reference, usual):
    rows, faces = reference
    flat = unit(rows[:, : SIZE // 4])

    carried = belonging.settings_of(usual, rows, flat, faces)

    override(Config(), carried)
    for section, values in carried.items():
        assert set(values) <= set(EMBEDDER[section])
    assert "identifier" not in carried
    assert "embedder" not in carried


def test_a_few_crops_say_nothing(usual):
    rows = unit(np.random.default_rng(2).normal(size=(5, SIZE)))

    carried = belonging.settings_of(usual, rows, -rows)

    for section, values in carried.items():
        assert values == {name: usual[section][name] for name in values}
