"""Pascal VOC: an XML file for each picture.

    Annotations/a.xml and JPEGImages/a.jpg, annotations/ and images/, or side by side

    <annotation><filename>a.jpg</filename><size><width>640</width>…</size>
      <object><name>face</name><difficult>0</difficult>
        <bndbox><xmin>10</xmin><ymin>20</ymin><xmax>60</xmax><ymax>90</ymax></bndbox>
      </object></annotation>

What is difficult is ignored. ImageSets/Main/train.txt and its like divide the set. VOC
itself counts pixels from 1 and most tools from 0: the numbers are taken as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from facecam.annotations import names
from facecam.annotations.annotation import AnnotatedSet
from facecam.annotations.checks import annotated_set
from facecam.annotations.forms import Form
from facecam.annotations.labels import LabelledFace, LabelledPicture, Size
from facecam.annotations.pictures import Finder
from facecam.annotations.text import numbers, read_bytes, read_lines_if_any
from facecam.errors import DatasetError

NAME = "Pascal VOC"
LOOKED_FOR = "Annotations/*.xml"

FOLDER, MARK = "annotations", b"<annotation"
CORNERS = ("xmin", "ymin", "xmax", "ymax")
LINE = "line"
"""Attribute that our parser adds to each element."""


@dataclass(frozen=True, slots=True)
class _File:
    """One parsed file."""

    path: Path
    tree: ElementTree.Element

    def text(self, element: ElementTree.Element, tag: str) -> str:
        """Return the text of an element's child, "" where it is absent or empty."""
        return (element.findtext(tag) or "").strip()

    def where(self, element: ElementTree.Element) -> str:
        """File and line of an element."""
        return f"{self.path}, line {element.get(LINE)}"


def find(root: Path) -> list[Path]:
    """Return the XML files of a folder or its Annotations/ that say <annotation>."""
    folders = [root, *(path for path in root.glob("*") if path.name.lower() == FOLDER)]
    found = sorted(path for folder in folders for path in folder.glob("*.xml"))
    return found if any(map(_is_voc, found)) else []


def read(root: Path, files: Sequence[Path]) -> AnnotatedSet:
    """Read the files.

    Raises:
        DatasetError: a file is no VOC, its faces cannot be told, or there are no
            pictures.
    """
    parsed = [_File(path, _parse(path)) for path in files]
    labels = {
        file.text(item, "name") for file in parsed for item in file.tree.iter("object")
    }
    faces = names.faces_among(labels, str(files[0].parent)) if labels else set()
    finder, splits = Finder(root), _splits(root)
    labelled = [_picture(file, faces, finder, splits) for file in parsed]
    return annotated_set(root, NAME, labelled, Form.CORNERS)


def _is_voc(path: Path) -> bool:
    try:
        return MARK in path.read_bytes().replace(b"\0", b"")  # as in UTF-16
    except OSError:
        return False


def _parse(path: Path) -> ElementTree.Element:
    """Return the root of an XML file; every element knows its line."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        builder.start(tag, {**attributes, LINE: str(parser.CurrentLineNumber)})

    parser.StartElementHandler = start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(read_bytes(path), True)  # XML says its encoding itself
    except expat.ExpatError as error:
        raise DatasetError(
            f"{path}, line {error.lineno}: {expat.ErrorString(error.code)}. Export it "
            "again, or remove it."
        ) from error
    except (LookupError, ValueError) as error:  # such as encoding="gbk"
        raise DatasetError(
            f"{path}, line 1: its encoding cannot be read ({error}). Save it as UTF-8, "
            "and say so in its first line."
        ) from error
    return builder.close()


def _splits(root: Path) -> Mapping[str, str]:
    """Return the split by the stem of the picture."""
    return {
        line.text.split()[0]: split
        for split in ("train", "val", "test")
        for path in [root / "ImageSets" / "Main" / f"{split}.txt"]
        if path.is_file()
        for line in read_lines_if_any(path)
    }


def _picture(
    file: _File, faces: set[str], finder: Finder, splits: Mapping[str, str]
) -> LabelledPicture:
    # Who renames a picture together with its file forgets the name written inside.
    called = [file.text(file.tree, "filename") or file.path.stem, file.path.stem]
    places = [finder.find(name, file.path.parent) for name in called]
    return LabelledPicture(
        next((place for place in places if place.is_file()), places[0]),
        str(file.path),
        tuple(
            _face(file, item, faces)
            for item in file.tree.iter("object")
            if file.text(item, "name") in faces
        ),
        split=splits.get(file.path.stem, ""),
        size=_size(file),
    )


def _face(file: _File, item: ElementTree.Element, known: set[str]) -> LabelledFace:
    where = file.where(item)
    box = item.find("bndbox")
    fields = [file.text(box, tag) for tag in CORNERS] if box is not None else []
    x1, y1, x2, y2 = numbers(fields, 4, where, "xmin ymin xmax ymax of bndbox")
    name = file.text(item, "name")
    return LabelledFace(
        where,
        (x1, y1, x2, y2),
        ignored=file.text(item, "difficult") == "1",
        attributes=names.occlusion(name, known),
    )


def _size(file: _File) -> Size | None:
    fields = [file.text(file.tree, f"size/{side}") for side in ("width", "height")]
    if "" in fields:
        return None
    width, height = numbers(fields, 2, str(file.path), "width and height")
    return int(width), int(height)
