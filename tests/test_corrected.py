"""Tests of scripts/corrected.py on vectors, without any net."""

import corrected
import numpy as np
import pytest

from facecam.config import Config, IdentifierConfig
from facecam.media import write_image
from facecam.vision.cohort import Cohort


def people(count: int, pictures: int, seed: int) -> dict[str, np.ndarray]:
    """Return people whose pictures lie around a point each."""
    drawn = np.random.default_rng(seed)
    found = {}
    for n in range(count):
        middle = drawn.standard_normal(32)
        rows = middle + 0.5 * drawn.standard_normal((pictures, 32))
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        found[f"{seed}-{n}"] = unit.astype(np.float32)
    return found


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return Cohort.of(np.concatenate(list(people(2000, 1, seed=9).values())))


def test_a_corrected_view_is_unknown_and_the_person_stays_known(cohort):
    everybody = people(6, corrected.ENROLLED, seed=1) | people(40, 4, seed=2)
    config = Config(identifier=IdentifierConfig(strangers_per_wrong_name=3, cohort=300))

    result = corrected.measured(everybody, cohort, config, portraits=2)

    assert result["enrolled"] == 6
    assert result["strangers_wrongly_named"] >= 3
    assert result["corrected_view_unknown"] >= 0.9
    assert abs(result["own_recognition_lost"]) < 0.05


def test_without_a_wrong_name_there_is_nothing_to_say(cohort):
    config = Config(identifier=IdentifierConfig(strangers_per_wrong_name=1e9))
    everybody = people(2, corrected.ENROLLED, seed=1)

    result = corrected.measured(everybody, cohort, config, portraits=2)

    assert result["strangers_wrongly_named"] == 0
    assert result["corrected_view_unknown"] is None


def test_pictures_are_embedded_by_person(tmp_path, monkeypatch):
    for name, count in (("Ada", 2), ("Zoë", 1)):
        (tmp_path / name).mkdir()
        for n in range(count):
            write_image(tmp_path / name / f"{n}.jpg", np.zeros((8, 8, 3), np.uint8))
    (tmp_path / "pairs.txt").write_text("")

    class Embedded:
        embeddings = np.arange(6, dtype=np.float32).reshape(3, 2)

    monkeypatch.setattr(corrected, "embed_pictures", lambda *_: Embedded)
    monkeypatch.setattr(corrected.pipeline, "build_detector", lambda config: None)
    monkeypatch.setattr(corrected.pipeline, "build_embedder", lambda config: None)

    found = corrected.embedded(tmp_path, Config())

    assert found["Ada"].tolist() == [[0, 1], [2, 3]]
    assert found["Zoë"].tolist() == [[4, 5]]
