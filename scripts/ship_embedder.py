"""Put the embedder of a training run into models/, so that it ships with facecam.

    python scripts/ship_embedder.py RUN NAME [--people DIR]

It writes models/embedder/NAME: weights.npz (kernels in half precision), manifest.json
with the command that was typed and the numbers that belong to the weights, probe.npy,
cohort.npz and CARD.md. It stands in for FaceNet where that is not installed. The
run's pictures and its teacher must still be there; FACECAM_HOME says where the teacher
is installed. DIR holds people with names, a folder each or as LFW has them, of whom
nothing was learned: they tell how far real strangers come.
"""

from __future__ import annotations

import argparse
import io
import json
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from facecam import artifacts, config, files, pipeline
from facecam.config import Config, EmbedderConfig, IdentifierConfig
from facecam.errors import FacecamError, TrainingError, WeightsMissing
from facecam.faces import Floats
from facecam.installation import probe
from facecam.nets.arrays import Arrays, read_net
from facecam.runtime import litert
from facecam.training import runs
from facecam.training.datasets import read_people
from facecam.training.embedder import asking, calibrating, index, strangers
from facecam.training.embedder.describing import FIGURES, Trained, belonging, manifest
from facecam.training.embedder.evaluating import EVALUATION, THREADS
from facecam.training.embedder.recipe import EVALUATE, FIT, INDEX
from facecam.training.evaluation import embed_face_crops, embed_pictures
from facecam.vision.cohort import Cohort
from facecam.vision.embedder import NetEmbedder

KIND = "embedder"
MODELS = Path(__file__).resolve().parents[1] / "models"
TITLE = "Compact"
BATCHES = (1, 8, 16)

CARD = """\
# {name}

Turns the crop of a face into {dimensions} numbers of unit length: near for the same
person, far for two people. It runs where {teacher} is not installed.

**Method.** `{network}` of `facecam/nets`: residual blocks of 3×3 convolutions (He et
al. 2016), {weights:,} weights, {side}×{side} pixels. Trained with `--loss {loss}`; for
`distil`, on what {teacher} says of faces without names (Hinton, Vinyals, Dean 2015,
*Distilling the Knowledge in a Neural Network*): see `docs/decisions/0026`.

**Data.** {pictures:,} pictures; {held_out:,} were held out. The manifest says what was
typed. What the teacher has learned from shows in what it says: see its card.

**Measured by the run** on what was held out, with the net as it ships (int8):

{measured}

**Input.** RGB, {side}×{side}, 0…255: the detector's box times 1.25. The scaling to
(x - 127.5) / 128 is part of the compiled network.

**Files.** `weights.npz`: kernels in half precision, {bytes:.1f} MB. Compiled on the
first start, without a network: `int8.tflite` (4.5 MB) and `float32.tflite` (18 MB).
`probe.npy` holds its answers to two drawn pictures; weights that answer otherwise are
refused. `cohort.npz` is the distribution of strangers' embeddings: {groups} means, one
covariance, and nobody's own. The thresholds in the manifest are those of {teacher},
carried over so that as many strangers pass as before, or measured on people with names
(`docs/decisions/0029`).

**Limits.** It cannot do better than its teacher, and shares its weaknesses: more
mistakes among children, relatives and people whom the pictures show less of. Do not let
it alone decide anything that matters to somebody.
"""


