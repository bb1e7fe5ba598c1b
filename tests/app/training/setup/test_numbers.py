"""Tests of numbers and advanced: every number shown, changed, refused, taken back."""

from dataclasses import replace

import pytest

from facecam.app.training.setup.numbers import (
    GROUPS,
    Numbers,
    found,
    read_numbers,
    written,
)
from facecam.config import RetrainingConfig
from facecam.config.described import described
from facecam.config.presets import with_preset
from facecam.config.retraining import FitConfig


def known(preset):
    return read_numbers({"numbers": described(with_preset(RetrainingConfig(), preset))})


@pytest.fixture
def numbers():
    made = Numbers(RetrainingConfig())
    made.use("trial", known("trial"))
    return made


@pytest.fixture
def advanced(page, add, commands):
    """The numbers of a fine-tune, open."""
    add("wider")
    page.what.advanced.open.click()
    commands.answer_numbers()
    return page.what.advanced


def row_of(advanced, name):
    """The row of a number, in its group."""
    group = list(GROUPS).index(name.rpartition(".")[0])
    advanced.groups.setCurrentRow(group)
    return next(row for row in advanced.rows if row.number.name == name)


def write(row, text):
    """Write over what stands in a field, as with the keyboard."""
    row.field.setText(text)
    row.field.textEdited.emit(text)


def test_every_number_is_read_with_its_sentence_its_group_and_its_value():
    numbers = {one.name: one for one in known("trial")}

    assert numbers["pnet.fit.steps"].value == 300
    assert numbers["pnet.fit.steps"].about == "Batches learned from, at most."
    assert numbers["gate.recall"].value == (0.0, 0.0, 0.0)
    assert {one.group for one in numbers.values()} == set(GROUPS)
    assert all(one.about for one in numbers.values())


def test_units_follow_from_the_sentences():
    numbers = {one.name: one.unit for one in known("full")}

    assert numbers["mining.min_face"] == "px"
    assert numbers["pnet.samples.turned"] == "°"
    assert numbers["index.held_out"] == "share"
    assert numbers["seed"] == ""


def test_an_answer_without_numbers_is_none():
    for answer in (None, {}, {"numbers": {}}, []):
        with pytest.raises(ValueError, match="no numbers"):
            read_numbers(answer)


@pytest.mark.parametrize("name", [one.name for one in known("full")])
def test_what_is_shown_of_a_number_can_be_typed_again(name):
    numbers = Numbers(RetrainingConfig())
    numbers.use("full", known("full"))

    numbers.change(name, numbers.text(name))

    assert not numbers.changed(name)
    assert not numbers.wrong


def test_a_number_is_changed_and_taken_back(numbers):
    numbers.change("pnet.fit.steps", " 2000 ")
    assert numbers.settings == {"pnet.fit.steps": 2000}

    numbers.change("pnet.fit.steps", "300")
    assert numbers.settings == {}

    numbers.change("gate.recall", "0.5; 0.4; 0.3")
    assert numbers.settings == {"gate.recall": (0.5, 0.4, 0.3)}

    numbers.undo("gate.recall")
    assert numbers.settings == {}


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("pnet.fit.rate", "-1", "fit.rate must be more than 0."),
        ("pnet.fit.steps", "2.5", "pnet.fit.steps must be like"),
        ("pnet.fit.steps", "many", "many is no number"),
        ("pnet.fit.steps", "", "A number is needed"),
        ("pnet.fit.steps", "1, 2", "One number is needed"),
        ("gate.recall", "0.5, 0.5", "gate.recall must be like"),
        ("onet.fit.optimiser", "adam", 'fit.optimiser: "adamw" or "sgd".'),
        ("index.held_out", "nan", "index.held_out must be like"),
        ("trial.passing", "2, 2", "trial.passing must lie between 0 and 1."),
    ],
)
def test_what_the_configuration_refuses_is_not_taken(numbers, name, text, error):
    before = dict(numbers.settings)

    numbers.change(name, text)

    assert numbers.settings == before
    assert error in numbers.wrong[name][1]
    assert numbers.text(name) == text


def test_two_numbers_that_are_right_together_only_are_taken_together(numbers):
    numbers.change("pnet.samples.positive", "0.35")  # below part, which is 0.4
    assert "pnet.samples.positive" in numbers.wrong

    numbers.change("pnet.samples.part", "0.3")

    assert not numbers.wrong
    assert numbers.settings == {
        "pnet.samples.positive": 0.35,
        "pnet.samples.part": 0.3,
    }


def test_one_wrong_number_keeps_no_other_from_being_changed(numbers):
    numbers.change("pnet.fit.rate", "-1")

    numbers.change("seed", "7")

    assert numbers.settings == {"seed": 7}
    assert list(numbers.wrong) == ["pnet.fit.rate"]


def test_a_number_that_is_nothing_may_be_given_and_taken_back(numbers):
    numbers.change("trial.passing", "0.6, 0.7")
    assert numbers.settings == {"trial.passing": (0.6, 0.7)}

    numbers.change("trial.passing", "")
    assert numbers.settings == {}


