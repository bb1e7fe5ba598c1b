"""kill -9 at any moment of a forgetting: not begun, or finished without residues.

The child is a fork of this process, so a round takes as long as the forgetting itself.
"""

import os
import random
import shutil
import signal
import sys
import time
import warnings

import pytest

from facecam import forgetting
from facecam.forgetting import learning, pooled
from facecam.forgetting.collecting import collect
from facecam.forgetting.scanning import scan
from tests.forgetting.conftest import Home, shots

CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link")
"""Audit events before a change of the disk; and "open" for writing."""
LOADED = learning, pooled
"""Imported before the fork: a child that compiles a module changes the disk, too."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]


@pytest.fixture(params=["home", "sealed_home"])
def ready(request, tmp_path):
    """A home in which somebody is everywhere; -> it, the id, what to look for."""
    home = request.getfixturevalue(request.param)
    ada, grace = home.enrol("Ada 王", 1), home.enrol("Grace", 2)
    home.enrol("Linus", 3)
    gallery = home.gallery()
    gallery.add_negative(grace, shots(1, 9)[8], of=ada)
    gallery.rename(ada, "Ada")
    home.fit()
    return home, ada, collect(home.gallery(), ada)


def in_child(home, ada, die_at=None, die_after=None):
    """Forget in a fork that is killed; -> changes of the disk made, seconds taken."""
    count_out, count_in = os.pipe()
    began = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # threads of the test runner
        child = os.fork()
    if child == 0:
        _forget_and_die(home, ada, die_at, count_in)
    os.close(count_in)
    if die_after is not None:
        time.sleep(die_after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(count_out, "rb") as pipe:
        return len(pipe.read()), time.monotonic() - began


def _forget_and_die(home, ada, die_at, count_in):
    changes = [0]

    def watch(event, args):
        writing = event == "open" and isinstance(args[2], int) and args[2] & 3
        if event in CHANGES or writing:
            changes[0] += 1
            os.write(count_in, b".")
            if changes[0] == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        gallery = home.gallery()
        sys.addaudithook(watch)
        forgetting.forget(home.config, gallery, ada)
    finally:
        os._exit(0)


def copied(home, tmp_path, number):
    target = tmp_path / f"round-{number}"
    shutil.copytree(home.path, target)
    return Home(target, home.words)


def check(home, ada, traces, files):
    """Finish what the kill interrupted; -> whether the person is forgotten."""
    gallery = home.gallery()
    forgetting.finish(home.config, gallery)
    assert not forgetting.pending(home.path)
    people = {person.identity.id: person for person in home.gallery().people()}
    assert len(people) == 3 - (ada not in people)
    if ada in people:
        mine = {k: v for k, v in files.items() if k.startswith(f"people/{ada}/")}
        assert mine == {k: v for k, v in home.files().items() if k in mine}
        assert len(people[ada].portraits) == 3
        outcome = forgetting.forget(home.config, home.gallery(), ada)
        assert outcome.clean, outcome.left
    looked = scan(home.path, traces.needles, home.gallery().vault)
    assert looked.residues == ()
    assert looked.unreadable == ()
    assert all(len(person.portraits) == 3 for person in home.gallery().people())
    return ada not in people


def test_a_kill_before_any_change_of_the_disk_leaves_no_residue(ready, tmp_path):
    home, ada, traces = ready
    files = home.files()
    changes, _ = in_child(copied(home, tmp_path, "whole"), ada)
    assert changes > 20
    sure = range(1, changes - 1)  # one or two depend on when the databases tidy up
    moments = random.Random(7).sample(sure, min(20, len(sure)))

    forgotten = []
    for number, moment in enumerate(moments):
        here = copied(home, tmp_path, number)
        made, _ = in_child(here, ada, die_at=moment)
        assert made == moment
        forgotten.append(check(here, ada, traces, files))

    assert {True, False} == set(forgotten)


def test_a_kill_at_any_time_leaves_no_residue(ready, tmp_path):
    home, ada, traces = ready
    files = home.files()
    _, seconds = in_child(copied(home, tmp_path, "whole"), ada)
    chance = random.Random(11)

    for number in range(5):
        here = copied(home, tmp_path, number)
        in_child(here, ada, die_after=chance.uniform(0, seconds))
        check(here, ada, traces, files)
