"""The numbers that belong to an embedder, carried over from another's.

Every cosine and distance of config.belonging was chosen with one embedder. With another
one the same faces lie elsewhere, so each number is carried over by what it lets pass:
both embedders see the same crops, and

    STRANGERS  as many pairs of two people lie above it as before
    VIEWS      as many pairs of one face, shown twice, lie above it as before

where there are enough pairs to count; beyond them it goes straight on to 1, the cosine
of a picture with itself. No name is needed: of a crop, altered views are made.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from facecam import artifacts
from facecam.config import Config
from facecam.config.belonging import EMBEDDER
from facecam.config.embedding_training import AlteringConfig
from facecam.faces import Floats, Image
from facecam.runtime import litert
from facecam.training.embedder import asking
from facecam.training.embedder.altering import View, alter, cut, draw_view
from facecam.training.embedder.batches import middles
from facecam.training.embedder.crops import HELD_OUT, Records
from facecam.training.embedder.evaluating import THREADS, embedding
from facecam.training.embedder.measuring import AT_ONCE, embed_all
from facecam.training.embedder.recipe import CROPS, FIT, SIZES, TEACHER

Settings: TypeAlias = Mapping[str, Mapping[str, float]]
"""Values by name by section, as facecam.toml would have them."""

STRANGERS = {
    "tracker": ("same_face",),
    "enrolment": ("same_person", "other_person", "belongs", "belongs_to_few"),
    "audit": ("twice", "alike"),
    "inbox": ("same", "merge", "akin"),
}
"""Cosines that tell one person from another."""
VIEWS = {"audit": ("within",), "report": ("same_moment",)}
"""Cosines that say how alike pictures of one person are."""
DISTANCES = {"gallery": ("same_distance",)}
"""Distances that tell one person from another."""
NEWNESS = {"enrolment": ("novelty", "least_novelty")}
"""What the cosine of two pictures of one person lacks to 1."""

LEAST_PAIRS = 20
"""So few pairs above a number, or below it, say nothing of it."""
DIGITS = 3
"""Decimals of a number that is carried over."""
FACES = 400
"""Crops that are compared, at most."""
VIEWS_OF_EACH = 3
"""The crop as it is, and altered."""
GROWN = 1.25
"""Side of a crop as a multiple of the face's box."""
KNOTS = 256
"""Points of a line that carries cosines over."""


@dataclass(frozen=True, eq=False)
class Carried:
    """A rising line that turns cosines of one embedder into those of another."""

    before: NDArray[np.float64]  # (k,), rising
    after: NDArray[np.float64]  # (k,)

    @staticmethod
    def between(before: Floats, after: Floats) -> Carried:
        """Return the line that keeps the share of pairs above every number.

        Args:
            before: cosines of pairs, (n,).
            after: those of the same pairs with the other embedder.
        """
        least = LEAST_PAIRS / max(len(before), 1)
        if least >= 0.5:  # too few to say anything
            ends = np.array([-1.0, 1.0])
            return Carried(ends, ends)
        shares = np.linspace(least, 1 - least, KNOTS)
        tail = np.geomspace(least, 0.5, KNOTS)
        shares = np.unique(np.concatenate([shares, 1 - tail]))
        lines = []
        for cosines in (before, after):
            knots = np.quantile(cosines.astype(np.float64), shares)
            lines.append(np.concatenate([[-1.0], knots, [1.0]]))
        rising = np.concatenate([[True], np.diff(lines[0]) > 0])
        return Carried(lines[0][rising], np.maximum.accumulate(lines[1])[rising])

    def of(self, cosine: float) -> float:
        """Return the cosine that takes the place of another."""
        return float(np.interp(cosine, self.before, self.after))


