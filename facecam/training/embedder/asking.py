"""From what somebody types to a recipe: data, loss, numbers, teacher, start.

A run keeps what it was asked for, so that it goes on without being asked again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from facecam import artifacts, pipeline
from facecam.config import Config, EmbeddingTrainingConfig, override
from facecam.config.embedding_presets import with_embedding_preset
from facecam.config.embedding_training import parse_rates
from facecam.errors import TrainingError
from facecam.training import running, runs
from facecam.training.embedder.evaluating import Other
from facecam.training.embedder.expecting import Meant
from facecam.training.embedder.fellows import check_cluster
from facecam.training.embedder.fitting import WEIGHTS
from facecam.training.embedder.recipe import (
    FIT,
    EmbedderRequest,
    PairsWanted,
    embedder_recipe,
    meaning,
)
from facecam.training.running import Recipe
from facecam.training.settings import nested

KIND = "embedder"
SCRATCH = "scratch"


@dataclass(frozen=True)
class Asked:
    """What somebody asks for."""

    data: tuple[Path, ...]
    """All folders are kept as absolute paths."""
    loss: str
    pairs: Path | None = None
    """LFW, to verify now and then."""
    teacher: str = ""
    """An installed embedder: distilled, or compared with; "" for the one in use."""
    start: str = SCRATCH
    """"scratch", a run, an installed embedder, or a file of weights in any published
    layout."""
    cluster: tuple[str, ...] = ()
    """HOST:PORT of one worker on each of several machines, by rank."""
    rank: int = 0
    """Which of them this one is."""

    def __post_init__(self) -> None:
        folders = tuple(path.expanduser().resolve() for path in self.data)
        object.__setattr__(self, "data", folders)
        if self.pairs is not None:
            object.__setattr__(self, "pairs", self.pairs.expanduser().resolve())
        object.__setattr__(self, "cluster", tuple(self.cluster))
        check_cluster(self.cluster, self.rank)


def numbers(
    config: EmbeddingTrainingConfig,
    settings: Sequence[str] = (),
    schedule: Path | None = None,
    preset: str = "",
) -> EmbeddingTrainingConfig:
    """Return the numbers of a run: configured ones, a preset, a schedule, single ones.

    Args:
        config: what facecam.toml says.
        settings: such as "fit.epochs=10"; the value as in TOML.
        schedule: a file of lines such as "60: 0.005"; if it says where it ends, the
            fit ends there.
        preset: see `facecam.config.embedding_presets`; "" for none.

    Raises:
        ConfigError: a name is unknown or a value out of range.
        TrainingError: the file cannot be read.
    """
    if preset:
        config = with_embedding_preset(config, preset)
    if schedule is not None:
        try:
            rates = parse_rates(schedule.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise TrainingError(
                f"{schedule} cannot be read: {error}. Check the name."
            ) from error
        if not rates:
            raise TrainingError(
                f"{schedule} holds no rate. Write epochs that rise, each with its "
                "rate, a line each: 0: 0.05"
            )
        text = ", ".join(f"{epoch}: {rate:g}" for epoch, rate in rates)
        config = override(config, {"fit": {"rates": text}})
        last, rate = rates[-1]
        if rate <= 0:
            config = override(config, {"fit": {"epochs": last}})
    for setting in settings:
        config = override(config, nested(setting, "fit.epochs=10"))
    return config


def recipe(
    asked: Asked, training: EmbeddingTrainingConfig, root: Path, config: Config
) -> Recipe:
    """Return the recipe that somebody asks for.

    Args:
        asked: data, loss, and what to start from.
        training: every number.
        root: directory of the run.
        config: says where models and runs live.

    Raises:
        DatasetError: a folder is not there or holds no picture.
        TrainingError: there is no teacher, or nothing to start from.
    """
    running.check(KIND, root)
    if asked.cluster and training.fitters > 1:
        raise TrainingError(
            "Give --workers or --cluster, not both: a cluster has one worker at each "
            "address."
        )
    asked = replace(asked, teacher=asked.teacher or artifacts.running(config))
    start = _start(asked.start, root, config)
    _require_network(asked.start, training.network, config)
    if start is not None:
        asked = replace(asked, start=str(start))  # known from everywhere
    request = _request(asked, start, training, config)
    steps = tuple(embedder_recipe(request, training))
    typed = command(asked, training)
    return Recipe(KIND, steps, _texts(asked), asdict(training), typed)


def meant(asked: Asked, training: EmbeddingTrainingConfig, config: Config) -> Meant:
    """Return the run somebody asks for, to be looked at before it is begun.

    Raises:
        DatasetError: a folder is not there or holds no picture.
    """
    asked = replace(asked, teacher=asked.teacher or artifacts.running(config))
    return meaning(_request(asked, None, training, config), training)


def command(asked: Asked, training: EmbeddingTrainingConfig) -> tuple[str, ...]:
    """Return what to type for all that a run was asked for, in one command."""
    usual = asdict(EmbeddingTrainingConfig())
    changes = runs.changed_numbers(usual, asdict(training))
    settings = [f"{name}={json.dumps(new)}" for name, (_, new) in changes.items()]
    words = ["facecam", "train", KIND, "--data", *map(str, asked.data)]
    words += ["--loss", asked.loss, "--from", asked.start, "--teacher", asked.teacher]
    if asked.pairs is not None:
        words += ["--pairs", str(asked.pairs)]
    if asked.cluster:
        words += ["--cluster", ",".join(asked.cluster), "--rank", str(asked.rank)]
    return (*words, "--set", *settings) if settings else tuple(words)


def remembered(root: Path) -> tuple[Asked, EmbeddingTrainingConfig]:
    """Return what a run was asked for.

    Raises:
        TrainingError: there is no run in this directory, it is of another kind, or its
            record is damaged.
        ConfigError: its numbers are those of another version of facecam.
    """
    running.check(KIND, root)
    record = runs.read_record(root)
    try:
        request = dict(record["request"])
        data = tuple(map(Path, request.pop("data")))
        pairs = request.pop("pairs")
        asked = Asked(data, pairs=Path(pairs) if pairs else None, **request)
        return asked, override(EmbeddingTrainingConfig(), record["config"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise runs.damaged(root, repr(error)) from error


def _request(
    asked: Asked, start: Path | None, training: EmbeddingTrainingConfig, config: Config
) -> EmbedderRequest:
    return EmbedderRequest(
        data=asked.data,
        loss=asked.loss,
        start=start,
        other=_other(asked.teacher, training, config),
        pairs=_pairs(asked, config),
        cluster=asked.cluster,
        rank=asked.rank,
    )


def _start(start: str, root: Path, config: Config) -> Path | None:
    """Return the file of weights a run starts from, None for scratch."""
    if start == SCRATCH:
        return None
    file = Path(start).expanduser()
    if file.is_file() or any(file.glob("*.npy")):
        return file.resolve()
    installed = artifacts.installed(config.models, KIND, start)
    if installed is not None and not (config.runs / start).exists():
        return installed.file(artifacts.WEIGHTS)
    found = runs.find(start, config.runs)
    if found == root.resolve():
        raise TrainingError(
            f"{root} cannot start from itself. Give the new run a directory of its own "
            "with --run."
        )
    weights = found / FIT / WEIGHTS
    if not weights.is_file():
        raise TrainingError(
            f"{found} holds no trained embedder. Finish that run, or use "
            "--from scratch."
        )
    return weights


def _require_network(start: str, wanted: str, config: Config) -> None:
    """Refuse a start known to be another network, before anything is made for it.

    Raises:
        TrainingError: it is.
    """
    if start == SCRATCH or Path(start).expanduser().is_file():
        return  # the fit says what is wrong with a file
    named = {one.name: one.network for one in artifacts.embedders(config)}
    places = Path(start).expanduser(), config.runs / start
    run = next((place for place in places if place.is_dir()), None)
    network = named.get(start, "")
    if run is not None and (run / runs.RECORD).is_file():
        network = dict(runs.read_record(run).get("config", {})).get("network", "")
    if network and network != wanted:
        raise TrainingError(
            f"{start} is a net of another kind: {network}, not {wanted}. Give --set "
            f"network={network}, or another start."
        )


def _other(
    name: str, training: EmbeddingTrainingConfig, config: Config
) -> Other | None:
    """Return an installed embedder, None if it is not there."""
    installed = artifacts.installed(config.models, KIND, name)
    if installed is None:
        return None
    manifest = artifacts.find(name, KIND, config)
    net = installed.file(f"{training.teacher.precision}.tflite")
    content = installed.fingerprint(training.teacher.precision)
    return Other(name, net, int(manifest.input["size"]), content)


def _pairs(asked: Asked, config: Config) -> PairsWanted | None:
    if asked.pairs is None:
        return None
    return PairsWanted(
        asked.pairs,
        config.detector.model,
        partial(pipeline.build_detector, config),
        config.embedder.offset,
    )


def _texts(asked: Asked) -> dict[str, Any]:
    """Return what was asked for as JSON has it."""
    return {
        **vars(asked),
        "data": [str(path) for path in asked.data],
        "pairs": str(asked.pairs) if asked.pairs else None,
    }
