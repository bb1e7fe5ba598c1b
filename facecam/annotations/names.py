"""What labels are called: which of them are faces, and which of those wear a mask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from facecam.errors import DatasetError

FACES = ("face", "faces", "human face", "human_face")
"""What the label of faces is called."""
BARE = ("without", "no_mask", "no mask", "nomask", "no-mask", "unmasked")
"""Parts of the labels of faces without a mask, in sets that speak of masks."""
SPLITS = {
    "train": "train", "training": "train", "train2017": "train",
    "val": "val", "valid": "val", "validation": "val", "val2017": "val",
    "test": "test", "testing": "test",
}  # fmt: skip
"""Names of folders and files by which sets divide themselves."""


def faces_among(names: Collection[str], where: str) -> set[str]:
    """Return the labels that are faces.

    These are "face" if there is one; else the only label; else those of masks, if all
    are, such as with_mask and without_mask.

    Raises:
        DatasetError: it cannot be told.
    """
    called = {name for name in names if name.strip().casefold() in FACES}
    if called:
        return called
    if len(names) == 1 or all("mask" in name.casefold() for name in names):
        return set(names)
    raise DatasetError(
        f"{where}: which labels are faces? There are {', '.join(sorted(names))}. Call "
        'the label of faces "face".'
    )


def masked(name: str) -> bool:
    """Say whether a label is that of a face with a mask."""
    name = name.casefold()
    return "mask" in name and not any(word in name for word in BARE)


def occlusion(name: str, names: Collection[str]) -> dict[str, int]:
    """Return the attribute of a face, {} where the set does not speak of masks."""
    speaks = any("mask" in other.casefold() for other in names)
    return {"occlusion": int(masked(name))} if speaks else {}


def split_of(path: Path, root: Path) -> str:
    """Return the split that folders and name of a list below `root` speak of, or ""."""
    return split_of_folders(path, root) or _split_among(path.stem.split("_"))


def split_of_folders(path: Path, root: Path) -> str:
    """Return the split that the folders of a file speak of, or "".

    The name of one picture or its labels says nothing: "test_1.jpg" is just a name.
    """
    return _split_among(path.relative_to(root).parts[:-1])


def _split_among(words: Sequence[str]) -> str:
    return next((SPLITS[w.casefold()] for w in words if w.casefold() in SPLITS), "")
