"""Faces grouped by person, against small cases and scikit-learn."""

import numpy as np
import pytest

from facecam.clustering import (
    ALONE,
    METHODS,
    by_size,
    chinese_whispers,
    cluster,
    near,
    usual_distance,
)


def people(sizes, spread=0.02, d=32, seed=0):
    """Unit vectors around one direction per person."""
    rng = np.random.default_rng(seed)
    centres = np.eye(d, dtype=np.float32)[: len(sizes)]
    rows = np.repeat(centres, sizes, axis=0)
    rows = rows + rng.normal(0, spread, rows.shape).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_is_in_no_cluster(method):
    assert cluster(np.empty((0, 0), np.float32), method, 0.9).tolist() == []


@pytest.mark.parametrize("method", METHODS)
def test_people_are_told_apart_the_largest_first(method):
    order = np.random.default_rng(1).permutation(18)
    who = np.repeat([0, 1, 2], [3, 10, 5])[order]

    labels = cluster(people([3, 10, 5])[order], method, 0.9)

    assert [labels[who == k].tolist() for k in range(3)] == [[2] * 3, [0] * 10, [1] * 5]


@pytest.mark.parametrize("method", METHODS)
def test_faces_near_nobody_are_alone(method):
    labels = cluster(people([4, 1, 1]), method, 0.9)

    assert labels.tolist() == [0, 0, 0, 0, ALONE, ALONE]


@pytest.mark.parametrize("method", METHODS)
def test_copies_of_a_picture_are_together(method):
    twice = np.repeat(people([1, 1]), 2, axis=0)

    assert cluster(twice, method, 0.5).tolist() == [0, 0, 1, 1]


def test_how_small_a_cluster_may_be_is_chosen():
    rows = people([4, 1, 1])

    assert cluster(rows, "whispers", 0.9, least=1).tolist() == [0, 0, 0, 0, 1, 2]
    assert cluster(rows, "whispers", 0.9, least=5).tolist() == [ALONE] * 6


def test_one_look_alike_between_two_people_chains_them_but_not_whispers():
    a, b = people([8, 8], spread=0.01)[[0, 8]]
    rng = np.random.default_rng(0)

    def some(centre, n):
        rows = centre + rng.normal(0, 0.03, (n, 32)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    rows = np.concatenate([some(a, 8), some(b, 8), some((a + b) / 2**0.5, 1)])

    assert len(set(cluster(rows, "dbscan", 1.0).tolist())) == 1
    assert len(set(cluster(rows, "whispers", 1.0).tolist())) == 2


def test_near_is_the_table_of_distances_in_blocks(monkeypatch):
    rows = people([5, 4], spread=0.2)
    apart = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    expected = np.where((apart < 1.0) & ~np.eye(9, dtype=bool), apart, 0)
    monkeypatch.setattr("facecam.clustering.grouping.BLOCK", 4)

    assert np.allclose(near(rows, 1.0).toarray(), expected, atol=1e-3)


def test_dbscan_is_that_of_scikit_learn_on_the_vectors():
    from sklearn.cluster import DBSCAN

    rows = people([9, 7, 5], spread=0.12)
    direct = DBSCAN(eps=0.9, min_samples=2).fit_predict(rows)

    assert np.array_equal(cluster(rows, "dbscan", 0.9), by_size(direct, 2))


def test_whispers_are_the_same_each_time():
    table = near(people([20, 15, 10], spread=0.3), 1.2)

    assert np.array_equal(chinese_whispers(table), chinese_whispers(table))


def test_the_usual_distance_follows_the_embedder():
    assert usual_distance("whispers", 1.06) == 0.848
    assert usual_distance("dbscan", 0.5) == 0.355
