"""What `facecam deploy` says and does for the embedder of a run."""

import json

import numpy as np
import pytest

from facecam import artifacts, pipeline, switching
from facecam.config import load
from facecam.errors import ModelError
from facecam.media import write_image
from facecam.vision.cohort import Cohort
from tests.embedders import FACENET, TwoEmbedders
from tests.fakes import ColourEmbedder, picture
from tests.training.embedder.finished import colours, finished_run


@pytest.fixture(autouse=True)
def nets(home, tmp_path, monkeypatch):
    """FaceNet in use, and somebody enrolled; every net sees colours."""
    strangers = np.random.default_rng(0).normal(size=(300, 51)).astype(np.float32)
    two = TwoEmbedders(tmp_path / "catalogue", monkeypatch)
    two.install(home / "models", FACENET)
    two.nets["run-7"] = ColourEmbedder("run-7")
    two.cohorts["run-7"] = Cohort.of(strangers)
    monkeypatch.setattr("facecam.runtime.litert.load", lambda *_, **__: colours)
    return two


@pytest.fixture
def people(nets, facecam, tmp_path):
    for number, side in enumerate((60, 74)):
        write_image(tmp_path / "Ada" / f"{number}.png", picture((60, 50, side)))
    assert facecam("enrol", "Ada", tmp_path / "Ada", "--take-all")[0] == 0


@pytest.fixture
def run(home):
    """Makes a run in the home, compared with FaceNet."""

    def make(name="run-7", **given):
        model = artifacts.installed(home / "models", "embedder", FACENET)
        content = model.fingerprint("int8")
        return finished_run(home / "runs" / name, content=content, **given)

    return make


def used(home):
    return artifacts.running(load(home))


def test_everybody_is_embedded_before_it_is_used(people, run, nets, asked, home):
    run()

    told = asked("deploy", "run-7")

    assert (told["name"], told["before"]) == ("run-7", FACENET)
    assert (told["added"], told["in_use"]) == (True, True)
    assert (told["people"], told["pictures"]) == (1, 2)
    assert nets.nets["run-7"].embedded == 2
    assert used(home) == "run-7"
    assert asked("deploy", "run-7")["added"] is False


def test_it_says_how_to_go_back_and_rollback_does(people, run, facecam, asked, home):
    run()

    code, out, _ = facecam("deploy", "run-7")

    assert code == 0
    assert "Faces are compared by run-7 from now on: 1 people, 2 pictures." in out
    assert "facecam rollback embedder" in out
    assert asked("rollback", "embedder")["name"] == FACENET
    assert used(home) == FACENET
    assert asked("rollback", "embedder")["name"] == "run-7"


def test_added_only_it_is_listed_and_used_later(people, run, nets, asked, home):
    run()

    told = asked("deploy", "run-7", "--add")

    assert (told["added"], told["in_use"], told["people"]) == (True, False, None)
    assert used(home) == FACENET
    assert nets.nets["run-7"].embedded == 0
    listed = {one["name"]: one for one in asked("models", "list")["models"]}
    assert listed["run-7"]["own"]
    assert listed["run-7"]["state"] == "installed from training run run-7"
    assert asked("models", "use", "run-7")["people"] == 1


def test_a_worse_one_is_refused_with_reasons_and_may_be_forced(run, facecam, home):
    run(own=0.87)

    code, out, err = facecam("deploy", "run-7", "--json", "--progress")

    assert code == 1
    (reason,) = json.loads(out.splitlines()[-1])["refused"]
    assert reason.startswith("It tells one person from two on 87.00% of 200 pairs")
    assert "--force" in err
    assert used(home) == FACENET
    code, out, _ = facecam("deploy", "run-7", "--force")
    assert code == 0
    assert "Mind: It tells one person from two on 87.00%" in out
    assert used(home) == "run-7"


def test_a_switch_that_fails_leaves_the_one_before_in_use(
    people, run, facecam, home, monkeypatch
):
    run()

    def dies(config, gallery):
        raise ModelError("The power goes.")

    monkeypatch.setattr(pipeline, "fit_identifier", dies)

    assert facecam("deploy", "run-7")[0] == 1
    assert used(home) == FACENET
    monkeypatch.undo()


def test_what_facecam_toml_says_is_told_before_anything_is_done(run, facecam, home):
    run()
    (home / "facecam.toml").write_text(f'[embedder]\nmodel = "{FACENET}"\n')

    code, _, err = facecam("deploy", "run-7")

    assert code == 1
    assert "and that wins" in err
    assert not (home / "models" / "embedder" / "run-7").exists()


def test_one_that_is_not_in_use_is_deleted_for_good(people, run, facecam, asked, home):
    run()
    facecam("deploy", "run-7")
    assert "in use" in facecam("models", "delete", "run-7")[2]
    facecam("rollback", "embedder")

    assert asked("models", "delete", "run-7") == {"deleted": "run-7"}

    assert "run-7" not in {one["name"] for one in asked("models", "list")["models"]}
    assert switching.previous(load(home)) is None
    assert "no earlier version" in facecam("rollback", "embedder")[2]


def test_a_detector_cannot_be_added(facecam, home):
    root = home / "runs" / "d"
    root.mkdir(parents=True)
    (root / "run.json").write_text('{"kind": "detector"}')

    code, _, err = facecam("deploy", "d", "--add")

    assert code == 1
    assert "--add is for embedders" in err
