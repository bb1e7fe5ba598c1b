"""The embedder of a run put among the others: gate, check, numbers, strangers, publish.

    03-fit        weights.npz, int8.tflite, float32.tflite
    04-evaluate   evaluation.json: the gate
                  -> <home>/models/embedder/<name>/, see artifacts.own

To use it is another step: everybody is embedded with it first, see facecam.switching.
"""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facecam import artifacts, files
from facecam.artifacts import WEIGHTS, Manifest, Origin
from facecam.config import Config
from facecam.errors import ModelError, Refused, TrainingError, WeightsCorrupt
from facecam.faces import Floats
from facecam.installation import Report, probe, quiet
from facecam.nets.arrays import digest, read_net
from facecam.runtime import litert
from facecam.training import step
from facecam.training.embedder import describing, evaluating, strangers
from facecam.training.embedder.describing import FILES, Trained
from facecam.training.embedder.evaluating import embedding
from facecam.training.embedder.judging import judge
from facecam.training.embedder.measuring import AT_ONCE
from facecam.training.embedder.recipe import FIT

KIND = "embedder"
AGREEMENT = 0.98
"""Cosine between what the compiled nets say of a drawn picture, at least."""
COHORT, PROBE, CARD = "cohort.npz", "probe.npy", "CARD.md"


@dataclass(frozen=True, eq=False)
class _Made:
    """All that is to be published."""

    trained: Trained
    arrays: str
    """Their checksum."""
    probe: Floats  # (2, d)
    embeddings: Floats  # (n, d), of strangers
    settings: dict[str, dict[str, float]]
    note: str


def add(
    config: Config,
    run: Path,
    force: bool = False,
    report: Report = quiet,
    compared: bool = False,
) -> Manifest:
    """Put the embedder of a run among the others; use none other than before.

    Args:
        config: says where it will live, and which is in use.
        run: directory of the run.
        force: add it even if it is worse than the one in use.
        report: told about progress.
        compared: refuse one that was never compared with the one in use, too.

    Returns:
        What it is called and known by. One that is there already is not added again.

    Raises:
        Refused: the comparison speaks against it.
        TrainingError: the run is not done, or shows too few faces.
        ModelError: its weights are damaged, or the disk refuses.
    """
    trained = Trained.read(run)
    arrays = _arrays(run)
    there = _there(config, arrays)
    used = artifacts.running(config)
    if there is not None and (not compared or there.name == used):
        return there
    report("Looking at what was measured", 0.0)
    judged = judge(config, run, report)
    doubts = judged.reasons if compared else tuple(filter(None, [judged.worse]))
    if doubts and not force:
        raise Refused("embedder", run, doubts)
    if there is not None:
        return there
    made = _make(config, trained, arrays, " ".join(judged.reasons), report)
    report("Publishing", 0.97)
    name = _publish(config, made)
    report("Added", 1.0)
    return artifacts.find(name, KIND, config)


def added(config: Config, run: Path) -> Manifest | None:
    """Return the embedder of a run if it is among the others already.

    Raises:
        TrainingError: the run is not done.
        WeightsCorrupt: its weights are damaged.
    """
    return _there(config, _arrays(run))


def _arrays(run: Path) -> str:
    """Return the checksum of the weights a run has fitted."""
    if step.read_manifest(run / FIT) is None:
        raise TrainingError(
            f"{run} holds no trained embedder yet. Go on with it: "
            f"facecam train embedder --run {run}"
        )
    return digest(read_net(run / FIT / WEIGHTS))


def _there(config: Config, arrays: str) -> Manifest | None:
    for manifest in artifacts.embedders(config):
        try:
            found = artifacts.installed(config.models, KIND, manifest.name)
        except ModelError:
            continue
        if manifest.own and found is not None and found.arrays == arrays:
            return manifest
    return None


def _make(
    config: Config, trained: Trained, arrays: str, doubt: str, report: Report
) -> _Made:
    """Work out everything that belongs to the embedder; write nothing."""
    answers = _probed(trained)
    report("Looking at strangers", 0.1)
    net = litert.load(trained.run / FIT / FILES[0], evaluating.THREADS, (AT_ONCE,))
    people = trained.training.people
    embeddings = strangers.embed_strangers(
        trained.run,
        trained.size,
        people.margin / people.grown,
        embedding(net),
        lambda share: report("Looking at strangers", 0.1 + 0.6 * share),
    )
    report("Working out its numbers", 0.7)
    settings = describing.belonging(config, trained)
    few = ""
    if len(embeddings) < strangers.FEW:
        few = (
            f"How strangers look to it is known from {len(embeddings):,} faces only: "
            "wrong names may come more often than set."
        )
    note = " ".join(filter(None, [doubt, few]))
    return _Made(trained, arrays, answers, embeddings, settings, note)


def _probed(trained: Trained) -> Floats:
    """Return what the net says of two drawn pictures, (2, d).

    Raises:
        WeightsCorrupt: a compiled net is damaged, or they answer differently.
    """
    folder = trained.run / FIT
    drawn = probe(trained.size)
    exact, *others = (
        embedding(litert.load(folder / name, evaluating.THREADS))(drawn)
        for name in reversed(FILES)
    )
    agreement = min(float((exact * one).sum(axis=1).min()) for one in others)
    if not agreement >= AGREEMENT:  # not a number, too
        raise WeightsCorrupt(
            f"The compiled nets in {folder} answer differently: they agree by "
            f"{agreement:.2f} (1 is the same). Delete {folder} and go on with the run: "
            f"facecam train embedder --run {trained.run}"
        )
    return exact


def _publish(config: Config, made: _Made) -> str:
    """Write everything, whole or not at all; return the embedder's name."""
    trained, fit = made.trained, made.trained.run / FIT
    cohort = strangers.cohort(made.embeddings)
    count, dimensions = made.embeddings.shape
    about = describing.manifest(trained, fit / WEIGHTS, dimensions, made.settings)
    text = json.dumps(about, indent=2, ensure_ascii=False)
    answers = io.BytesIO()
    np.save(answers, made.probe, allow_pickle=False)
    origin = Origin(f"training run {trained.run.name}", made.settings, made.note)
    with artifacts.adding(config, trained.run.name) as (name, folder):
        card = describing.card(name, trained, count, made.note)
        files.write(folder / CARD, card.encode())
        files.write(folder / PROBE, answers.getvalue())
        cohort.save(folder / COHORT)
        installed = folder / artifacts.FINAL
        installed.mkdir()
        for file in (WEIGHTS, *FILES):
            shutil.copyfile(fit / file, installed / file)
        artifacts.write_installed(installed, origin, made.arrays)
        files.write(folder / artifacts.MANIFEST, f"{text}\n".encode())
    return name
