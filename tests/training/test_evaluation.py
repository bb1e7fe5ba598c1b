import numpy as np
import pytest

from facecam.errors import DatasetError
from facecam.media import write_image
from facecam.training import evaluation
from facecam.training.datasets import Pair
from tests.fakes import BlobDetector, ColourEmbedder, picture


def quiet(done, total):
    assert done <= total


def test_the_most_prominent_face_is_embedded_and_an_empty_picture_counted(tmp_path):
    shown, empty = tmp_path / "face.png", tmp_path / "empty.png"
    write_image(shown, picture((100, 80, 80), (10, 10, 40)))
    write_image(empty, picture())
    embedder = ColourEmbedder()

    done = evaluation.embed_pictures([shown, empty], BlobDetector(), embedder, quiet)

    assert done.embeddings.shape == (2, 51)
    assert done.missed == (empty,)
    face = picture((100, 80, 80))
    detections = BlobDetector().detect(face)
    expected = embedder.embed(embedder.crop(face, detections))[0]
    assert np.allclose(done.embeddings[0], expected, atol=1e-3)


def test_mirrored_pictures_have_the_same_embedding_with_mirroring(tmp_path):
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    image = picture((120, 80, 80))
    write_image(paths[0], image)
    write_image(paths[1], np.ascontiguousarray(image[:, ::-1]))

    one, other = evaluation.embed_pictures(
        paths, BlobDetector(), ColourEmbedder(), quiet, mirror=True
    ).embeddings

    assert np.allclose(one, other, atol=1e-3)
    assert np.linalg.norm(one) == pytest.approx(1)


def test_face_crops_are_embedded_without_a_detector(tmp_path):
    path = tmp_path / "crop.png"
    write_image(path, picture((30, 30, 60), size=(120, 120)))

    rows = evaluation.embed_face_crops([path] * 20, 2.0, ColourEmbedder(), quiet)

    assert rows.shape == (20, 51)


def directions(*degrees):
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def pairs_of(tmp_path, folds=2):
    """Two folds; people at 0, 90 and 180 degrees, photos ten degrees apart."""
    paths = [tmp_path / str(n) for n in range(6)]
    embeddings = dict(zip(paths, directions(0, 10, 90, 100, 180, 190), strict=True))
    a, b, c, d, e, f = paths
    rows = [(a, b, True), (a, c, False), (c, d, True), (d, e, False)]
    rows += [(e, f, True), (b, f, False), (a, b, True), (c, f, False)]
    pairs = [Pair(x, y, same, n % folds) for n, (x, y, same) in enumerate(rows * folds)]
    return pairs, embeddings


def test_pairs_that_are_well_apart_are_all_verified(tmp_path):
    pairs, embeddings = pairs_of(tmp_path)
    pairs = [Pair(p.first, p.second, p.same, n // 8) for n, p in enumerate(pairs)]

    result = evaluation.evaluate_pairs(pairs, embeddings)

    assert result["accuracy"] == result["val_at_far_1e-3"] == result["auc"] == 1
    assert result["std"] == result["eer"] == result["far_measured"] == 0
    assert (result["pairs"], result["folds"]) == (16, 2)


def test_one_fold_has_no_threshold(tmp_path):
    pairs, embeddings = pairs_of(tmp_path, folds=1)
    with pytest.raises(DatasetError, match="two folds"):
        evaluation.evaluate_pairs(pairs, embeddings)
