"""Opens the window. Nothing heavy is imported until it is on the screen."""

from __future__ import annotations

import logging
import os
import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from facecam.app import crash, theme
from facecam.app.main_window import MainWindow
from facecam.config import Config

SWITCH = 0.001
"""Longest time another thread keeps Python from the window's, seconds; a fifth of the
default, so that no picture and no click waits for the recognizer."""


def main(config: Config, source: str | None = None, start: bool = True) -> int:
    """Show the window until it is closed.

    Args:
        config: the configuration.
        source: what to watch; None watches the last source again.
        start: whether to start watching at once.

    Returns:
        The exit code.
    """
    sys.setswitchinterval(SWITCH)
    crash.start_log(config.home / "logs")
    app = application()
    window = MainWindow(config, source or "", start)
    end_watch = crash.watch(window.went_wrong.emit)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    heartbeat = QTimer(interval=250)  # lets Python see Ctrl+C
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
    window.show()
    code = app.exec()
    end_watch()
    if not window.ended:
        leave(code)
    return code


def leave(code: int) -> None:
    """End the process while a thread is busy in native code, as when nets load.

    Python would take its interpreter away under that thread, which aborts. Files are
    written beside and renamed, so none is left half written.
    """
    logging.shutdown()
    os._exit(code)


def application() -> QApplication:
    """Return the application in our own style and colours."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("facecam")
    app.setApplicationDisplayName("facecam")
    app.setDesktopFileName("facecam")
    app.setStyle("Fusion")
    theme.apply()
    return app
