"""One of two programs that use the same people folder at once.

python -m tests.gallery.working FOLDER write|read SECONDS SEED
"""

import json
import random
import sys
import time
from collections import Counter
from pathlib import Path

from tests.gallery.crashing import (
    SHOTS,
    add,
    merge,
    move,
    negative,
    new_person,
    open_gallery,
    redo,
    undo,
)


def write(gallery, rng, home):
    """Change the gallery at random; what another one changed meanwhile is no error."""
    from facecam.errors import GalleryError

    people = gallery.people()
    acts = [new_person] if len(people) < 4 else [add, move, merge, undo, redo, negative]
    acts += [forget] if len(people) > 5 else []
    try:
        rng.choice(acts)(gallery, people, rng, home)
    except GalleryError as error:
        told = "Nobody has the id", "has no picture", "Nothing to", "there already"
        if not any(text in str(error) for text in told):
            raise
        return 0
    return 1


def forget(gallery, people, rng, home):
    gallery.forget(rng.choice(people).identity.id)


def read(gallery, rng, home):
    """Assert that what is seen is whole."""
    people = gallery.people()
    assert gallery.problems == [], gallery.problems
    captures = Counter(p.capture for person in people for p in person.portraits)
    assert set(captures.values()) <= {SHOTS}, captures
    gallery.embeddings()
    gone = [text for text in gallery.problems if "No such file" not in text]
    assert gone == [], gone
    return 1


def main(home, act, seconds, seed):
    gallery, rng = open_gallery(home), random.Random(seed)
    end, done = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        done += act(gallery, rng, home)
    sys.stdout.write(json.dumps({"done": done, "generation": gallery.generation}))


if __name__ == "__main__":
    folder, what, seconds, seed = sys.argv[1:]
    act = {"write": write, "read": read}[what]
    main(Path(folder), act, float(seconds), int(seed))
