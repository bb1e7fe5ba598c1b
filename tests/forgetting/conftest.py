"""A home with people whose faces are grain, so that no two share anything."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from facecam import pipeline, vault
from facecam.config import Config
from facecam.faces import Floats, Image
from facecam.gallery import Gallery, Shot
from facecam.vault import header
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier
from tests.fakes import ColourEmbedder

BOX = np.array((60, 40, 140, 120), np.float32)
WORDS = "correct horse battery"


class GrainEmbedder(ColourEmbedder):
    """Embeds the grain of a crop: different people have nothing in common."""

    def embed(self, crops: Image) -> np.ndarray:
        grain = crops.reshape(len(crops), 8, 4, 8, 4, 3).mean(axis=(2, 4))
        flat = (grain - grain.mean(axis=(1, 2, 3), keepdims=True)).reshape(-1, 192)
        mixing = np.random.default_rng(5).standard_normal((192, 51))
        mixed = flat @ mixing
        return (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype("f4")


def face(seed: int, view: int = 0) -> Image:
    """Return a picture of somebody: a grain of their own, another ground per view."""
    person, moment = np.random.default_rng(seed), np.random.default_rng((seed, view))
    coarse = person.integers(0, 255, (10, 10, 3)).astype(np.uint8)
    image = moment.integers(0, 255, (200, 240, 3)).astype(np.uint8)
    grain = cv2.resize(coarse, (80, 80), interpolation=cv2.INTER_CUBIC).astype(int)
    image[40:120, 60:140] = np.clip(grain + moment.integers(-9, 9, grain.shape), 0, 255)
    return image


def shots(seed: int, count: int = 3) -> list[Shot]:
    return [Shot(face(seed, view), BOX) for view in range(count)]


@dataclass
class Home:
    """A home with a gallery on fakes."""

    path: Path
    words: str | None = None

    @property
    def config(self) -> Config:
        return Config(home=self.path)

    def gallery(self) -> Gallery:
        chosen = vault.open_vault(self.path, self.words)
        return Gallery(
            self.config.people, None, GrainEmbedder(), self.config.gallery, chosen
        )

    def enrol(self, name: str, seed: int, count: int = 3) -> str:
        return self.gallery().enrol(name, shots(seed, count)).person.identity.id

    def embeddings(self, identity_id: str) -> Floats:
        known = self.gallery().embeddings()
        return next(rows for who, rows in known.items() if who.id == identity_id)

    def fit(self) -> Identifier:
        return pipeline.fit_identifier(self.config, self.gallery())

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.path).as_posix(): path.read_bytes()
            for path in sorted(self.path.rglob("*"))
            if path.is_file()
        }


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Derive keys at once; strangers are colours, too."""
    strangers = np.random.default_rng(0).standard_normal((300, 51)).astype(np.float32)
    strangers /= np.linalg.norm(strangers, axis=1, keepdims=True)
    monkeypatch.setattr(header, "COST", 2**4)
    monkeypatch.setattr(pipeline, "load_cohort", lambda _: Cohort.of(strangers))


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def sealed_home(tmp_path) -> Home:
    """A protected home."""
    path = tmp_path / "sealed"
    path.mkdir()
    vault.create(path, WORDS)
    vault.settle(path, "on")
    return Home(path, WORDS)


@pytest.fixture(params=["home", "sealed_home"])
def either(request) -> Home:
    """A home, without and with protection."""
    return request.getfixturevalue(request.param)
