import numpy as np
import pytest

from facecam.annotations.annotation import Annotation
from facecam.errors import DatasetError
from facecam.media import write_image
from facecam.training import evaluation
from facecam.training.datasets import Pair
from tests.fakes import BlobDetector, ColourEmbedder, picture


def quiet(done, total):
    assert done <= total


def boxed(path, boxes, ignored=None, landmarks=None):
    m = len(boxes)
    return Annotation(
        path,
        np.array(boxes, np.float32).reshape(m, 4),
        np.zeros(m, bool) if ignored is None else np.array(ignored),
        np.full((m, 5, 2), np.nan, np.float32) if landmarks is None else landmarks,
        complete=landmarks is None,
    )


@pytest.fixture
def scene(tmp_path):
    path = tmp_path / "scene.png"
    write_image(path, picture((10, 20, 60), (150, 20, 30), (200, 100, 80)))
    return path


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


def test_detection_counts_all_faces_and_those_from_the_smallest_asked_for(scene):
    # found: two of the three listed and an unlisted one, which lies in no ignored box
    listed = [(10, 20, 70, 80), (150, 20, 180, 50), (300, 200, 310, 210)]
    result = evaluation.evaluate_detection(
        [boxed(scene, listed)], BlobDetector(), 40, quiet
    )

    assert result["recall"] == pytest.approx(2 / 3)
    assert result["precision"] == pytest.approx(2 / 3)
    assert result["false_per_image"] == 1
    assert result["recall_at_0.5_fpi"] == 0  # the unlisted one has the best score
    assert result["landmark_error"] is None
    assert result["faces"] == 3
    large = result["from_min_face"]
    assert (large["faces"], large["recall"], large["false_per_image"]) == (1, 1, 1)


def test_invalid_faces_count_neither_way(scene):
    listed = [(10, 20, 70, 80), (150, 20, 180, 50), (200, 100, 280, 180)]
    ignored = [False, True, True]

    result = evaluation.evaluate_detection(
        [boxed(scene, listed, ignored)], BlobDetector(), 20, quiet
    )

    assert result["recall"] == result["precision"] == result["average_precision"] == 1
    assert result["faces"] == 1


def test_landmarks_are_measured_where_they_are_known(scene):
    face = BlobDetector().detect(picture((10, 20, 60)))
    image = boxed(scene, face.boxes, landmarks=face.landmarks + np.float32([2.4, 0]))

    result = evaluation.evaluate_detection([image], BlobDetector(), 20, quiet)

    assert result["landmark_error"] == pytest.approx(0.1, rel=1e-3)
    assert result["recall"] == 1
    assert result["false_per_image"] is None


def test_a_set_without_pictures_is_refused():
    with pytest.raises(DatasetError):
        evaluation.evaluate_detection([], BlobDetector(), 20, quiet)


def test_faces_that_are_not_shown_count_in_the_curve_only(scene):
    listed = [(10, 20, 70, 80), (150, 20, 180, 50), (200, 100, 280, 180)]

    # the stand-in's scores are 0.99, 0.975 and 0.96
    result = evaluation.evaluate_detection(
        [boxed(scene, listed)], BlobDetector(), 20, quiet, shown=0.97
    )

    assert result["recall"] == pytest.approx(2 / 3)
    assert result["precision"] == 1
    assert result["recall_at_0.5_fpi"] == result["average_precision"] == 1
