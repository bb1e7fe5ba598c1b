"""What is known of the embedder of a run: its manifest and its card."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from facecam import artifacts
from facecam.config import Config, EmbedderConfig, EmbeddingTrainingConfig
from facecam.training.embedder import asking, evaluating, index
from facecam.training.embedder.asking import Asked
from facecam.training.embedder.recipe import EVALUATE, INDEX, SIZES

FILES = ("int8.tflite", "float32.tflite")
LICENCE = "your own"
FIGURES = {
    "lfw": ("pairs told apart", "{:.2%}"),
    "lfw_val": ("of one person's pairs found, at 1 in 1,000 of others", "{:.1%}"),
    "auc": ("area under the ROC curve on people held out", "{:.4f}"),
    "eer": ("equal error rate on people held out", "{:.2%}"),
    "cosine": ("cosine to the teacher on pictures held out", "{:.3f}"),
    "agreement": ("correlation with the teacher's cosines between faces", "{:.3f}"),
}
"""What a card says of the last step's measurements."""


@dataclass(frozen=True)
class Trained:
    """What a run was asked for, and what came of it."""

    run: Path
    asked: Asked
    training: EmbeddingTrainingConfig

    @staticmethod
    def read(run: Path) -> Trained:
        """Read a run; raises what `asking.remembered` does."""
        return Trained(run, *asking.remembered(run))

    @property
    def size(self) -> int:
        """Side of the net's input, pixels."""
        return SIZES[self.training.network]

    @property
    def command(self) -> str:
        """What to type for such a run."""
        return shlex.join(asking.command(self.asked, self.training))


def manifest(
    trained: Trained, weights: Path, dimensions: int, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the manifest of an embedder.

    Args:
        trained: the run.
        weights: its canonical arrays.
        dimensions: of its embeddings.
        settings: what belongs to it; see config.belonging.
    """
    checksum = artifacts.sha256(weights)
    return {
        "title": trained.run.name,
        "network": trained.training.network,
        "purpose": f"Turns a face into {dimensions} numbers. {_taught(trained)}",
        "url": "",
        "sha256": checksum,
        "size": weights.stat().st_size,
        "published": {artifacts.WEIGHTS: checksum},
        "licence": LICENCE,
        "training_set": ", ".join(path.name for path in trained.asked.data),
        "command": trained.command,
        "settings": {section: dict(some) for section, some in settings.items()},
        "input": {
            "colour": "RGB",
            "size": trained.size,
            "dtype": "uint8",
            "standardisation": "(x - 127.5) / 128, inside the network",
        },
        "output": {"embedding": f"(n, {dimensions}), unit length"},
        "files": list(FILES),
    }


def belonging(config: Config, trained: Trained) -> dict[str, dict[str, float]]:
    """Return the numbers that belong to a run's embedder, by section.

    Cosines and distances are carried over from the embedder it was compared with; the
    crop is the one it was trained on.
    """
    from facecam.training.embedder.belonging import settings_of_run

    settings = dict(settings_of_run(config, trained.run))
    margin = trained.training.people.margin
    if margin != EmbedderConfig().margin:
        settings["embedder"] = {**settings.get("embedder", {}), "margin": margin}
    return settings


def card(name: str, trained: Trained, strangers: int, note: str = "") -> str:
    """Return what a person should know of an embedder, as Markdown.

    Args:
        name: its name.
        trained: the run.
        strangers: faces its cohort was made from.
        note: what speaks against it.
    """
    found = index.read_index(trained.run / INDEX)
    people = len(found.people())
    of_people = f" of {people:,} people" if trained.asked.loss != "distil" else ""
    lines = [
        f"# {trained.run.name}",
        "",
        f"An embedder trained here, put among the others as `{name}` on "
        f"{date.today().isoformat()}.",
        "",
        f"**Method.** {_taught(trained)} Network: {trained.training.network}.",
        "",
        f"**Pictures.** {len(found.learned):,}{of_people} learned from, "
        f"{len(found.held_out):,} held out. Folders: "
        f"{', '.join(map(str, trained.asked.data))}.",
        "",
        f"**Command.** `{trained.command}`",
        "",
        "**Measured.**",
        *_measured(trained.run),
        "",
        f"**cohort.npz** is how strangers look to it, from {strangers:,} faces of the "
        "same folders: means and a covariance. **probe.npy**: its answers to two drawn "
        "pictures.",
        *(["", f"**Note.** {note}"] if note else []),
        "",
        "**Limits.** It knows what its pictures show. Compare it on your own people "
        "before you rely on it: `facecam evaluate embedders`.",
        "",
    ]
    return "\n".join(lines)


def _taught(trained: Trained) -> str:
    asked = trained.asked
    if asked.loss == "distil":
        return f"Distilled here from {asked.teacher}."
    start = "from scratch" if asked.start == asking.SCRATCH else "fine-tuned"
    return f"Trained here with {asked.loss}, {start}."


def _measured(run: Path) -> list[str]:
    try:
        path = run / EVALUATE / evaluating.EVALUATION
        told = json.loads(path.read_text("utf-8"))
        own, other = told["int8"], told.get("other", {})
        lines = []
        for name, (words, form) in FIGURES.items():
            if name in own:
                beside = f" ({other['name']}: {form})" if name in other else ""
                beside = beside.format(other.get(name, 0))
                lines.append(f"- {form.format(own[name])} {words}{beside}")
    except (OSError, ValueError, KeyError, TypeError):
        return ["- nothing"]
    return lines or ["- nothing"]
