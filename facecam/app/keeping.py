"""What the window does about keeping: follows what is seen, writes in the background.

One object for the whole window, `Keeping.of(engine, tasks)`. Everything that touches
the visits or the strangers runs on the lane "keep", one thing after the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from facecam.app.engine import Engine, EngineState
from facecam.app.tasks import Task, Tasks
from facecam.errors import FacecamError, VaultLocked
from facecam.faces import Recognition
from facecam.keeping import choices as choosing
from facecam.keeping.choices import Choices

if TYPE_CHECKING:
    from facecam.gallery import Person
    from facecam.keeping.keeper import Keeper
    from facecam.vault import Vault

T = TypeVar("T")

LANE = "keep"
EVERY = 1000
"""Milliseconds between two looks for something to write."""
FIRST = 3000
"""Milliseconds after the start until what has expired is deleted."""


class Keeping(QObject):
    """Keeps visits and strangers while the user wants it."""

    changed = Signal(object)
    """The choices, when they have changed."""
    written = Signal()
    """Something new was kept, or something is gone."""
    failed = Signal(str)
    """Why something could not be kept; empty when it works again."""

    def __init__(self, engine: Engine, tasks: Tasks) -> None:
        super().__init__(engine)
        self.choices = choosing.load(engine.config)
        self._engine, self._tasks = engine, tasks
        self._keeper: Keeper | None = None
        self._busy = False
        self._problem = ""
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self._write)
        self._locked = engine.state.locked
        engine.state_changed.connect(self._engine_changed)
        engine.people_changed.connect(self._drop_gone)
        self._apply()
        QTimer.singleShot(FIRST, self, self.expire)

    @staticmethod
    def of(engine: Engine, tasks: Tasks) -> Keeping:
        """Return the window's one and only."""
        return engine.findChild(Keeping) or Keeping(engine, tasks)

    @property
    def keeper(self) -> Keeper:
        """Made when it is first needed: opening the window does not wait for it."""
        if self._keeper is None:
            from facecam.keeping.keeper import Keeper

            config = self._engine.config
            self._keeper = Keeper(config, self._vault(), self.choices)
        return self._keeper

    @property
    def text(self) -> str:
        """What is being kept, for the status line; empty for nothing."""
        if self._engine.state.locked:
            return ""
        parts = [
            name
            for name, kept in (
                ("visits", self.choices.events),
                ("strangers", self.choices.inbox),
            )
            if kept
        ]
        return f"Keeping {' and '.join(parts)}" if parts else ""

    def follow(self, recognition: Recognition, source: str) -> None:
        """Look at a new recognition of a source, called as a person would.

        Not before the people are known: until then everybody looks like a stranger.
        """
        state = self._engine.state
        known = state.loaded and not state.locked
        if known and self.choices.any and self._keeper is not None:
            self._keeper.follow(recognition, source, time.time())

    def leave(self) -> None:
        """End every visit, as when another source is chosen."""
        if self._keeper is not None and self.choices.any:
            self._keeper.leave(time.time())
            self._write()

    def choose(self, choices: Choices) -> None:
        """Keep something else from now on, and remember it."""
        if choices == self.choices:
            return
        self.choices = choices
        self.keeper.use(choices)
        self._apply()
        home = self._engine.config.home

        def work() -> None:
            choosing.save(home, choices)
            self.keeper.expire()

        self._tasks.start(work, lambda _: self.written.emit(), self._broken, LANE)
        self.changed.emit(choices)

    def ask(
        self,
        work: Callable[[Keeper], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Task:
        """Read or change what is kept, in the background."""
        keeper = self.keeper
        return self._tasks.start(lambda: work(keeper), done, failed, LANE)

    def expire(self) -> None:
        """Delete what is too old, also while nothing is kept any more."""

        def work(keeper: Keeper) -> int:
            return keeper.expire()

        def prepared(_: None) -> None:
            self.ask(work, self._expired, self._broken)

        self._prepare(prepared)

    def _drop_gone(self, people: tuple[Person, ...]) -> None:
        """Let nobody stay in memory who was forgotten."""
        if self._keeper is not None:
            self._keeper.drop_gone({person.identity.id for person in people})

    def _vault(self) -> Vault:
        """Return what seals now; without the passphrase nothing sealed is read."""
        from facecam.vault import Plain

        return self._engine.vault or Plain(self._engine.config.home)

    def _engine_changed(self, state: EngineState) -> None:
        """Do what had to wait for the passphrase."""
        self._apply()
        if self._locked and not state.locked:
            self.expire()
        self._locked = state.locked

    def _apply(self) -> None:
        """Let the engine and the timer follow the choices."""
        self._engine.curious = self.choices.any
        if self._keeper is not None:
            self._keeper.use_vault(self._vault())
            self._keeper.use_config(self._engine.config)
        if self.choices.any:
            self._prepare(self._begin)
        else:
            self._timer.stop()

    def _prepare(self, then: Callable[[None], None]) -> None:
        """Import what keeping takes in the background: it is not needed at once."""
        self._tasks.start(_import, then, lane=LANE)

    def _begin(self, _: None) -> None:
        if self.choices.any:
            self.keeper.know_embedder(self._engine.fingerprint)
            self._timer.start()

    def _write(self) -> None:
        """Hand what there is to the lane, unless it is still at it."""
        if self._busy:
            return
        keeper = self.keeper
        batch = keeper.collect()
        if batch:
            self._busy = True
            self.ask(lambda keeper: keeper.write(batch), self._wrote, self._broken)

    def _wrote(self, _: None) -> None:
        self._busy = False
        if self._problem:
            self._problem = ""
            self.failed.emit("")
        self.written.emit()

    def _expired(self, count: int) -> None:
        if count:
            self.written.emit()

    def _broken(self, error: Exception) -> None:
        self._busy = False
        if isinstance(error, VaultLocked):
            return  # the window asks for the passphrase already
        if not isinstance(error, FacecamError):
            raise error
        self._problem = str(error)
        self.failed.emit(self._problem)


def _import() -> None:
    import facecam.keeping.keeper  # noqa: F401