def test_another_preset_keeps_what_was_changed_by_hand(numbers):
    numbers.change("pnet.fit.steps", "8000")
    numbers.change("seed", "7")

    numbers.use("full", known("full"))

    assert numbers.settings == {"seed": 7}  # 8000 steps are those of a full training


def test_numbers_of_the_home_are_what_presets_are_put_upon():
    fit = FitConfig(batch=(32, 32, 96, 32))
    base = RetrainingConfig()
    base = replace(base, pnet=replace(base.pnet, fit=fit))
    numbers = Numbers(base)
    config = with_preset(base, "trial")
    numbers.use("trial", read_numbers({"numbers": described(config)}))

    assert numbers.text("pnet.fit.batch") == "32, 32, 96, 32"


def test_a_search_looks_at_names_groups_and_sentences():
    numbers = {one.name: one for one in known("full")}

    assert [one.name for one in found(numbers, "O-Net learning rate")] == [
        "onet.fit.rate"
    ]
    assert found(numbers, "no such thing at all") == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (8000, "8000"), (3e-3, "0.003"), ((1.0, 0.5), "1, 0.5"), ("sgd",) * 2],
)
def test_values_are_written_as_they_are_typed(value, text):
    assert written(value) == text


# The window ---------------------------------------------------------------------------


def test_numbers_are_asked_for_when_they_are_opened(page, add, commands):
    add("wider")
    assert commands.count("numbers") == 0

    page.what.advanced.open.click()

    assert commands.last("numbers").words == (
        "train",
        "numbers",
        "--preset",
        "fine-tune",
    )
    assert page.what.advanced.bar.isVisible()


def test_every_row_says_what_its_number_does(advanced):
    row = row_of(advanced, "rnet.fit.rate")

    assert row.field.text() == "0.0005"
    assert row.about.text() == "Learning rate after warming up."
    assert row.field.accessibleName() == "R-Net: fit: rate"
    assert "rnet.fit.rate" in row.field.toolTip()


def test_a_changed_number_is_marked_counted_and_part_of_the_run(page, advanced):
    row = row_of(advanced, "rnet.fit.steps")

    write(row, "20")

    assert page.plan.settings == {"rnet.fit.steps": 20}
    assert row.label.font().bold()
    assert row.undo.isVisible()
    assert advanced.summary.text() == "1 number changed"
    assert advanced.groups.currentItem().text() == "R-Net: fit  ·  1"

    row.undo.click()

    assert page.plan.settings == {}
    assert row.field.text() == "5000"
    assert advanced.summary.text() == ""
    assert not row.undo.isVisible()


def test_a_wrong_number_is_refused_in_place_and_keeps_the_run_from_starting(
    page, advanced
):
    row = row_of(advanced, "index.held_out")

    write(row, "2")

    assert row.error.text() == "index.held_out must lie between 0 and 1."
    assert row.error.isVisible()
    assert not page.bar.start.isEnabled()
    assert "held out cannot be 2" in page.bar.text.text()

    write(row, "0.2")
    assert not row.error.isVisible()
    assert page.plan.settings == {"index.held_out": 0.2}


def test_a_switch_is_a_number_too(page, advanced):
    row = row_of(advanced, "index.conform")
    assert row.switch.isVisible()
    assert row.switch.isChecked()

    row.switch.click()

    assert page.plan.settings == {"index.conform": False}
    advanced.undo_all.click()
    assert row.switch.isChecked()


def test_a_search_shows_numbers_of_all_groups(advanced):
    advanced.search.setText("learning rate after")

    assert [row.label.text() for row in advanced.rows] == [
        "P-Net: fit: rate", "R-Net: fit: rate", "O-Net: fit: rate",
    ]  # fmt: skip

    advanced.search.setText("zebra")
    assert advanced.rows == []
    assert "zebra" in advanced.nothing.text()


def test_what_is_being_typed_is_left_alone(page, advanced, qtbot):
    row = row_of(advanced, "pnet.fit.rate")
    row.field.setFocus()
    qtbot.waitUntil(row.field.hasFocus)
    row.field.clear()

    qtbot.keyClicks(row.field, "0.00")

    assert row.field.text() == "0.00"
    qtbot.keyClicks(row.field, "4")
    assert page.plan.settings == {"pnet.fit.rate": 0.004}


def test_numbers_that_cannot_be_told_are_asked_for_again(page, add, commands):
    add("wider")
    page.what.advanced.open.click()
    commands.last("numbers").answer(None, 1, "facecam.toml has a typing error.")

    assert page.what.advanced.error.text() == "facecam.toml has a typing error."
    page.what.advanced.again.click()
    commands.answer_numbers()
    assert not page.what.advanced.error.isVisible()
    assert page.what.advanced.rows


def test_another_preset_brings_its_numbers(page, advanced, commands):
    write(row_of(advanced, "seed"), "7")

    page.what.presets.cards["trial"].radio.click()
    commands.answer_numbers()

    assert row_of(advanced, "pnet.fit.steps").field.text() == "300"
    assert page.plan.settings == {"seed": 7}
