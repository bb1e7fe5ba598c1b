"""The numbers of the report card: what is tried, and when something is promised."""

from __future__ import annotations

from dataclasses import dataclass

from facecam.errors import ConfigError


@dataclass(frozen=True)
class ReportConfig:
    """How the report card is made and how careful its promises are."""

    most_sittings: int = 400
    """Sittings at most that are left out and tried; in a larger gallery a fair choice
    of them, everybody once before anybody twice."""
    at_once: int = 20
    """People at most whose sittings are left out in one fit: how often a large gallery
    shows progress and can be cancelled."""
    same_moment: float = 0.95
    """Cosine of two pictures of somebody that count as one sitting. Copies of another
    size, brightness or compression have 0.96 and more, frames of a webcam a quarter of
    a second apart 0.965 (19 of 20); of the pairs of a person on LFW-a 0.6 % reach it.
    """
    strangers: int = 20_000
    """Strangers drawn for the curve of strangers, with a seed no SVM has seen."""
    person_shift: float = 0.2
    """How far real strangers score above or below what is assumed, from one person to
    the next: standard deviation in deviations of strangers. 0.15 to 0.25 over 42 people
    of LFW-a and YouTube Faces with 2 to 10 pictures."""
    shared_shift: float = 0.2
    """The same for everybody at once, for other strangers, cameras and numbers of
    pictures than those the identifier's numbers were found with. Between three sets of
    strangers and 2 to 10 pictures the means lie from -0.3 to 0.2."""
    usual_shift: float = -0.1
    """The middle of `shared_shift`: real strangers score a little lower."""
    thin_from: float = 3000.0
    """The rarest resemblance to one person, one stranger in so many, down to which
    real strangers are as frequent as assumed: 0.2 to 2.5 times from 10 to this."""
    thinning: float = 3.0
    """Beyond that there are fewer than assumed, since scores have an end: so many
    powers fewer at most, in a quarter of the draws none. Of LFW-a and YouTube Faces
    0.1 to 1.9 times as many at one in 10,000, 0.03 to 0.7 times at one in 30,000,
    none at 100,000."""
    checked: float = 1e6
    """How rare a resemblance the assumptions were compared with real strangers for,
    people times strangers. Nothing rarer is promised."""
    widest: float = 0.45
    """Nothing is promised about the share recognised if its interval is wider: five
    sittings that all succeed are just enough (0.57 to 1), four are not."""
    draws: int = 4000
    """Draws of the simulations behind the intervals."""
    look_alikes: int = 10
    """Pairs of look-alikes listed at most."""
    alike: float = 200.0
    """Two people look alike if at most one stranger in so many is as near."""

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense."""
        whole = (self.most_sittings, self.at_once, self.strangers, self.draws)
        if min(whole) < 1 or self.look_alikes < 0:
            raise ConfigError("The counts of [report] must be 1 or more.")
        if not 0 < self.same_moment <= 1:
            raise ConfigError("report.same_moment must be above 0 and at most 1.")
        if self.person_shift < 0 or self.shared_shift < 0:
            raise ConfigError(
                "report.person_shift and shared_shift cannot be negative."
            )
        if (
            not 0 < self.widest <= 1
            or min(self.checked, self.alike, self.thin_from) < 1
        ):
            raise ConfigError(
                "report.widest must be above 0 and at most 1; checked, alike and "
                "thin_from 1 or more."
            )
