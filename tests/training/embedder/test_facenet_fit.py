"""Inception-ResNet-v1 learns: from nothing, and from weights as they are published."""

import numpy as np
import pytest

from facecam.config.embedding_training import EmbedderFitConfig
from facecam.nets import facenet
from facecam.nets.embedder_training import EmbedderTrainee
from facecam.nets.layers import names_and_shapes
from facecam.training.embedder.fitting import EmbedderFitRequest, _start
from tests.nets import layouts
from tests.training.embedder import made_up
from tests.training.embedder.test_fitting import STILL

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
FIT = EmbedderFitConfig(rate=1e-3, average=0.0, warm_up=0.0, precision="float32")


def test_it_learns_from_nothing():
    one = EmbedderTrainee("facenet", "softmax+center", FIT, 0, 10, classes=2)
    faces = np.stack([made_up.face(p, n, 160) for p in range(2) for n in range(2)])

    told = [one.learn(faces, np.int32([0, 0, 1, 1])) for _ in range(3)]

    assert told[-1] < told[0] / 2
    assert len(one.weights()) == 490


@pytest.mark.parametrize("layout", ["pt", "pb", "h5"])
def test_it_starts_from_published_weights(layout, tmp_path):
    rng = np.random.default_rng(0)
    shapes = names_and_shapes(facenet.build_facenet())
    published = {name: rng.random(shape, np.float32) for name, shape in shapes.items()}
    path = tmp_path / "start"
    if layout == "pt":
        layouts.write_torch_zip(path, layouts.torch_state(published))
    elif layout == "pb":
        names = layouts.graph_names(published)
        graph = {names[key]: array for key, array in published.items()}
        path.write_bytes(layouts.graph(graph))
    else:
        layouts.write_h5(path, published)
    request = EmbedderFitRequest("facenet", 160, "triplet", 0, FIT, STILL, str(path))

    one = EmbedderTrainee("facenet", "triplet", FIT, 0, 10, start=_start(request))

    for name, array in one.weights().items():
        assert np.array_equal(array, published[name]), name
