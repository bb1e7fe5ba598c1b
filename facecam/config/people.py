"""The numbers of the people: who is enrolled, when a name is given."""

from __future__ import annotations

from dataclasses import dataclass

from facecam.errors import ConfigError


@dataclass(frozen=True)
class IdentifierConfig:
    """When a face gets a name."""

    strangers_per_wrong_name: float = 500.0
    """A name is given where about one stranger in so many would get one, too."""
    hysteresis: float = 10.0
    """A name once given stays until the evidence is so many times weaker."""
    cohort: int = 3000
    """Synthetic strangers each person's SVM is fitted against."""
    penalty: float = 0.1
    """C of the SVM. On LFW-a 0.03 to 0.1 beat 1 by 0.3 points of DIR at 1 %."""
    never_weight: float = 30.0
    """What a view said not to be a person weighs in their SVM for each portrait of
    theirs; a stranger weighs 1."""
    never_portraits: int = 3
    """At most so many portraits count for that. On LFW-a a weight of 100 costs 1.9
    points of recognition with one portrait, 0.9 with two and 0.1 with five; with 30,
    1 in 6 other pictures of the stranger keep the name where there are two or more."""
    typical_stranger: float = -3.4
    """Mean SVM decision for strangers over its standard deviation: between -3.8 with
    one portrait and -3.3 with ten on LFW-a, ±0.2 over people."""
    real_spread: float = 1.1
    """Standard deviations of real strangers' scores over those of synthetic ones:
    1.08 to 1.10 for the rarest 1 % to 0.1 % of LFW-a."""


@dataclass(frozen=True)
class GalleryConfig:
    """The people folder and what is kept of a picture."""

    region: float = 2.5
    """Side of a portrait as a multiple of the face's box: room for other crops."""
    longest_side: int = 1024
    """Larger portraits are reduced to this, pixels."""
    mirror: bool = False
    """Embed each portrait and its mirror image, and take the average."""
    keep_originals: bool = True
    """Keep the whole picture a portrait was cut from, too."""
    original_side: int = 1600
    """Larger whole pictures are reduced to this, pixels: 0.3 MB each."""
    undo_steps: int = 50
    """So many changes can be undone."""
    undo_days: float = 7.0
    """Changes older than this cannot be undone, and what was removed is gone, days."""
    least_score: float = 0.95
    """Nobody is enrolled from a face the detector believes in less, 0…1. Of 160 LFW-a
    pictures the least sure face scored 0.958, false ones in scenes without any 0.82."""
    clearly: float = 2.0
    """How much more prominent (larger, more central) than every other face the one
    to enrol must be."""
    same_distance: float = 1.06
    """Two pictures nearer than this (Euclidean distance of unit vectors, 0…2) count
    as the same person's: the distance the seed projects quote. On LFW-a the best is
    1.06 to 1.10, depending on the fold."""

    def __post_init__(self) -> None:
        """Refuse numbers that no gallery can work with.

        Raises:
            ConfigError: one is out of its range.
        """
        checks = {
            "region: at least 1.5": self.region >= 1.5,
            "longest_side: at least 64": self.longest_side >= 64,
            "original_side: at least 64": self.original_side >= 64,
            "undo_steps: at least 0": self.undo_steps >= 0,
            "undo_days: at least 0": self.undo_days >= 0,
            "least_score: 0 to 1": 0 <= self.least_score <= 1,
            "clearly: at least 1": self.clearly >= 1,
            "same_distance: 0 to 2": 0 <= self.same_distance <= 2,
        }
        for rule, kept in checks.items():
            if not kept:
                raise ConfigError(f"A number of [gallery] is out of range. {rule}.")
