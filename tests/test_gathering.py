import weakref

import numpy as np
import pytest

from facecam.gathering import BATCH, gather
from facecam.media import write_image
from tests.fakes import BlobDetector, ColourEmbedder, picture


@pytest.fixture
def pictures(tmp_path):
    shown = [picture((100, 80, 60)), picture(), picture((10, 10, 40), (150, 90, 70))]
    paths = [tmp_path / f"{n}.png" for n in range(3)]
    for path, image in zip(paths, shown, strict=True):
        write_image(path, image)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    return [*paths, broken]


def test_no_picture_has_no_face():
    faces = gather([], BlobDetector(), ColourEmbedder())
    assert len(faces.embeddings) == len(faces.boxes) == len(faces.thumbnails) == 0


def test_the_most_prominent_face_of_each_picture(pictures):
    told = []

    faces = gather(
        pictures, BlobDetector(), ColourEmbedder(), report=lambda *at: told.append(at)
    )

    assert [path.stem for path in faces.pictures] == ["0", "2"]
    assert faces.boxes.tolist() == [[100, 80, 160, 140], [150, 90, 220, 160]]
    assert faces.embeddings.shape == (2, 51)
    assert faces.thumbnails.shape == (2, 64, 64, 3)
    assert [path.stem for path, _ in faces.missed] == ["1", "broken"]
    assert "no face" in faces.missed[0][1]
    assert told[-1] == (4, 4)


def test_every_face(pictures):
    faces = gather(pictures, BlobDetector(), ColourEmbedder(), every=True)

    assert [path.stem for path in faces.pictures] == ["0", "2", "2"]
    assert np.allclose(np.linalg.norm(faces.embeddings, axis=1), 1, atol=1e-5)


def test_many_faces_come_in_the_order_of_their_pictures(tmp_path):
    paths = [tmp_path / f"{n:02}.png" for n in range(40)]
    for n, path in enumerate(paths):
        write_image(path, picture((100, 80, 30 + n)))

    faces = gather(paths, BlobDetector(), ColourEmbedder())

    assert list(faces.pictures) == paths
    assert (faces.boxes[:, 2] - faces.boxes[:, 0]).tolist() == list(range(30, 70))


def test_crops_are_forgotten_once_they_are_embedded(tmp_path):
    paths = [tmp_path / f"{n:02}.png" for n in range(3 * BATCH)]
    for path in paths:
        write_image(path, picture((100, 80, 60)))
    made, kept = [], []

    class Watched(ColourEmbedder):
        def crop(self, image, detections):
            crops = super().crop(image, detections)
            made.append(weakref.ref(crops))
            return crops

    def count(done, total):
        kept.append(sum(ref() is not None for ref in made))

    gather(paths, BlobDetector(), Watched(), report=count)

    assert max(kept) <= 2 * BATCH
