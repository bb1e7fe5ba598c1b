"""Tests of facecam.app.snapshots."""

import numpy as np
from PySide6.QtWidgets import QApplication

from facecam.app.snapshots import save_snapshot
from facecam.app.tasks import Tasks


def test_two_snapshots_within_a_second_are_two_files(qtbot, tmp_path):
    tasks, told = Tasks(QApplication.instance()), []
    picture = np.zeros((8, 8, 3), np.uint8)
    save_snapshot(picture, tmp_path / "snapshots", tasks, told.append)
    save_snapshot(picture, tmp_path / "snapshots", tasks, told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert len(list((tmp_path / "snapshots").iterdir())) == 2
    tasks.close(1)
