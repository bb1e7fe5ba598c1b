"""What can be done with a finished run, each by the command a person could type."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from facecam.app import moments
from facecam.app.dialogs import Question
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.app.training.commands import UNEXPECTED, Answer, Command
from facecam.app.training.following import Runs
from facecam.app.training.kinds import DETECTOR, RunKind
from facecam.app.training.results.in_use import InUse
from facecam.errors import FacecamError

DEPLOY, ROLLBACK, DELETE, NOTE = "deploy", "rollback", "delete", "note"
LANE = "runs"
SETTLED, LEAST = 2.0, 0.05
"""Seconds, and the share done, after which the time left is worth telling."""


class Acts(QObject):
    """Deploy, roll back, delete, compare, note: progress and errors in place.

    Args:
        runs: are looked at again after each.
        notices: where progress and errors are shown.
        parent: with which what is under way ends.
        kind: of the runs.
    """

    added = Signal(str)
    """What a run has made can be switched to: its name among the embedders."""

    def __init__(
        self,
        runs: Runs,
        notices: Notices,
        parent: QObject,
        kind: RunKind = DETECTOR,
    ) -> None:
        super().__init__(parent)
        self._runs, self._notices, self._kind = runs, notices, kind
        self._used = InUse.of(runs, kind.name)
        self._running: dict[str, Command] = {}

    @property
    def busy(self) -> bool:
        """Whether something is under way that changes models or runs."""
        return any(command.running for command in self._running.values())

    def deploy(self, name: str, force: bool = False) -> None:
        """Put what a run has made to use, or among what can be switched to."""
        words = (DEPLOY, name, *self._kind.option)
        if force:
            words = (*words, "--force")

        def ended(answer: Answer) -> None:
            if answer.done:
                self._deployed(answer)
            else:
                self._refused(name, answer)

        self._run(DEPLOY, words, "Putting it to use", ended)

    def roll_back(self) -> None:
        """Let the detector find the faces that did before."""

        def ended(answer: Answer) -> None:
            if answer.done:
                source = (
                    answer.value["source"] if isinstance(answer.value, dict) else ""
                )
                text = self._kind.words.back.format(source=source)
                self._tell(Notice(DEPLOY, text, "done", seconds=SHORTLY))
            else:
                self._fail(DEPLOY, f"It could not be taken back: {answer.error}")

        words = (ROLLBACK, self._kind.name)
        self._run(DEPLOY, words, "Going back to the one before", ended)

    def delete(self, name: str, gone: Callable[[], None]) -> None:
        """Delete a run, after one question: it cannot be undone.

        Args:
            name: of the run.
            gone: called when it is deleted.
        """
        from facecam.training import disk

        root = self._runs.config.runs / name

        def sized(size: int) -> None:
            if self._sure(name, disk.in_words(size)):
                self._delete(name, gone)

        self._runs.tasks.start(lambda: disk.size(root), sized, lane=LANE)

    def _sure(self, name: str, size: str) -> bool:
        text = (
            "Its samples, nets, curves and report go for good, and "
            f"{size} of the disk are free again. The pictures it learned from stay."
        )
        if self._used.run == name:
            text += f" {self._kind.words.copy}"
        heading = f"Delete {name}?"
        over = self._notices.window()
        question = Question(heading, text, f"Delete {size}", "Keep it", over)
        question.yes.setProperty("danger", True)
        question.no.setDefault(True)
        return question.agreed()

    def _delete(self, name: str, gone: Callable[[], None]) -> None:
        def ended(answer: Answer) -> None:
            if answer.done:
                self._notices.hide_notice(DELETE)
                gone()
            else:
                self._fail(DELETE, f"{name} could not be deleted: {answer.error}")

        words = ("train", "delete", name)
        self._run(DELETE, words, f"Deleting {name}", ended, stoppable=False)

    def compare_again(self, name: str) -> None:
        """Measure a run against what is in use now: its last step, done again."""
        from facecam.training import queue

        folder = self._runs.config.runs

        def work() -> None:
            queue.enqueue(folder, name, first=True)

        def done(_: None) -> None:
            self._runs.work()

        self._runs.tasks.start(work, done, self._not_written, LANE)

    def write_note(self, root: Path, text: str) -> None:
        """Keep what somebody has written about a run."""
        from facecam.training import runs

        def work() -> None:
            runs.write_note(root, text)

        def done(_: None) -> None:
            self._notices.hide_notice(NOTE)
            self._runs.look()

        self._runs.tasks.start(work, done, self._not_written, LANE)

    def cancel(self) -> None:
        """Stop what is under way; what was in use stays in use."""
        for command in self._running.values():
            if command.running:
                command.cancel()
        for key in (DEPLOY, DELETE):
            self._notices.hide_notice(key)
        self._look()

    def _run(
        self,
        key: str,
        words: tuple[str, ...],
        text: str,
        ended: Callable[[Answer], None],
        stoppable: bool = True,
    ) -> None:
        if self.busy:
            return
        command = self._running[key] = Command(self._runs.config, words, self)
        cancel = (Action("Cancel", self.cancel),) if stoppable else ()

        begun = time.monotonic()

        def progressed(share: float, doing: str) -> None:
            left = _left(time.monotonic() - begun, share)
            more = " · ".join(filter(None, (text, doing, left)))
            self._tell(
                Notice(key, more, actions=cancel, progress=share, closable=False)
            )

        def end(answer: Answer) -> None:
            ended(answer)
            self._look()

        command.progressed.connect(progressed)
        command.ended.connect(end)
        progressed(0.0, "")
        command.start()

    def _deployed(self, answer: Answer) -> None:
        if self._kind.option:
            self._notices.hide_notice(DEPLOY)
            self.added.emit(str(answer.value["name"]))
            return
        undo = Action("Go back", self.roll_back)
        done = self._kind.words.done
        self._tell(Notice(DEPLOY, done, "done", (undo,), seconds=2 * SHORTLY))

    def _refused(self, name: str, answer: Answer) -> None:
        """Say why, and offer to use it all the same."""
        value = answer.value if isinstance(answer.value, dict) else {}
        reasons = tuple(map(str, value.get("refused", ())))
        if not reasons:
            self._fail(DEPLOY, answer.error or UNEXPECTED)
            return
        force = Action("Use it nevertheless", lambda: self.deploy(name, force=True))
        text = "\n".join((self._kind.words.refused, *reasons))
        self._tell(Notice(DEPLOY, text, "error", (force,)))

    def _not_written(self, error: Exception) -> None:
        if not isinstance(error, FacecamError | OSError):
            raise error
        self._fail(NOTE, str(error))

    def _fail(self, key: str, text: str) -> None:
        self._tell(Notice(key, text, "error"))

    def _tell(self, notice: Notice) -> None:
        self._notices.show_notice(notice)

    def _look(self) -> None:
        self._used.look()
        self._runs.look()


def _left(taken: float, share: float) -> str:
    """Say how long it still takes, once that can be told; seconds and a share, 0…1."""
    if taken < SETTLED or not LEAST < share < 1:
        return ""
    return f"about {moments.lasting(taken * (1 - share) / share)} left"
