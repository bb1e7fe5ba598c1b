"""From what somebody types to a recipe: data, numbers, and what to start from.

A run keeps what it was asked for, so that it goes on without being asked again, and a
copy of the detector it started from, so that deploying another in between changes
nothing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from facecam import artifacts
from facecam.config import Config, RetrainingConfig, override
from facecam.config.presets import with_preset
from facecam.errors import TrainingError
from facecam.training import disk, running, runs
from facecam.training.running import Recipe
from facecam.training.settings import nested

KIND = "detector"
SCRATCH, DEPLOYED = "scratch", "deployed"


@dataclass(frozen=True)
class Asked:
    """What somebody asks for."""

    data: tuple[Path, ...]
    """Folders of labelled pictures. All folders are kept as absolute paths."""
    replay: tuple[Path, ...] = ()
    """Folders of pictures, labelled or not: what the detector to start from finds in
    them is taught again, so that it is not forgotten."""
    negatives: tuple[Path, ...] = ()
    """Folders of pictures without faces."""
    hard: tuple[Path, ...] = ()
    """Pools of hard examples."""
    start: str = SCRATCH
    """"scratch", "deployed", or a run: its directory or its name."""

    def __post_init__(self) -> None:
        for name in ("data", "replay", "negatives", "hard"):
            paths = tuple(path.expanduser().resolve() for path in getattr(self, name))
            object.__setattr__(self, name, paths)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder that is read."""
        return (*self.data, *self.replay, *self.negatives, *self.hard)


def numbers(
    config: RetrainingConfig, preset: str, settings: Sequence[str]
) -> RetrainingConfig:
    """Return the numbers of a run: the configured ones, a preset, single settings.

    Args:
        config: what facecam.toml says.
        preset: see `facecam.config.presets`; "" for none.
        settings: such as "pnet.fit.steps=2000"; the value as in TOML.

    Raises:
        ConfigError: a name is unknown or a value out of range.
    """
    if preset:
        config = with_preset(config, preset)
    for setting in settings:
        config = override(config, nested(setting, "pnet.fit.steps=2000"))
    return config


def usual_preset(start: str) -> str:
    """Return the preset of a run for which none is named."""
    return "full" if start == SCRATCH else "fine-tune"


def recipe(
    asked: Asked, retraining: RetrainingConfig, root: Path, config: Config
) -> Recipe:
    """Return the recipe that somebody asks for.

    Args:
        asked: data, and what to start from.
        retraining: every number.
        root: directory of the run; a copy of the deployed detector is put there.
        config: says where models and runs live.

    Raises:
        DatasetError: a folder is not there.
        TrainingError: there is nothing to start from.
    """
    from facecam.training.detector.recipe import DetectorRequest, detector_recipe

    running.check(KIND, root)
    model = artifacts.installed(config.models, KIND, config.detector.model)
    deployed = None if model is None else model.folder
    start = _start(asked.start, root, deployed, config)
    if asked.start not in (SCRATCH, DEPLOYED):
        asked = replace(asked, start=str(start))  # known from everywhere
    request = DetectorRequest(
        data=asked.data,
        negatives=asked.negatives,
        hard=asked.hard,
        replay=asked.replay,
        start=start,
        deployed=deployed,
    )
    steps = tuple(detector_recipe(request, retraining))
    typed = command(asked, retraining)
    numbers = asdict(retraining)
    return Recipe(KIND, steps, _texts(asked), numbers, typed, asked.folders)


def command(asked: Asked, retraining: RetrainingConfig) -> tuple[str, ...]:
    """Return what to type for all that a run was asked for, in one command."""
    preset = usual_preset(asked.start)
    usual = asdict(with_preset(RetrainingConfig(), preset))
    changes = runs.changed_numbers(usual, asdict(retraining))
    settings = [f"{name}={json.dumps(new)}" for name, (_, new) in changes.items()]
    words = ["facecam", "train", KIND]
    for name in ("data", "replay", "negatives", "hard"):
        if paths := getattr(asked, name):
            words += [f"--{name}", *map(str, paths)]
    words += ["--from", asked.start, "--preset", preset]
    return (*words, "--set", *settings) if settings else tuple(words)


def remembered(root: Path) -> tuple[Asked, RetrainingConfig]:
    """Return what a run was asked for.

    Raises:
        TrainingError: there is no run in this directory, or its record is damaged.
        ConfigError: its numbers are those of another version of facecam.
    """
    record = runs.read_record(root)
    try:
        request = dict(record["request"])
        start: str = request.pop("start")
        folders = {name: tuple(map(Path, paths)) for name, paths in request.items()}
        numbers = override(RetrainingConfig(), record["config"])
        return Asked(**folders, start=start), numbers
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise runs.damaged(root, repr(error)) from error


def _start(
    start: str, root: Path, deployed: Path | None, config: Config
) -> Path | None:
    """Return the folder a run starts from, None for scratch."""
    if start == SCRATCH:
        return None
    if start != DEPLOYED:
        found = runs.find(start, config.runs)
        if found == root.resolve():
            raise TrainingError(
                f"{root} cannot start from itself. Give the new run a directory of "
                "its own with --run."
            )
        return found
    if not (root / runs.START).exists():
        if deployed is None:
            raise TrainingError(
                "There is no detector in use to start from. Install one with "
                "`facecam models install detector`, or use --from scratch."
            )
        _copy(deployed, root / runs.START)
    return root / runs.START


def _copy(folder: Path, target: Path) -> None:
    """Copy a folder; whoever finds the copy finds all of it."""
    partial = target.with_name(f"{target.name}.partial")
    disk.remove(partial)
    shutil.copytree(folder, partial)
    disk.settle(partial)
    disk.move(partial, target)


def _texts(asked: Asked) -> dict[str, Any]:
    """Return what was asked for as JSON has it."""
    return {
        name: value if isinstance(value, str) else [str(path) for path in value]
        for name, value in vars(asked).items()
    }
