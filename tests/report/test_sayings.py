"""facecam.report.sayings: numbers that do not claim too much."""

import pytest

from facecam.report import sayings
from facecam.report.card import PersonLine, Promise
from facecam.report.curves import Share


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.961, 0.989, "96–99 %"), (0.5, 0.5, "50 %"), (0.995, 1.0, "99–100 %")],
)
def test_an_interval_is_rounded_outwards(low, high, said):
    assert sayings.span(Share(0.99, low, high)) == said


def test_wrong_names_are_told_between_limits():
    near = Promise(500, 1 / 1330, 1 / 118, None)
    far = Promise(500, 1e-9, 1 / 190, None)

    assert sayings.wrong_span(near) == "between 1 per 120 and 1 per 1,300 strangers"
    assert sayings.wrong_span(far) == "at most 1 per 190 strangers, probably far fewer"


def test_a_person_not_tried_is_told_from_one_of_one_sitting():
    line = PersonLine(None, 4, 2, 0, (), "", None, 1.0)

    assert sayings.recognised_of(line, 500) == "not tried"
    assert line.recognised(500) is None


def test_large_numbers_stay_readable():
    assert sayings.number(10_000) == "10,000"
    assert sayings.number(3e7) == "more than a million"
    assert sayings.rounded(46391) == 46_000
    assert sayings.rounded(0.3) == 0
