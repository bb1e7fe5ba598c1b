import numpy as np
import pytest

from facecam.runtime.batching import Bucketed


class Recorder:
    """A net that answers each picture's first pixel, twice, and keeps the sizes."""

    def __init__(self):
        self.sizes = []

    def __call__(self, image):
        self.sizes.append(len(image))
        first = image[:, 0, 0, 0].astype(np.float32)
        return first, np.stack([first, -first], axis=1)


def pictures(n):
    image = np.zeros((n, 2, 2, 3), np.uint8)
    image[:, 0, 0, 0] = np.arange(1, n + 1)
    return image


@pytest.mark.parametrize(
    ("n", "sizes"),
    [(0, [1]), (1, [1]), (2, [4]), (4, [4]), (5, [4, 1]), (11, [4, 4, 4])],
)
def test_batches_are_padded_to_the_next_bucket_and_split_at_the_largest(n, sizes):
    net = Recorder()

    scores, pairs = Bucketed(net, (4, 1))(pictures(n))

    assert net.sizes == sizes
    assert scores.tolist() == list(range(1, n + 1))
    assert pairs.shape == (n, 2)
