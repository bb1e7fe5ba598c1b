"""Tests of facecam.report.wording."""

import pytest

from facecam.report import wording


@pytest.mark.parametrize(
    ("strangers", "said"),
    [
        (1.0, "any stranger"),
        (2.2, "one stranger in 2"),
        (43, "one stranger in 40"),
        (1234, "one stranger in 1,200"),
        (3e9, "one stranger in more than a million"),
    ],
)
def test_a_rarity_is_told_in_round_numbers(strangers, said):
    assert wording.one_of(strangers) == said


def test_somebody_enrolled_twice_under_one_name_is_named_once():
    assert wording.twice("Ada", "Ada").startswith("Ada is probably one person")


def test_pictures_are_counted():
    assert wording.poor("Ada", 1, 1).startswith("The only picture of Ada")
    assert wording.poor("Ada", 2, 9).startswith("2 of the 9 pictures of Ada are")
    assert "only 2 pictures" in wording.few("Ada", 2)
