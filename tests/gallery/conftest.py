"""A gallery of one's own, on nets that are quick."""

import pytest

from facecam.gallery import Gallery
from tests.fakes import BlobDetector, ColourEmbedder


@pytest.fixture
def embedder():
    return ColourEmbedder()


@pytest.fixture
def gallery(tmp_path, embedder):
    return Gallery(tmp_path / "people", BlobDetector(), embedder)
