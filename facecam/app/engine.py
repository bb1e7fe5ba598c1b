"""What the window knows of recognising: loads it, hands it frames, changes people.

The recognizer belongs to the recognition thread, the gallery with nets of its own to
the lane "work". The window keeps only what they answered: a runtime, the people.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from facecam.app import workshop
from facecam.app.engine_state import EngineState, Enrolled
from facecam.app.tasks import Report, Task, Tasks
from facecam.app.views import View
from facecam.app.workshop import Workshop, undecided
from facecam.config import Config
from facecam.errors import FacecamError, VaultLocked, WeightsMissing
from facecam.faces import Frame, Identity, Image, Recognition

if TYPE_CHECKING:
    from facecam.app.differences import TakenOver
    from facecam.enrolment import Coach
    from facecam.gallery import Gallery, Person
    from facecam.recognizer import Recognizer
    from facecam.vault import Vault
    from facecam.vision.embedder import Embedder
    from facecam.vision.identifier import Identifier

__all__ = ["Engine", "EngineState", "Enrolled"]

T = TypeVar("T")

UNEXPECTED = "Something went wrong while loading. The details are in the log."
WAIT = 0.1
"""How often waiting for nets looks whether it is still wanted, seconds."""
SOON = 1.0
"""What takes longer shows its progress, seconds."""
PATIENCE = 2.0
"""Longest time faces are held back until the people are loaded, too, seconds."""


class Engine(QObject):
    """Loads nets and gallery in the background and swaps them into the live loop."""

    state_changed = Signal(object)
    progressed = Signal(str, float)
    """What loading does that takes long, and the share done: only a first time."""
    people_changed = Signal(object)
    """A tuple of Person, by name."""

    def __init__(
        self, config: Config, tasks: Tasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.config = config
        self.state = EngineState()
        self.people: tuple[Person, ...] = ()
        self.vault: Vault | None = None
        """Unseals protected people, once the passphrase was given; then load anew."""
        self.curious = False
        """Whether faces are embedded while nobody is enrolled, too."""
        self.coach: Coach | None = None
        """Looks at the frames instead of the recognizer while somebody is enrolled."""
        self.taken_over: TakenOver | None = None
        """What other programs changed last, if that was taken over; see `following`."""
        self._tasks = tasks
        self._shop = Workshop()
        self._fitted, self._turn = threading.Event(), threading.Lock()
        self._built_at = math.inf
        self._recognizer: Recognizer | None = None

    def load(self) -> None:
        """Load, or load anew, the nets chosen last and then the people."""
        self.config = workshop.settled(self.config, self._shop)
        self._tasks.start_reporting(
            self._build, self.progressed.emit, self._built, self._not_built
        )

    def recognizer_for_session(
        self, stopped: threading.Event
    ) -> Callable[[Frame], Recognition]:
        """Return the function a live session recognises with; forgets old tracks.

        It waits while nets are loading, so that a single picture gets its faces, too;
        `stopped` ends the wait.
        """
        known: list[Recognizer] = []

        def recognize(frame: Frame) -> Recognition:
            while not stopped.is_set() and self._worth_waiting():
                self._fitted.wait(WAIT)
            with self._turn:  # a session that was left behind may still be at it
                recognizer = self._recognizer
                if recognizer is None or stopped.is_set():
                    return Recognition(frame, ())
                if recognizer not in known:
                    known[:] = [recognizer]
                    recognizer.reset()
                if (coach := self.coach) is not None:
                    return coach.process(frame)
                recognizer.curious = self.curious
                recognition = recognizer.process(frame)
            return recognition if self._fitted.is_set() else undecided(recognition)

        return recognize

    def new_coach(self, enrolling: Identity | None, glasses: bool) -> Coach | None:
        """Return a coach on the nets in use, not at work yet; None without names."""
        from facecam.enrolment import Coach, Sitting

        recognizer = self._recognizer
        if recognizer is None or recognizer.embedder is None:
            return None
        sitting = Sitting(recognizer.identifier, enrolling, glasses)
        nets = recognizer, recognizer.embedder  # it knows the detector in use
        return Coach(*nets, self.config, sitting)

    def refuse(self, track: int, identity: Identity, refused: bool = True) -> None:
        """Call a track by a name no more, from the next frame on; or allow it again."""
        if self._recognizer is not None:
            self._recognizer.refuse(track, identity.id, refused)

    @property
    def fingerprint(self) -> str:
        """Of the embedder that looks at the frames; empty without one."""
        embedder = self._recognizer.embedder if self._recognizer else None
        return embedder.fingerprint if embedder else ""

    def _worth_waiting(self) -> bool:
        """Tell whether nets or people are loading and will soon be there."""
        if self._fitted.is_set() or self.state.problem:
            return False
        return time.monotonic() - self._built_at < PATIENCE

    def change(
        self,
        work: Callable[[Gallery], T],
        done: Callable[[T], None] | None,
        failed: Callable[[Exception], None],
    ) -> None:
        """Change the people on the lane "work", refit, and tell the window about it."""
        self._change(lambda: work(self._gallery()), done, failed)

    def ask(
        self,
        work: Callable[[Gallery, Report], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        progress: Report | None = None,
    ) -> Task:
        """Read something of the people on the lane "work"; nothing is fitted again."""
        return self._tasks.start_reporting(
            lambda report: work(self._gallery(), report), progress, done, failed
        )

    def enrol(
        self,
        who: str | Identity,
        views: Sequence[View],
        done: Callable[[Enrolled], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Give views to somebody: a new person by name, or one already enrolled."""

        def work() -> Enrolled:
            return self._add(who, views)

        self._change(work, done, failed)

    def rename(
        self, identity: Identity, name: str, failed: Callable[[Exception], None]
    ) -> None:
        """Give a person another name."""
        self._change(lambda: self._gallery().rename(identity.id, name), None, failed)

    def forget(self, identity: Identity, failed: Callable[[Exception], None]) -> None:
        """Remove every trace of a person."""
        from facecam import forgetting

        def work() -> object:
            return forgetting.forget(self.config, self._gallery(), identity.id)

        self._change(work, None, failed)

    def thumbnail(self, person: Person) -> Image | None:
        """Read a person's face to show, on any thread; None without one."""
        gallery = self._shop.gallery
        return None if gallery is None else gallery.thumbnail(person)

    def install(
        self,
        work: Callable[[Config, Report], None],
        progress: Report,
        done: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> Task:
        """Change what is installed, on a lane of its own; then load anew."""

        def finished(_: None) -> None:
            self.load()
            done()

        whole = partial(work, self.config)
        return self._tasks.start_reporting(whole, progress, finished, failed, "install")

    @property
    def detector(self) -> bytes:
        """Stamp of the installed detector that is in use; see workshop.stamp."""
        return self._shop.detector

    @property
    def embedder(self) -> tuple[str, bytes]:
        """The embedder in use and its stamp; see workshop.embedder_stamp."""
        return self._shop.embedder

    def renew_detector(
        self, done: Callable[[str], None], failed: Callable[[Exception], None]
    ) -> None:
        """Find faces with the detector installed now; tracks, names and visits go on.

        Args:
            done: told where it comes from.
            failed: told why it cannot be used; the one before stays in use.
        """
        work = partial(workshop.renew_detector, self._shop, self.config)
        self._tasks.start(work, done, failed)

    def _change(
        self,
        work: Callable[[], object],
        done: Callable[..., None] | None,
        failed: Callable[[Exception], None],
    ) -> None:
        """Change the gallery, refit, then tell about it."""

        def whole() -> object:
            try:
                return work()
            finally:
                self._refit()

        def finished(answer: object) -> None:
            self._tell_people()
            if done is not None:
                done(answer)

        def broken(error: Exception) -> None:
            self._tell_people()
            failed(error)

        self._tasks.start(whole, finished, broken)

    # On the lane "work" -----------------------------------------------------------

    def _build(self, report: Report) -> EngineState:
        from facecam import pipeline

        workshop.ready_detector(self._shop, self.config, report)
        recognizer = pipeline.build_recognizer(self.config)
        if self._recognizer is None:  # faces at once; another one only with names
            self._recognizer, self._built_at = recognizer, time.monotonic()
        if workshop.embedder_made_ready(self._shop, self.config, report):
            recognizer = pipeline.build_recognizer(self.config)
        self._shop.recognizer = recognizer
        locked = not self._open(workshop.embedder_of_people(self.config))
        self._refit(report)
        self._recognizer = recognizer
        self._fitted.set()
        can_name = recognizer.embedder is not None
        runtime = workshop.runtime(self._shop, self.config, recognizer)
        return EngineState(True, runtime, can_name, locked=locked)

    def _open(self, embedder: Embedder | None) -> bool:
        """Open the people; tell whether that was possible without a passphrase."""
        from facecam import pipeline

        self._shop.gallery, self._shop.people = None, ()
        with contextlib.suppress(VaultLocked):
            vault = self.vault
            self._shop.gallery = pipeline.open_gallery(self.config, embedder, vault)
        return self._shop.gallery is not None

    def _gallery(self) -> Gallery:
        if self._shop.gallery is None and self.state.locked:
            raise VaultLocked("The people are protected. Give the passphrase first.")
        if self._shop.gallery is None:
            raise WeightsMissing("Still loading. Try again in a moment.")
        return self._shop.gallery

    def _add(self, who: str | Identity, views: Sequence[View]) -> Enrolled:
        from facecam.gallery import Shot

        shots = [Shot(view.image, view.box, view.landmarks) for view in views]
        person = self._gallery().enrol(who, shots).person
        return Enrolled(person, len(views), isinstance(who, str))

    def _refit(self, report: Report = lambda text, share: None) -> None:
        """Fit the identifier to the people as they are and put it to use."""
        from facecam import pipeline

        began = time.monotonic()

        def tell(share: float) -> None:
            if time.monotonic() - began > SOON:
                report("Learning to tell people apart, only once…", share)

        gallery, recognizer = self._shop.gallery, self._shop.recognizer
        if gallery is None or recognizer is None:
            return
        self._shop.people = tuple(gallery.people())
        identifier: Identifier | None = None
        if recognizer.embedder is not None and self._shop.people:
            identifier = pipeline.fit_identifier(self.config, gallery, tell)
            self._shop.people = tuple(gallery.people())  # with quality
        recognizer.use(identifier)

    # On the main thread -----------------------------------------------------------

    def _built(self, state: EngineState) -> None:
        self.state = state
        self._tell_people()
        self.state_changed.emit(state)

    def _not_built(self, error: Exception) -> None:
        recognizer = self._recognizer
        expected = isinstance(error, FacecamError)
        self.state = EngineState(
            runtime=recognizer.runtime if recognizer else "",
            can_name=recognizer is not None and recognizer.embedder is not None,
            problem=str(error) if expected else UNEXPECTED,
        )
        self._tell_people()
        self.state_changed.emit(self.state)
        if not expected:
            raise error

    def _tell_people(self) -> None:
        self.people = self._shop.people
        self.people_changed.emit(self.people)
