"""A tiny recipe that a test kills at random moments: `python -m … dying ROOT`.

Each step adds numbers one by one, keeps a checkpoint every few, and resumes from it;
what it publishes depends on every number having been added exactly once.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from facecam import files
from facecam.training.step import Progress, Step, run_recipe

PAUSE = 0.0005
"""Seconds one number takes, so that a kill can hit between any two."""


@dataclass(frozen=True)
class Count:
    amount: int
    every: int = 7


def count(config, inputs, out, report):
    """Add 1 … amount to what the inputs hold, from the last checkpoint on."""
    kept = out / "checkpoint.json"
    done, total = json.loads(kept.read_text()) if kept.exists() else (0, 0)
    for number in range(done + 1, config.amount + 1):
        total += number
        time.sleep(PAUSE)
        report(Progress("count", number, config.amount, {"total": total}))
        if number % config.every == 0:
            files.write(kept, json.dumps([number, total]).encode())
    for path in inputs.values():
        total += json.loads((path / "total.json").read_text())
    (out / "total.json").write_text(json.dumps(total))
    return {"total": total}


RECIPE = (
    Step("01-first", count, Count(60)),
    Step("02-second", count, Count(80), needs=("01-first",)),
    Step("03-third", count, Count(40), needs=("01-first", "02-second")),
)
TOTAL = 2 * 60 * 61 // 2 + 80 * 81 // 2 + 40 * 41 // 2
"""What the last step publishes: the first one's sum counts twice."""

if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201
    run_recipe(RECIPE, Path(sys.argv[1]), lambda progress: None)
