"""A finished run of an embedder, made up instead of trained; its nets see colours.

Nothing here needs Keras or a compiled net.
"""

import json
import time
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np

from facecam.config import EmbeddingTrainingConfig
from facecam.media import write_image
from facecam.nets.arrays import digest
from facecam.training.embedder import crops
from facecam.training.embedder.crops import HELD_OUT, Chunk, Crops
from facecam.training.embedder.index import Index, Shown

TEACHER = "facenet-20180402"
SIZE, PAIRS = 112, 200
DIMENSIONS = 27


def colours(crops):
    """Return the colours of 3 × 3 places, as a net would: (n, 27)."""
    small = [cv2.resize(crop, (3, 3), interpolation=cv2.INTER_AREA) for crop in crops]
    return (np.float32(small).reshape(len(crops), -1) - 100,)


def finished_run(
    root: Path,
    own: float | None = 0.97,
    theirs: float = 0.97,
    content: str = "",
    faces: int = 130,
    seed: int = 0,
) -> Path:
    """Write a run that was taught by FaceNet.

    Args:
        root: its directory.
        own: share of the pairs its embedder tells apart; None without pairs.
        theirs: that of the embedder it was compared with.
        content: fingerprint of the latter.
        faces: how many pictures it was given.
        seed: of its weights.
    """
    pictures = root.parent / f"{root.name} pictures"
    paths = [pictures / f"{n:03d}.png" for n in range(faces)]
    rng = np.random.default_rng(1)
    for path in paths:
        patches = rng.integers(0, 256, (3, 3, 3)).astype(np.uint8)
        write_image(path, cv2.resize(patches, (24, 24)))
    asked = {
        "data": [str(pictures)], "loss": "distil", "start": "scratch",
        "pairs": None, "teacher": TEACHER,
    }  # fmt: skip
    record = {"kind": "embedder", "request": asked}
    record["config"] = asdict(EmbeddingTrainingConfig())
    root.mkdir(parents=True)
    (root / "run.json").write_text(json.dumps(record))
    _index(root / "01-index", paths)
    _records(root / "02-teacher")
    _fit(root / "03-fit", seed)
    told = {"int8": {"cosine": 0.8}, "other": {"name": TEACHER}}
    if own is not None:
        told["int8"]["lfw"], told["other"]["lfw"] = own, theirs
        _pairs(root / "02-pairs")
    step(root / "04-evaluate", {"other": {"name": TEACHER, "content": content}})
    (root / "04-evaluate" / "evaluation.json").write_text(json.dumps(told))
    return root


def step(folder: Path, config: dict) -> None:
    """Write the directory of a complete step."""
    folder.mkdir(parents=True)
    manifest = {"step": folder.name, "fingerprint": "0" * 16, "config": config}
    manifest |= {"metrics": {}, "started": time.time(), "seconds": 0.0}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _index(folder: Path, paths: list[Path]) -> None:
    shown = [Shown(path) for path in paths]
    found = Index(tuple(shown[10:]), tuple(shown[:10]))
    step(folder, {})
    parts = {
        name: [(str(one.path), one.person) for one in getattr(found, name)]
        for name in ("learned", "held_out")
    }
    (folder / "index.json").write_text(json.dumps(parts | {"left_out": 0}))


def _records(folder: Path) -> None:
    step(folder, {})
    (folder / HELD_OUT).mkdir()
    rng = np.random.default_rng(2)
    for place in (folder, folder / HELD_OUT):
        pixels = rng.integers(0, 256, (6, SIZE, SIZE, 3)).astype(np.uint8)
        content = Crops(pixels, np.zeros(6, np.int32), colours(pixels)[0])
        chunk = Chunk(place / "00000.tfrecord", 0, ())
        crops.write(chunk.file, content)
        crops.write_index(place, [chunk], crops.Index(SIZE, DIMENSIONS, 0))


def _fit(folder: Path, seed: int) -> None:
    step(folder, {})
    kernel = np.random.default_rng(seed).normal(size=(2, 2)).astype("f4")
    np.savez(folder / "weights.npz", Conv_kernel=kernel)
    for name in ("int8.tflite", "float32.tflite"):
        (folder / name).write_bytes(digest({"Conv_kernel": kernel}).encode())


def _pairs(folder: Path) -> None:
    """Write pairs of four pictures: equal ones show one person."""
    step(folder, {})
    pairs = [
        (n % 2, n % 2 + (0 if n % 4 < 2 else 2), n % 4 < 2, n % 2) for n in range(PAIRS)
    ]
    paths = [f"{n}.png" for n in range(4)]
    values = {"paths": paths, "pairs": pairs}
    (folder / "pairs.json").write_text(json.dumps(values))
    rng = np.random.default_rng(3)
    patches = rng.integers(0, 256, (4, 3, 3, 3)).astype(np.uint8)
    for size in (SIZE, 160):
        faces = np.stack([cv2.resize(one, (size, size)) for one in patches])
        np.save(folder / f"pictures-{size}.npy", faces)
