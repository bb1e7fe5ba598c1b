"""Tests of facecam.vision.fitting: what is fitted does not depend on its history."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from facecam.config import IdentifierConfig
from facecam.faces import Examples, Identity
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier

D = 24
CONFIG = IdentifierConfig(cohort=300)
STEPS = 200
People = dict[Identity, tuple[list[np.ndarray], list[np.ndarray]]]
"""What is known of each: own views, and those never them."""


def unit(vectors: np.ndarray) -> np.ndarray:
    vectors = vectors.astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


class History:
    """Changes of a gallery of a few families who look alike, drawn at random."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        first = self.rng.standard_normal((4, D)) + 0.3
        apart = 0.15 * self.rng.standard_normal((4, D))
        self.centres = np.concatenate([first, first + apart])
        self.people: People = {}
        self.joined = 0

    def step(self) -> None:
        if len(self.people) < 2:
            return self.join()
        changes: list[Callable[[], None]] = [
            *(self.join, self.leave, self.gain, self.lose, self.move),
            *(self.share, self.deny, self.allow, self.shuffle),
        ]
        changes[self.rng.integers(len(changes))]()

    def view(self) -> np.ndarray:
        centre = self.centres[self.rng.integers(len(self.centres))]
        return unit(centre + 0.3 * self.rng.standard_normal(D))

    def somebody(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        return list(self.people.values())[self.rng.integers(len(self.people))]

    def join(self) -> None:
        who = Identity(f"p{self.joined}", "")
        self.people[who] = ([self.view() for _ in range(self.rng.integers(1, 4))], [])
        self.joined += 1

    def leave(self) -> None:
        if len(self.people) > 6:
            del self.people[list(self.people)[self.rng.integers(len(self.people))]]

    def gain(self) -> None:
        self.somebody()[0].append(self.view())

    def lose(self) -> None:
        own = self.somebody()[0]
        if len(own) > 1:
            own.pop(self.rng.integers(len(own)))

    def move(self) -> None:
        own = self.somebody()[0]
        if len(own) > 1:
            self.somebody()[0].append(own.pop())

    def share(self) -> None:
        self.somebody()[0].append(self.somebody()[0][0])

    def deny(self) -> None:
        self.somebody()[1].append(self.view())

    def allow(self) -> None:
        if never := self.somebody()[1]:
            never.pop()

    def shuffle(self) -> None:
        listed = list(self.people.items())
        self.people = {
            listed[n][0]: listed[n][1] for n in self.rng.permutation(len(listed))
        }

    def examples(self) -> dict[Identity, Examples]:
        nothing = np.empty((0, D), np.float32)
        return {
            who: Examples(np.stack(own), np.stack(never) if never else nothing)
            for who, (own, never) in self.people.items()
        }


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    rng = np.random.default_rng(0)
    return Cohort.of(unit(rng.standard_normal((1000, D)) + 0.3))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_history_the_svms_are_those_of_a_fit_from_scratch_to_the_last_bit(
    seed: int, cohort: Cohort, tmp_path: Path
) -> None:
    history, path = History(seed), tmp_path / "fitted.npz"
    fitted = None

    for number in range(STEPS):
        history.step()
        examples = history.examples()
        fitted = Identifier.fit(examples, cohort, CONFIG, previous=fitted)
        anew = Identifier.fit(examples, cohort, CONFIG)

        for field in ("weights", "bias", "usual", "spread"):
            there, here = getattr(fitted, field), getattr(anew, field)
            assert np.array_equal(there, here), f"{field} after step {number}"
        if number % 3 == 0:
            fitted.save(path)
            fitted = Identifier.load(path, cohort, CONFIG)
