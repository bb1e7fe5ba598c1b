import numpy as np
import pytest

from facecam.training import metrics

DISTANCES = np.array([0.2, 0.4, 0.9, 1.3, 0.8, 1.2, 1.4, 1.5])
SAME = np.array([True] * 4 + [False] * 4)


def boxes(*rows):
    return np.array(rows, np.float32).reshape(-1, 4)


def none(n):
    return np.zeros(n, bool)


def test_the_best_threshold_lies_in_the_middle_of_the_widest_best_gap():
    # three of four same pairs below 0.9, one different one: 6 right of 8;
    # cutting at 0.4…0.8 gives 2 + 4 = 6 as well, and is the wider gap
    assert metrics.best_threshold(DISTANCES, SAME) == pytest.approx(0.6)
    assert metrics.accuracy(DISTANCES, SAME, 0.6) == 6 / 8


def test_a_clean_cut_is_found_also_at_the_ends():
    ordered = np.array([0.1, 0.2])
    assert metrics.accuracy(
        ordered, ~none(2), metrics.best_threshold(ordered, ~none(2)) + 1e-9
    )
    assert metrics.best_threshold(ordered, np.array([True, False])) == pytest.approx(
        0.15
    )


def test_the_threshold_at_a_false_accept_rate_lets_at_most_that_share_pass():
    different = np.arange(1, 101) / 100
    same = none(100)
    for far, expected in ((0.0, 0.01), (1e-3, 0.01), (0.01, 0.02), (0.1, 0.11)):
        threshold = metrics.threshold_at_far(different, same, far)
        assert threshold == pytest.approx(expected)
        assert (different < threshold).mean() <= far + 1e-9


def test_auc_counts_the_pairs_of_pairs_in_order_ties_half():
    # of 16 (same, different) couples, those with the same pair nearer:
    # 0.2: 4, 0.4: 4, 0.9: 3, 1.3: 2
    assert metrics.auc(DISTANCES, SAME) == pytest.approx(13 / 16)
    assert metrics.auc(np.ones(8), SAME) == pytest.approx(0.5)


def test_eer_is_where_both_errors_are_equal():
    # below 1.2: one of four different pairs passes, one of four same pairs fails
    assert metrics.eer(DISTANCES, SAME) == pytest.approx(0.25)
    assert metrics.eer(np.arange(8.0), SAME) == 0


def test_the_roc_curve_has_every_point_where_a_threshold_decides_otherwise():
    far, tar, thresholds = metrics.roc(DISTANCES, SAME)

    points = list(zip(far, tar, thresholds, strict=True))
    assert points[0] == (0, 0, 0.2)
    assert (0, 0.5, 0.8) in points  # 0.2 and 0.4 are nearer than 0.8
    assert (0.25, 0.5, 0.9) in points
    assert points[-1] == (1, 1, np.inf)
    area = np.trapezoid(tar, far)
    assert area == pytest.approx(metrics.auc(DISTANCES, SAME))


def test_at_most_the_given_share_of_strangers_exceeds_the_threshold():
    scores = np.arange(1000.0)
    assert metrics.stranger_threshold(scores, 0.01) == 989
    assert metrics.stranger_threshold(scores, 0.0005) == 999


def test_wilson_interval_of_a_textbook_case():
    low, high = metrics.wilson(9, 10)
    assert (low, high) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert metrics.wilson(0, 10)[0] == 0


def test_the_bootstrap_draws_people():
    sure = metrics.share_interval(np.full(20, 10.0), np.full(20, 10.0))
    split = metrics.share_interval(np.repeat((0.0, 10.0), 10), np.full(20, 10.0))

    assert sure == (1, 1)
    assert split[0] == pytest.approx(0.3, abs=0.06)
    assert split[1] == pytest.approx(0.7, abs=0.06)


def test_nothing_found_matches_nothing():
    kinds, partners = metrics.match_boxes(boxes(), boxes((0, 0, 9, 9)), none(1))
    assert len(kinds) == len(partners) == 0


def test_without_true_boxes_everything_is_false():
    kinds, _ = metrics.match_boxes(boxes((0, 0, 9, 9)), boxes(), none(0))
    assert kinds.tolist() == [metrics.FALSE]


def test_a_true_box_is_found_once_and_ignored_ones_swallow():
    true = boxes((0, 0, 10, 10), (20, 0, 30, 10), (40, 0, 60, 20))
    ignored = np.array([False, False, True])
    found = boxes((0, 0, 10, 9), (0, 1, 10, 10), (40, 0, 46, 6), (70, 0, 80, 10))

    kinds, partners = metrics.match_boxes(found, true, ignored)

    assert kinds.tolist() == [1, 0, -1, 0]
    assert partners.tolist() == [0, -1, -1, -1]


def test_the_curve_of_a_hand_computed_case():
    scores = np.array([0.9, 0.8, 0.8, 0.7, 0.6])
    kinds = np.array([1, 1, 0, -1, 1])

    recall, false = metrics.recall_curve(scores, kinds, faces=4)

    assert recall.tolist() == [0.25, 0.5, 0.5, 0.75]
    assert false.tolist() == [0, 1, 1, 1]
    assert metrics.recall_at(recall, false, 0.5) == 0.25
    assert metrics.recall_at(recall, false, 1) == 0.75
    # precision 1, 2/3, 2/3, 3/4 -> interpolated 1, 3/4, 3/4, 3/4
    assert metrics.average_precision(recall, false, 4) == pytest.approx(0.625)


def test_the_curve_of_nothing():
    recall, false = metrics.recall_curve(np.zeros(0), np.zeros(0, np.intp), 3)
    assert metrics.recall_at(recall, false, 1) == 0
    assert metrics.average_precision(recall, false, 3) == 0


def test_landmark_error_is_in_eye_distances():
    true = np.array([[(0, 0), (10, 0), (5, 5), (2, 8), (8, 8)]], np.float32)
    assert metrics.landmark_error(true + np.float32([3, 4]), true).tolist() == [0.5]
    assert metrics.landmark_error(true[:0], true[:0]).shape == (0,)
