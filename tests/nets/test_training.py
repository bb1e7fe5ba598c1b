import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from facecam.config.retraining import FitConfig
from facecam.errors import WeightsCorrupt
from facecam.nets import mtcnn, training
from facecam.nets.training import TASKS, Trainee
from facecam.training.detector.crops.samples import SIZES
from tests.nets import backends
from tests.training.detector.drawn import faces_and_grounds

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ROOT = Path(__file__).parents[2]
QUICK = FitConfig(steps=40, rate=3e-3, warm_up=0.0)
BATCH = faces_and_grounds(12)


def learn(trainee, batch=BATCH, steps=1):
    """Take some steps; return their losses."""
    content = (batch.pixels, batch.kinds, batch.offsets, batch.landmarks)
    return [trainee.learn(*content) for _ in range(steps)]


def same(one, other):
    return one.keys() == other.keys() and all(
        np.array_equal(one[name], other[name]) for name in one
    )


@pytest.fixture
def eager():
    """Compute step by step: a graph would take longer to make than these few steps."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture
def pnet():
    return Trainee("pnet", QUICK, seed=0)


@pytest.mark.parametrize("net", SIZES)
def test_every_net_learns_a_batch_by_heart(net):
    batch = faces_and_grounds(12, SIZES[net])
    trainee = Trainee(net, QUICK, seed=0)

    losses = learn(trainee, batch, steps=20)

    assert losses[-1] < losses[0] / 2
    scores, offsets, points = trainee.answer(batch.pixels)
    assert scores.shape == (48,)
    assert offsets.shape == (48, 4)
    assert points.shape == (48, 5, 2)
    assert scores[batch.kinds == 1].mean() > scores[batch.kinds == 0].mean() + 0.3


def test_the_same_seed_starts_from_the_same_weights_and_another_from_others():
    one, other, third = (Trainee("pnet", QUICK, seed) for seed in (0, 0, 1))

    assert same(one.weights(), other.weights())
    assert not same(one.weights(), third.weights())


@pytest.mark.usefixtures("eager")
def test_the_loss_is_the_weighted_sum_of_the_tasks(pnet):
    heavy = replace(QUICK, weights=(2.0, 3.0, 5.0))
    weighted = Trainee("pnet", heavy, seed=0)

    [plain], [sum_] = learn(pnet), learn(weighted)

    parts, others = pnet.losses(), weighted.losses()
    assert parts == others
    assert plain == pytest.approx(np.dot((1.0, 0.5, 0.5), list(parts.values())))
    assert sum_ == pytest.approx(np.dot((2.0, 3.0, 5.0), list(parts.values())))


@pytest.mark.usefixtures("eager")
def test_losses_are_means_since_they_were_last_asked_for(pnet):
    losses = learn(pnet, steps=3)

    told = pnet.losses()

    means = np.dot((1.0, 0.5, 0.5), [told[task] for task in TASKS])
    assert means == pytest.approx(np.mean(losses), rel=1e-5)
    assert set(pnet.losses().values()) == {0.0}


@pytest.mark.parametrize("optimiser", ["adamw", "sgd"])
def test_a_trainee_goes_on_as_if_it_had_not_been_interrupted(optimiser):
    config = replace(QUICK, optimiser=optimiser, rate=1e-3)
    first = Trainee("pnet", config, seed=0)
    learn(first, steps=12)
    kept = {name: array.copy() for name, array in first.state().items()}

    second = Trainee("pnet", config, seed=9)
    second.resume(kept)
    on, again = learn(first, steps=10), learn(second, steps=10)

    assert again == pytest.approx(on, rel=1e-5)
    assert second.steps == 22
    ours, theirs = first.state(), second.state()
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        assert theirs[name] == pytest.approx(array, abs=1e-5), name


def test_a_checkpoint_of_another_net_is_refused(pnet):
    state = Trainee("rnet", QUICK, seed=0).state()

    with pytest.raises(WeightsCorrupt):
        pnet.resume(state)


def test_a_checkpoint_of_another_optimiser_is_refused(pnet):
    state = Trainee("pnet", replace(QUICK, optimiser="sgd"), seed=0).state()

    with pytest.raises(WeightsCorrupt, match="of another fit"):
        pnet.resume(state)


def test_weights_are_those_of_the_layers_that_are_kept(pnet):
    stems = {name.rsplit("_", 1)[0] for name in pnet.weights()}

    assert stems == mtcnn.OWN_LAYERS["pnet"]
    assert "landmarks_kernel" not in pnet.weights()
    assert "net/landmarks_kernel" in pnet.state()


def test_a_net_starts_from_the_arrays_it_is_given(pnet):
    start = {name: array + 0.01 for name, array in pnet.weights().items()}

    begun = Trainee("pnet", QUICK, seed=0, start=start)

    assert same(begun.weights(), start)


def test_arrays_of_another_net_are_no_start(pnet):
    with pytest.raises(WeightsCorrupt):
        Trainee("onet", QUICK, seed=0, start=pnet.weights())


def test_averaged_weights_are_put_in_and_taken_out_again(pnet):
    learn(pnet, steps=training.AVERAGED_EVERY * 2)
    before = pnet.weights()

    with pnet.averaged():
        inside = pnet.weights()

    assert same(pnet.weights(), before)
    assert not same(inside, before)


def test_the_average_follows_the_weights(pnet):
    start = pnet.weights()["conv1_kernel"]

    learn(pnet, steps=training.AVERAGED_EVERY * 4)

    now = pnet.weights()["conv1_kernel"]
    with pnet.averaged():
        average = pnet.weights()["conv1_kernel"]
    moved = np.abs(now - start).mean()
    assert np.abs(average - now).mean() < moved / 2


def test_without_averaging_the_net_answers_as_it_is():
    plain = Trainee("pnet", replace(QUICK, average=0.0), seed=0)
    learn(plain, steps=training.AVERAGED_EVERY)
    before = plain.weights()

    with plain.averaged():
        assert same(plain.weights(), before)


def test_an_anchor_holds_the_answers_near_those_of_the_start():
    start = Trainee("pnet", QUICK, seed=3).weights()
    moved = []

    for anchor in (0.0, 30.0):
        config = replace(QUICK, anchor=anchor, clip=1.0)
        trainee = Trainee("pnet", config, seed=0, start=start)
        before = trainee.answer(BATCH.pixels)
        learn(trainee, steps=15)
        after = trainee.answer(BATCH.pixels)
        moved.append(float(np.abs(after[0] - before[0]).mean()))

    assert moved[1] < moved[0] / 2


@pytest.mark.usefixtures("eager")
def test_an_anchor_holds_no_landmarks_that_the_start_did_not_keep():
    start = Trainee("pnet", QUICK, seed=3).weights()

    [held] = learn(Trainee("pnet", replace(QUICK, anchor=1.0), 0, start))
    [again] = learn(Trainee("pnet", replace(QUICK, anchor=1.0), 0, start))
    free = Trainee("pnet", QUICK, 0, start)
    scores = free.answer(BATCH.pixels)[0].astype(np.float64)
    [plain] = learn(free)

    # A net agrees with itself but for the entropy of its scores.
    entropy = -(scores * np.log(scores) + (1 - scores) * np.log(1 - scores)).mean()
    assert held == again == pytest.approx(plain + entropy, rel=1e-4)


@pytest.mark.usefixtures("eager")
def test_from_scratch_there_is_nothing_to_hold_on_to():
    [held] = learn(Trainee("pnet", replace(QUICK, anchor=1.0), seed=0))
    [free] = learn(Trainee("pnet", QUICK, seed=0))

    assert held == pytest.approx(free)


@pytest.mark.usefixtures("eager")
def test_a_batch_without_a_number_gives_a_loss_without_one(pnet):
    absurd = BATCH.offsets.copy()
    absurd[:] = np.nan

    loss = pnet.learn(BATCH.pixels, BATCH.kinds, absurd, BATCH.landmarks)

    assert np.isnan(loss)


def test_mixed_precision_learns_and_keeps_single_precision_weights():
    mixed = Trainee("pnet", replace(QUICK, precision="mixed_bfloat16"), seed=0)

    losses = learn(mixed, steps=6)

    assert losses[-1] < losses[0]
    assert {array.dtype for array in mixed.weights().values()} == {np.dtype("float32")}
    after = Trainee("pnet", QUICK, seed=0)  # the policy was put back
    assert learn(after) == pytest.approx(losses[:1], rel=0.02)


def rates(config):
    schedule = training._schedule(config)
    return [float(schedule(step)) for step in range(config.steps)]


def test_the_rate_warms_up_and_falls_to_nothing():
    told = rates(FitConfig(steps=100, rate=1e-2, warm_up=0.1))

    assert told[0] < 2e-3
    assert max(told) == pytest.approx(1e-2)
    assert told.index(max(told)) == 10
    assert told[10:] == sorted(told[10:], reverse=True)
    assert told[-1] < 1e-4


def test_without_warming_up_the_rate_starts_at_its_full_height():
    told = rates(FitConfig(steps=50, rate=1e-2, warm_up=0.0))

    assert told[0] == pytest.approx(1e-2)


def test_in_steps_the_rate_falls_to_a_tenth_each_time():
    config = FitConfig(steps=100, rate=1e-2, schedule="steps", falls=(0.2, 0.5))

    told = rates(config)

    assert [told[n] for n in (0, 19, 30, 60)] == pytest.approx([1e-2, 1e-2, 1e-3, 1e-4])


def other_backend():
    """Return an installed backend of Keras other than TensorFlow, or skip."""
    for name in ("torch", "jax"):
        if find_spec(name) is not None:
            return name
    pytest.skip("Neither torch nor jax is installed.")


@pytest.mark.slow
def test_the_same_weights_and_batches_give_the_same_losses_on_another_backend(tmp_path):
    backend = other_backend()
    batches = {net: faces_and_grounds(16, size) for net, size in SIZES.items()}
    backends.write(tmp_path / "start.npz", batches)

    here = backends.losses(tmp_path / "start.npz")
    command = [sys.executable, "-m", "tests.nets.backends", tmp_path / "start.npz"]
    told = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    there = json.loads(told.stdout.splitlines()[-1])
    assert there["backend"] == backend
    for net, losses in here.items():
        assert there["losses"][net] == pytest.approx(losses, rel=2e-5), net
