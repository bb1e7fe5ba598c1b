"""What the page knows of the strangers: groups, small pictures, who it might be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from facecam.app.engine import Engine
from facecam.app.keeping import Keeping
from facecam.app.tasks import Tasks
from facecam.app.thumbnails import small
from facecam.app.views import View
from facecam.errors import FacecamError
from facecam.faces import Identity, Match

if TYPE_CHECKING:
    from facecam.config import Config
    from facecam.gallery import Gallery, Shot
    from facecam.inbox import Group, Sight
    from facecam.keeping.keeper import Keeper

SHOWN = 7
"""Views of a group that its card shows."""
PERHAPS = 20.0
"""Whom fewer strangers resemble as much is worth suggesting: one in so many."""


@dataclass(frozen=True, eq=False)
class Stranger:
    """One card: a group, its first views as pictures, and whom it resembles."""

    group: Group
    faces: tuple[QImage, ...] = ()
    match: Match | None = None

    @property
    def guess(self) -> Match:
        """The match without a name: a guess is not an answer."""
        likely = self.likely
        strangers = self.match.strangers if self.match else 1.0
        return Match(None, strangers, likely)

    @property
    def likely(self) -> Identity | None:
        """Who it might be, of those enrolled."""
        if self.match is None or self.match.strangers < PERHAPS:
            return None
        return self.match.identity or self.match.candidate


class Strangers(QObject):
    """Reads the inbox in the background; pictures and guesses come a moment later."""

    changed = Signal()
    failed = Signal(str)

    def __init__(
        self, engine: Engine, tasks: Tasks, keeping: Keeping, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.listed: tuple[Stranger, ...] = ()
        self.ignored = 0
        self.known = False
        """Whether the inbox has been read."""
        self._engine, self._tasks, self._keeping = engine, tasks, keeping
        self._faces: dict[str, QImage] = {}
        self._matches: dict[str, Match] = {}

    def read(self) -> None:
        """Read the groups, then what is missing of their pictures."""

        def work(keeper: Keeper) -> tuple[list[Group], int]:
            return keeper.inbox.groups(), len(keeper.inbox.ignored())

        self._keeping.ask(work, self._got_groups, self._broken)

    def guess(self) -> None:
        """Ask anew whom the strangers resemble, as after people changed."""
        groups = [stranger.group for stranger in self.listed]
        if not groups or not self._engine.people:
            self._matches = {}
            self._show(groups)
            return
        config = self._engine.config
        self._engine.ask(
            lambda gallery, _: likely(config, gallery, groups),
            self._got_matches,
            lambda error: None if isinstance(error, FacecamError) else _raise(error),
        )

    def views(self, groups: Sequence[str], done: Callable[[list[Sight]], None]) -> None:
        """Read every view of some groups with its picture."""

        def work(keeper: Keeper) -> list[Sight]:
            return [view for group in groups for view in keeper.inbox.take(group)]

        self._keeping.ask(work, done, self._broken)

    def _got_groups(self, answer: tuple[list[Group], int]) -> None:
        groups, self.ignored = answer
        self.known = True
        here = {group.id for group in groups}
        fresh = here - {stranger.group.id for stranger in self.listed}
        self.failed.emit("")
        self._show(groups)
        wanted = [
            (group, view)
            for group in groups
            for view in group.views[:SHOWN]
            if view.file not in self._faces
        ]
        if wanted:
            inbox = self._keeping.keeper.inbox

            def work() -> dict[str, QImage]:
                found = {}
                for group, view in wanted:
                    try:
                        image = inbox.image(group, view)
                    except FacecamError:
                        continue  # it has just expired
                    portrait = View(
                        image, view.box, view.landmarks, 1.0, 0.0
                    ).portrait()
                    found[view.file] = small(portrait)
                return found

            self._tasks.start(work, self._got_faces, lane="look")
        if fresh:
            self.guess()

    def _got_faces(self, faces: Mapping[str, QImage]) -> None:
        self._faces.update(faces)
        groups = [stranger.group for stranger in self.listed]
        here = {view.file for group in groups for view in group.views}
        self._faces = {file: f for file, f in self._faces.items() if file in here}
        self._show(groups)

    def _got_matches(self, matches: Mapping[str, Match]) -> None:
        self._matches = dict(matches)
        self._show([stranger.group for stranger in self.listed])

    def _show(self, groups: Sequence[Group]) -> None:
        self.listed = tuple(
            Stranger(group, self._pictures(group), self._matches.get(group.id))
            for group in groups
        )
        self.changed.emit()

    def _pictures(self, group: Group) -> tuple[QImage, ...]:
        files = [view.file for view in group.views[:SHOWN]]
        return tuple(self._faces[file] for file in files if file in self._faces)

    def _broken(self, error: Exception) -> None:
        if not isinstance(error, FacecamError):
            raise error
        self.failed.emit(str(error))


def likely(
    config: Config, gallery: Gallery, groups: Sequence[Group]
) -> dict[str, Match]:
    """Return whom each group resembles most, by its id, where the vectors compare."""
    from facecam import pipeline

    identifier = pipeline.fit_identifier(config, gallery)
    same = [group for group in groups if group.fingerprint == gallery.fingerprint]
    return {
        group.id: identifier.identify(np.asarray(group.mean)[None])[0] for group in same
    }


def shots(views: Sequence[View]) -> list[Shot]:
    """Return views as the gallery takes pictures; `time` is seconds since 1970."""
    from facecam.gallery import Shot

    return [
        Shot(
            v.image,
            v.box,
            v.landmarks,
            datetime.fromtimestamp(v.time, UTC).isoformat(timespec="seconds"),
        )
        for v in views
    ]


def _raise(error: Exception) -> None:
    raise error
