"""A window with working stand-ins for the nets and the camera."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from facecam import installation, pipeline
from facecam.app import theme, watching
from facecam.app.main_window import MainWindow
from facecam.config import Config
from facecam.gallery import Gallery
from facecam.recognizer import Recognizer
from facecam.vault import open_vault
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier
from tests.fakes import BlobCamera, BlobDetector, ColourEmbedder

PATIENCE = 30_000
"""Milliseconds after which what is waited for will not come, on a busy machine too."""


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Wait longer than pytest-qt does by itself before a test fails."""
    once = QtBot.waitUntil

    def wait(self, callback, *, timeout=PATIENCE):
        once(self, callback, timeout=max(timeout, PATIENCE))

    monkeypatch.setattr(QtBot, "waitUntil", wait)


@pytest.fixture(autouse=True)
def light(qapp):
    """Every test begins in the light scheme."""
    qapp.setStyle("Fusion")
    theme.choose("light")


@pytest.fixture
def config(tmp_path) -> Config:
    return Config(home=tmp_path)


@pytest.fixture
def nets(monkeypatch, config):
    """Make the engine build its recognizer around fakes; -> the config."""
    cohort = Cohort.of(np.random.default_rng(0).normal(size=(500, 51)).astype("f4"))

    def build_recognizer(config):
        return Recognizer(BlobDetector(), ColourEmbedder(), config, "CPU · fake")

    def fit_identifier(config, gallery, report=None):
        return Identifier.fit(gallery.embeddings(), cohort, config.identifier)

    def open_gallery(config, embedder, vault=None):
        vault = vault or open_vault(config.home, None)
        return Gallery(config.people, BlobDetector(), embedder, config.gallery, vault)

    monkeypatch.setattr(installation, "ensure_detector", lambda config, report: None)
    monkeypatch.setattr(pipeline, "build_recognizer", build_recognizer)
    monkeypatch.setattr(
        pipeline, "build_embedder", lambda config, later: ColourEmbedder()
    )
    monkeypatch.setattr(pipeline, "open_gallery", open_gallery)
    monkeypatch.setattr(pipeline, "fit_identifier", fit_identifier)
    return config


@pytest.fixture
def camera(monkeypatch):
    """Make every source but the demo clip the camera returned."""
    fake = BlobCamera((60, 60, 80))
    monkeypatch.setattr(watching, "open_source", lambda source, config: fake)
    return fake


@pytest.fixture
def window(qtbot, nets):
    """A window on fakes, shown, with nothing watched."""
    main = MainWindow(replace(nets), start=False)
    qtbot.addWidget(main)
    main.resize(1024, 640)
    main.show()
    qtbot.waitUntil(lambda: main.engine.state.loaded, timeout=10_000)
    yield main
    main.close()
