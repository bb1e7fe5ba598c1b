"""COCO: one JSON file of pictures, boxes (x y width height) and perhaps points.

    annotations/instances_train.json, train/_annotations.coco.json, result.json

    {"images": [{"id": 1, "file_name": "a.jpg", "width": 640, "height": 480}],
     "annotations": [{"image_id": 1, "category_id": 1, "bbox": [x, y, w, h],
                      "iscrowd": 0, "keypoints": [x, y, v, …]}],
     "categories": [{"id": 1, "name": "face"}]}

A crowd is ignored. Keypoints count where they are five, all labelled (v above 0). The
pictures are looked for beside the file, one folder up, in images/ and by their name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from facecam.annotations import names
from facecam.annotations.annotation import AnnotatedSet, Fault
from facecam.annotations.checks import annotated_set
from facecam.annotations.forms import Form
from facecam.annotations.labels import LabelledFace, LabelledPicture, Points
from facecam.annotations.pictures import Finder
from facecam.annotations.text import numbers, read_text
from facecam.errors import DatasetError

NAME = "COCO"
LOOKED_FOR = "a .json file with images and annotations"

Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Contents:
    """One file, its records checked for the keys that are needed."""

    path: Path
    images: Mapping[str, Record]
    annotations: Sequence[Record]
    categories: Mapping[str, str]

    def category(self, record: Record) -> str:
        """Return the name of an annotation's category."""
        return self.categories[str(record["category_id"])]

    def where(self, record: Record) -> str:
        """Name a record; JSON has no lines to speak of."""
        return f"{self.path}, annotation {record.get('id', '?')}"


def find(root: Path) -> list[Path]:
    """Return the JSON files in a folder, or in annotations/, that look like COCO."""
    candidates = [*root.glob("*.json"), *(root / "annotations").glob("*.json")]
    return sorted(path for path in candidates if _looks_like_coco(path))


def read(root: Path, files: Sequence[Path]) -> AnnotatedSet:
    """Read the files.

    Raises:
        DatasetError: a file is no COCO, its faces cannot be told, or there are no
            pictures.
    """
    finder = Finder(root)
    faults: list[Fault] = []
    labelled = [
        picture
        for path in files
        for picture in _pictures(_contents(path), finder, root, faults)
    ]
    return annotated_set(root, NAME, labelled, Form.SIZES, faults)


def _looks_like_coco(path: Path) -> bool:
    try:
        data = path.read_bytes().replace(b"\0", b"")  # UTF-16 is refused when read
    except OSError:
        return False
    return all(key in data for key in (b'"images"', b'"annotations"', b'"categories"'))


def _contents(path: Path) -> _Contents:
    try:
        contents = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise DatasetError(
            f"{path}, line {error.lineno}: {error.msg}. Export or download it again."
        ) from error
    images = _records(path, contents, "images", ("id", "file_name"))
    annotations = _records(
        path, contents, "annotations", ("image_id", "category_id", "bbox")
    )
    categories = _records(path, contents, "categories", ("id", "name"))
    listed = _Contents(
        path,
        {str(image["id"]): image for image in images},
        annotations,
        {str(category["id"]): str(category["name"]) for category in categories},
    )
    _require_one_meaning(listed, images)
    return listed


def _require_one_meaning(contents: _Contents, images: Sequence[Record]) -> None:
    """Refuse numbers that name two pictures, or no category.

    Raises:
        DatasetError: faces would be taken for those of another picture, or for
            background.
    """
    for image in images:
        number = str(image["id"])
        if contents.images[number] is not image:
            raise DatasetError(
                f'{contents.path}: two pictures of "images" have the id {number}, '
                f"{image['file_name']} and {contents.images[number]['file_name']}. "
                "Give every picture an id of its own, in its annotations too."
            )
    for record in contents.annotations:
        if str(record["category_id"]) not in contents.categories:
            raise DatasetError(
                f"{contents.where(record)}: there is no category "
                f'{record["category_id"]}. Add it to "categories", or correct the '
                "annotation."
            )


def _records(
    path: Path, contents: Any, part: str, keys: Sequence[str]
) -> Sequence[Record]:
    """Return the list of one part of a file, each with these keys."""
    records = contents.get(part) if isinstance(contents, dict) else None
    if not isinstance(records, list):
        raise DatasetError(f'{path} has no list "{part}". Export it again, as COCO.')
    for n, record in enumerate(records):
        for key in keys:
            if not isinstance(record, dict) or key not in record:
                raise DatasetError(
                    f'{path}, number {n + 1} of "{part}" has no "{key}". Export it '
                    "again, as COCO for detecting objects."
                )
    return records


def _pictures(
    contents: _Contents, finder: Finder, root: Path, faults: list[Fault]
) -> Iterator[LabelledPicture]:
    used = {contents.category(record) for record in contents.annotations}
    faces = names.faces_among(used, str(contents.path)) if used else set()
    by_image: dict[str, list[LabelledFace]] = defaultdict(list)
    for record in contents.annotations:
        name, number = contents.category(record), str(record["image_id"])
        if number not in contents.images:
            reason = (
                f'There is no picture with the id {number}. Add it to "images", or '
                "remove the annotation."
            )
            faults.append(Fault(contents.where(record), reason))
        elif name in faces:
            face = _face(record, contents.where(record), name, faces)
            by_image[number].append(face)
    for number, image in contents.images.items():
        yield LabelledPicture(
            finder.find(str(image["file_name"]), contents.path.parent),
            f"{contents.path}, picture {number}",
            tuple(by_image[number]),
            split=names.split_of(contents.path, root),
            size=_size(image),
        )


def _face(record: Record, where: str, name: str, known: set[str]) -> LabelledFace:
    box = record["bbox"] if isinstance(record["bbox"], list) else [record["bbox"]]
    x, y, width, height = numbers(box, 4, where, "x y width height")
    return LabelledFace(
        where,
        (x, y, width, height),
        ignored=bool(record.get("iscrowd", 0)),
        points=_points(record.get("keypoints"), where),
        attributes=names.occlusion(name, known),
    )


def _points(keypoints: Any, where: str) -> Points | None:
    if not isinstance(keypoints, list) or len(keypoints) != 15:
        return None
    values = numbers(keypoints, 15, where, "x y and visibility of five points")
    if min(values[2::3]) <= 0:
        return None
    return tuple(zip(values[::3], values[1::3], strict=True))


def _size(image: Record) -> tuple[int, int] | None:
    width, height = image.get("width"), image.get("height")
    if isinstance(width, int) and isinstance(height, int):
        return width, height
    return None
