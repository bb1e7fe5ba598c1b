"""A finished run, made from the detector that is installed instead of by training."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from facecam.config import RetrainingConfig, override
from facecam.config.presets import with_preset
from facecam.config.retraining import TrialConfig
from facecam.training.detector.evaluation import comparison, evaluating
from facecam.training.detector.evaluation.comparison import (
    Comparison,
    Outcome,
    Unit,
    Verdict,
)

FITS = {"pnet": "03-pnet-fit", "rnet": "06-rnet-fit", "onet": "09-onet-fit"}
EVALUATION = "11-evaluate"
SETTINGS = {"thresholds": [0.5, 0.6, 0.65], "lean": 0.01}
BETTER = Verdict(
    "Recall of all faces", Unit.SHARE, 0.93, 0.88, Outcome.BETTER, gates=True
)
WORSE = Verdict("Landmark error", Unit.EYE_DISTANCES, 0.09, 0.05, Outcome.WORSE, True)
PASSES = Comparison((BETTER,), True, ())
FAILS = Comparison((BETTER, WORSE), False, (str(WORSE),))


def finished_run(run: Path, installed: Path, compared: Comparison = PASSES) -> Path:
    """Write a run whose nets are the installed ones with other scores.

    Args:
        run: its directory.
        installed: folder of the detector it starts from and was compared with.
        compared: how that went.
    """
    step(run / "01-index", {})
    asked = {"data": [str(run.parent / "my faces")], "start": "deployed"}
    record: dict[str, Any] = {"kind": "detector", "request": asked}
    numbers = override(with_preset(RetrainingConfig(), "fine-tune"), {"seed": 7})
    record["config"] = asdict(numbers)
    (run / "run.json").write_text(json.dumps(record))
    with np.load(installed / "weights.npz") as weights:
        for net, name in FITS.items():
            arrays = {
                key.removeprefix(f"{net}_"): weights[key]
                for key in weights.files
                if key.startswith(f"{net}_")
            }
            arrays["score_bias"] = arrays["score_bias"] + np.float32(0.25)
            step(run / name, {})
            np.savez(run / name / "weights.npz", **arrays)
            net_file = (installed / f"{net}.tflite").read_bytes()
            (run / name / "net.tflite").write_bytes(net_file)
    request = evaluating.request(installed, TrialConfig())
    step(run / EVALUATION, {"deployed": str(installed), "content": request.content})
    comparison.write(compared, run / EVALUATION / "comparison.json")
    (run / EVALUATION / "settings.json").write_text(json.dumps(SETTINGS))
    return run


def step(folder: Path, config: dict) -> None:
    """Write the directory of a complete step."""
    folder.mkdir(parents=True)
    manifest = {"step": folder.name, "fingerprint": "0" * 16, "config": config}
    manifest |= {"metrics": {}, "started": time.time(), "seconds": 0.0}
    (folder / "manifest.json").write_text(json.dumps(manifest))
