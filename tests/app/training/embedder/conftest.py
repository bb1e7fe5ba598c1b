"""A window on fakes with two embedders, FaceNet in use, and three people."""

import numpy as np
import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from facecam import artifacts, pipeline
from facecam.app.training.embedder.page import EmbedderPage
from facecam.gallery import Shot
from facecam.recognizer import Recognizer
from facecam.vision.identifier import Identifier
from tests.embedders import COMPACT, FACENET, TwoEmbedders
from tests.fakes import BlobDetector, picture

PEOPLE = {"Ada": (0, 1, 2), "Grace": (2, 1, 0), "Mary": (1, 2, 0)}
"""How the colours of their faces are exchanged; Ada's are those of the camera."""


@pytest.fixture
def two(nets, tmp_path, monkeypatch):
    """Both embedders; only FaceNet is installed."""
    both = TwoEmbedders(tmp_path / "catalogue", monkeypatch)

    def build_recognizer(config):
        there = artifacts.stamp(config.models, "embedder", artifacts.running(config))
        embedder = both.build(config) if there else None
        return Recognizer(BlobDetector(), embedder, config, "CPU · fake")

    def fit_identifier(config, gallery, report=None):
        people = gallery.embeddings()
        return Identifier.fit(people, both.cohort(config), config.identifier)

    monkeypatch.setattr(pipeline, "build_recognizer", build_recognizer)
    monkeypatch.setattr(pipeline, "fit_identifier", fit_identifier)
    both.install(nets.models, FACENET)
    return both


@pytest.fixture
def people(two, nets):
    gallery = pipeline.open_gallery(nets, two.build(nets))
    for name, colours in PEOPLE.items():
        faces = [picture((60, 60, side))[..., colours] for side in (80, 78)]
        gallery.enrol(name, [Shot(np.ascontiguousarray(face)) for face in faces])
    return gallery


@pytest.fixture
def compact(two, nets):
    """The other one is installed, too."""
    two.install(nets.models, COMPACT)


@pytest.fixture
def looked_at(qtbot):
    """Show the page of a window by itself, with its cards."""
    hosts = []

    def show(window):
        host = QWidget()
        hosts.append(host)
        qtbot.addWidget(host)
        shown = EmbedderPage(window.engine, window.tasks, window.settings, host)
        QVBoxLayout(host).addWidget(shown)
        host.resize(1100, 1400)
        host.show()
        shown.show_page()
        qtbot.waitUntil(lambda: bool(shown.listed), timeout=10_000)
        return shown

    return show


@pytest.fixture
def page(people, window, looked_at):
    return looked_at(window)
