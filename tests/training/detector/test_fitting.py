import json
import math
from dataclasses import replace

import numpy as np
import pytest

from facecam.config.retraining import FitConfig
from facecam.errors import DatasetError, TrainingError
from facecam.nets.training import Trainee
from facecam.training import checkpoints
from facecam.training.board import read_curves
from facecam.training.detector import fitting
from facecam.training.detector.crops.mining import HELD_OUT
from facecam.training.detector.crops.samples import Kind, join
from facecam.training.detector.fitting import (
    FitRequest,
    fit,
    recall_at_false_share,
    worth,
)
from tests.training.detector.drawn import faces_and_grounds, folder_of, some

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
FIT = FitConfig(steps=12, batch=(4, 4, 8, 4), every=4, rate=3e-3, keep=2)
REQUEST = FitRequest("pnet", 0, FIT)


def quiet(progress):
    pass


@pytest.fixture
def samples(tmp_path):
    """Samples of 12 pixels to learn from, and others to measure on."""
    folder = folder_of(tmp_path / "samples", faces_and_grounds(20))
    folder_of(folder / HELD_OUT, faces_and_grounds(10, seed=1))
    return folder


@pytest.fixture
def out(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


class Interrupted(Exception):
    pass


def interrupt_after(steps, monkeypatch):
    """Let a fit end abruptly after so many steps, as a kill would."""
    learn = Trainee.learn

    def learn_or_die(self, *batch):
        if self.steps == steps:
            raise Interrupted
        return learn(self, *batch)

    monkeypatch.setattr(Trainee, "learn", learn_or_die)


def curves(out):
    return {point.step: point.values for point in read_curves(out)}


def names(out):
    return {path.name for path in out.iterdir()}


def test_a_fit_leaves_curves_weights_and_few_checkpoints(samples, out):
    told = []

    metrics = fit(REQUEST, samples, out, told.append)

    assert metrics["steps"] == 12
    assert metrics["best_steps"] in (4, 8, 12)
    assert sorted(curves(out)) == [4, 8, 12]
    assert {"recall", "box_error", "landmark_error", "box"} <= curves(out)[12].keys()
    assert len(list(out.glob("checkpoint-*.npz"))) == FIT.keep
    assert checkpoints.unpacked(out / "weights.npz").keys() == set(
        Trainee("pnet", FIT, 0).weights()
    )
    assert [(p.step, p.done, p.total) for p in told][-1] == ("pnet fit", 12, 12)


@pytest.mark.parametrize("steps", [3, 7, 11])
def test_a_fit_that_was_interrupted_ends_as_one_that_was_not(
    steps, samples, tmp_path, monkeypatch
):
    whole, resumed = tmp_path / "whole", tmp_path / "resumed"
    whole.mkdir()
    resumed.mkdir()
    metrics = fit(REQUEST, samples, whole, quiet)

    with monkeypatch.context() as patch:
        interrupt_after(steps, patch)
        with pytest.raises(Interrupted):
            fit(REQUEST, samples, resumed, quiet)
    again = fit(REQUEST, samples, resumed, quiet)

    assert again["best_steps"] == metrics["best_steps"]
    assert curves(resumed).keys() == curves(whole).keys()
    for step, values in curves(whole).items():
        assert curves(resumed)[step] == pytest.approx(values, rel=1e-4), step
    ours, theirs = (checkpoints.unpacked(f / "weights.npz") for f in (whole, resumed))
    for name, array in ours.items():
        assert theirs[name] == pytest.approx(array, abs=1e-5), name


def test_a_fit_that_was_done_is_not_done_again(samples, out, monkeypatch):
    metrics = fit(REQUEST, samples, out, quiet)

    interrupt_after(12, monkeypatch)

    assert fit(REQUEST, samples, out, quiet) == metrics


def test_a_loss_that_is_no_number_keeps_the_batch_and_names_it(tmp_path, out):
    group = faces_and_grounds(8)
    group.offsets[:] = np.nan
    folder = folder_of(tmp_path / "samples", group)
    folder_of(folder / HELD_OUT, faces_and_grounds(4))

    with pytest.raises(TrainingError) as caught:
        fit(replace(REQUEST, net="pnet"), folder, out, quiet)

    kept = checkpoints.unpacked(out / "nan-batch.npz")
    assert "The loss of step 1 is no number" in str(caught.value)
    assert str(out / "nan-batch.npz") in str(caught.value)
    assert "pnet.fit.rate" in str(caught.value)
    assert kept["pixels"].shape == (20, 12, 12, 3)
    assert np.isnan(kept["offsets"]).any()
    assert sorted(np.unique(kept["kinds"])) == [0, 1, 2, 3]


def test_a_fit_ends_early_when_recall_gets_no_better(samples, out, monkeypatch):
    falling = iter(range(100, 0, -1))
    monkeypatch.setattr(fitting, "worth", lambda figures: float(next(falling)))
    config = replace(FIT, steps=100, every=2, patience=3)

    metrics = fit(replace(REQUEST, fit=config), samples, out, quiet)
    again = fit(replace(REQUEST, fit=config), samples, out, quiet)

    assert metrics["best_steps"] == 2
    assert metrics["steps"] == 8
    assert again["steps"] == 8


def test_the_best_weights_are_used_and_not_the_last_ones(samples, out, monkeypatch):
    values = iter([1.0, 3.0, 2.0])
    monkeypatch.setattr(fitting, "worth", lambda figures: next(values))

    metrics = fit(REQUEST, samples, out, quiet)

    best = checkpoints.unpacked(out / "best.npz")
    used = checkpoints.unpacked(out / "weights.npz")
    last = checkpoints.newest(out)
    assert metrics["best_steps"] == 8
    assert all(np.array_equal(used[name], best[name]) for name in best)
    assert not np.array_equal(used["conv1_kernel"], last["average/conv1_kernel"])


def test_without_held_out_samples_the_losses_decide(tmp_path, out):
    folder = folder_of(tmp_path / "samples", faces_and_grounds(8))
    folder_of(folder / HELD_OUT, join([], 12))

    metrics = fit(REQUEST, folder, out, quiet)

    assert metrics["worth"] < 0
    assert "recall" not in curves(out)[12]


def test_samples_that_cannot_be_used_are_refused(tmp_path, out):
    folder = folder_of(tmp_path / "samples", some(Kind.POSITIVE, 4))
    folder_of(folder / HELD_OUT, join([], 12))

    with pytest.raises(DatasetError, match="no negative"):
        fit(REQUEST, folder, out, quiet)


@pytest.mark.parametrize("prefix", ["", "pnet_"])
def test_a_fit_starts_from_the_file_of_one_net_or_of_all(prefix, tmp_path):
    arrays = Trainee("pnet", FIT, 5).weights()
    others = {"rnet_conv1_bias": np.zeros(28)} if prefix else {}
    file = tmp_path / "weights.npz"
    named = {f"{prefix}{name}": array for name, array in arrays.items()}
    file.write_bytes(checkpoints.packed(named | others))

    start = fitting._start(replace(REQUEST, start=str(file)))

    assert start.keys() == arrays.keys()
    assert np.array_equal(start["conv1_kernel"], arrays["conv1_kernel"])


def test_weights_that_cannot_be_read_are_no_start(tmp_path):
    file = tmp_path / "weights.npz"
    file.write_bytes(b"nonsense")

    with pytest.raises(TrainingError, match=r"weights\.npz cannot be read"):
        fitting._start(replace(REQUEST, start=str(file)))


def test_recall_is_measured_where_so_many_negatives_pass():
    negatives, positives = np.linspace(0, 1, 101), np.array([0.5, 0.85, 0.95, 0.99])
    scores = np.concatenate([negatives, positives, [0.0]]).astype(np.float32)
    kinds = np.uint8([0] * 101 + [1] * 4 + [2])

    assert recall_at_false_share(scores, kinds, 0.1) == 0.5
    assert recall_at_false_share(scores, kinds, 0.2) == 0.75
    assert recall_at_false_share(scores, kinds, 0.0) == 0.0


@pytest.mark.parametrize("kind", [Kind.POSITIVE, Kind.NEGATIVE])
def test_recall_needs_positives_and_negatives(kind):
    scores, kinds = np.float32([0.5]), np.uint8([kind])

    assert math.isnan(recall_at_false_share(scores, kinds, 0.1))
    assert math.isnan(recall_at_false_share(scores[:0], kinds[:0], 0.1))


def test_weights_are_compared_by_recall_less_the_errors_of_what_is_placed():
    plain = {"recall": 0.9, "box_error": 0.05, "landmark_error": 0.02}
    losses = {"classification": 0.2, "box": 0.1, "landmarks": 0.05}

    assert worth(plain | losses) == pytest.approx(0.83)
    assert worth({"recall": 0.9}) == 0.9
    assert worth(losses) == pytest.approx(-0.35)


@pytest.mark.slow
def test_the_step_compiles_the_net_and_leaves_no_checkpoint(samples, out):
    from facecam.runtime import litert

    metrics = fitting.fit_net(REQUEST, {"02-pnet-samples": samples}, out, quiet)

    score, boxes = litert.load(out / "net.tflite", 1, None)(
        np.zeros((1, 24, 24, 3), np.uint8)
    )
    assert metrics["steps"] == 12
    assert score.shape == (1, 7, 7)
    assert boxes.shape == (1, 7, 7, 4)
    assert {"weights.npz", "net.tflite", "best.npz", "metrics.jsonl"} <= names(out)
    assert len(list(out.glob("checkpoint-*"))) == 1
    lines = (out / "metrics.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["step"] for line in lines] == [4, 8, 12]
