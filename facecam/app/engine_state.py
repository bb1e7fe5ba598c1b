"""What the engine answers: how far loading has come, who was given pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from facecam.gallery import Person


@dataclass(frozen=True)
class EngineState:
    """How far loading has come."""

    loaded: bool = False
    runtime: str = ""
    can_name: bool = False
    """Whether an embedder is installed: without it faces are found but not named."""
    problem: str = ""
    """Why nothing can be recognised, for the user."""
    locked: bool = False
    """Whether the people are protected and their passphrase has not been given."""


@dataclass(frozen=True)
class Enrolled:
    """Somebody was given pictures."""

    person: Person
    added: int
    new: bool