def main() -> None:
    """Write all that belongs to an embedder of the catalogue."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run")
    parser.add_argument("name")
    parser.add_argument("--people", type=Path)
    args = parser.parse_args()
    loaded = config.load()
    run = runs.find(args.run, loaded.runs)
    folder = ship(run, MODELS / KIND / args.name, loaded, args.people)
    print(f"\n{folder}: whole; read CARD.md, and add what you have measured")


def ship(run: Path, folder: Path, home: Config, people: Path | None = None) -> Path:
    """Write a run's embedder and what is known of it into a folder of the catalogue.

    Args:
        run: directory of a run that is fitted.
        folder: of the catalogue; what is there is replaced, the manifest last.
        home: where the teacher is installed.
        people: folder of people with names; without it the usual numbers hold.

    Raises:
        TrainingError: the run is not fitted, or shows too few faces.
        WeightsMissing: its teacher is not installed.
        ImageError: its pictures are not there any more.
        DatasetError: there are too few people with names.
    """
    trained, fit = Trained.read(run), run / FIT
    if not (fit / artifacts.WEIGHTS).is_file():
        raise TrainingError(f"{run} is not fitted yet. facecam train embedder goes on.")
    if artifacts.installed(home.models, KIND, trained.asked.teacher) is None:
        raise WeightsMissing(
            f"{trained.asked.teacher} is not installed, whose thresholds are to be "
            f"carried over. Run: facecam models install {trained.asked.teacher}"
        )
    (answers,) = litert.load(fit / "float32.tflite", THREADS)(probe(trained.size))
    cohort = strangers.cohort(embedded(trained))
    settings = belonging(home, trained)
    if people is not None:
        settings |= calibrated(trained, cohort, people, home)
    folder.mkdir(parents=True, exist_ok=True)
    weights = halved(read_net(fit / artifacts.WEIGHTS))
    files.write(folder / artifacts.WEIGHTS, _packed(np.savez_compressed, **weights))
    files.write(folder / "probe.npy", _packed(np.save, arr=answers))
    cohort.save(folder / "cohort.npz")
    card = _card(trained, folder, len(cohort.shares), answers.shape[1])
    files.write(folder / "CARD.md", card.encode())
    about = manifest(trained, folder / artifacts.WEIGHTS, answers.shape[1], settings)
    text = json.dumps(about | _shipped(trained), indent=2, ensure_ascii=False)
    files.write(folder / artifacts.MANIFEST, f"{text}\n".encode())
    return folder


def halved(arrays: Mapping[str, Any]) -> Arrays:
    """Return arrays with their kernels in half precision; what is small stays exact."""
    return {
        name: array.astype(np.float16) if array.ndim > 1 else array
        for name, array in arrays.items()
    }


def embedder_of(trained: Trained) -> NetEmbedder:
    """Return the embedder of a run, which crops as the live view does."""
    net = litert.load(trained.run / FIT / "int8.tflite", THREADS, BATCHES)
    margin = trained.training.people.margin
    return NetEmbedder(net, "", EmbedderConfig(margin=margin), trained.size)


def embedded(trained: Trained) -> Floats:
    """Return the embeddings of all pictures of a run, (n, d)."""
    found = index.read_index(trained.run / INDEX)
    paths = [one.path for one in (*found.learned, *found.held_out)]
    grown = trained.training.people.grown
    return embed_face_crops(paths, grown, embedder_of(trained), tell)


def calibrated(
    trained: Trained, cohort: Cohort, folder: Path, home: Config
) -> dict[str, Any]:
    """Return the settings that say how far real strangers come, by section."""
    people = read_people(folder)
    paths = [path for mine in people.values() for path in mine]
    detector = pipeline.build_detector(home)
    rows = embed_pictures(paths, detector, embedder_of(trained), tell).embeddings
    ends = np.cumsum([len(mine) for mine in people.values()])[:-1]
    by_name = dict(zip(people, np.split(rows, ends), strict=True))
    found = calibrating.calibrate(by_name, cohort, IdentifierConfig())
    names = ("typical_stranger", "real_spread")
    return {"identifier": {name: getattr(found, name) for name in names}}


def tell(done: int, total: int) -> None:
    """Say how far it is."""
    print(f"\rfaces: {done:,} of {total:,}", end="", flush=True)


def _shipped(trained: Trained) -> dict[str, Any]:
    """Return what a manifest of the catalogue says otherwise than one of a home."""
    teacher = artifacts.find(trained.asked.teacher, KIND)
    taught = f"taught by {teacher.called} ({teacher.training_set})"
    return {
        "title": TITLE,
        "purpose": f"Turns a face into numbers as {teacher.called} does, in less time "
        "and room.",
        "licence": teacher.licence,
        "training_set": f"pictures of faces without names, {taught}",
        "command": _command(trained),
    }


def _card(trained: Trained, folder: Path, groups: int, dimensions: int) -> str:
    found = index.read_index(trained.run / INDEX)
    weights = read_net(folder / artifacts.WEIGHTS)
    return CARD.format(
        name=f"{TITLE} {folder.name.rpartition('-')[2]}",
        dimensions=dimensions,
        teacher=artifacts.find(trained.asked.teacher, KIND).called,
        network=trained.training.network,
        weights=sum(array.size for array in weights.values()),
        side=trained.size,
        loss=trained.asked.loss,
        pictures=len(found.learned),
        held_out=len(found.held_out),
        measured=_measured(trained.run),
        bytes=(folder / artifacts.WEIGHTS).stat().st_size / 1e6,
        groups=groups,
    )


def _measured(run: Path) -> str:
    """Return what the run has measured as a list."""
    path = run / EVALUATE / EVALUATION
    if not path.is_file():
        return "- nothing yet"
    told = json.loads(path.read_text("utf-8"))
    lines = [
        f"- {form.format(told['int8'][name])} {words}"
        for name, (words, form) in FIGURES.items()
        if name in told["int8"]
    ]
    if "time" in told:
        lines.append(f"- {told['time']['share']:.2f} of the teacher's time for a face")
    return "\n".join(lines)


def _packed(write: Callable[..., None], **arrays: Any) -> bytes:
    buffer = io.BytesIO()
    write(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _command(trained: Trained) -> str:
    """Return what to type for such a run; folders without where they lie here."""
    words = asking.command(trained.asked, trained.training)
    return shlex.join(
        Path(word).name if Path(word).is_absolute() else word for word in words
    )


if __name__ == "__main__":
    try:
        main()
    except FacecamError as error:
        sys.exit(f"{error}")
