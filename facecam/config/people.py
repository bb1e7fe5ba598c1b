"""The numbers of the people: who is enrolled, when a name is given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class IdentifierConfig:
    """When a face gets a name."""

    strangers_per_wrong_name: float = 500.0
    """A name is given where about one stranger in so many would get one, too."""
    hysteresis: float = 10.0
    """A name once given stays until the evidence is so many times weaker."""
    cohort: int = 1500
    """Synthetic strangers each person's SVM is fitted against."""
    penalty: float = 0.1
    """C of the SVM. On LFW-a 0.03 to 0.1 beat 1 by 0.3 points of DIR at 1 %."""
    typical_stranger: float = -3.5
    """Mean SVM decision for strangers over its standard deviation: between -3.9 with
    one portrait and -3.4 with ten on LFW-a, ±0.2 over people."""
    real_spread: float = 1.2
    """Standard deviations of real strangers' scores over those of synthetic ones:
    1.17 to 1.20 for the rarest 1 % to 0.01 % of LFW-a."""


@dataclass(frozen=True)
class GalleryConfig:
    """The people folder and what is kept of a picture."""

    region: float = 2.5
    """Side of a portrait as a multiple of the face's box: room for other crops."""
    longest_side: int = 1024
    """Larger portraits are reduced to this, pixels."""
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
