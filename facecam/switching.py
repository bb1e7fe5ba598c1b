"""Another embedder put to use: everybody embedded with it first, then the choice.

Until the choice is written, whole or not at all, everything goes on with the embedder
before. What was embedded is kept in the gallery's index, so that a switch which was
interrupted goes on where it was, and one back takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from facecam import artifacts, pipeline
from facecam.artifacts import Manifest
from facecam.config import Config, chosen
from facecam.errors import ConfigError, ModelError, WeightsMissing
from facecam.vault import Vault

Report: TypeAlias = Callable[[str, float], None]
"""Told what is done and the share of it, 0…1; may raise to end it."""

KIND, WHAT = "embedder", ("embedder", "model")
FITTING = 0.9
"""Share of the work that is done once everybody is embedded."""


@dataclass(frozen=True)
class Switched:
    """What a switch has done."""

    manifest: Manifest
    """The embedder that is used now."""
    before: str
    """Name of the one used before."""
    people: int
    """How many are known with it."""
    pictures: int
    problems: tuple[str, ...] = ()
    """Pictures that had to be left out, and why."""

    @property
    def changed(self) -> bool:
        """Whether it was another one before."""
        return self.manifest.name != self.before


def using(config: Config, name: str) -> Config:
    """Return the configuration with another embedder, and the numbers it brings."""
    embedder = replace(config.embedder, model=name)
    return artifacts.fitted(replace(config, embedder=embedder))


def prepare(config: Config, name: str, vault: Vault | None, report: Report) -> Switched:
    """Embed everybody with an embedder and fit their classifiers; change nothing else.

    Args:
        config: of the home, with the embedder before.
        name: of an installed embedder.
        vault: unseals protected people.
        report: told the progress; may raise to end it.

    Raises:
        ModelError: there is no such embedder, it is not installed or damaged, or no
            picture can be embedded with it.
        ConfigError: facecam.toml names another one, which wins.
        VaultLocked: the people are protected, and there is no vault.
    """
    manifest = installed(config, name)
    require_choice(config, name)
    report(f"Loading {manifest.called}", 0.0)
    coming = using(config, name)
    embedder = pipeline.build_embedder(coming, later=False)
    gallery = pipeline.open_gallery(coming, embedder, vault)

    def embedded(done: int, total: int) -> None:
        text = f"Embedding pictures with {manifest.called}"
        report(f"{text}: {done:,} of {total:,}", FITTING * done / max(total, 1))

    examples = gallery.examples(embedded)
    if gallery.problems and not examples:
        raise ModelError(
            f"Nobody would be known with {manifest.called}. {gallery.problems[0]}"
        )
    if examples:
        report("Learning to tell people apart", FITTING)
        pipeline.fit_identifier(coming, gallery)
    pictures = sum(len(one.own) + len(one.never) for one in examples.values())
    problems = tuple(gallery.problems)
    before = artifacts.running(config)
    return Switched(manifest, before, len(examples), pictures, problems)


def require_choice(config: Config, name: str = "") -> None:
    """Make sure that facecam.toml leaves it to be chosen here which embedder is used.

    Args:
        config: of the home.
        name: of the one to be chosen; "" if it has no name yet.

    Raises:
        ConfigError: it names another one, which wins.
    """
    said = config.given.get("embedder", {}).get("model", name)
    if said != name:
        raise ConfigError(
            f"facecam.toml says [embedder] model = {said!r}, and that wins. Take the "
            "line out of it to choose here."
        )


def choose(config: Config, name: str) -> None:
    """Remember which embedder is used from now on, and which was before.

    Raises:
        OSError: the disk refuses; the one before stays in use.
    """
    before = artifacts.running(config)
    instead = before if before != name else None
    chosen.choose(config.home, *WHAT, name, instead)


def switch(config: Config, name: str, vault: Vault | None, report: Report) -> Switched:
    """Prepare an embedder and choose it; raises what these do."""
    switched = prepare(config, name, vault, report)
    choose(config, name)
    return switched


def previous(config: Config) -> str | None:
    """Return the installed embedder that was used before the present one, if any."""
    name = chosen.before(config.home, *WHAT)
    known = {manifest.name for manifest in artifacts.embedders(config)}
    there = name in known and artifacts.stamp(config.models, KIND, str(name))
    return str(name) if there and name != artifacts.running(config) else None


def installed(config: Config, name: str) -> Manifest:
    """Return an embedder that can be used.

    Raises:
        ModelError: there is no such embedder, or it is not installed or damaged.
    """
    manifest = artifacts.find(name, KIND, config)
    if artifacts.installed(config.models, KIND, name) is None:
        raise WeightsMissing(
            f"{manifest.called} is not installed. Run: facecam models install {name}"
        )
    return manifest
