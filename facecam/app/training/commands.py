"""The window starts the commands that a person could type, as processes.

A process, because TensorFlow gives its memory back only when its process ends, because
stopping is then certain, and because a crash stays outside.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from facecam.config import Config

PACKAGE = str(Path(__file__).resolve().parents[3])
"""Folder that holds the package facecam: this very one is run."""
PROGRESS = "progress"
"""Key that only a line of progress has: the share done, 0…1."""
UNEXPECTED = "Something went wrong. The details are in the log."
STOP_MS = 2000
"""How long a command may take to stop before it is killed, milliseconds."""


@dataclass(frozen=True)
class Answer:
    """How a command ended."""

    code: int
    """Its exit code: 0 done, 1 failed, 3 done and the answer is no."""
    value: Any
    """The JSON it answered with; None if it did not answer."""
    error: str
    """What went wrong and what to do, if it failed."""

    @property
    def done(self) -> bool:
        """Whether it did what it was asked for."""
        return self.code == 0


class Command(QObject):
    """One command of facecam, its progress and its answer.

    Args:
        config: names the home it works in.
        words: such as ("train", "look", "pictures"); `--json --progress` are added.
        parent: with which it ends.
    """

    progressed = Signal(float, str)
    """The share done, 0…1, and what it is doing."""
    ended = Signal(object)
    """An Answer; not sent after `cancel`."""

    def __init__(self, config: Config, words: tuple[str, ...], parent: QObject) -> None:
        super().__init__(parent)
        self.words = words
        self._answer: Any = None
        self._cancelled = False
        self._process = process(config, (*words, "--json", "--progress"), self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._end)
        self._process.errorOccurred.connect(self._fail)

    def start(self) -> None:
        """Start it."""
        self._process.start()

    def cancel(self) -> None:
        """End it; whatever it was at is left as if it had been killed."""
        self._cancelled = True
        self._process.terminate()
        if not self._process.waitForFinished(STOP_MS):
            self._process.kill()

    @property
    def running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def _read(self) -> None:
        while self._process.canReadLine():
            self._take(bytes(self._process.readLine().data()))

    def _take(self, line: bytes) -> None:
        try:
            told = json.loads(line)
        except ValueError:  # what a library prints
            return
        if isinstance(told, dict) and PROGRESS in told:
            self.progressed.emit(float(told[PROGRESS]), str(told.get("text", "")))
        else:
            self._answer = told

    def _end(self, code: int) -> None:
        self._read()
        self._take(bytes(self._process.readAllStandardOutput().data()))
        words = bytes(self._process.readAllStandardError().data())
        last = words.decode(errors="replace").strip().rpartition("\n")[2]
        self._tell(Answer(code, self._answer, last.removeprefix("facecam: ")))

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._tell(Answer(1, None, self._process.errorString() or UNEXPECTED))

    def _tell(self, answer: Answer) -> None:
        if not self._cancelled:
            self.ended.emit(answer)


def launch(config: Config, words: tuple[str, ...]) -> bool:
    """Start a command that goes on when the window is closed; tell whether it began."""
    started = process(config, words, None)
    nowhere = QProcess.nullDevice()
    started.setStandardInputFile(nowhere)
    started.setStandardOutputFile(nowhere)
    started.setStandardErrorFile(nowhere)
    begun: Any = started.startDetached()
    return bool(begun[0] if isinstance(begun, tuple) else begun)


def process(config: Config, words: tuple[str, ...], parent: QObject | None) -> QProcess:
    """Return a command of facecam in the window's home, not started yet."""
    made = QProcess(parent)
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("FACECAM_HOME", str(config.home))
    environment.insert("PYTHONUTF8", "1")
    paths = [PACKAGE, *environment.value("PYTHONPATH").split(os.pathsep)]
    environment.insert("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    made.setProcessEnvironment(environment)
    made.setProgram(sys.executable)
    made.setArguments(["-m", "facecam", *words])
    return made
