"""Embeddings for other programs: NumPy, a table, TensorBoard's projector.

    embeddings.npy            (n, d) float32, unit length
    labels.npy, names.npy     (n,): a number and a name per row
    embeddings.csv            name, picture, then d numbers
    tensors.tsv, metadata.tsv, sprite.png, projector_config.pbtxt
    about.json                what made them

The folder is a log directory: `tensorboard --logdir FOLDER` shows it under Projector.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from facecam import files
from facecam.errors import ImageError
from facecam.faces import Floats, Image
from facecam.gallery import Gallery
from facecam.media import encode_png
from facecam.vision import image as images
from facecam.vision.tiles import tiled

SPRITE = 8192
"""Largest side of a sprite that TensorBoard shows, pixels."""
LEAST = 8
"""Side of a face in the sprite from which it is worth having, pixels."""
THUMBNAIL = 64
"""Side of the picture of a portrait, pixels."""
DIGITS = "%.6g"
"""Of a number in the tables; float32 holds seven digits."""
CONFIG = """\
embeddings {{
  tensor_name: "faces"
  tensor_path: "tensors.tsv"
  metadata_path: "metadata.tsv"
{sprite}}}
"""
SPRITE_CONFIG = """\
  sprite {{
    image_path: "sprite.png"
    single_image_dim: {side}
    single_image_dim: {side}
  }}
"""


@dataclass(frozen=True, eq=False)
class Collection:
    """What is exported: n faces."""

    embeddings: Floats  # (n, d)
    names: Sequence[str]  # n; "" where nobody knows
    pictures: Sequence[str]  # n, which picture each is from
    thumbnails: Image  # (n, s, s, 3)


def export(target: Path, faces: Collection, about: dict[str, Any]) -> list[str]:
    """Write a folder of faces for other programs, whole or not at all.

    Args:
        target: a folder that is empty or not there.
        faces: at least one.
        about: what made them; goes into about.json.

    Returns:
        The names of the files.

    Raises:
        ImageError: there is no face, the folder holds something, or the disk refuses.
    """
    if not len(faces.embeddings):
        raise ImageError("There is no face to export. Give other pictures.")
    n, d = faces.embeddings.shape
    try:
        with files.new_folder(target) as folder:
            _write_arrays(folder, faces)
            _write_table(folder / "embeddings.csv", faces)
            _write_projector(folder, faces)
            text = json.dumps({"faces": n, "dimensions": d, **about}, indent=1)
            (folder / "about.json").write_text(f"{text}\n", "utf-8")
            return sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise ImageError(
            f"Cannot write {target}: {error.strerror or error}. "
            "Check the folder and its space, or choose another."
        ) from error


def enrolled(gallery: Gallery) -> Collection:
    """Return the portraits of everybody enrolled; `gallery.problems` says what lacks.

    Raises:
        VaultLocked: the people are protected, and the gallery has no passphrase.
        WeightsMissing: no embedder is installed.
    """
    views = gallery.views()
    people = {person.identity: person for person in gallery.people()}
    rows: list[Floats] = []
    names, pictures, shown = [], [], []
    for identity, theirs in views.items():
        person = people[identity]
        portraits = {portrait.file: portrait for portrait in person.portraits}
        for file, embedding in zip(theirs.files, theirs.embeddings, strict=True):
            portrait = portraits[file]
            crop = gallery.aligned(person, portrait)
            shown.append(_reduced(images.natural(crop, portrait.face)))
            rows.append(embedding)
            names.append(identity.name)
            pictures.append(f"{identity.id}/{file}")
    thumbnails = np.stack(shown) if shown else np.empty((0, 1, 1, 3), np.uint8)
    return Collection(np.array(rows, np.float32), names, pictures, thumbnails)


def _reduced(crop: Image) -> Image:
    """Return a square crop as a thumbnail."""
    side = float(crop.shape[0])
    whole = np.array([[0, 0, side, side]], np.float32)
    return images.align(crop, whole, THUMBNAIL, margin=1.0)[0]


def _write_arrays(folder: Path, faces: Collection) -> None:
    names = np.array(faces.names, np.str_)
    np.save(folder / "embeddings.npy", faces.embeddings.astype(np.float32))
    np.save(folder / "names.npy", names)
    np.save(folder / "labels.npy", np.unique(names, return_inverse=True)[1])


def _write_table(path: Path, faces: Collection) -> None:
    dimensions = range(faces.embeddings.shape[1])
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "picture", *(f"e{k}" for k in dimensions)])
        rows = zip(faces.names, faces.pictures, faces.embeddings, strict=True)
        for name, picture, embedding in rows:
            numbers = [DIGITS % value for value in embedding.tolist()]
            writer.writerow([name, picture, *numbers])


def _write_projector(folder: Path, faces: Collection) -> None:
    """Write what TensorBoard's projector reads."""
    np.savetxt(folder / "tensors.tsv", faces.embeddings, DIGITS, delimiter="\t")
    rows = zip(faces.names, faces.pictures, strict=True)
    lines = ["name\tpicture", *(f"{_cell(n)}\t{_cell(p)}" for n, p in rows)]
    text = "\n".join(lines) + "\n"
    (folder / "metadata.tsv").write_text(text, "utf-8", errors="replace")
    columns = math.ceil(math.sqrt(len(faces.thumbnails)))
    side = min(faces.thumbnails.shape[1], SPRITE // max(columns, 1))
    sprite = ""
    if len(faces.thumbnails) and side >= LEAST:
        whole = np.array([[0, 0, *faces.thumbnails.shape[2:0:-1]]], np.float32)
        small = [images.align(t, whole, side, 1.0)[0] for t in faces.thumbnails]
        (folder / "sprite.png").write_bytes(encode_png(tiled(np.stack(small), columns)))
        sprite = SPRITE_CONFIG.format(side=side)
    config = CONFIG.format(sprite=sprite)
    (folder / "projector_config.pbtxt").write_text(config, "utf-8")


def _cell(text: str) -> str:
    """Return a text without what separates cells and lines; never empty."""
    return " ".join(text.split()) or "?"
