"""Tests of facecam.switching: everybody embedded anew, then another embedder."""

import pytest

from facecam import artifacts, pipeline, switching
from facecam.config import Config, chosen, load
from facecam.errors import ConfigError, ModelError, WeightsMissing
from facecam.gallery import Gallery, Shot
from facecam.vault import open_vault
from tests.embedders import COMPACT, FACENET, TwoEmbedders
from tests.fakes import BlobDetector, picture

PEOPLE = {"Ada": (40, 60, 80), "Grace": (90, 100), "王": (50, 70)}
"""Sides of the faces in their pictures."""


def quiet(text, share):
    """Report to nobody."""


@pytest.fixture
def two(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "build_detector", lambda *_: BlobDetector())
    return TwoEmbedders(tmp_path / "catalogue", monkeypatch)


@pytest.fixture
def config(two, tmp_path):
    """A home with three people known to FaceNet; both embedders are installed."""
    config = Config(home=tmp_path / "home")
    for name in (FACENET, COMPACT):
        two.install(config.models, name)
    gallery = opened(config)
    for name, sides in PEOPLE.items():
        gallery.enrol(name, [Shot(picture((60, 50, side))) for side in sides])
    pipeline.fit_identifier(config, gallery)
    return config


def opened(config) -> Gallery:
    embedder = pipeline.build_embedder(config)
    return pipeline.open_gallery(config, embedder, open_vault(config.home, None))


def reload(config):
    return artifacts.fitted(load(config.home))


def test_everybody_is_embedded_and_then_the_other_one_is_used(config, two):
    switched = switching.switch(config, COMPACT, None, quiet)

    assert (switched.people, switched.pictures) == (3, 7)
    assert (switched.manifest.name, switched.before) == (COMPACT, FACENET)
    assert artifacts.running(reload(config)) == COMPACT
    embedded = two.nets[COMPACT].embedded
    assert set(opened(reload(config)).embeddings()) == set(opened(config).embeddings())
    assert two.nets[COMPACT].embedded == embedded == 7


def test_nothing_is_chosen_before_everybody_is_done(config):
    seen = []

    def report(text, share):
        seen.append((share, chosen.read(config.home)))

    switching.switch(config, COMPACT, None, report)

    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert all(not choice for _, choice in seen)
    assert chosen.read(config.home) == {"embedder": {"model": COMPACT}}


def test_a_switch_that_was_interrupted_goes_on_where_it_was(config, two):
    def stop(text, share):
        if share > 0.2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        switching.switch(config, COMPACT, None, stop)
    assert artifacts.running(reload(config)) == FACENET
    before = two.nets[COMPACT].embedded
    assert 0 < before < 7

    switching.switch(config, COMPACT, None, quiet)

    assert two.nets[COMPACT].embedded == 7


def test_the_way_back_embeds_only_who_was_enrolled_since(config, two):
    switching.switch(config, COMPACT, None, quiet)
    compact = reload(config)
    opened(compact).enrol("Mary", [Shot(picture((60, 50, 55)))])
    before = two.nets[FACENET].embedded

    assert switching.previous(compact) == FACENET
    switching.switch(compact, FACENET, None, quiet)

    assert two.nets[FACENET].embedded == before + 1
    assert switching.previous(reload(config)) == COMPACT


def test_the_one_in_use_may_be_chosen_again(config):
    switched = switching.switch(config, FACENET, None, quiet)

    assert not switched.changed
    assert switching.previous(reload(config)) is None


def test_one_that_was_removed_is_no_way_back(config, two):
    switching.switch(config, COMPACT, None, quiet)
    (config.models / "embedder" / FACENET / "installed" / "manifest.json").unlink()

    assert switching.previous(reload(config)) is None


def test_the_users_own_file_wins_and_is_named(config, two):
    (config.home / "facecam.toml").write_text(f'[embedder]\nmodel = "{FACENET}"\n')

    with pytest.raises(ConfigError, match=r"facecam\.toml says"):
        switching.switch(reload(config), COMPACT, None, quiet)

    assert two.nets[COMPACT].embedded == 0


def test_what_cannot_be_used_is_refused_before_anything_is_done(config, two):
    (config.models / "embedder" / COMPACT / "installed" / "manifest.json").unlink()
    with pytest.raises(WeightsMissing, match=f"facecam models install {COMPACT}"):
        switching.switch(config, COMPACT, None, quiet)
    with pytest.raises(ModelError, match="Known"):
        switching.switch(config, "arcface", None, quiet)
    assert chosen.read(config.home) == {}


def test_one_that_can_embed_nobody_is_not_used(config, two, monkeypatch):
    def broken(crops):
        raise ModelError("int8.tflite is damaged.")

    monkeypatch.setattr(two.nets[COMPACT], "embed", broken)

    with pytest.raises(ModelError, match=r"Nobody would be known.*is damaged"):
        switching.switch(config, COMPACT, None, quiet)

    assert artifacts.running(reload(config)) == FACENET


def test_a_picture_that_cannot_be_read_is_left_out_and_told(config):
    damaged = next(config.people.glob("*/portraits/*.jpg"))
    damaged.write_bytes(b"no picture")

    switched = switching.switch(config, COMPACT, None, quiet)

    assert switched.pictures == 6
    assert any(damaged.name in problem for problem in switched.problems)


def test_where_nobody_is_enrolled_it_is_only_chosen(two, tmp_path):
    config = Config(home=tmp_path / "empty")
    for name in (FACENET, COMPACT):
        two.install(config.models, name)

    switched = switching.switch(config, COMPACT, None, quiet)

    assert (switched.people, switched.pictures) == (0, 0)
    assert artifacts.running(reload(config)) == COMPACT