def settings_of(
    usual: Settings,
    reference: Floats,
    own: Floats,
    faces: NDArray[Any] | None = None,
) -> dict[str, dict[str, float]]:
    """Return the numbers of an embedder, by section.

    Args:
        usual: the numbers that suit the reference; those that are not there stay out.
        reference: (n, d), embeddings of n crops by another embedder.
        own: (n, e), of the same crops by the embedder in question.
        faces: (n,), equal for views of one face; None if everybody is somebody else.

    Returns:
        Only what is carried over: the crop, and what is counted in deviations of
        strangers, hold for every embedder with strangers of its own.
    """
    if faces is None:
        faces = np.arange(len(reference))
    first, second = np.triu_indices(len(reference), 1)
    same = faces[first] == faces[second]
    cosines = [(rows @ rows.T)[first, second] for rows in (reference, own)]
    apart = Carried.between(*(one[~same] for one in cosines))
    alike = apart
    if np.count_nonzero(same) > 2 * LEAST_PAIRS:
        alike = Carried.between(*(one[same] for one in cosines))
    carried: dict[str, dict[str, float]] = {}
    for names, carry in (
        (STRANGERS, apart.of),
        (VIEWS, alike.of),
        (DISTANCES, lambda value: _distance(apart.of(1 - value**2 / 2))),
        (NEWNESS, lambda value: 1 - alike.of(1 - value)),
    ):
        for section, name in _pairs(names):
            value = usual.get(section, {}).get(name)
            if value is not None:
                values = carried.setdefault(section, {})
                values[name] = round(float(carry(value)), DIGITS)
    return carried


def usual_of(config: Config, name: str) -> dict[str, dict[str, float]]:
    """Return every number that belongs to an embedder as it comes, by section.

    What the user has said otherwise stays out of it.
    """
    plain = Config(home=config.home)
    embedder = replace(plain.embedder, model=name)
    values = asdict(artifacts.fitted(replace(plain, embedder=embedder)))
    return {
        section: {one: values[section][one] for one in names}
        for section, names in EMBEDDER.items()
    }


def settings_of_run(config: Config, run: Path) -> dict[str, dict[str, float]]:
    """Return the numbers of the embedder that a run has trained.

    It is compared with the run's teacher, or whatever it was compared with before, on
    crops that it has not learned from.

    Args:
        config: says where models live.
        run: directory of the run, fitted.

    Returns:
        Nothing if the other embedder is not installed: then the usual numbers hold.

    Raises:
        TrainingError, DatasetError: the run is damaged.
        WeightsCorrupt: the other embedder is.
    """
    asked, training = asking.remembered(run)
    other = artifacts.installed(config.models, asking.KIND, asked.teacher)
    if other is None:
        return {}
    size = SIZES[training.network]
    folder = TEACHER if (run / TEACHER).is_dir() else CROPS
    views, faces = _views(run / folder / HELD_OUT, size, training.altering)
    side = int(artifacts.find(asked.teacher, asking.KIND, config).input["size"])
    net = other.file(f"{training.teacher.precision}.tflite")
    reference = _embedded(net, views, side)
    own = _embedded(run / FIT / "int8.tflite", views, size)
    return settings_of(usual_of(config, asked.teacher), reference, own, faces)


def _views(
    folder: Path, side: int, config: AlteringConfig
) -> tuple[list[Image], NDArray[np.intp]]:
    """Return crops as they are and altered, and whose face each shows.

    People who have a name keep it; where nobody has one, every crop is somebody.
    """
    records = Records(folder)
    count = min(len(records), FACES)
    places = np.linspace(0, max(len(records) - 1, 0), count).astype(np.intp)
    crops = records.read(places)
    records.close()
    rng = np.random.default_rng(0)
    views: list[Image] = []
    for crop in middles(crops.pixels, side):
        views.append(crop)
        for _ in range(VIEWS_OF_EACH - 1):
            altered = alter(crop, config, GROWN, rng)
            shown = draw_view(config, 1.0, rng)
            views.append(cut(altered, shown, crop.shape[0]))
    faces = crops.labels if np.unique(crops.labels).size > 1 else np.arange(count)
    return views, np.repeat(faces, VIEWS_OF_EACH).astype(np.intp)


def _embedded(path: Path, views: Sequence[Image], side: int) -> Floats:
    """Embed views with a compiled net that takes crops of another side, (n, d)."""
    net = litert.load(path, THREADS, buckets=(AT_ONCE,))
    resized = [cut(one, View(), side) for one in views]
    return embed_all(embedding(net), np.stack(resized))


def _distance(cosine: float) -> float:
    """Return the Euclidean distance of unit vectors with that cosine."""
    return math.sqrt(max(2 - 2 * cosine, 0.0))


def _pairs(names: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for section, some in names.items():
        for name in some:
            yield section, name
