"""Tests of facecam.enrolment.watch: who may be taken for the same person."""

from types import SimpleNamespace

import numpy as np
import pytest

from facecam.config import EnrolmentConfig
from facecam.enrolment.watch import Watch

D = 8


def towards(axis: int, cosine: float) -> np.ndarray:
    """A unit vector with that cosine to the first axis, the rest along another."""
    row = np.zeros(D, np.float32)
    row[0], row[axis] = cosine, np.sqrt(1 - cosine**2)
    return row


def taken(count: int) -> list[SimpleNamespace]:
    """Pictures of one person, 0.9 alike."""
    return [
        SimpleNamespace(embedding=towards(axis, 0.95)) for axis in range(2, 2 + count)
    ]


@pytest.mark.parametrize(
    ("pictures", "cosine", "same"),
    [(1, 0.45, True), (1, 0.3, False), (4, 0.45, False), (4, 0.55, True)],
)
def test_the_more_pictures_there_are_the_surer_it_must_be_the_person(
    pictures, cosine, same
):
    watch = Watch(EnrolmentConfig())

    found = watch.look(towards(1, cosine / 0.95), 1.0, taken(pictures))

    assert found is same
    assert not watch.away  # one look is not enough to say so
