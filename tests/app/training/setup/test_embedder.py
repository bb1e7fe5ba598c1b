"""Tests of setting up a run that trains an embedder."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import shiboken6

from facecam.app.engine import Engine
from facecam.app.training.embedder.setup import EmbedderSetup
from facecam.app.training.setup import asking as commanding
from facecam.app.training.setup.asking import Stage
from facecam.app.training.setup.saying import roughly
from facecam.config import EmbeddingTrainingConfig
from facecam.config.described import described
from facecam.training.embedder import asking

CROPS = {"layout": "faces without names", "pictures": 5000, "people": 0}
PEOPLE = {"layout": "folders of people", "pictures": 900, "people": 40}


@pytest.fixture
def page(qtbot, config, tasks, runs, settings, commands, monkeypatch):
    monkeypatch.setattr(commanding, "SETTLE", 0)
    made = EmbedderSetup(Engine(config, tasks), runs, settings, None, commands)
    made.resize(1040, 600)
    made.show()
    yield made
    shiboken6.delete(made)


@pytest.fixture
def add(page, commands):
    """Add a folder and answer what is in it."""

    def add(name, content, **settings):
        path = Path("/pictures") / name
        page.add((path,))
        full = content["pictures"] >= 2000
        preset = "full" if full else "trial"
        one = {"folder": str(path), "settings": settings, "error": "", **content}
        said = {"preset": preset, "loss": "distil", "why": "Few have names."}
        commands.last("look").answer({"sets": [one], "suggested": said})
        return page.folders.cards[path]

    return add


def checked(commands, qtbot, number=1):
    """The command that looks at the data, once it was begun."""
    qtbot.waitUntil(lambda: commands.count("embedder") == number)
    return commands.last("embedder").words


def test_faces_without_names_are_learned_from_a_teacher(page, add, commands, qtbot):
    card = add("crops", CROPS)

    assert commands.last("look").words[:4] == ("train", "look", "--for", "embedder")
    assert card.layout_words.text() == "Faces of anybody, without names"
    assert card.counts.text() == "5,000 pictures"
    assert not card.role.isVisible()
    ways = page.what.choices.ways.cards
    assert ways["distil"].radio.isChecked()
    assert ways["distil"].mark.toolTip() == "Few have names."
    words = checked(commands, qtbot)
    assert words[2:8] == (
        *("--data", "/pictures/crops", "--loss", "distil", "--preset", "full"),
    )
    assert words[8:11] == ("--from", "scratch", "--check")


def test_names_are_needed_to_learn_from_them(page, add, qtbot):
    add("crops", CROPS)

    page.what.choices.ways.cards["triplet"].radio.click()
    assert page.bar.text.text().startswith("Names are needed to learn from")
    assert not page.bar.start.isEnabled()
    page.remove(Path("/pictures/crops"))
    card = add("people", PEOPLE)

    assert page.plan.problem == ""
    assert "40 people" in card.counts.text()


def test_whatever_was_chosen_becomes_words(page, add, commands, qtbot):
    add("people", PEOPLE, **{"people.grown": 1.25})
    choices = page.what.choices
    choices.ways.cards["softmax+center"].radio.click()
    choices.boxes["network"].activated.emit(1)
    choices.chosen.emit("pairs", "/lfw")
    page.what.name.setText("mine")

    words = page.plan.start_words(Path("/runs"))

    assert words == (
        *("train", "embedder", "--data", "/pictures/people"),
        *("--loss", "softmax+center", "--preset", "trial", "--from", "scratch"),
        *("--pairs", "/lfw", "--set", "people.grown=1.25", 'network="facenet"'),
        *("--run", "/runs/mine", "--later"),
    )
    assert choices.abouts["pairs"].text() == "/lfw"
    choices.without.click()
    assert "--pairs" not in page.plan.start_words(Path("/runs"))


def test_faces_cut_in_different_ways_are_not_mixed(page, add):
    add("one", CROPS, **{"people.grown": 1.25})
    add("other", CROPS)

    assert "cut in different ways" in page.bar.text.text()


def test_a_run_may_be_gone_on_from_until_something_else_is_chosen(page, add):
    add("crops", CROPS)

    page.begin(origin="before")
    assert page.plan.start == "before"
    page.what.choices.chosen.emit("from", "scratch")

    assert page.plan.start == "scratch"


def test_one_that_goes_on_from_a_run_trains_the_network_of_that_run(
    page, add, monkeypatch
):
    add("crops", CROPS)
    before = SimpleNamespace(config={"network": "facenet"})
    monkeypatch.setattr(page._runs, "state", lambda name: before)

    page.begin(origin="before")

    choices = page.what.choices
    assert 'network="facenet"' in page.plan.start_words(Path("/runs"))
    assert choices.boxes["from"].currentText() == "before"
    choices.boxes["network"].activated.emit(0)
    assert page.plan.start == "scratch"


def test_a_start_that_does_not_suit_is_shown_as_it_is(page, add):
    add("crops", CROPS)
    choices = page.what.choices

    choices.chosen.emit("from", "deleted")

    assert choices.boxes["from"].currentText() == "deleted"
    assert choices.abouts["from"].text().startswith("Not there any more")


def test_the_look_is_shown_with_its_cost_and_then_the_run_is_queued(
    page, add, commands, qtbot, runs, tmp_path
):
    add("crops", CROPS)
    checked(commands, qtbot)
    parts = [{"part": "teacher", "seconds": 900, "disk": 4e9}]
    costs = {"seconds": 7200, "disk": 4.2e9, "parts": parts, "memory": 2e9}
    commands.last("embedder").answer(
        {
            "findings": [{"severity": "note", "text": "No pairs.", "cure": "Choose."}],
            "training": {"pictures": 4750, "people": 0},
            "held_out": {"pictures": 250, "people": 0},
            "estimates": {**costs, "free_disk": 1e11, "free_memory": 8e9},
            "sheets": [],
            "folder": str(tmp_path),
        }
    )

    assert page.checking.stage is Stage.DONE
    assert "4,750 pictures. To measure on: 250" in page.look.seen.amounts.text()
    assert "about 2 hours" in page.bar.text.text()
    with qtbot.waitSignal(page.started) as begun:
        page.bar.start.click()
        assert commands.last("embedder").words[-1] == "--later"
        commands.last("embedder").answer({"run": "/runs/x", "name": "x"})
    assert begun.args == ["x"]
    assert runs.launched == [("train", "work")]


@pytest.mark.parametrize(
    ("seconds", "said"), [(30, "less than a minute"), (840, "about 14 minutes")]
)
def test_what_was_foreseen_is_said_roughly(seconds, said):
    assert roughly(seconds) == said


def test_every_number_is_behind_advanced(page, add, commands):
    add("crops", CROPS)
    page.what.advanced.open.click()
    words = commands.last("numbers").words
    assert words[2:] == ("--preset", "full", "--for", "embedder")

    numbers = asking.numbers(EmbeddingTrainingConfig(), preset="full")
    commands.last("numbers").answer({"numbers": described(numbers)})
    page.what.advanced.search.setText("epochs")
    page.what.advanced.rows[0].field.setText("3")
    page.what.advanced.rows[0].typed.emit("fit.epochs", "3")

    assert page.plan.start_words(Path("/runs"))[-3:] == (
        *("--set", "fit.epochs=3"),
        "--later",
    )
