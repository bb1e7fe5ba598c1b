"""Every number of a run, explained."""

from facecam.config import RetrainingConfig


def leaves(numbers):
    for one in numbers.values():
        if "numbers" in one:
            yield from leaves(one["numbers"])
        else:
            yield one


def test_the_numbers_of_a_preset_have_names_values_and_meanings(asked):
    told = asked("train", "numbers", "--preset", "fine-tune")

    rate = told["numbers"]["pnet"]["numbers"]["fit"]["numbers"]["rate"]
    assert told["preset"] == "fine-tune"
    assert rate == {
        "name": "pnet.fit.rate", "about": "Learning rate after warming up.",
        "type": "float", "value": 0.001,
    }  # fmt: skip


def test_each_number_can_be_given_to_a_run_as_it_is_told(asked):
    from facecam.training.detector import asking

    told = list(leaves(asked("train", "numbers", "--preset", "full")["numbers"]))

    for one in told:
        value = one["value"]
        if value is None:
            continue
        text = str(value).lower() if isinstance(value, bool) else f"{value!r}"
        setting = f"{one['name']}={text}"
        assert asking.numbers(RetrainingConfig(), "", [setting]) == RetrainingConfig()


def test_people_read_a_table(facecam):
    rows = facecam("train", "numbers")[1].splitlines()

    assert rows[0].split(maxsplit=2) == ["seed", "0", "Of every random choice."]
