"""Put the detector of a training run into models/, so that it ships with facecam.

    python scripts/ship_detector.py RUN NAME

It writes models/detector/NAME/weights.npz and manifest.json; CARD.md is for a person to
write. It ships as the detector in use once DetectorConfig.model has its name.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from facecam import artifacts, config
from facecam.errors import FacecamError
from facecam.training import runs
from facecam.training.detector import asking, deploying

MODELS = Path(__file__).resolve().parents[1] / "models"
LIKE = "mtcnn"
"""The published detector, which takes and gives the same."""
TRAINED_ON = "see CARD.md"


def main() -> None:
    """Write the weights and the manifest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run")
    parser.add_argument("name")
    args = parser.parse_args()
    run = runs.find(args.run, config.load().runs)
    folder = ship(run, MODELS / "detector" / args.name)
    print(f"{folder}: weights.npz and manifest.json; now write CARD.md")


def ship(run: Path, folder: Path) -> Path:
    """Write a run's detector and what is known of it into a folder of the catalogue."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / artifacts.WEIGHTS
    np.savez(weights, allow_pickle=False, **deploying.read_detector(run))
    text = json.dumps(_manifest(run, weights), indent=2, ensure_ascii=False)
    (folder / artifacts.MANIFEST).write_text(f"{text}\n", "utf-8")
    return folder


def _manifest(run: Path, weights: Path) -> dict[str, Any]:
    like = artifacts.find(LIKE, "detector")
    checksum = artifacts.sha256(weights)
    return {
        "purpose": like.purpose,
        "url": "",
        "sha256": checksum,
        "size": weights.stat().st_size,
        "published": {artifacts.WEIGHTS: checksum},
        "licence": like.licence,
        "training_set": TRAINED_ON,
        "command": _command(run),
        "settings": dict(deploying.read_settings(run)),
        "input": dict(like.input),
        "output": dict(like.output),
        "files": list(like.files),
    }


def _command(run: Path) -> str:
    """Return what to type for such a run; folders without where they lie here."""
    words = asking.command(*asking.remembered(run))
    return shlex.join(
        Path(word).name if Path(word).is_absolute() else word for word in words
    )


if __name__ == "__main__":
    try:
        main()
    except FacecamError as error:
        sys.exit(f"{error}")
