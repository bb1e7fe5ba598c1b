"""The inbox after kill -9 at random moments: old or new state, never half a group."""

import random
import signal
import subprocess
import sys
import time

import pytest

from facecam.inbox import Inbox
from facecam.inbox.records import RECORD

PROGRAM = """
import sys
from pathlib import Path
from facecam.inbox import Inbox
from tests.inbox.conftest import sight
inbox = Inbox(Path(sys.argv[1]))
print("ready", flush=True)
for view in range(10_000):
    groups = [inbox.add(sight(who, view)) for who in (1, 2, 3)]
    if view % 5 == 4:
        inbox.merge(groups[0], [groups[1]])
        inbox.restore(inbox.delete(groups[2]))
    if view % 7 == 6:
        inbox.drop(groups[0], [])
        inbox.delete(groups[2])
"""
KILLS = 25


@pytest.mark.slow
def test_no_group_is_ever_half_there(tmp_path):
    moments = random.Random(5)
    for _ in range(KILLS):
        running = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE
        )
        with running:
            running.stdout.readline()
            time.sleep(moments.uniform(0.0, 0.5))
            running.send_signal(signal.SIGKILL)

        inbox = Inbox(tmp_path)
        for group in inbox.groups():
            assert len(inbox.take(group.id)) == len(group.views) > 0
        inbox.expire(0)  # takes the lock: sweeps what was left
        folders = [path for path in tmp_path.glob("inbox/*") if path.is_dir()]
        assert all((folder / RECORD).exists() for folder in folders)
        assert {folder.name for folder in folders} == {g.id for g in inbox.groups()}
