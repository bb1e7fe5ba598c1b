"""Synthetic galleries: people as directions, their pictures around them."""

import numpy as np

from facecam.config import IdentifierConfig
from facecam.faces import Examples, Identity
from facecam.gallery import PersonViews
from facecam.report.card import Enrolled
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier

D = 64


def cohort(seed=0):
    rng = np.random.default_rng(seed)
    return Cohort.of(unit(rng.normal(size=(3000, D)) + 0.2))


def unit(rows):
    rows = np.asarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def views(rows, captures=None):
    names = tuple(f"portraits/{k}.jpg" for k in range(len(rows)))
    captures = tuple(captures or map(str, range(len(rows))))
    return PersonViews(names, captures, rows, np.ones(len(rows), np.float32))


def enrolled(people=4, pictures=4, spread=0.5, captures=None, config=None):
    """p people with k pictures each; captures name the sittings of everybody."""
    rng = np.random.default_rng(1)
    named, seen = {}, {}
    for n in range(people):
        centre = unit(rng.normal(size=(1, D)) + 0.2)
        rows = unit(centre + spread * unit(rng.normal(size=(pictures, D))))
        who = Identity(f"p{n}", f"Person {n}")
        named[who] = Examples(rows, rows[:0])
        seen[who] = views(rows, captures)
    identifier = Identifier.fit(named, cohort(), config or IdentifierConfig())
    return Enrolled(named, seen, identifier)
