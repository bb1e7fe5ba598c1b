"""A home for the commands, with stand-ins for the networks."""

import json

import numpy as np
import pytest

from facecam import cli, installation, pipeline
from facecam.vision.cohort import Cohort
from tests.fakes import BlobDetector, ColourEmbedder


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home; the detector finds bright blobs, the embedder sees colours."""
    strangers = np.random.default_rng(0).standard_normal((300, 51)).astype(np.float32)
    strangers /= np.linalg.norm(strangers, axis=1, keepdims=True)
    monkeypatch.setenv("FACECAM_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(installation, "ensure_detector", lambda config, report: None)
    monkeypatch.setattr(pipeline, "build_detector", lambda *_: BlobDetector())
    monkeypatch.setattr(pipeline, "build_embedder", lambda *_: ColourEmbedder())
    monkeypatch.setattr(pipeline, "load_cohort", lambda _: Cohort.of(strangers))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def facecam(home, capsys):
    """Run a command; return its exit code, its output and its errors."""

    def run(*words):
        capsys.readouterr()
        code = cli.main([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def asked(facecam):
    """Run a command that succeeds with --json; return its object."""

    def run(*words, code=0):
        done, out, err = facecam(*words, "--json")
        assert (done, err) == (code, "")
        return json.loads(out)

    return run
