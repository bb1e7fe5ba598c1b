"""A second, compact embedder beside FaceNet, in a catalogue of the test's own."""

import json
import shutil
from pathlib import Path

import numpy as np

from facecam import artifacts, pipeline
from facecam.artifacts import Origin
from facecam.errors import WeightsMissing
from facecam.vision.cohort import Cohort
from tests.conftest import ROOT
from tests.fakes import ColourEmbedder

FACENET, COMPACT = "facenet-20180402", "compact-1"
SETTINGS = {
    "embedder": {"margin": 1.1},
    "identifier": {"real_spread": 1.5},
    "gallery": {"same_distance": 0.9},
}
"""What the compact one brings."""


class CompactEmbedder(ColourEmbedder):
    """Sees the colours on a coarser grid."""

    def embed(self, crops):
        fine = super().embed(crops).reshape(len(crops), 17, 3)
        pairs = fine[:, :16].reshape(len(crops), 8, 6)[:, :, :3]
        rows = np.concatenate([pairs.reshape(len(crops), 24), fine[:, 16]], axis=1)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype("f4")


class TwoEmbedders:
    """Both of them as fakes; counts what each has embedded.

    Args:
        catalogue: a folder that is made into one.
        monkeypatch: puts the fakes in the place of the nets.
    """

    def __init__(self, catalogue: Path, monkeypatch) -> None:
        left = ("installed*", "download", "*.npz", "*.npy", "compact-*")
        ignore = shutil.ignore_patterns(*left)
        shutil.copytree(ROOT / "models", catalogue, ignore=ignore)
        folder = catalogue / "embedder" / COMPACT
        shutil.copytree(catalogue / "embedder" / FACENET, folder)
        path = folder / artifacts.MANIFEST
        about = json.loads(path.read_text()) | {
            "title": "Compact", "url": "", "published": {}, "settings": SETTINGS,
            "input": {"size": 112}, "output": {"embedding": "(n, 27), unit length"},
        }  # fmt: skip
        path.write_text(json.dumps(about))
        self.nets = {
            FACENET: ColourEmbedder(FACENET),
            COMPACT: CompactEmbedder(COMPACT),
        }
        random = np.random.default_rng(0)
        sizes = {FACENET: 51, COMPACT: 27}
        self.cohorts = {
            name: Cohort.of(random.normal(size=(500, size)).astype("f4"))
            for name, size in sizes.items()
        }
        monkeypatch.setattr("facecam.artifacts.shipped.folder", lambda: catalogue)
        monkeypatch.setattr(pipeline, "build_embedder", self.build)
        monkeypatch.setattr(pipeline, "load_cohort", self.cohort)

    def install(self, models: Path, name: str) -> None:
        """Let an embedder count as installed."""
        partial = models / "embedder" / name / "partial"
        partial.mkdir(parents=True)
        (partial / "int8.tflite").write_bytes(bytes(2_000_000))
        artifacts.write_installed(partial, Origin("a test"), name)
        artifacts.publish(partial, partial.with_name(artifacts.FINAL))

    def build(self, config, later=False):
        """Return the net that is used."""
        name = artifacts.running(config)
        if not artifacts.stamp(config.models, "embedder", name):
            raise WeightsMissing(f"{name} is not installed.")
        return self.nets[name]

    def cohort(self, config):
        """Return the strangers of the net that is used."""
        return self.cohorts[artifacts.running(config)]
