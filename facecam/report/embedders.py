"""Embedders compared on one's own people, before one of them is chosen.

Everybody is embedded with each. Then own pictures are tried with classifiers that have
not seen them: a whole sitting left out, as on another day, and one picture left out,
which is easier but can be tried with everybody. Strangers are drawn from the cohort of
each embedder.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from facecam import artifacts, pipeline, switching
from facecam.artifacts import Manifest
from facecam.config import Config
from facecam.faces import Detections, Examples, Identity
from facecam.report.curves import Share, drawn_strangers, recognised
from facecam.report.held_out import HeldOut, joined, try_held_out
from facecam.report.resemblance import compare, strangers_as_near
from facecam.vault import Vault
from facecam.vision.embedder import Embedder
from facecam.vision.identifier import Identifier

if TYPE_CHECKING:
    from facecam.gallery import Gallery, PersonViews

Report: TypeAlias = Callable[[str, float], None]
"""Told what is done and the share of it, 0…1; may raise to end it."""
Views: TypeAlias = "Mapping[Identity, PersonViews]"

PICTURE = 256
"""Side of the picture that time is measured with, pixels."""
RUNS = 9
"""How often a face is embedded to measure the time; the median counts."""
EMBEDDED, TRIED = 0.5, 0.9
"""Shares of the work on one embedder after which everybody is embedded, tried."""
NEEDED = 20
"""With fewer pictures tried, a difference says nothing."""
NOTICEABLE = 1.15
"""A face that takes less than so many times as long takes as long."""
CLEAR = 2
"""A difference of so many pictures, or fewer, is chance."""


@dataclass(frozen=True)
class Tried:
    """Own pictures named by classifiers that had not seen them."""

    pictures: int
    people: int
    right: int
    """Pictures that got the right name at the setting."""
    share: Share | None
    """Of them; None if nothing could be tried."""
    right_at_rate: int
    """The same at the threshold that so many of the drawn strangers exceed."""

    @property
    def rate(self) -> float:
        """Share of the pictures that got the right name; 0 if none was tried."""
        return self.right / max(self.pictures, 1)


@dataclass(frozen=True)
class Measured:
    """What one embedder makes of the people."""

    name: str
    title: str
    used: bool
    dimensions: int
    seconds: float
    """For one face on this computer."""
    sittings: Tried
    """A whole sitting left out: as on another day."""
    single: Tried
    """One picture left out."""
    strangers_named: float
    """Share of drawn strangers who get a name at the setting."""
    nearest: float
    """One stranger in so many is as near as the nearest two people; 0 with one."""
    alike: tuple[str, str] | None
    """Who they are."""


@dataclass(frozen=True)
class Comparison:
    """Embedders on the same people."""

    setting: float
    """About one wrong name per so many strangers."""
    people: int
    pictures: int
    embedders: tuple[Measured, ...]
    """The one in use first."""

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain dicts, lists and numbers."""
        return {**asdict(self), "verdict": verdict(self)}


def compare_embedders(
    config: Config, names: Sequence[str], vault: Vault | None, report: Report
) -> Comparison:
    """Try installed embedders on everybody enrolled.

    Args:
        config: of the home.
        names: of the embedders.
        vault: unseals protected people.
        report: told the progress; may raise to end it.

    Raises:
        ModelError: one is not installed, or damaged.
        VaultLocked: the people are protected, and there is no vault.
    """
    used = artifacts.running(config)
    ordered = sorted(dict.fromkeys(names), key=lambda name: name != used)
    manifests = [switching.installed(config, name) for name in ordered]
    measured: list[Measured] = []
    people = pictures = 0
    for n, manifest in enumerate(manifests):

        def part(text: str, share: float, n: int = n) -> None:
            report(f"{manifests[n].called}: {text}", (n + share) / len(manifests))

        one = _Trial(switching.using(config, manifest.name), manifest, vault, part)
        people, pictures = one.people, one.pictures
        measured.append(one.measure(manifest.name == used))
    setting = config.identifier.strangers_per_wrong_name
    return Comparison(setting, people, pictures, tuple(measured))


def verdict(comparison: Comparison) -> str:
    """Say in a sentence or two which embedder suits these people better."""
    now, *others = comparison.embedders
    if not others:
        return "There is no other embedder to compare with."
    if not comparison.people:
        return "Nobody is enrolled: there is nothing to compare with."
    return " ".join(_verdict(now, other) for other in others)


def tried(measured: Measured) -> Tried:
    """Return the trial that says most: by sittings, if enough of them were tried."""
    enough = measured.sittings.pictures >= NEEDED
    return measured.sittings if enough else measured.single


