"""What lies in the folder of the last step, by name."""

from __future__ import annotations

from pathlib import Path

TRIAL, DEPLOYED, COMPARISON = "trial.json", "deployed.json", "comparison.json"
"""What the new detector can do, and the deployed one; what gets better and worse."""
REPORT = "report.html"
"""The same for people, with pictures."""


def of_run(root: Path) -> Path | None:
    """Return the folder of a run's evaluation, None before there is one."""
    return next((path for path in root.glob("*-evaluate") if path.is_dir()), None)
