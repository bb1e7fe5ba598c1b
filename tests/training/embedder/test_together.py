"""Several workers: what one learns with batches as large as those of all."""

import time

import numpy as np
import pytest

from facecam.config import Config, EmbeddingTrainingConfig
from facecam.config.embedding_training import EmbedderFitConfig
from facecam.errors import TrainingError
from facecam.training import checkpoints
from facecam.training.apart import run_together
from facecam.training.embedder import asking
from facecam.training.embedder.asking import Asked
from facecam.training.embedder.batches import PeopleBatches, Share, TaughtBatches
from facecam.training.embedder.fellows import Fellows
from facecam.training.embedder.fitting import fit
from tests.training.embedder import made_up
from tests.training.embedder.test_fitting import LOSSES, STILL, asked, curves
from tests.training.embedder.tiny_worker import DIED, fit_all

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
SOON = 10
"""Seconds in which a run ends when one of its workers has."""
CLUSTER = ("one.local:2222", "two.local:2222")


def both(fits, death=None):
    """Do fits with two workers of this machine."""
    shares = [(place, fits, death) for place in Fellows(2).places()]
    return run_together(fit_all, shares, lambda progress: None)


@pytest.mark.slow
@pytest.mark.usefixtures("tiny")
def test_two_workers_learn_what_one_does_even_if_one_is_killed(tmp_path):
    crops = {
        "people": made_up.people_records(tmp_path / "people"),
        "taught": made_up.taught_records(tmp_path / "taught"),
    }
    fits, alone = [], []
    for loss in LOSSES:
        learned = crops["taught" if loss == "distil" else "people"]
        one, two = tmp_path / f"one {loss}", tmp_path / f"two {loss}"
        one.mkdir(), two.mkdir()
        request = asked(loss, epochs=3, every=4, keep_probability=1.0)
        alone.append((fit(request, learned, None, one, lambda progress: None), one))
        fits.append((request, learned, two))

    with pytest.raises(TrainingError, match=r"Worker 1 ended with SIGKILL.*last check"):
        both(fits, death=6)
    first = fits[0][2]
    assert time.time() - float((first / DIED).read_text()) < SOON
    assert checkpoints.newest(first)["steps"] == 4
    (metrics, refused), (others, also) = both(fits)

    assert "Worker 1 has other data" in refused
    assert refused == also
    assert others == [{"steps": told["steps"]} for told in metrics]
    for told, (wanted, one), (_, _, two) in zip(metrics, alone, fits, strict=True):
        assert told == pytest.approx(wanted, rel=1e-4)
        assert curves(two).keys() == curves(one).keys()
        for step, values in curves(one).items():
            assert curves(two)[step] == pytest.approx(values, rel=1e-3, abs=1e-5)
        ours, theirs = (checkpoints.unpacked(f / "best.npz") for f in (two, one))
        for name, array in theirs.items():
            assert ours[name] == pytest.approx(array, abs=1e-4), name


@pytest.mark.parametrize("loss", ["triplet", "distil"])
def test_shares_are_the_batch_of_one_alone(loss, tmp_path):
    config = EmbedderFitConfig(people=4, pictures=3, batch=12)

    def batches(*share):
        if loss == "distil":
            return TaughtBatches(crops, config, 3, *share)
        return PeopleBatches(crops, config, STILL, 24, 3, *share)

    if loss == "distil":
        crops = made_up.taught_records(tmp_path / "crops")
    else:
        crops = made_up.people_records(tmp_path / "crops")
    whole = batches()
    shares = [batches(Share(rank, 3)) for rank in range(3)]

    for number in (0, 1, whole.epoch, 20):
        parts = [share.batch(number) for share in shares]
        wanted = whole.batch(number)
        assert np.array_equal(np.concatenate([p.pixels for p in parts]), wanted.pixels)
        assert np.array_equal(np.concatenate([p.wanted for p in parts]), wanted.wanted)
    assert {share.epoch for share in shares} == {whole.epoch}
    for one in (whole, *shares):
        one.close()


