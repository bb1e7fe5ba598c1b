"""Pictures the detector learns from: whoever is forgotten is on none that stays."""

import json

import numpy as np
import pytest

from facecam import forgetting, pipeline
from facecam.errors import WeightsMissing
from facecam.faces import Detections
from facecam.forgetting import pooled, sentences
from facecam.forgetting.places import Kind
from facecam.media import write_image
from facecam.training.detector import hard_examples, hard_pool
from facecam.training.detector.hard_examples import LIST
from tests.forgetting.conftest import BOX, Home, face

ADA, GRACE, STRANGER = 1, 2, 3
ELSEWHERE = np.float32((150, 130, 190, 180))
"""A box that holds nobody."""
ALARM, MISSED = hard_examples.Kind.FALSE_ALARM, hard_examples.Kind.MISSED_FACE


class Seeing:
    """Finds the face of every picture, or none."""

    def __init__(self, boxes=(BOX,)):
        self.boxes = np.array(boxes, np.float32).reshape(-1, 4)

    def detect(self, image):
        n = len(self.boxes)
        points = np.full((n, 5, 2), np.nan, np.float32)
        return Detections(self.boxes, np.full(n, 0.9, np.float32), points)


@pytest.fixture
def seen_by(monkeypatch):
    """Choose the detector; one that finds every face at first."""

    def use(detector):
        monkeypatch.setattr(pipeline, "build_detector", lambda config: detector)

    use(Seeing())
    return use


@pytest.fixture
def home(home, seen_by) -> Home:
    """Ada and Grace are enrolled; the pool shows each of them and a stranger."""
    home.path.mkdir()
    home.enrol("Ada", ADA)
    home.enrol("Grace", GRACE)
    home.fit()
    for seed in (ADA, GRACE, STRANGER):
        hard_examples.add(home.config.hard, face(seed, 7), ELSEWHERE, ALARM)
    return home


def forget_ada(home):
    ada = home.gallery().find("Ada").identity.id
    return forgetting.forget(home.config, home.gallery(), ada)


def texts(outcome):
    return " ".join(line.text for line in sentences(outcome))


def shown(home):
    """Return who is on the pictures that are left, by the order they were added."""
    listed = hard_pool.listed(home.config.hard).examples
    names = {e.picture.name for e in listed}
    assert names == {p.name for p in home.config.hard.glob("*.jpg")}
    return len(names)


def test_the_pictures_that_show_somebody_go_and_the_others_stay(home):
    before = hard_pool.listed(home.config.hard).examples

    outcome = forget_ada(home)

    assert hard_pool.listed(home.config.hard).examples[0].picture == before[1].picture
    assert shown(home) == 2
    assert outcome.deleted["hard examples"] == 1
    assert outcome.compared == 2
    assert outcome.clean
    assert "1 hard example" in texts(outcome)
    assert "No face found in the 2 pictures" in texts(outcome)
    receipt = json.loads(outcome.receipt.read_text())
    assert receipt["pictures to learn from that stay"] == 2


def test_a_missed_face_is_compared_though_the_detector_misses_it(home, seen_by):
    seen_by(Seeing(()))
    hard_examples.add(home.config.hard, face(ADA, 8), BOX, MISSED)

    forget_ada(home)

    assert shown(home) == 3  # also the one of Ada that nobody has drawn: it is said


def test_boxes_at_the_edge_or_too_small_to_compare_spoil_nothing(home, seen_by):
    seen_by(Seeing(()))
    for box in ((-50, -50, 3, 3), (230, 190, 900, 900), (10, 10, 10, 10)):
        hard_examples.add(home.config.hard, face(GRACE, 9), np.float32(box), ALARM)

    assert forget_ada(home).clean
    assert shown(home) == 4


def test_a_picture_that_a_crash_left_unnamed_goes_too(home):
    write_image(home.config.hard / "0011223344556677.jpg", face(ADA, 11))
    write_image(home.config.hard / "by hand.png", face(ADA, 12))

    assert forget_ada(home).deleted["hard examples"] == 3
    assert shown(home) == 2
    assert not list(home.config.hard.glob("*.png"))


def test_a_picture_that_lies_elsewhere_is_only_not_named_any_more(home, tmp_path):
    mine = tmp_path / "mine.png"
    write_image(mine, face(ADA, 13))
    entry = {"picture": str(mine), "box": BOX.tolist(), "is": "missed face"}
    with (home.config.hard / LIST).open("a") as file:
        file.write(f"{json.dumps(entry)}\n")

    forget_ada(home)

    assert mine.is_file()
    assert "mine.png" not in (home.config.hard / LIST).read_text()


@pytest.mark.parametrize("damage", ["no detector", "a damaged picture", "the list"])
def test_what_cannot_be_compared_goes(home, monkeypatch, damage):
    def missing(config):
        raise WeightsMissing("No detector.")

    if damage == "no detector":
        monkeypatch.setattr(pipeline, "build_detector", missing)
    if damage == "a damaged picture":
        hard_pool.listed(home.config.hard).examples[2].picture.write_bytes(b"x")
    if damage == "the list":
        (home.config.hard / LIST).write_bytes(b"\xff\xfe\x00")

    forget_ada(home)

    left = {"no detector": 0, "a damaged picture": 1, "the list": 2}
    assert len(list(home.config.hard.glob("*.jpg"))) == left[damage]


def test_a_run_that_learned_from_such_a_picture_is_named(home):
    ada, grace, _ = (e.picture for e in hard_pool.listed(home.config.hard).examples)
    for run, path in (("2026-11-21", ada), ("2026-11-22", grace)):
        index = home.config.runs / run / "01-index"
        index.mkdir(parents=True)
        (index / "train.jsonl").write_text(json.dumps({"path": str(path)}))

    outcome = forget_ada(home)

    assert [(r.path, r.kind) for r in outcome.left] == [("runs/2026-11-21", Kind.RUN)]
    assert not outcome.clean
    assert "runs/2026-11-21: data of theirs, in a training run" in texts(outcome)
    assert "; delete the run" in texts(outcome)


def test_a_copy_of_a_portrait_in_the_pool_is_found_by_its_bytes(home, seen_by):
    seen_by(Seeing(()))
    portraits = home.config.people / home.gallery().find("Ada").identity.id
    portrait = next((portraits / "portraits").iterdir()).read_bytes()
    (home.config.hard / "kept.jpg").write_bytes(portrait)

    outcome = forget_ada(home)

    assert not (home.config.hard / "kept.jpg").exists()
    assert outcome.clean


def test_without_a_pool_nothing_is_said_of_it(home):
    hard_pool.remove(home.config.hard, hard_pool.listed(home.config.hard).examples)

    outcome = forget_ada(home)

    assert "hard examples" not in outcome.deleted
    assert "learns from" not in texts(outcome)


def test_an_interrupted_forgetting_looks_through_the_pool_too(home, monkeypatch):
    def killed(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pooled, "forget", killed)
        with pytest.raises(KeyboardInterrupt):
            forget_ada(home)
    assert shown(home) == 3

    (outcome,) = forgetting.finish(home.config, home.gallery())

    assert shown(home) == 2
    assert outcome.clean
