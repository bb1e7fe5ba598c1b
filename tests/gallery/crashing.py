"""Changes a gallery without end, is killed at random moments, and looks what is left.

    python -m tests.gallery.crashing FOLDER KILLS SEED

Run as a program of its own: it imports once and forks a child per kill.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

from facecam.errors import GalleryError
from facecam.gallery import Gallery, Shot
from tests.fakes import ColourEmbedder
from tests.gallery.pictures import files_of, state

SHOTS = 3
"""Pictures of every capture."""
LONGEST = 0.25
"""Latest moment of a kill, seconds."""


def open_gallery(home):
    return Gallery(home / "people", embedder=ColourEmbedder())


def change_without_end(home, seed):
    """Enrol, add, move, merge, forget, note negatives, undo and redo at random."""
    rng = random.Random(seed)
    gallery = open_gallery(home)
    while True:
        people = gallery.people()
        acts = [new_person] if len(people) < 3 else [new_person, add, move, merge]
        acts += [forget, forget, merge] if len(people) > 6 else []
        acts += [negative, undo, redo, numbers] if people else []
        rng.choice(acts)(gallery, people, rng, home)


def shots(rng):
    noise = np.random.default_rng(rng.randrange(2**32))
    box = np.array((16, 16, 48, 48), np.float32)
    pictures = noise.integers(0, 255, (SHOTS, 96, 96, 3), np.uint8)
    return [Shot(picture, box) for picture in pictures]


def new_person(gallery, people, rng, home):
    gallery.enrol(f"Person {rng.randrange(10**6)} 王", shots(rng))


def add(gallery, people, rng, home):
    gallery.enrol(rng.choice(people).identity, shots(rng))


def move(gallery, people, rng, home):
    source, target = rng.sample(people, 2)
    captures = sorted({p.capture for p in source.portraits})
    if captures:
        capture = rng.choice(captures)
        files = [p.file for p in source.portraits if p.capture == capture]
        to = rng.choice([target.identity, "Split off"])
        gallery.move(source.identity.id, files, to)


def merge(gallery, people, rng, home):
    one, other = rng.sample(people, 2)
    gallery.merge([one.identity.id], other.identity.id)


def negative(gallery, people, rng, home):
    one, other = rng.choice(people), rng.choice(people)
    of = other.identity.id if one is not other else ""
    gallery.add_negative(one.identity.id, shots(rng)[0], of)


def numbers(gallery, people, rng, home):
    gallery.embeddings()


def undo(gallery, people, rng, home):
    if any(not change.undone for change in gallery.history()):
        gallery.undo()


def redo(gallery, people, rng, home):
    if any(change.undone for change in gallery.history()):
        gallery.redo()


def forget(gallery, people, rng, home):
    identity_id = rng.choice(people).identity.id
    note(home, "begun", identity_id)
    gallery.forget(identity_id)
    note(home, "done", identity_id)


def note(home, word, identity_id):
    with (home / "forgotten.log").open("a") as log:
        log.write(f"{word} {identity_id}\n")


def verify(home):
    """Assert that the gallery is whole."""
    gallery = open_gallery(home)
    people = gallery.people()
    examples = gallery.examples()
    assert gallery.problems == [], gallery.problems
    hidden = {path.name for path in (home / "people").glob(".*")}
    assert not hidden & {".journal.json", ".staged"}, hidden
    captures = Counter(p.capture for person in people for p in person.portraits)
    assert set(captures.values()) <= {SHOTS}, captures
    for person in people:
        whole(gallery, person)
        if person.portraits:
            assert len(examples[person.identity].own) == len(person.portraits)
    expected = [f"{p.identity.id}/{file}" for p in people for file in kept(p)]
    assert sorted(state(home / "people")) == sorted([*expected, "gallery.json"])
    forgotten(home, gallery)
    undone_and_done(gallery, home)


def whole(gallery, person):
    for portrait in person.portraits:
        gallery.image(person, portrait)
        assert gallery.original(person, portrait) is not None
    for view in person.negatives:
        assert view.of in ("", *gallery.ids()), view


def kept(person):
    yield "person.json"
    for portrait in person.portraits:
        for folder in ("portraits", "originals", "aligned"):
            yield portrait.file.replace("portraits", folder)
    yield from (view.file for view in person.negatives)


def forgotten(home, gallery):
    """Assert that who was forgotten left nothing; a kill may have come before that."""
    log = home / "forgotten.log"
    log.touch()
    noted = dict(reversed(line.split()) for line in log.read_text().splitlines())
    here = set(gallery.ids())
    assert not here & {i for i, word in noted.items() if word == "done"}
    traces = " ".join(files_of(home / "people"))
    for path in (home / "people").rglob("*.json"):
        traces += path.read_text("utf-8")
    gone = noted.keys() - here
    for identity_id in gone:
        assert identity_id not in traces, identity_id
    log.write_text("".join(f"done {identity_id}\n" for identity_id in gone))


def undone_and_done(gallery, home):
    """Assert that what is in the history can be undone and done again."""
    before, history = state(home / "people"), gallery.history()
    undone = [change for change in history if not change.undone][-3:]
    for _ in undone:
        gallery.undo()
    assert gallery.people() is not None
    assert gallery.problems == []
    for _ in undone:
        gallery.redo()
    assert state(home / "people") == before
    assert gallery.history() == history


def main(home, kills, seed):
    rng = random.Random(seed)
    during = 0
    verify_first(home)
    for number in range(kills):
        child = os.fork()
        if child == 0:
            try:
                change_without_end(home, seed * 1000 + number)
            except GalleryError as error:
                sys.stderr.write(str(error))
            finally:
                os._exit(1)
        time.sleep(0.02 + rng.random() * LONGEST)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"child {number} ended by itself"
        left = [
            (home / "people" / name).exists() for name in (".journal.json", ".staged")
        ]
        during += any(left)
        verify(home)
    gallery = open_gallery(home)
    report = {"during": during, "generation": gallery.generation}
    report["people"] = len(gallery.people())
    sys.stdout.write(json.dumps(report))


def verify_first(home):
    (home / "people").mkdir(parents=True, exist_ok=True)
    gallery = open_gallery(home)
    new_person(gallery, [], random.Random(0), home)
    verify(home)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
