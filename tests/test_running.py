"""Tests of facecam.artifacts.running: which embedder is used, and its numbers."""

import json
from dataclasses import replace

import pytest

from facecam import artifacts, installation
from facecam.config import Config, load, override
from facecam.config.belonging import EMBEDDER
from facecam.errors import ModelError
from tests.embedders import COMPACT, FACENET, SETTINGS, TwoEmbedders


@pytest.fixture
def two(tmp_path, monkeypatch):
    return TwoEmbedders(tmp_path / "catalogue", monkeypatch)


@pytest.fixture
def config(tmp_path):
    return Config(home=tmp_path / "home")


def using(config, name):
    return override(config, {"embedder": {"model": name}})


def test_the_configured_one_runs_if_it_is_installed(two, config):
    for name in (FACENET, COMPACT):
        two.install(config.models, name)

    assert artifacts.running(config) == FACENET
    assert artifacts.running(using(config, COMPACT)) == COMPACT


def test_another_one_stands_in_for_one_that_is_not_installed(two, config):
    assert artifacts.running(config) == FACENET
    two.install(config.models, COMPACT)

    assert artifacts.running(config) == COMPACT
    assert artifacts.fitted(config).embedder.model == FACENET
    assert artifacts.fitted(config).identifier.real_spread == 1.5


def ship(two, name):
    """Let the catalogue carry the weights of an embedder."""
    folder = artifacts.find(name).folder
    (folder / artifacts.WEIGHTS).write_bytes(b"weights")


@pytest.mark.stands_in
def test_where_none_is_installed_the_one_that_ships_runs(two, config):
    ship(two, COMPACT)

    assert artifacts.running(config) == COMPACT
    assert artifacts.fitted(config).identifier.real_spread == 1.5
    without = override(config, {"embedder": {"stand_in": False}})
    assert artifacts.running(without) == FACENET

    two.install(config.models, FACENET)
    assert artifacts.running(config) == FACENET


@pytest.mark.stands_in
def test_it_is_made_ready_once_and_not_where_another_is(two, config, monkeypatch):
    made = []

    def install(config, name, report):
        made.append(name)
        two.install(config.models, name)

    monkeypatch.setattr("facecam.installation.standing_in.install", install)
    assert not installation.ensure_embedder(config)
    ship(two, COMPACT)

    assert installation.ensure_embedder(config)
    assert not installation.ensure_embedder(config)
    assert made == [COMPACT]


@pytest.mark.stands_in
def test_one_that_cannot_be_made_ready_stops_nothing(two, config, monkeypatch, caplog):
    def install(config, name, report):
        raise ModelError("The disk is full. Make room.")

    monkeypatch.setattr("facecam.installation.standing_in.install", install)
    ship(two, COMPACT)

    assert not installation.ensure_embedder(config)
    assert "Compact cannot be made ready: The disk is full" in caplog.text


def test_nothing_stands_in_for_a_name_that_nobody_knows(two, config):
    two.install(config.models, COMPACT)

    assert artifacts.running(using(config, "arcface")) == "arcface"


def test_every_embedder_brings_its_numbers_and_takes_them_away(two, config):
    for name in (FACENET, COMPACT):
        two.install(config.models, name)

    compact = artifacts.fitted(using(config, COMPACT))
    back = artifacts.fitted(using(compact, FACENET))

    assert compact.embedder.margin == SETTINGS["embedder"]["margin"]
    assert compact.gallery.same_distance == SETTINGS["gallery"]["same_distance"]
    assert compact.embedder.offset == config.embedder.offset
    assert back == config


def test_what_was_set_for_another_purpose_stays(two, config):
    two.install(config.models, COMPACT)
    stricter = replace(config.identifier, strangers_per_wrong_name=2000)

    fitted = artifacts.fitted(replace(using(config, COMPACT), identifier=stricter))

    assert fitted.identifier.strangers_per_wrong_name == 2000
    assert fitted.identifier.real_spread == 1.5


def test_what_the_user_says_wins(two, config):
    two.install(config.models, COMPACT)
    config.home.mkdir(exist_ok=True)
    said = f'[embedder]\nmodel = "{COMPACT}"\nmargin = 1.4\n'
    (config.home / "facecam.toml").write_text(said)

    fitted = artifacts.fitted(load(config.home))

    assert fitted.embedder.margin == 1.4
    assert fitted.gallery.same_distance == SETTINGS["gallery"]["same_distance"]


def test_settings_of_the_installation_come_before_those_of_the_catalogue(two, config):
    two.install(config.models, COMPACT)
    path = config.models / "embedder" / COMPACT / "installed" / "manifest.json"
    changed = json.loads(path.read_text())
    changed["settings"] = {"gallery": {"same_distance": 0.7}}
    path.write_text(json.dumps(changed))

    fitted = artifacts.fitted(using(config, COMPACT))

    assert fitted.gallery.same_distance == 0.7
    assert fitted.identifier.real_spread == config.identifier.real_spread


def test_settings_that_make_no_sense_are_left_out(two, config):
    two.install(config.models, COMPACT)
    path = config.models / "embedder" / COMPACT / "installed" / "manifest.json"
    changed = json.loads(path.read_text())
    changed["settings"] = {"gallery": {"same_distance": "near"}}
    path.write_text(json.dumps(changed))

    assert artifacts.fitted(using(config, COMPACT)) == using(config, COMPACT)


def test_what_ships_is_complete_and_changes_only_what_belongs_to_it(config):
    for manifest in artifacts.embedders():
        assert manifest.network
        assert {"int8.tflite", "float32.tflite"} == set(manifest.files)
        for file in ("cohort.npz", "probe.npy", "CARD.md"):
            assert (manifest.folder / file).is_file()
        for section, values in manifest.settings.items():
            assert set(values) <= set(EMBEDDER[section])
        override(config, dict(manifest.settings))


def test_facenet_is_what_the_defaults_are(config):
    assert not artifacts.find(FACENET).settings
    assert artifacts.fitted(config) == config


def test_what_belongs_to_an_embedder_is_in_the_configuration(config):
    for section, names in EMBEDDER.items():
        for name in names:
            assert isinstance(getattr(getattr(config, section), name), float)
