"""A finished run that has trained an embedder: what it can do, put to use."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from facecam.app.engine import Engine
from facecam.app.notices import SHORTLY, Action, Notice
from facecam.app.training.embedder import outcome
from facecam.app.training.embedder.outcome import Brought
from facecam.app.training.embedder.switching import Switching
from facecam.app.training.following import Runs
from facecam.app.training.kinds import EMBEDDER
from facecam.app.training.results.acts import DEPLOY
from facecam.app.training.results.measures import MeasuresTable
from facecam.app.training.results.result_view import ResultView
from facecam.app.training.results.verdict_card import Verdict

if TYPE_CHECKING:
    from facecam.switching import Switched

EMBEDDING = "Embedding everybody; the one in use goes on meanwhile"
ADDED = "It stands among the embedders, and can be used from there."


class EmbedderResult(ResultView[Brought]):
    """What a run has brought, beside its teacher or the embedder in use.

    Args:
        other: the switch of the page: one at a time.
        engine: what the window recognises with.
        runs: of every kind.
        parent: of the widget.
    """

    def __init__(
        self, other: Switching, engine: Engine, runs: Runs, parent: QWidget
    ) -> None:
        super().__init__(EMBEDDER, engine, runs, parent)
        self._switching = other
        self._switched_to = ""
        self.table = MeasuresTable(self)
        self.add_card("Side by side", self.table)
        self.acts.added.connect(self._added)
        self.card.back.clicked.connect(self._go_back)
        other.progressed.connect(self._progressed)
        other.ended.connect(self._ended)
        other.failed.connect(self._failed)
        other.cancelled.connect(self._cancelled)

    def read_results(self, root: Path) -> Brought:
        """Read the files of its steps."""
        return outcome.read_brought(root, self._engine.config)

    def fill(self, results: Brought) -> None:
        """Show the numbers of another run."""
        self.table.show_sides(outcome.sides(results), self.in_use)

    def judge(self, results: Brought) -> None:
        """Say what holds now: in use or not."""
        used = self.in_use
        self.table.measures.show_names(used, results.other_name)
        before = self._before() if used else ""
        if before:
            before = outcome.called(before, self._engine.config)
        self.card.show_verdict(
            Verdict(
                outcome.headline(results, used),
                self._problem or outcome.basis(results),
                "good" if used else "info",
                used=used,
                back=before,
            )
        )

    # Putting it to use ------------------------------------------------------------

    def _added(self, name: str) -> None:
        """Switch to what was put among the embedders."""
        self._switch(name)

    def _go_back(self) -> None:
        before = self._before()
        if before:
            self._switch(before)

    def _before(self) -> str:
        """Return the embedder used before the present one, "" without one."""
        from facecam import switching

        return switching.previous(self._engine.config) or ""

    def _switch(self, name: str) -> None:
        if self._switching.coming:
            self._tell(Notice(DEPLOY, ADDED, "done", seconds=SHORTLY))
            return
        self._switched_to = name
        self._switching.begin(name)
        self._progressed(EMBEDDING, 0.0)

    def _progressed(self, text: str, share: float) -> None:
        if self._switching.coming == self._switched_to:
            cancel = (Action("Cancel", self._switching.cancel),)
            told = text or EMBEDDING
            notice = Notice(DEPLOY, told, "info", cancel, share, closable=False)
            self._tell(notice)

    def _ended(self, switched: Switched) -> None:
        self.in_use_now.look()
        if switched.manifest.name != self._switched_to:
            return
        self._switched_to = ""
        text = f"Faces are compared by {switched.manifest.called} from now on."
        actions: tuple[Action, ...] = ()
        if switched.changed:
            actions = (Action("Go back", partial(self._switch, switched.before)),)
        self._tell(Notice(DEPLOY, text, "done", actions, seconds=2 * SHORTLY))

    def _failed(self, text: str) -> None:
        if self._switched_to:
            self._switched_to = ""
            self._tell(Notice(DEPLOY, f"{ADDED} {text}", "error"))

    def _cancelled(self) -> None:
        if self._switched_to:
            self._switched_to = ""
            self.card.notices.hide_notice(DEPLOY)

    def _tell(self, notice: Notice) -> None:
        self.card.notices.show_notice(notice)
