"""Files of a run that are damaged are named, with what to do."""

import pytest

from facecam.config.embedding_training import AlteringConfig, EmbedderFitConfig
from facecam.errors import DatasetError
from facecam.training.embedder import measuring
from facecam.training.embedder.batches import PeopleBatches
from tests.training.embedder import made_up


@pytest.mark.parametrize("content", [None, b"short"])
def test_labels_that_cannot_be_read_are_named(content, tmp_path):
    folder = made_up.people_records(tmp_path / "crops")
    path = folder / "00000.tfrecord"
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(DatasetError, match=r"00000\.tfrecord is damaged.*Delete"):
        PeopleBatches(folder, EmbedderFitConfig(people=4), AlteringConfig(), 24, 0)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1", b'{"paths": [], "pairs": [1]}'])
def test_pairs_that_cannot_be_read_are_named(content, tmp_path):
    (tmp_path / measuring.PAIRS).write_bytes(content)

    with pytest.raises(DatasetError, match=r"cannot be read.*Delete"):
        measuring.read_pairs(tmp_path, 24)
