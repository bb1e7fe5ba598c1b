"""What would help somebody to be recognised more surely: a few words, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from facecam.config import AuditConfig, Config, EnrolmentConfig
from facecam.report.standings import Standing
from facecam.vision.pose import pose

if TYPE_CHECKING:
    from facecam.gallery import Person

ENOUGH = "nothing needed"
ANOTHER_DAY = "pictures of another day"
TWO_OTHER_DAY = "two more, of another day"
SIDE = "two more from the side"
FRONT = "two more from the front"
SHARPER = "two sharper ones, better lit"
OTHER_LIGHT = "two more, in other light"
ONE_MORE = "one more, to be sure"


def help_for(
    person: Person,
    standing: Standing | None,
    look_alike: str,
    config: Config,
) -> str:
    """Say which pictures of somebody would help most.

    Args:
        person: with their portraits.
        standing: how surely they are recognised; None if that is not known.
        look_alike: the name of whom they resemble most; empty without others.
        config: the setting in force; what counts as few, poor, from the side.
    """
    pictures = len(person.portraits)
    sittings = len({portrait.capture or portrait.file for portrait in person.portraits})
    if standing is not None:
        sittings = min(sittings, standing.sittings)
    if sittings < config.audit.least_captures:
        return TWO_OTHER_DAY if pictures < config.audit.least_pictures else ANOTHER_DAY
    if standing is None:
        return ""
    share = standing.share(config.identifier.strangers_per_wrong_name)
    if share == 1:
        return ONE_MORE if pictures < config.audit.least_pictures else ENOUGH
    if look_alike and 0.0 in standing.evidence:
        return f"two more, and two of {look_alike}"
    return (
        _missing_view(person, config.enrolment)
        or _poor(person, config.audit)
        or OTHER_LIGHT
    )


def _missing_view(person: Person, config: EnrolmentConfig) -> str:
    """Say from where nobody has looked yet; "" if that is not known, or nothing is."""
    faces = [p.face.landmarks[0] for p in person.portraits if p.face is not None]
    if len(faces) < len(person.portraits) or not faces:
        return ""
    yaw = np.abs(pose(np.stack(faces)).yaw)  # (n,)
    if np.isnan(yaw).any():
        return ""
    if (yaw < config.turned[0]).all():
        return SIDE
    return FRONT if (yaw > config.straight).all() else ""


def _poor(person: Person, config: AuditConfig) -> str:
    known = [p.quality for p in person.portraits if p.quality is not None]
    return SHARPER if known and min(known) < config.poor else ""
