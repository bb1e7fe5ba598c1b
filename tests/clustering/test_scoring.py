import tracemalloc
from itertools import combinations

import numpy as np
import pytest

from facecam.clustering import ALONE, agreement


def test_pairs_are_counted_as_the_words_say():
    rng = np.random.default_rng(0)
    labels, names = rng.integers(-1, 4, 30), rng.choice(list("abc"), 30)
    pairs = list(combinations(range(30), 2))
    together = {(a, b) for a, b in pairs if labels[a] == labels[b] != ALONE}
    same = {(a, b) for a, b in pairs if names[a] == names[b]}

    found = agreement(labels, names)

    assert found.precision == pytest.approx(len(together & same) / len(together))
    assert found.recall == pytest.approx(len(together & same) / len(same))
    assert found.f1 == pytest.approx(
        2 * len(together & same) / (len(together) + len(same))
    )
    assert (found.people, found.clusters) == (3, 4)


def test_right_and_wrong_to_the_letter():
    assert agreement(np.array([0, 0, 1, 1]), list("aabb")).f1 == 1
    assert agreement(np.array([0, 1, 0, 1]), list("aabb")).f1 == 0
    everything = agreement(np.array([0, 0, 0, 0]), list("aabb"))
    assert (everything.precision, everything.recall) == (pytest.approx(1 / 3), 1)
    nothing = agreement(np.full(4, ALONE), list("aabb"))
    assert (nothing.precision, nothing.recall, nothing.alone) == (1, 0, 4)
    assert agreement(np.empty(0, int), []).clusters == 0


def test_thousands_of_small_clusters_take_little_memory():
    faces = np.arange(20_000)
    names = [str(face // 2) for face in faces]

    tracemalloc.start()
    found = agreement(faces // 2, names)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (found.f1, found.people, found.clusters) == (1, 10_000, 10_000)
    assert peak < 30e6
