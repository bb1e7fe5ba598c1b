"""Runs made up on the disk, in every state a run can be in."""

import json

from facecam.training.board import Curves
from facecam.training.step import partial_directory

NETS = ("pnet", "rnet", "onet")
STEPS = (
    "00-check",
    "01-index",
    *(
        f"{2 + 3 * n + k:02d}-{net}-{part}"
        for n, net in enumerate(NETS)
        for k, part in enumerate(("samples", "fit", "check"))
    ),
    "11-evaluate",
)
METRICS = {
    "00-check": {"warnings": 1, "left_out": 0, "faces": 5168},
    "01-index": {"pictures": 4493, "faces": 5356, "held_out_faces": 718},
    "samples": {"positive": 90094, "negative": 416365},
    "fit": {"steps": 8000, "best_steps": 7000, "worth": 0.8},
    "check": {"faces": 189, "recall": 0.979, "proposals": 262.1},
    "11-evaluate": {"recall_all": 0.937, "better": 12, "worse": 1},
}
TOOK = 60.0
"""Seconds that every finished step took."""


class MadeRun:
    """One run: steps are finished, begun, halted one after the other."""

    def __init__(self, folder, name="2026-11-22", **request):
        self.root = folder / name
        self.root.mkdir(parents=True)
        record = {
            "kind": "detector",
            "command": ["facecam", "train", "detector"],
            "request": {"data": ["/data/people"], "start": "deployed", **request},
            "config": {
                "gate": {"recall": [0.8, 0.7, 0.5]},
                **{net: {"fit": {"steps": 8000, "every": 1000}} for net in NETS},
            },
            "versions": {},
            "started": 1795340674.0,
            "steps": [{"name": name, "fingerprint": name} for name in STEPS],
        }
        (self.root / "run.json").write_text(json.dumps(record))
        self.tell({"begun": 1.0})

    def tell(self, entry):
        """Add a line to the journal."""
        with (self.root / "progress.jsonl").open("a") as file:
            file.write(json.dumps(entry) + "\n")

    def step(self, name, state="running", **more):
        """Say how a step stands."""
        number = STEPS.index(name) + 1
        self.tell({"name": name, "number": number, "count": 12, "state": state, **more})

    def finish(self, *names):
        """Publish steps."""
        for name in names:
            partial = partial_directory(self.root, name)
            if partial.exists():
                partial.rename(self.root / name)
            (self.root / name).mkdir(exist_ok=True)
            metrics = METRICS.get(name) or METRICS[name.rpartition("-")[2]]
            manifest = {"fingerprint": name, "metrics": metrics, "seconds": TOOK}
            (self.root / name / "manifest.json").write_text(json.dumps(manifest))

    def finish_before(self, name):
        """Publish all steps before one."""
        self.finish(*STEPS[: STEPS.index(name)])

    def expect(self, seconds):
        """Write what the check expected each net's samples and fit to take."""
        parts = [
            {"part": f"{net} {part}", "seconds": seconds}
            for net in NETS
            for part in ("samples", "fit")
        ]
        (self.root / "00-check").mkdir(exist_ok=True)
        told = {"estimates": {"parts": parts}}
        (self.root / "00-check" / "preflight.json").write_text(json.dumps(told))

    def measure(self, fit, *points):
        """Add what a fit has measured, each (step, values)."""
        out = partial_directory(self.root, fit)
        out.mkdir(exist_ok=True)
        with Curves(out) as curves:
            for step, values in points:
                curves.add(step, values)
        return out
