"""Runs and their steps in words; time left from what was expected and what it took."""

import pytest

from facecam.app.training.run import remaining, saying, scales
from facecam.training.queue import Queue
from facecam.training.runs import State, StepState, read_run
from tests.app.training.run.made import METRICS, STEPS, TOOK, MadeRun


def test_every_step_of_a_detector_has_words():
    said = [saying.step_words(name) for name in STEPS]

    assert [one.group[0] for one in said[2:5]] == ["P-Net"] * 3
    assert said[0].text == "Look at the data"
    assert said[4].text == said[7].text == "Try it on whole pictures"
    assert said[11].group == ("The result", "")
    assert all(one.about for one in said)


def test_a_step_nobody_knows_is_said_by_its_name():
    assert saying.step_words("02-fit-embedder").text == "Fit embedder"
    assert saying.step_words("odd").text == "odd"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("00-check", "5,168 faces to learn from, 1 warning"),
        ("01-index", "4,493 pictures; 718 faces kept to measure on"),
        ("02-pnet-samples", "90,094 faces, 416,365 backgrounds"),
        ("03-pnet-fit", "8,000 steps; number 7,000 was best"),
        ("04-pnet-check", "finds 97.9 % of the faces with 262 boxes a picture"),
        ("11-evaluate", "finds 93.7 % of the faces; better in 12 figures, worse in 1"),
    ],
)
def test_what_a_step_has_brought_is_a_sentence(name, text):
    metrics = METRICS.get(name) or METRICS[name.rpartition("-")[2]]

    assert saying.brought(StepState(name, 1, 12, metrics=metrics)) == text


def test_metrics_of_another_version_are_told_as_they_are():
    step = StepState("00-check", 1, 12, metrics={"speed": 0.5})

    assert saying.brought(step) == "speed 0.5"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (89, "1 min"), (3540, "59 min"), (4800, "1 h 20 min")],
)
def test_a_span_of_time_is_short(seconds, text):
    assert saying.span(seconds) == text


def test_a_run_that_waits_knows_how_many_come_before():
    queue = Queue(("a", "b", "c"))

    assert saying.waits("a", queue, busy=False) == "Starts next"
    assert saying.waits("a", queue, busy=True) == "Waits for 1 other"
    assert saying.waits("c", queue, busy=False) == "Waits for 2 others"


def test_nobody_knows_how_long_a_run_takes_before_its_check(tmp_path):
    run = MadeRun(tmp_path)

    assert remaining.read_expected(run.root) == {}
    assert remaining.seconds_left(read_run(run.root), {}) is None


def test_time_left_follows_what_the_finished_steps_really_took(tmp_path):
    run = MadeRun(tmp_path)
    run.finish_before("08-onet-samples")
    run.expect(TOOK / 2)
    expected = remaining.read_expected(run.root)

    seconds = remaining.seconds_left(read_run(run.root), expected)

    assert seconds == pytest.approx(2 * TOOK + 2 * 2 * remaining.SMALL)


def test_a_step_says_itself_how_long_it_takes(tmp_path):
    run = MadeRun(tmp_path)
    run.finish_before("11-evaluate")
    run.expect(TOOK)
    state = read_run(run.root)
    going = StepState("11-evaluate", 12, 12, State.RUNNING, 1, 4, left=33.0)
    state = type(state)(**vars(state) | {"steps": (*state.steps[:-1], going)})

    assert remaining.seconds_left(state, remaining.read_expected(run.root)) == 33.0
    assert 0.9 < remaining.share_done(state, {}) < 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"estimates": {}}'])
def test_a_damaged_preflight_expects_nothing(text, tmp_path):
    run = MadeRun(tmp_path)
    run.finish("00-check")
    (run.root / "00-check" / "preflight.json").write_text(text)

    assert remaining.read_expected(run.root) == {}


def test_an_axis_has_round_numbers():
    assert scales.ticks(0, 8000, 4) == [0, 2000, 4000, 6000, 8000]
    assert scales.ticks(0.8, 1.0, 4) == pytest.approx([0.8, 0.85, 0.9, 0.95, 1.0])
    assert scales.log_ticks(-2, 0) == [-2, -1, 0]


def test_an_axis_holds_all_values_and_does_not_tremble():
    assert scales.amounts([0.11, 0.09]) == scales.amounts([0.113, 0.08])
    assert scales.amounts([0.11])[1] > 0.11
    assert scales.shares([0.97, 0.98]) == (0.95, 1.0)
    assert scales.shares([0.4]) == (0.0, 1.0)
    low, high = scales.logarithms([0.04, 1.2, 0.0])
    assert 10**low < 0.04
    assert 10**high > 1.2


@pytest.mark.parametrize("scale", [scales.amounts, scales.shares, scales.logarithms])
def test_an_axis_without_values_is_one_all_the_same(scale):
    low, high = scale([])

    assert low < high


@pytest.mark.parametrize(
    ("name", "metrics", "text"),
    [
        ("00-check", {"pictures": 9588, "held_out": 505}, "9,588 pictures to learn"),
        (
            "01-index",
            {"people": 6, "pictures": 24, "held_out": 8, "left_out": 0},
            "24 pictures of 6 people; 8 pictures kept to measure on",
        ),
        ("02-teacher", {"crops": 120, "held_out": 8}, "120 faces; 8 kept"),
        ("02-pairs", {"pairs": 600, "without_face": 1}, "no face found in 1 picture"),
        ("03-fit", {"steps": 80, "best_steps": 60}, "80 steps; number 60 was best"),
        ("04-evaluate", {"lfw": 0.95, "other_lfw": 0.99}, "95.0 % of the pairs"),
        ("04-evaluate", {"auc": 0.9, "eer": 0.1}, "told apart to 90.0 %"),
    ],
)
def test_the_steps_of_an_embedder_are_said_in_words(name, metrics, text):
    assert saying.step_words(name).group[0] in ("The pictures", "The net", "The result")
    assert text in saying.brought(StepState(name, 1, 6, metrics=metrics))
