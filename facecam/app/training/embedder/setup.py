"""The guided start of a run that trains an embedder."""

from __future__ import annotations

from pathlib import Path

from facecam.app.training.embedder.asks import ASKS, COMPACT, NETWORK, USUAL
from facecam.app.training.embedder.choices import EmbedderChoices
from facecam.app.training.setup.kinds import SetupKind
from facecam.app.training.setup.numbers import EMBEDDER_GROUPS
from facecam.app.training.setup.page import SetupPage
from facecam.app.training.setup.plan import FULL, TRIAL
from facecam.app.training.setup.saying import PresetWords
from facecam.config.embedding_presets import with_embedding_preset

PRESETS = (
    PresetWords(
        TRIAL,
        "Quick trial",
        "Goes through every step, twice over all pictures, to see that everything "
        "works. It is not meant to be put to use.",
        "Some minutes, under 1 GB",
    ),
    PresetWords(
        FULL,
        "Full training",
        "Goes through all pictures again and again, each time altered anew, until the "
        "net has learned what they can teach.",
        "Hours to a night, some GB",
    ),
)
KIND = SetupKind(
    ASKS,
    PRESETS,
    "training/embedder",
    "Drop folders of faces here, or choose them: a folder for each person, or faces of "
    "anybody without names. They stay where they are. Whole photos have their faces "
    "cut out first, by facecam align.",
    "Some pictures are opened and altered as the net will see them, and this computer "
    "is measured. A few seconds, usually.",
    "Does each square show one face, whole and upright? They are altered on purpose; "
    "what is drawn here is what the net will see.",
    EMBEDDER_GROUPS,
    lambda config: config.embedding_training,
    with_embedding_preset,
    EmbedderChoices,
    USUAL,
)


class EmbedderSetup(SetupPage):
    """A guided start of a run that trains an embedder."""

    kind = KIND

    def begin(self, hard: tuple[Path, ...] = (), origin: str = "") -> None:
        """Set up another run; one that goes on from a run trains the same network."""
        run = self._runs.state(origin) if origin else None
        if run is not None:
            self._choose(NETWORK, str(run.config.get(NETWORK, COMPACT)))
        super().begin(hard, origin)