def test_shares_are_equal_where_people_do_not_divide(tmp_path):
    crops = made_up.people_records(tmp_path / "crops")
    config = EmbedderFitConfig(people=7, pictures=3)

    shares = [PeopleBatches(crops, config, STILL, 24, 3, Share(r, 2)) for r in (0, 1)]

    assert [len(share.batch(0).wanted) for share in shares] == [9, 9]
    for share in shares:
        share.close()


@pytest.mark.usefixtures("tiny")
def test_nobody_is_waited_for_when_nothing_is_left_to_learn(tmp_path):
    crops, out = made_up.people_records(tmp_path / "crops"), tmp_path / "out"
    out.mkdir()
    request = asked("triplet", epochs=1)
    metrics = fit(request, crops, None, out, lambda progress: None)
    from facecam.training.embedder.fitting import fit_share

    again = [
        fit_share(place, request, crops, None, out, lambda progress: None)
        for place in Fellows(2).places()
    ]

    assert again == [metrics, {"steps": metrics["steps"]}]


def test_each_worker_of_a_machine_has_an_address():
    first, second = Fellows(2).places()

    assert (first.rank, second.rank, first.count) == (0, 1, 2)
    assert len({*first.addresses}) == 2
    assert first.addresses == second.addresses
    assert Fellows().places()[0].count == 1
    assert Fellows(1, CLUSTER, 1).places()[0].rank == 1


def recipes(tmp_path, training=None, **options):
    people = made_up.write_people(tmp_path / "people")
    config = Config(home=tmp_path / "home")
    training = training or EmbeddingTrainingConfig()
    wanted = Asked((people,), "triplet", **options)
    return asking.recipe(wanted, training, tmp_path / "run", config)


def test_a_run_of_two_workers_is_one_with_batches_twice_as_large(tmp_path):
    usual = EmbeddingTrainingConfig()
    two = asking.numbers(usual, ["fitters=2", "fit.people=5", "fit.batch=8"])
    one = asking.numbers(usual, ["fit.people=10", "fit.batch=16"])

    steps = [recipes(tmp_path / str(n), t).steps for n, t in enumerate((two, one))]

    fits = [next(s.config for s in part if s.name == "03-fit") for part in steps]
    assert fits[0] == fits[1]


def test_the_first_machine_keeps_what_is_learned_and_the_others_help(tmp_path):
    first = recipes(tmp_path / "1", cluster=CLUSTER)
    second = recipes(tmp_path / "2", cluster=CLUSTER, rank=1)

    assert [step.name for step in first.steps][-2:] == ["03-fit", "04-evaluate"]
    assert [step.name for step in second.steps][-2:] == ["02-crops", "03-join"]
    assert second.command[-4:] == ("--cluster", ",".join(CLUSTER), "--rank", "1")
    assert first.steps[-2].config == second.steps[-1].config


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cluster": ("here",)}, "'here' is no address.*HOST:PORT"),
        ({"cluster": ("a:0", "b:1")}, "'a:0' is no address"),
        ({"cluster": ("a:1",)}, "two workers or more"),
        ({"cluster": ("a:1", "a:1")}, "an address of its own"),
        ({"cluster": ("a:1", "b:1"), "rank": 2}, "--rank 2: there are 2 workers"),
    ],
)
def test_what_is_no_cluster_is_refused(options, words, tmp_path):
    with pytest.raises(TrainingError, match=words):
        Asked((tmp_path,), "triplet", **options)


def test_workers_and_a_cluster_are_not_both_given(tmp_path):
    training = asking.numbers(EmbeddingTrainingConfig(), ["fitters=2"])

    with pytest.raises(TrainingError, match="--workers or --cluster, not both"):
        recipes(tmp_path, training, cluster=CLUSTER)
