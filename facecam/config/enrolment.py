"""The numbers of enrolment: what the coach asks for, when its shutter falls."""

from __future__ import annotations

from dataclasses import dataclass

from facecam.errors import ConfigError


@dataclass(frozen=True)
class EnrolmentConfig:
    """Coached capture and imported pictures."""

    pictures: int = 8
    """About so many pictures are taken of a person; the wanted views come first."""
    nearest_side: float = 0.8
    """Side of a face too close to the camera, over the frame's shorter side."""
    smallest_side: float = 64.0
    """Side of the smallest face to take, pixels: below, more pixels would help."""
    nearer: float = 1.25
    """The nearer view shows the face so many times as large as the front view."""
    other_face: float = 0.4
    """A second face so many times as large as the first is in the way."""
    darkest: float = 35.0
    """Mean grey level of a face below which light is asked for. Dark skin in fair light
    has 42 and more (204 pictures of 20 people); a dim room has less."""
    brightest: float = 215.0
    """Mean grey level of a face above which less light is asked for."""
    flattest: float = 10.0
    """Standard deviation of the grey levels below which the light is too flat."""
    sharpness: float = 0.3
    """Least sharpness of a picture taken, 0…1; see QualityConfig."""
    slack: float = 0.08
    """What is complained of counts as cured once it is better than its limit by this
    share, so that the advice does not flicker."""
    straight: float = 12.0
    """A face turned or raised no further than this looks straight ahead, degrees."""
    level: float = 20.0
    """Before there is a front view to compare with, a face raised or lowered no further
    than this counts as level, degrees: cameras stand below or above the eyes. A studio
    portrait looking straight ahead measures 14."""
    turned: tuple[float, float] = (15.0, 45.0)
    """How far a face turned to a side is turned, degrees from the front view."""
    raised: tuple[float, float] = (9.0, 35.0)
    """How far a face looking up or down is tilted, degrees from the front view."""
    still_seconds: float = 0.25
    """A face that has been still for so long may be taken, seconds."""
    still: float = 0.05
    """Still: landmarks stay within this share of the face's side."""
    burst_seconds: float = 0.4
    """Of the frames so long after the first good one the best is kept, seconds."""
    pause: float = 0.6
    """Seconds between two pictures."""
    pause_after_undo: float = 2.0
    """Seconds without automatic pictures after the last one was undone."""
    patience: float = 8.0
    """Seconds a view is asked for before the coach goes on without it."""
    glasses_patience: float = 20.0
    """Seconds to put glasses on or take them off before the coach goes on."""
    nothing_new: float = 3.0
    """Once no view is wanted any more, so many seconds without a new look end it."""
    novelty: float = 0.05
    """A picture is new when its cosine with every earlier one is below 1 minus this."""
    least_novelty: float = 0.02
    """A wanted view that differs less from the earlier pictures is not kept: it is as
    good as there."""
    same_person: float = 0.5
    """Cosine with one of the pictures taken from which a face is the same person's. Of
    20 people of YouTube Faces 0.1 to 1 % of a person's own looks lie below with four to
    six pictures, 99 % of others'."""
    other_person: float = 0.35
    """Cosine with all pictures taken below which a face is somebody else's: 1.5 % of
    own looks with one picture and none with six, 97 and 93 % of others'."""
    look_interval: float = 0.5
    """Seconds between two looks at who is in front of the camera."""
    say_after: float = 0.3
    """A thing to say must be true for so long before it replaces another, seconds."""
    say_for: float = 1.0
    """What is said stays at least so long, seconds."""
    smallest_import: float = 32.0
    """Side of the smallest face taken from a file, pixels. Smears of 22 by 28 pixels
    make strangers match (Frigate, discussion 23450)."""
    import_sharpness: float = 0.15
    """Least sharpness of a picture from a file, 0…1; see QualityConfig."""
    belongs: float = 0.42
    """Cosine of a picture with the mean of a person's others below which it shows
    somebody else. On LFW-a 0.3 % of people's own pictures lie below, 97 % of
    others'."""
    belongs_to_few: float = 0.25
    """The same limit where somebody has one or two pictures so far, whose mean says
    less: 1 % of people's own pairs of LFW-a lie below, 93 % of others'."""
    import_pixels: float = 64e6
    """So many pixels of one person's pictures are held in memory at most."""

    def __post_init__(self) -> None:
        if self.pictures < 1:
            raise ConfigError("enrolment.pictures must be at least 1.")
        for name in ("nearest_side", "other_face", "sharpness", "still"):
            if not 0 < getattr(self, name) <= 1:
                raise ConfigError(f"enrolment.{name} must lie between 0 and 1.")
        if not -1 < self.other_person <= self.same_person < 1:
            raise ConfigError(
                "enrolment.other_person must not be more than enrolment.same_person, "
                "both cosines below 1."
            )
        if not 0 < self.darkest < self.brightest < 255:
            raise ConfigError(
                "enrolment.darkest and enrolment.brightest must be grey levels, the "
                "first smaller than the second."
            )
        if min(*self.turned, *self.raised, self.straight, self.level) <= 0:
            raise ConfigError("enrolment's angles must be more than 0 degrees.")
        if self.turned[0] >= self.turned[1] or self.raised[0] >= self.raised[1]:
            raise ConfigError("enrolment.turned and .raised are (least, most) degrees.")
