"""What the queue's worker starts in tests: `… train KIND --run ROOT --json`.

The kind of the run says what its only step does.
"""

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from facecam.errors import DatasetError
from facecam.training import queue, runs, working
from facecam.training.running import Recipe, carry_out
from facecam.training.step import Progress, Step

AGES = 60
"""Seconds that nobody waits."""


@dataclass(frozen=True)
class Nothing:
    """A step without numbers."""


def _told(root):
    """Leave what the environment says of cores and priority."""
    said = f"{os.environ['FACECAM_CORES']} {os.environ['FACECAM_HOME']}"
    nice = os.nice(0) if hasattr(os, "nice") else 0
    (root / "told.txt").write_text(f"{said} {nice}")


def _fail(root):
    raise DatasetError("There is no folder faces. Check the name.")


def _stop(root):
    runs.request_stop(root)
    time.sleep(AGES)


def _pause(root):
    queue.stop(root, pause=True)
    time.sleep(AGES)


def _end_worker(root):
    os.kill(os.getppid(), signal.SIGTERM)
    time.sleep(AGES)


def _die(root):
    os.kill(os.getpid(), signal.SIGKILL)


ACTS = {
    "tells": _told,
    "fails": _fail,
    "stops": _stop,
    "pauses": _pause,
    "ends-worker": _end_worker,
    "dies": _die,
}


def recipe(kind):
    """Return the recipe of a kind: one step that does what its name says."""

    def act(config, inputs, out, report):
        report(Progress("act", 1, 2, {}))
        ACTS[kind](out.parent)
        return {}

    return Recipe(kind, (Step("01-act", act, Nothing()),))


def main(kind, root):
    """Go on with a run -> exit code."""
    if kind == "broken":
        return "facecam: No module named keras"
    try:
        carry_out(recipe(kind), root, lambda state: None)
    except KeyboardInterrupt:
        return working.INTERRUPTED
    except DatasetError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[2], Path(sys.argv[4])))
