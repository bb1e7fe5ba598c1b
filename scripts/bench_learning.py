"""How long learning many people takes: all of them, then one more, less, corrected.

    python scripts/bench_learning.py --people 1000 --pictures 10

People are drawn like strangers are, their pictures scattered around them as far as
those of LFW-a are, so that they have neighbours as real people have.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from facecam import config, pipeline
from facecam.faces import Examples, Floats, Identity
from facecam.vision.identifier import Identifier

T = TypeVar("T")

SCATTER = 0.56
"""Length of what is added to a person's vector, of length 1, for each picture: two
pictures then have a cosine of 0.76, as those of one person of LFW-a."""
TIMES = 5
"""Each change is made so many times; the median counts."""


def main() -> int:
    """Measure; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--pictures", type=int, default=10)
    args = parser.parse_args()
    settings = config.load()
    cohort = pipeline.load_cohort(settings)
    people = crowd(cohort.sample(args.people, seed=7), args.pictures, cohort.mean)

    def fit(
        whom: Mapping[Identity, Examples | Floats], before: Identifier | None = None
    ) -> Identifier:
        return Identifier.fit(whom, cohort, settings.identifier, before)

    begin = time.perf_counter()
    whole = fit(people)
    print(f"all {time.perf_counter() - begin:8.1f} s")
    first, second, *_ = people
    less = {who: rows for who, rows in people.items() if who != first}
    corrected: dict[Identity, Examples | Floats] = dict(people)
    corrected[first] = Examples(people[first], people[second][:1])
    without = timed("forget one", lambda: fit(less, whole))
    timed("add one", lambda: fit(people, without))
    timed("correct one", lambda: fit(corrected, whole))
    timed("name a face", lambda: whole.identify(people[first][:1]))
    return 0


def crowd(centres: Floats, pictures: int, mean: Floats) -> dict[Identity, Floats]:
    """Return made-up people, (pictures, d) each, from a vector of each, (n, d)."""
    random = np.random.default_rng(8)
    people = {}
    for n, centre in enumerate(centres):
        noise = random.standard_normal((pictures, len(centre)))
        rows = centre + SCATTER * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        rows = rows / np.linalg.norm(rows, axis=1, keepdims=True) + mean
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        people[Identity(f"p{n}", f"Person {n}")] = rows.astype(np.float32)
    return people


def timed(what: str, act: Callable[[], T]) -> T:
    """Do something several times; print the median, return the last answer."""
    taken = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        answer = act()
        taken.append(time.perf_counter() - begin)
    print(f"{what:12} {1000 * statistics.median(taken):8.2f} ms", flush=True)
    return answer


if __name__ == "__main__":
    sys.exit(main())
