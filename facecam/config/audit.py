"""The numbers of the audit: which pictures and pairs of people it points out."""

from __future__ import annotations

from dataclasses import dataclass

from facecam.errors import ConfigError


@dataclass(frozen=True)
class AuditConfig:
    """What the audit of the gallery takes for a mistake.

    Measured on LFW-a: 24 people with 3, 5 or 10 pictures, one picture of ten of them
    exchanged, and 308 people enrolled under two names.
    """

    strangers: int = 1000
    """Synthetic strangers a resemblance is compared with."""
    outlier: float = 70.0
    """A picture is probably somebody else's if one stranger in so many, or more of
    them, resembles its person as much. Finds 99 % of the exchanged pictures and
    points at 0.5 to 1 % of the right ones."""
    close: float = 20.0
    """A picture is confusing if it resembles somebody else so nearly as its own
    person: so many times more strangers do the one than the other."""
    twice: float = 0.55
    """Least mean cosine between the pictures of two people that may be one."""
    twice_gap: float = 0.1
    """How much less alike than the pictures of each alone they may be. 7 of 82,215
    pairs of different people with two pictures each come as near, and no pair of
    halves of the same person is farther apart."""
    within: float = 0.8
    """Mean cosine between two pictures of one person, where there is only one: the
    median of LFW-a is 0.79. People enrolled twice from one picture each are found in
    78 of 100 cases, and 15 of 663,000 other pairs are taken for one."""
    alike: float = 0.65
    """Cosine between the mean faces of two people from which they are look-alikes:
    about 1 pair in 5,000."""
    least_pictures: int = 3
    """People with fewer pictures are recognised less surely."""
    least_captures: int = 2
    """Pictures of one sitting alone do not show how a face changes."""
    poor: float = 0.3
    """Pictures of a lower quality, 0…1, teach little. On LFW-a: 0.4 % of the pictures
    as they are, 43 % of those blurred by 4 pixels, all that are eight times darker."""
    listed: int = 1000
    """At most so many findings of one kind are told."""

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing.

        Raises:
            ConfigError: a number is out of its range.
        """
        shares = (self.twice, self.twice_gap, self.within, self.alike, self.poor)
        if not all(0 <= share <= 1 for share in shares):
            raise ConfigError("Cosines and quality of [audit] lie between 0 and 1.")
        if self.strangers < 100 or self.listed < 1:
            raise ConfigError("[audit] needs 100 strangers and 1 finding at least.")
        if min(self.outlier, self.close, self.least_pictures, self.least_captures) < 1:
            raise ConfigError("The limits of [audit] are 1 at least.")
