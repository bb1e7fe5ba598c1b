import numpy as np
import pytest

from facecam.errors import TrainingError
from facecam.training import metrics
from facecam.training.detector.evaluation import figures as nouns
from facecam.training.detector.evaluation.figures import (
    Figures,
    Landmarks,
    Partly,
    Point,
    Trial,
)

SOME = Figures(4, 0.5, (Point(0.9, 0.25, 0.0), Point(0.4, 0.75, 0.5)))


def test_equal_scores_share_a_point_of_the_curve():
    scores = np.float32([0.9, 0.9, 0.5])
    kinds = np.array([metrics.TRUE, metrics.FALSE, metrics.IGNORED])

    curve = nouns.figures(scores, kinds, 2, 10, shown=0.7).curve

    assert [(p.recall, p.false) for p in curve] == [(0.5, 0.1), (0.5, 0.1)]
    assert [p.score for p in curve] == pytest.approx([0.9, 0.5])


def test_a_thinned_curve_is_exact_where_it_is_quoted():
    random = np.random.default_rng(1)
    scores = random.random(20_000).astype(np.float32)
    kinds = np.where(random.random(20_000) < scores, metrics.TRUE, metrics.FALSE)
    faces = int((kinds == metrics.TRUE).sum())

    thin = nouns.figures(scores, kinds, faces, 1000, shown=0.7)

    recall, false = metrics.recall_curve(scores, kinds, faces)
    assert len(thin.curve) <= nouns.CURVE_POINTS + 2
    assert thin.recall_at() == metrics.recall_at(recall, false, 500)
    shown = scores >= np.float32(0.7)
    assert thin.at(0.7).recall == pytest.approx(
        (kinds[shown] == metrics.TRUE).sum() / faces
    )
    assert thin.at(0.7).false == (kinds[shown] == metrics.FALSE).sum() / 1000
    assert thin.curve[-1].score == scores.min()


def test_a_trial_is_read_back_as_it_was_written(tmp_path):
    whole = Trial(
        3,
        20,
        0.7,
        {"all": SOME, "20–40 px": SOME},
        Partly(2, 5, 0.8),
        Landmarks(5, 0.06, 0.05, 0.2, 0.3),
        12.5,
    )
    bare = Trial(3, 20, 0.7, {"all": Figures(1, 0.0, ())})

    for trial in (whole, bare):
        nouns.write(trial, tmp_path / "trial.json")
        assert nouns.read(tmp_path / "trial.json") == trial


@pytest.mark.parametrize("content", [b"", b"[]", b'{"groups": {}}', b"\xff", None])
def test_a_damaged_trial_names_the_file(tmp_path, content):
    path = tmp_path / "trial.json"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(TrainingError, match=r"trial\.json"):
        nouns.read(path)
