from dataclasses import replace

import numpy as np
import pytest

from facecam.config.embedding_training import EmbedderFitConfig
from facecam.errors import WeightsCorrupt
from facecam.nets.embedder_schedule import last_step, learning_rates
from facecam.nets.embedder_training import PARTS, EmbedderTrainee
from tests.training.embedder import made_up
from tests.training.embedder.conftest import tiny  # noqa: F401 - a fixture

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.usefixtures("tiny"),
]
FIT = EmbedderFitConfig(
    epochs=10, rate=5e-3, precision="float32", average=0.9, warm_up=0.0
)
LABELS = np.repeat(np.int32([0, 1, 2]), 3)
FACES = np.stack([made_up.face(label, n, 24) for n, label in enumerate(LABELS)])
WANTED = np.eye(16, dtype=np.float32)[LABELS]


def trainee(loss="distil", seed=0, **changes):
    return EmbedderTrainee("tiny", loss, replace(FIT, **changes), seed, 10, 3)


def learn(one, loss="distil", steps=1):
    wanted = WANTED if loss == "distil" else LABELS
    return [one.learn(FACES, wanted) for _ in range(steps)]


def same(one, other):
    return one.keys() == other.keys() and all(
        np.array_equal(one[name], other[name]) for name in one
    )


@pytest.mark.parametrize("loss", PARTS)
def test_every_loss_is_learned_by_heart(loss):
    one = trainee(loss)

    told = learn(one, loss, steps=30)

    assert told[-1] < told[0] / 2
    assert one.losses().keys() == set(PARTS[loss])
    embeddings = one.embed(FACES)
    assert np.linalg.norm(embeddings, axis=1) == pytest.approx(1, abs=1e-5)
    same_person = LABELS[:, None] == LABELS
    cosines = embeddings @ embeddings.T
    assert cosines[same_person].mean() > cosines[~same_person].mean() + 0.3


@pytest.mark.parametrize("optimiser", ["adamw", "sgd"])
@pytest.mark.parametrize("loss", PARTS)
def test_a_trainee_goes_on_as_if_it_had_not_been_interrupted(loss, optimiser):
    changes = {"keep_probability": 0.5, "optimiser": optimiser, "rate": 1e-3}
    first = trainee(loss, **changes)
    learn(first, loss, steps=12)
    kept = {name: array.copy() for name, array in first.state().items()}

    second = trainee(loss, seed=0, **changes)
    second.resume(kept)
    on, again = learn(first, loss, steps=9), learn(second, loss, steps=9)

    assert again == pytest.approx(on, rel=1e-5)
    ours, theirs = first.state(), second.state()
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        assert theirs[name] == pytest.approx(array, abs=1e-5), name


def test_what_is_left_out_depends_on_seed_and_step():
    told = [learn(trainee(seed=s, keep_probability=0.5), steps=2) for s in (0, 0, 1)]

    assert told[0] == told[1] != told[2]


def test_the_centres_follow_the_features():
    one = trainee("softmax+center", rate=1e-6)

    learn(one, "softmax+center", steps=40)

    centres = one.state()["learner/002"]
    assert centres.shape == (3, 16)
    assert np.linalg.norm(centres, axis=1).min() > 0.1
    assert one.losses()["center"] > 0


def test_a_checkpoint_of_another_loss_is_refused():
    state = trainee("softmax+center").state()

    with pytest.raises(WeightsCorrupt, match="of another fit"):
        trainee("triplet").resume(state)


def test_weights_are_those_of_the_net_alone():
    one = trainee("softmax+center")

    weights = one.weights()

    assert weights.keys() == trainee("distil").weights().keys()
    assert all(name.startswith(("Conv", "Bottleneck")) for name in weights)


def test_a_net_starts_from_the_arrays_it_is_given():
    start = {name: array + 0.01 for name, array in trainee().weights().items()}

    begun = EmbedderTrainee("tiny", "distil", FIT, 0, 10, start=start)

    assert same(begun.weights(), start)


def test_averaged_weights_are_put_in_and_taken_out_again():
    one = trainee()
    learn(one, steps=20)
    before = one.weights()

    with one.averaged():
        inside = one.weights()

    assert same(one.weights(), before)
    assert not same(inside, before)


def test_mixed_precision_learns_and_keeps_single_precision_weights():
    mixed = trainee(precision="mixed_bfloat16")

    told = learn(mixed, steps=10)

    assert told[-1] < told[0]
    assert {array.dtype for array in mixed.weights().values()} == {np.dtype("float32")}
    assert learn(trainee()) == pytest.approx(told[:1], rel=0.05)


def rates(steps, **changes):
    _, schedule = learning_rates(replace(FIT, **changes), epoch=10)
    return [float(schedule(step)) for step in steps]


def test_a_schedule_of_epochs_holds_from_each_epoch_on():
    text = "0: 0.05, 2: 0.005, 4: 0.0005"

    told = rates([0, 19, 20, 39, 40, 99], rates=text)

    assert told == pytest.approx([0.05, 0.05, 0.005, 0.005, 0.0005, 0.0005])


def test_a_schedule_of_one_rate_holds_to_the_end():
    assert rates([0, 50, 99], rates="0: 0.05") == pytest.approx([0.05] * 3)
    assert rates([0, 29], rates="0: 0.05, 3: -1") == pytest.approx([0.05] * 2)


def test_a_schedule_may_end_the_fit():
    assert last_step(replace(FIT, rates="0: 0.1, 3: -1"), 10) == 30
    assert last_step(FIT, 10) == 100


def test_the_cosine_warms_up_and_falls_to_nothing():
    told = rates(range(100), warm_up=0.1)

    assert told.index(max(told)) == 10
    assert max(told) == pytest.approx(5e-3)
    assert told[-1] < 1e-4
