"""A recipe on a disk that is too small: `python -m … filling DISK`, run by a test."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from facecam import files
from facecam.errors import TrainingError
from facecam.training.journal import keep_failure
from facecam.training.running import Recipe, carry_out, prepare
from facecam.training.runs import read_run
from facecam.training.step import Progress, Step

PART = 20_000
"""Bytes of each of the files a step writes."""


@dataclass(frozen=True)
class Parts:
    count: int = 10


def write(config, inputs, out, report):
    """Write the parts that are not there yet."""
    written = 0
    for number in range(config.count):
        path = out / f"{number}.bin"
        if not path.exists():
            files.write(path, bytes([number]) * PART)
            written += 1
        report(Progress("write", number + 1, config.count, {}))
    return {"written": written}


def main(disk):
    """Fill the disk, fail, make room, go on -> what happened."""
    recipe = Recipe("parts", (Step("01-parts", write, Parts()),))
    filler, told = disk / "films.bin", []
    prepare(recipe, disk / "later")
    filler.write_bytes(bytes(200_000))
    for name in ("run", "run", "later"):
        try:
            carry_out(recipe, disk / name, lambda state: None)
        except TrainingError as error:
            told.append(str(error))
            keep_failure(disk / name, str(error))
    states = [step.state for step in read_run(disk / "run").steps]
    errors = [read_run(disk / name).error for name in ("run", "later")]
    filler.unlink()
    run = carry_out(recipe, disk / "run", lambda state: None)
    whole = all(
        path.read_bytes() == bytes([int(path.stem)]) * PART
        for path in (disk / "run" / "01-parts").glob("*.bin")
    )
    metrics = run.steps[0].metrics
    return {
        "told": told,
        "states": states,
        "errors": errors,
        "metrics": metrics,
        "whole": whole,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