def _verdict(now: Measured, other: Measured) -> str:
    both = now.sittings.pictures, other.sittings.pictures
    kind = "sittings" if min(both) >= NEEDED else "single"
    ours, theirs = getattr(now, kind), getattr(other, kind)
    if min(ours.pictures, theirs.pictures) < NEEDED:
        said = "There are too few pictures to tell which recognises more"
    elif round(abs(theirs.rate - ours.rate) * ours.pictures, 6) <= CLEAR:
        said = f"{other.title} recognises as many of your pictures as {now.title}"
    else:
        word = "more" if theirs.rate > ours.rate else "fewer"
        said = (
            f"{other.title} recognises {word} of your pictures than {now.title}: "
            f"{100 * theirs.rate:.0f} % instead of {100 * ours.rate:.0f} %"
        )
    return f"{said}; {_speed(now, other)}."


def _speed(now: Measured, other: Measured) -> str:
    times = now.seconds / max(other.seconds, 1e-9)
    if times >= NOTICEABLE:
        return f"it is {_times(times)} times as fast"
    if times <= 1 / NOTICEABLE:
        return f"a face takes {_times(1 / times)} times as long"
    return "a face takes as long"


def _times(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio < 10 else f"{ratio:.0f}"


class _Trial:
    """One embedder on the people."""

    def __init__(
        self, config: Config, manifest: Manifest, vault: Vault | None, report: Report
    ) -> None:
        self._config, self._manifest, self._report = config, manifest, report
        report("loading", 0.0)
        self._embedder = pipeline.build_embedder(config, later=False)
        gallery = pipeline.open_gallery(config, self._embedder, vault)
        self._examples: Mapping[Identity, Examples] = gallery.examples(
            lambda done, total: report(
                f"embedding pictures, {done:,} of {total:,}",
                EMBEDDED * done / max(total, 1),
            )
        )
        self._views = self._joined(gallery)
        self._whole = pipeline.fit_identifier(config, gallery)
        self.people = len(self._examples)
        self.pictures = sum(len(view.files) for view in self._views.values())

    def _joined(self, gallery: Gallery) -> Views:
        moment = self._config.report.same_moment
        return {who: joined(view, moment) for who, view in gallery.views().items()}

    def measure(self, used: bool) -> Measured:
        """Try everything; takes as long as a report card."""
        drawn = drawn_strangers(self._whole, self._config.report)
        setting = self._whole.config.strangers_per_wrong_name
        beyond = 1 / setting
        threshold = float(np.quantile(drawn, 1 - beyond)) if self.people else setting
        sittings = self._try(self._views, threshold, EMBEDDED)
        apart = {
            who: replace(view, captures=view.files) for who, view in self._views.items()
        }
        single = self._try(apart, threshold, (EMBEDDED + TRIED) / 2)
        self._report("looking for look-alikes", TRIED)
        nearest, alike = self._alike()
        named = float((drawn >= setting).mean()) if self.people else 0.0
        return Measured(
            name=self._manifest.name,
            title=self._manifest.called,
            used=used,
            dimensions=len(self._whole.cohort.mean),
            seconds=time_of_a_face(self._embedder),
            sittings=sittings,
            single=single,
            strangers_named=named,
            nearest=nearest,
            alike=alike,
        )

    def _try(self, views: Views, threshold: float, start: float) -> Tried:
        """Leave out what the views call sittings, one after another."""
        part = (TRIED - EMBEDDED) / 2

        def report(text: str, share: float) -> None:
            self._report("trying every picture as if it were new", start + part * share)

        config = self._config.report
        held = try_held_out(self._examples, views, self._whole, config, report)
        return _told(held, self._whole, threshold)

    def _alike(self) -> tuple[float, tuple[str, str] | None]:
        """Return how near the nearest two people are, and who they are."""
        if self.people < 2:
            return 0.0, None
        people = list(self._examples)
        vectors = [self._views[who].embeddings for who in people]
        strangers = min(self._config.report.strangers, 2000)
        spread = self._whole.config.real_spread
        near = compare(vectors, self._whole.cohort, strangers, spread).surprise
        near = np.maximum(near, near.T)
        np.fill_diagonal(near, -np.inf)
        first, second = np.unravel_index(int(near.argmax()), near.shape)
        names = people[int(first)].name, people[int(second)].name
        return float(strangers_as_near(near[first : first + 1, second])[0]), names


def _told(held: HeldOut, whole: Identifier, threshold: float) -> Tried:
    setting = whole.config.strangers_per_wrong_name
    return Tried(
        pictures=len(held),
        people=len(set(held.person.tolist())),
        right=int(held.named_right(setting).sum()),
        share=recognised(held, setting),
        right_at_rate=int(held.named_right(threshold).sum()),
    )


def time_of_a_face(embedder: Embedder) -> float:
    """Return how long an embedder takes for one face, seconds."""
    picture = np.full((PICTURE, PICTURE, 3), 128, np.uint8)
    box = np.array([[0.25, 0.25, 0.75, 0.75]], np.float32) * PICTURE
    nowhere = np.full((1, 5, 2), np.nan, np.float32)
    crop = embedder.crop(picture, Detections(box, np.ones(1, np.float32), nowhere))
    embedder.embed(crop)
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        embedder.embed(crop)
        times.append(time.perf_counter() - began)
    return median(times)
