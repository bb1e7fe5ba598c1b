"""How the guided start differs by what is trained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from facecam.app.training.setup import saying
from facecam.app.training.setup.numbers import GROUPS
from facecam.app.training.setup.plan import DETECTOR as ASKS
from facecam.app.training.setup.plan import Asks, Plan
from facecam.app.training.setup.saying import PRESET_WORDS, PresetWords
from facecam.config import Config
from facecam.config.presets import with_preset

if TYPE_CHECKING:
    from facecam.app.training.following import Runs


class Choices(QWidget):
    """What is chosen beside folders, preset and numbers."""

    chosen = Signal(str, str)
    """An option of the command line, and its value."""

    def show_plan(self, plan: Plan) -> None:
        """Show what is chosen."""
        raise NotImplementedError


@dataclass(frozen=True)
class SetupKind:
    """What the guided start says and asks of one kind of training."""

    asks: Asks
    presets: tuple[PresetWords, ...]
    group: str
    """Name of the settings that remember its folders."""
    invitation: str
    """What may be dropped."""
    look: str
    """What the look at the data does."""
    sheets: str
    """What to look for in the sheets."""
    groups: Mapping[str, str]
    """What the parts of its numbers are called."""
    numbers: Callable[[Config], Any]
    """Its numbers as the configuration of the home has them."""
    with_preset: Callable[[Any, str], Any]
    make_choices: Callable[[Runs, QWidget], Choices] | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    """What is chosen at first, by option."""


DETECTOR = SetupKind(
    ASKS,
    PRESET_WORDS,
    "training",
    "Drop folders of pictures here, or choose them. They stay where they are and are "
    f"recognised by themselves: {saying.KNOWN}.",
    "Every picture is opened, labels are judged, and each net learns a handful of "
    "them. Half a minute, usually.",
    "Do the boxes sit on the faces, the points on eyes, nose and mouth? What is drawn "
    "here is what is taught.",
    GROUPS,
    lambda config: config.retraining,
    with_preset,
)
"""The guided start of a detector."""
