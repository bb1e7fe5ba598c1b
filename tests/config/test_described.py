"""What every number means, from the words beside it."""

from dataclasses import dataclass, fields, is_dataclass

import pytest

from facecam.config import RetrainingConfig
from facecam.config.described import described, kind


def numbers_of(config, where=""):
    """Yield the place of every number of a configuration, and its value."""
    for field in fields(config):
        value = getattr(config, field.name)
        if is_dataclass(value):
            yield from numbers_of(value, f"{where}{field.name}.")
        else:
            yield f"{where}{field.name}", value


def told_of(place):
    told = {"numbers": described(RetrainingConfig())}
    for part in place.split("."):
        told = told["numbers"][part]
    return told


@pytest.mark.parametrize(
    ("place", "value"),
    list(numbers_of(RetrainingConfig())),
    ids=[place for place, _ in numbers_of(RetrainingConfig())],
)
def test_every_number_of_a_run_is_explained(place, value):
    told = told_of(place)

    assert told["name"] == place
    assert told["about"].endswith((".", "!")) or told["about"].endswith('"')
    assert len(told["about"]) > 8
    assert told["value"] == (list(value) if isinstance(value, tuple) else value)


@pytest.mark.parametrize("section", ["index", "pnet", "pnet.fit", "mining", "gate"])
def test_every_section_says_what_it_is_about(section):
    assert told_of(section)["about"].endswith(".")


@pytest.mark.parametrize(
    ("value", "name"),
    [(1, "int"), (True, "bool"), (0.5, "float"), ("x", "str"), ((1, 2), "ints")],
)
def test_kinds(value, name):
    assert kind(value) == name


def test_a_number_without_words_has_none():
    assert described(Bare()) == {
        "steps": {"name": "steps", "about": "", "type": "int", "value": 3}
    }


@dataclass(frozen=True)
class Bare:
    """Nothing is said of its field."""

    steps: int = 3
