"""What the whole window says of training runs: under way, and at their end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from facecam.app.notices import Action, Notice
from facecam.app.training.following import Runs
from facecam.training.runs import RunState, State

KEY, QUEUE = "training", "queue"
ENDS = {
    State.DONE: "The training run {name} is done.",
    State.FAILED: "The training run {name} has failed: {error}",
    State.STOPPED: "The training run {name} has stopped. It can go on from there.",
}
CUT = "The training run {name} was cut off. It can go on from there."


class Telling(QObject):
    """Says at the bottom that a run is under way, and calls when one has ended.

    Args:
        runs: followed.
        say: shows a few words in the status line; "" for none.
        show: shows a notice wherever somebody is looking.
        open_run: shows a run, by its name.
        parent: the window; its mark in the taskbar calls, too.
    """

    def __init__(
        self,
        runs: Runs,
        say: Callable[[str], None],
        show: Callable[[Notice], None],
        open_run: Callable[[str], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._runs, self._say, self._show = runs, say, show
        self._open, self._window = open_run, parent
        runs.changed.connect(self._tell)
        runs.ended.connect(self._call)
        runs.troubled.connect(self._explain)

    def _tell(self) -> None:
        under_way = [state for state in self._runs.states if state.running]
        self._say(course(under_way[0]) if under_way else "")

    def _call(self, state: RunState) -> None:
        text = ENDS.get(state.state)
        if text is None:
            return
        name = state.path.name
        said = (CUT if state.cut else text).format(name=name, error=state.error)
        kind = "error" if state.state is State.FAILED else "done"
        look = Action("Look", lambda: self._open(name), state.state is State.DONE)
        self._show(Notice(KEY, said, kind, (look,)))
        QApplication.alert(self._window)

    def _explain(self, trouble: str) -> None:
        """Say what is wrong with the queue; the next look says whether it is cured."""
        if trouble:
            self._show(Notice(QUEUE, trouble, "error"))


def course(state: RunState) -> str:
    """Return how far a run is in a few words: "training: step 4 of 12, 62 %"."""
    current = [step for step in state.steps if step.state is State.RUNNING]
    if not current:
        return "training"
    step = current[0]
    share = f", {step.done / step.total:.0%}" if step.total else ""
    return f"training: step {step.number} of {step.count}{share}"
