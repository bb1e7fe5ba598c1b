"""Embedders on the command line: used, compared on one's people, rolled back."""

import json

import numpy as np
import pytest

from facecam.media import write_image
from tests.embedders import COMPACT, FACENET, TwoEmbedders
from tests.fakes import picture


@pytest.fixture
def two(home, tmp_path, monkeypatch):
    """Both embedders, installed, and two people enrolled."""
    both = TwoEmbedders(tmp_path / "catalogue", monkeypatch)
    for name in (FACENET, COMPACT):
        both.install(home / "models", name)
    return both


@pytest.fixture
def people(two, facecam, tmp_path):
    for number, name in enumerate(("Ada", "Grace")):
        for photo in range(3):
            face = picture((60, 50, 70 + 12 * photo)).astype(np.float32)
            tint = np.random.default_rng(number).uniform(0.5, 1, 3)
            image = np.clip(face * tint * 1.3, 0, 255).astype(np.uint8)
            write_image(tmp_path / name / f"{photo}.png", image)
        assert facecam("enrol", name, tmp_path / name, "--take-all")[0] == 0


def used(asked):
    models = asked("models", "list")["models"]
    (name,) = (m["name"] for m in models if m["used"] and m["kind"] == "embedder")
    return name


def test_another_embedder_is_used_once_everybody_is_embedded(people, asked, facecam):
    told = asked("models", "use", COMPACT)

    assert (told["title"], told["before"]) == ("Compact", FACENET)
    assert (told["people"], told["pictures"], told["changed"]) == (2, 6, True)
    assert used(asked) == COMPACT
    code, out, _ = facecam("models", "use", COMPACT)
    assert code == 0
    assert out.startswith("Faces are compared by Compact already: 2 people, 6 pictures")


def test_a_program_is_told_how_far_it_is(people, facecam):
    code, out, _ = facecam("models", "use", COMPACT, "--json", "--progress")

    *steps, answer = map(json.loads, out.splitlines())
    assert code == 0
    assert answer["name"] == COMPACT
    assert any("Embedding pictures with Compact" in step["text"] for step in steps)


def test_rollback_goes_back_to_the_embedder_before_and_again(people, asked, facecam):
    facecam("models", "use", COMPACT)

    assert asked("rollback", "embedder")["name"] == FACENET
    assert used(asked) == FACENET
    assert asked("rollback", "embedder")["name"] == COMPACT


def test_without_another_embedder_rollback_means_the_version_before(two, facecam):
    code, _, err = facecam("rollback", "embedder")

    assert code == 1
    assert "no earlier version of facenet" in err


def test_one_that_is_not_installed_is_refused_with_what_to_type(home, two, facecam):
    facecam("models", "remove", COMPACT)

    code, out, err = facecam("models", "use", COMPACT)

    assert (code, out) == (1, "")
    assert f"facecam models install {COMPACT}" in err


def test_embedders_are_compared_on_the_people(people, asked, facecam):
    told = asked("evaluate", "embedders")

    now, other = told["embedders"]
    assert (told["people"], told["pictures"], told["setting"]) == (2, 6, 500)
    assert (now["name"], now["used"]) == (FACENET, True)
    assert (other["name"], other["used"]) == (COMPACT, False)
    assert now["single"]["pictures"] == other["single"]["pictures"] == 6
    assert set(now["alike"]) == {"Ada", "Grace"}
    assert now["seconds"] > 0
    assert "too few pictures" in told["verdict"]
    code, out, _ = facecam("evaluate", "embedders", "--with", COMPACT)
    assert code == 0
    assert "FaceNet (in use)" in out
    assert "recognised on another day" in out
    assert used(asked) == FACENET


def test_nobody_enrolled_is_nothing_to_compare_with(two, facecam):
    code, out, _ = facecam("evaluate", "embedders")

    assert code == 0
    assert out == "Nobody is enrolled: there is nothing to compare with.\n"


def test_pairs_are_measured_with_the_embedder_that_is_named(two, asked, tmp_path):
    lines = ["2\t1"]
    for n in range(2):
        lines += [f"P{n}\t1\t2", f"P{n}\t1\tP{1 - n}\t2"]
        for photo in (1, 2):
            image = np.roll(picture((80, 60, 70 + photo)), n, axis=2)
            write_image(tmp_path / "set" / f"P{n}" / f"P{n}_{photo:04d}.png", image)
    (tmp_path / "set" / "pairs.txt").write_text("\n".join(lines))

    told = asked("evaluate", "lfw", tmp_path / "set", "--embedder", COMPACT)

    assert (told["model"], told["title"]) == (COMPACT, "Compact")
    assert two.nets[FACENET].embedded == 0
