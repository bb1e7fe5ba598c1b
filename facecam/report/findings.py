"""The nouns of the audit: what is wrong, with whom, and what cures it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from enum import StrEnum

from facecam.faces import Identity


class Kind(StrEnum):
    """What is wrong, the gravest first."""

    STRAY = "stray"
    """Pictures probably of somebody else."""
    TWICE = "twice"
    """Two people who are probably one."""
    MISTAKEN = "mistaken"
    """A picture that is given somebody else's name."""
    ALIKE = "alike"
    """Two people who look alike, as twins do."""
    CONFUSING = "confusing"
    """A picture that resembles somebody else nearly as much."""
    POOR = "poor"
    """Pictures too blurred, dark, small or turned away."""
    FEW = "few"
    """Somebody with too few pictures, or of one sitting only."""


class Remedy(StrEnum):
    """What cures it with one click."""

    MOVE = "move"
    REMOVE = "remove"
    MERGE = "merge"
    ADD = "add"
    CHOOSE = "choose"
    """Somebody has to look: which of the pictures is wrong cannot be told."""


@dataclass(frozen=True)
class Finding:
    """One thing that is probably wrong."""

    kind: Kind
    people: tuple[Identity, ...]
    """Whose pictures it is about; then whom they resemble, if anybody enrolled."""
    files: tuple[str, ...]
    """Pictures of the first person; none where all of them are meant."""
    number: float
    """Strangers, pictures or quality; the sentence says which."""
    text: str
    advice: str
    remedy: Remedy
    key: str = field(default="", compare=False)
    """Remembers that somebody said it is right as it is; nobody can be told from it."""


@dataclass(frozen=True)
class Audit:
    """What was found among so many people and pictures, the gravest first."""

    findings: tuple[Finding, ...]
    people: int
    pictures: int
    accepted: int
    """Findings left out because somebody said they are right as they are."""

    def of(self, kind: Kind) -> tuple[Finding, ...]:
        """Return the findings of one kind."""
        return tuple(finding for finding in self.findings if finding.kind is kind)


def keyed(finding: Finding) -> Finding:
    """Give a finding its key: the same for the same people and pictures.

    A person who was said not to be another is neither enrolled twice nor too alike.
    """
    pair = finding.kind in (Kind.TWICE, Kind.ALIKE)
    what = "pair" if pair else finding.kind.value
    people = sorted(person.id for person in finding.people)
    if finding.kind is Kind.FEW:
        people.append(str(round(finding.number)))  # asked again after a change
    parts = "\n".join([what, *people, *sorted(finding.files)])
    key = hashlib.sha256(parts.encode()).hexdigest()[:32]
    return replace(finding, key=key)
