"""People who were merged into somebody: what is left of them is that person's, too.

Their folders are gone; their names, ids and pictures live on in what undo keeps and in
the copy of an older version, until they expire.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Set
from pathlib import Path, PurePosixPath

from facecam.forgetting.places import Place, backups, inside
from facecam.forgetting.reading import Reader
from facecam.gallery.layout import HISTORY, NEGATIVES, RECORD, ours


def stashed(home: Path, read: Reader) -> Iterator[tuple[PurePosixPath, Place]]:
    """Yield what undo keeps: which file of the people it was, and where it lies."""
    for place in inside(home, HISTORY):
        file = read.stashed(place)
        if file is not None:
            yield file, place


def absorbed(
    home: Path, living: Collection[str], stems: Set[str], read: Reader
) -> dict[str, list[bytes]]:
    """Return the records of people who became part of somebody, by their ids.

    Args:
        home: the folder everything is below.
        living: ids of everybody enrolled.
        stems: digests of the pictures of the somebody.
        read: reads and unseals.
    """
    pictures, records = (
        defaultdict[str, set[str]](set),
        defaultdict[str, list[Place]](list),
    )
    for file, place in (*stashed(home, read), *_copied(home)):
        owner, *below = file.parts
        if owner in living:
            continue
        if below == [RECORD]:
            records[owner].append(place)
        elif ours(Path(file)) and NEGATIVES not in below:
            pictures[owner].add(file.stem)
    return {
        owner: [data for place in records[owner] for data in read.contents(place)]
        for owner, known in pictures.items()
        if 2 * len(known & stems) > len(known)
    }


def _copied(home: Path) -> Iterator[tuple[PurePosixPath, Place]]:
    for place in backups(home):
        parts = place.path.parts
        yield PurePosixPath(*parts[len(home.parts) + 1 :]), place
