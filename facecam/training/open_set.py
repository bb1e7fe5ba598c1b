"""Open-set identification: enrolled people among strangers.

Some people are enrolled with k random photos each; their other photos are probes, the
photos of everybody else are strangers. A face gets the name it scores highest for, if
that score lies above a threshold which at most a given share of the strangers exceed:

    DIR at FAR = share of probes that get the right name at that threshold

(detection and identification rate, ISO/IEC 19795-1; Grother and Ngan, NIST FRVT). The
scores are those of the product's identifier; the seeds' classifier may stand beside it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from facecam.config import IdentifierConfig
from facecam.errors import DatasetError
from facecam.faces import Floats, Identity
from facecam.training import metrics
from facecam.training.evaluation import Report
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier

FARS = {"dir_at_far_1e-2": 1e-2, "dir_at_far_1e-3": 1e-3}

People: TypeAlias = Mapping[Identity, Floats]
Scorer: TypeAlias = Callable[[Floats], Floats]
"""(n, d) -> (n, p), larger is more like that person."""
Fit: TypeAlias = Callable[[People], Scorer]


@dataclass(frozen=True)
class Plan:
    """What to enrol."""

    photos: tuple[int, ...] = (1, 2, 5, 10)
    """Photos per person, one gallery each."""
    alone: int = 5
    """Photos of the one person enrolled alone, everybody taking a turn; 0: nobody."""
    draws: int = 5
    """Random draws of the photos; the results are their mean."""
    seed: int = 0


def product(cohort: Cohort, config: IdentifierConfig) -> Fit:
    """Return the identifier as the live view uses it."""
    return lambda people: Identifier.fit(people, cohort, config).scores


def seeds(people: People) -> Scorer:
    """Fit what the seed projects use: `SVC(kernel="linear", probability=True)`.

    It cannot be fitted to one person. Deprecated in scikit-learn 1.9.
    """
    from sklearn.svm import SVC

    vectors = np.concatenate(list(people.values()))
    labels = np.repeat(np.arange(len(people)), [len(rows) for rows in people.values()])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecation; more classes than half the rows
        svc = SVC(kernel="linear", probability=True, random_state=0)
        svc.fit(vectors, labels)
    return lambda rows: svc.predict_proba(rows).astype(np.float32)


def evaluate_open_set(
    people: Mapping[str, Floats],
    enrolled: Sequence[str],
    plan: Plan,
    fit: Fit,
    report: Report,
) -> list[dict[str, Any]]:
    """Measure identification for every number of photos, and for one person alone.

    Args:
        people: embeddings of all photos of everybody, (n, d) each.
        enrolled: who is enrolled; everybody else is a stranger.
        plan: how many photos and draws.
        fit: makes a scorer of a gallery.
        report: called after each gallery.

    Returns:
        One dict per gallery: people, photos, rank1, DIR at each rate, their confidence
        intervals, probes, strangers.

    Raises:
        DatasetError: somebody to enrol has too few photos, or nobody is a stranger.
    """
    _check(people, enrolled, max((*plan.photos, plan.alone)))
    groups = [(k, [list(enrolled)]) for k in plan.photos]
    if plan.alone:
        groups.append((plan.alone, [[name] for name in enrolled]))
    total = plan.draws * sum(len(galleries) for _, galleries in groups)
    done = 0
    results = []
    for photos, galleries in groups:
        trials = []
        for draw in range(plan.draws):
            for names in galleries:
                rng = np.random.default_rng(plan.seed + draw)
                trials.append(_trial(people, names, photos, fit, rng))
                done += 1
                report(done, total)
        results.append(_summary(trials, len(galleries[0]), photos))
    return results


@dataclass(frozen=True, eq=False)
class _Trial:
    """One draw: which probes were named right, by measure."""

    names: NDArray[np.str_]  # (n,), of the probes
    right: Mapping[str, NDArray[np.bool_]]  # (n,) each
    strangers: int


def _trial(
    people: Mapping[str, Floats],
    enrolled: Sequence[str],
    photos: int,
    fit: Fit,
    rng: np.random.Generator,
) -> _Trial:
    gallery: dict[Identity, Floats] = {}
    probes, names = [], []
    for name in enrolled:
        order = rng.permutation(len(people[name]))
        gallery[Identity(name, name)] = people[name][order[:photos]]
        probes.append(people[name][order[photos:]])
        names += [name] * len(probes[-1])
    others = [rows for name, rows in people.items() if name not in set(enrolled)]
    score = fit(gallery)
    scores = score(np.concatenate(probes))  # (n, p)
    stranger_scores = score(np.concatenate(others)).max(axis=1)
    best = np.array(list(enrolled))[scores.argmax(axis=1)]
    right = best == np.array(names)
    top = scores.max(axis=1)
    measures = {"rank1": right}
    for key, far in FARS.items():
        threshold = metrics.stranger_threshold(stranger_scores, far)
        measures[key] = right & (top > threshold)
    return _Trial(np.array(names), measures, len(stranger_scores))


def _summary(trials: Sequence[_Trial], people: int, photos: int) -> dict[str, Any]:
    result: dict[str, Any] = {"people": people, "photos": photos}
    names = np.concatenate([trial.names for trial in trials])
    _, who = np.unique(names, return_inverse=True)
    attempts = np.bincount(who).astype(np.float64)
    for key in ("rank1", *FARS):
        result[key] = float(np.mean([trial.right[key].mean() for trial in trials]))
        right = np.concatenate([trial.right[key] for trial in trials])
        hits = np.bincount(who, weights=right).astype(np.float64)
        result[f"{key}_interval"] = metrics.share_interval(hits, attempts)
    result["probes"] = round(np.mean([len(trial.names) for trial in trials]))
    result["strangers"] = round(np.mean([trial.strangers for trial in trials]))
    result["draws"] = len(trials)
    return result


def _check(people: Mapping[str, Floats], enrolled: Sequence[str], photos: int) -> None:
    for name in enrolled:
        if name not in people:
            raise DatasetError(f"There is no folder of pictures of {name}.")
        if len(people[name]) <= photos:
            raise DatasetError(
                f"{name} has {len(people[name])} photos: too few to enrol {photos} and "
                "keep one to try. Enrol fewer photos (--photos) or other people."
            )
    if not enrolled:
        raise DatasetError("Nobody has enough photos to be enrolled. Use --photos.")
    if len(people) <= len(enrolled):
        raise DatasetError("Everybody is to be enrolled: there is no stranger left.")
