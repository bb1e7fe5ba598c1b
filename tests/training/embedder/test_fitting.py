import json
from dataclasses import replace

import numpy as np
import pytest

from facecam.config.embedding_training import AlteringConfig, EmbedderFitConfig
from facecam.errors import DatasetError, TrainingError
from facecam.training import checkpoints
from facecam.training.board import read_curves
from facecam.training.embedder import fitting
from facecam.training.embedder.fitting import EmbedderFitRequest, fit
from tests.training.embedder import made_up

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.usefixtures("tiny"),
]
FIT = EmbedderFitConfig(
    epochs=12, people=4, pictures=3, batch=12, every=12, rate=5e-3, average=0.9,
    precision="float32", keep_probability=0.9,
)  # fmt: skip
STILL = AlteringConfig(
    **dict.fromkeys(vars(AlteringConfig()), 0.0) | {"light": 0.2, "shifted": 0.04}
)
LOSSES = ("softmax+center", "triplet", "distil")


class Interrupted(Exception):
    pass


def asked(loss, **changes):
    return EmbedderFitRequest("tiny", 24, loss, 0, replace(FIT, **changes), STILL)


def records(folder, loss, count=48):
    if loss == "distil":
        return made_up.taught_records(folder / "crops", count)
    return made_up.people_records(folder / "crops")


def fitted(request, crops, out):
    out.mkdir(exist_ok=True)
    return fit(request, crops, None, out, lambda progress: None)


def curves(out):
    return {point.step: dict(point.values) for point in read_curves(out)}


def interrupt_after(steps, patch):
    """Let a fit end abruptly after so many steps, as a kill would."""
    from facecam.nets.embedder_training import EmbedderTrainee

    learn = EmbedderTrainee.learn

    def learn_or_die(self, *batch):
        if self.steps == steps:
            raise Interrupted
        return learn(self, *batch)

    patch.setattr(EmbedderTrainee, "learn", learn_or_die)


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_fall_and_strangers_are_told_apart_better_than_before(loss, tmp_path):
    crops = records(tmp_path, loss, count=144)
    request = asked(loss, epochs=18, keep_probability=1.0)
    figure = "cosine" if loss == "distil" else "auc"

    metrics = fitted(request, crops, tmp_path / "out")

    told = curves(tmp_path / "out")
    before, (_, first, *_) = told[0][figure], told.values()
    last = told[max(told)]
    part = {"softmax+center": "softmax", "distil": "likeness"}.get(loss, loss)
    assert last[part] < 0.7 * first[part]
    assert metrics["worth"] > before + 0.3 * (1 - before)
    assert metrics["steps"] == max(told)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_fit_that_was_interrupted_ends_as_one_that_was_not(
    loss, tmp_path, monkeypatch
):
    crops, request = records(tmp_path, loss), asked(loss, epochs=6, every=5)
    whole, resumed = tmp_path / "whole", tmp_path / "resumed"
    metrics = fitted(request, crops, whole)

    for steps in (4, 13):
        with monkeypatch.context() as patch:
            interrupt_after(steps, patch)
            with pytest.raises(Interrupted):
                fitted(request, crops, resumed)
    again = fitted(request, crops, resumed)

    assert again == pytest.approx(metrics, rel=1e-4)
    assert curves(resumed).keys() == curves(whole).keys()
    for step, values in curves(whole).items():
        assert curves(resumed)[step] == pytest.approx(values, rel=1e-3, abs=1e-5)
    ours, theirs = (checkpoints.unpacked(f / "best.npz") for f in (whole, resumed))
    for name, array in ours.items():
        assert theirs[name] == pytest.approx(array, abs=1e-5), name


def test_a_fit_that_was_done_is_not_done_again(tmp_path, monkeypatch):
    crops, request = records(tmp_path, "distil"), asked("distil", epochs=2)
    metrics = fitted(request, crops, tmp_path / "out")

    interrupt_after(metrics["steps"], monkeypatch)

    assert fitted(request, crops, tmp_path / "out") == metrics


def test_a_schedule_says_the_rates_and_when_to_end(tmp_path):
    crops = records(tmp_path, "distil")
    request = asked("distil", rates="0: 0.01, 1: 0.001, 3: -1", every=4, epochs=9)

    metrics = fitted(request, crops, tmp_path / "out")

    told = curves(tmp_path / "out")
    rates = {step: round(told[step]["rate"], 6) for step in told if step}
    assert rates == {4: 0.001, 8: 0.001, 12: 0.001}
    assert metrics["steps"] == 12


def test_a_fit_starts_from_given_weights(tmp_path):
    crops = records(tmp_path, "distil")
    fitted(asked("distil"), crops, tmp_path / "first")
    start = str(tmp_path / "first" / "best.npz")
    request = replace(asked("distil", epochs=1, rate=1e-6, every=1), start=start)

    metrics = fitted(request, crops, tmp_path / "second")

    first = curves(tmp_path / "first")
    assert metrics["worth"] == pytest.approx(first[max(first)]["cosine"], abs=0.05)


def test_a_loss_that_is_no_number_keeps_the_batch(tmp_path):
    crops = records(tmp_path, "distil")

    with pytest.raises(TrainingError, match=r"no number.*nan-batch\.npz"):
        fitted(asked("distil", rate=1e30, clip=1e30), crops, tmp_path / "out")

    assert (tmp_path / "out" / fitting.NAN_BATCH).is_file()


def test_fewer_crops_than_a_batch_are_refused(tmp_path):
    crops = records(tmp_path, "distil")

    with pytest.raises(DatasetError, match=r"fewer than a batch.*fit\.batch=16"):
        fitted(asked("distil", batch=100), crops, tmp_path / "out")


def test_a_damaged_record_is_named(tmp_path):
    crops = records(tmp_path, "distil")
    file = crops / "00000.tfrecord"
    content = bytearray(file.read_bytes())
    content[5000] ^= 1
    file.write_bytes(content)

    with pytest.raises(DatasetError, match=r"00000\.tfrecord is damaged"):
        fitted(asked("distil"), crops, tmp_path / "out")


def test_pairs_are_verified_now_and_then_but_choose_no_weights(tmp_path):
    crops, folder = records(tmp_path, "distil"), tmp_path / "pairs"
    folder.mkdir()
    faces = np.stack([made_up.face(p, n, 24) for p in range(8) for n in range(2)])
    np.save(folder / "pictures-24.npy", faces)
    pairs = [(2 * p, 2 * p + 1, True, p % 2) for p in range(8)]
    pairs += [(2 * p, (2 * p + 2) % 16, False, p % 2) for p in range(8)]
    paths = [f"{n}.jpg" for n in range(16)]
    (folder / "pairs.json").write_text(json.dumps({"paths": paths, "pairs": pairs}))
    (tmp_path / "out").mkdir()

    metrics = fit(
        asked("distil", epochs=3), crops, folder, tmp_path / "out", lambda _: None
    )

    told = curves(tmp_path / "out")
    assert {"lfw", "lfw_val", "lfw_auc", "cosine"} <= told[max(told)].keys()
    learned = [values["cosine"] for step, values in told.items() if step]
    assert metrics["worth"] == max(learned)
