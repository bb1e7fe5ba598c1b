from dataclasses import replace

import pytest

from facecam.config import RetrainingConfig
from facecam.errors import TrainingError
from facecam.training.detector.recipe import EVALUATE, DetectorRequest, detector_recipe
from facecam.training.step import fingerprints
from tests.training.detector import small_sets

CONFIG = RetrainingConfig()
NETS = ("pnet", "rnet", "onet")


@pytest.fixture
def request_(tmp_path):
    return DetectorRequest(data=(small_sets.wider(tmp_path / "data", train=2),))


def changed(request, before, after):
    """Return which steps are done again when numbers change."""
    one, other = (fingerprints(detector_recipe(request, c)) for c in (before, after))
    return {name for name in one if one[name] != other[name]}


def with_fit(config, net, **numbers):
    stage = getattr(config, net)
    return replace(config, **{net: replace(stage, fit=replace(stage.fit, **numbers))})


def test_every_net_has_samples_a_fit_and_a_check_in_this_order(request_):
    names = [step.name for step in detector_recipe(request_, CONFIG)]

    assert names == sorted(names)
    order = [names.index(next(n for n in names if n.endswith(f"{net}-{part}")))
             for net in NETS for part in ("samples", "fit", "check")]  # fmt: skip
    assert order == sorted(order)
    assert names[-1] == EVALUATE


def test_no_step_reads_what_comes_after_it(request_):
    done = set()

    for step in detector_recipe(request_, CONFIG):
        assert set(step.needs) <= done, step.name
        done.add(step.name)


def test_a_net_is_mined_with_all_the_nets_before_it(request_):
    steps = {step.name: step for step in detector_recipe(request_, CONFIG)}

    needed = [
        tuple(name for name in steps[f"{n:02d}-{net}-samples"].needs if "fit" in name)
        for n, net in zip((2, 5, 8), NETS, strict=True)
    ]
    assert needed == [(), ("03-pnet-fit",), ("03-pnet-fit", "06-rnet-fit")]


def test_a_number_of_the_last_net_does_not_redo_the_nets_before(request_):
    redone = changed(request_, CONFIG, with_fit(CONFIG, "onet", steps=7))

    assert "09-onet-fit" in redone
    assert EVALUATE in redone
    assert not any("pnet" in name or "rnet" in name for name in redone)
    assert "08-onet-samples" not in redone


def test_a_number_of_the_first_net_redoes_everything_after_its_samples(request_):
    redone = changed(request_, CONFIG, with_fit(CONFIG, "pnet", rate=0.5))

    assert {"03-pnet-fit", "05-rnet-samples", "09-onet-fit", EVALUATE} <= redone
    assert "02-pnet-samples" not in redone
    assert "01-index" not in redone


def test_the_number_of_workers_redoes_nothing(request_):
    assert changed(request_, CONFIG, replace(CONFIG, workers=7)) == set()


def test_another_seed_redoes_the_samples_and_not_the_index(request_):
    redone = changed(request_, CONFIG, replace(CONFIG, seed=1))

    assert "02-pnet-samples" in redone
    assert "01-index" not in redone


def test_other_pictures_redo_everything(request_, tmp_path):
    before = fingerprints(detector_recipe(request_, CONFIG))
    small_sets.wider(tmp_path / "data", train=3)

    after = fingerprints(detector_recipe(request_, CONFIG))

    assert not set(before.values()) & set(after.values())


def test_a_start_without_weights_is_refused(request_, tmp_path):
    request = replace(request_, start=tmp_path)

    with pytest.raises(TrainingError, match=r"weights\.npz is missing.*--from scratch"):
        detector_recipe(request, CONFIG)


def test_from_scratch_there_is_nothing_to_remember(request_, tmp_path):
    with pytest.raises(TrainingError, match="Leave --replay out"):
        detector_recipe(replace(request_, replay=(tmp_path,)), CONFIG)


def test_other_weights_to_start_from_redo_the_fits(request_, tmp_path):
    request, prints = replace(request_, start=tmp_path), []

    for content in (b"one", b"other"):
        (tmp_path / "weights.npz").write_bytes(content)
        prints.append(fingerprints(detector_recipe(request, CONFIG)))

    assert prints[0]["03-pnet-fit"] != prints[1]["03-pnet-fit"]
    assert prints[0]["02-pnet-samples"] == prints[1]["02-pnet-samples"]
