"""Tests of facecam.app.main and facecam.cli.run."""

import argparse
import subprocess
import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from facecam.app.main import main
from facecam.app.main_window import MainWindow
from facecam.cli import run

HEAVY = (
    *("cv2", "ai_edge_litert", "tensorflow", "keras", "sklearn", "torch", "jax"),
    *("sqlite3", "pyqtgraph", "cryptography", "filelock"),
)
LATER = f"""
import sys
import facecam.app.main
print([name for name in {HEAVY} if name in sys.modules])
"""


def test_nothing_heavy_is_imported_before_the_window_is_open():
    printed = subprocess.run(
        [sys.executable, "-c", LATER], check=True, capture_output=True, text=True
    ).stdout
    assert printed.strip() == "[]"


@pytest.mark.parametrize(
    ("typed", "source", "start"),
    [
        ([], None, True),
        (["--source", "demo"], "demo", True),
        (["--no-start", "--source", "0"], "0", False),
    ],
)
def test_run_takes_a_source_and_whether_to_start(typed, source, start):
    parser = argparse.ArgumentParser()
    run.add_parser(parser.add_subparsers())
    args = parser.parse_args(["run", *typed])
    assert (args.source, args.start) == (source, start)


def test_the_window_opens_plays_and_returns_an_exit_code(qapp, nets):
    seen = []

    def close_when_playing():
        (window,) = (
            w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)
        )
        if window.live.stage.view.isVisible():
            seen.append(window.live.tools.source.source)
            window.close()

    timer = QTimer(interval=50)
    timer.timeout.connect(close_when_playing)
    timer.start()
    code = main(nets, "demo")
    timer.stop()

    assert code == 0
    assert seen == ["demo"]
    assert (nets.home / "window.ini").exists()


BUSY = """
import sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer
import facecam.app.main as app
from facecam.config import Config

def busy_window(*arguments):
    window = app_window(*arguments)
    window.tasks.start(threading.Event().wait, lane="busy")
    QTimer.singleShot(200, window.close)
    return window

app_window, app.MainWindow = app.MainWindow, busy_window
app.main(Config(home=Path(sys.argv[1])), "", start=False)
raise SystemExit("The interpreter was to be left at once.")
"""


def test_the_process_ends_cleanly_while_something_is_still_busy(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", BUSY, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
