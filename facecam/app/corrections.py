"""“Not this person” in the window: refuse a name, say what else changes, undo it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal

from facecam.app import words
from facecam.app.engine import Engine
from facecam.app.keeping import Keeping
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.app.views import View
from facecam.errors import FacecamError, GalleryError
from facecam.faces import Identity

if TYPE_CHECKING:
    from facecam.correcting import Changed, Correction, Subject
    from facecam.gallery import Gallery
    from facecam.inbox import Sight

Added: TypeAlias = frozenset[int]
"""Numbers of changes of the people."""

KEY = "correction"
SECONDS = 2 * SHORTLY
"""What else changes takes longer to read."""


@dataclass(frozen=True, eq=False)
class Wrong:
    """A name that was wrong: whose, and the views it was given to."""

    identity: Identity
    views: tuple[View, ...]
    track: int | None = None
    """The face on the screen, if it is there still."""
    undone: Callable[[], None] | None = None
    """What else to do when it is taken back."""


class Corrections(QObject):
    """Turns wrong names into negative examples."""

    done = Signal(object)
    """The `Wrong`, once the people are fitted again."""

    def __init__(
        self, engine: Engine, keeping: Keeping, toasts: Notices, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._engine, self._keeping, self._toasts = engine, keeping, toasts

    def refuse(self, wrong: Wrong) -> None:
        """Take a name from a face: on the screen at once, then from what is learned."""
        if wrong.track is not None:
            self._engine.refuse(wrong.track, wrong.identity)
        name, config = words.short(wrong.identity.name), self._engine.config
        self._toasts.hide_notice(KEY)
        learning = Notice(KEY, f"Learning that this is not {name}…", closable=False)
        self._toasts.show_notice(learning)
        sights = self._others(wrong)

        def work(gallery: Gallery) -> tuple[Correction, Added]:
            from facecam import pipeline
            from facecam.correcting import correct
            from facecam.gallery import Shot

            shots = [Shot(v.image, v.box, v.landmarks) for v in wrong.views]
            subjects = of_late(sights, gallery.fingerprint)
            before = _numbers(gallery)
            correction = correct(
                gallery,
                lambda: pipeline.fit_identifier(config, gallery),
                wrong.identity.id,
                shots,
                subjects,
            )
            return correction, _numbers(gallery) - before

        def corrected(answer: tuple[Correction, Added]) -> None:
            correction, added = answer
            self.done.emit(wrong)
            self._say(said(correction), wrong, added)

        self._engine.change(work, corrected, lambda error: self._failed(error, wrong))

    def _others(self, wrong: Wrong) -> list[Sight]:
        """Return views of late to compare, other than the one that is corrected."""
        keeper = self._keeping.keeper
        if wrong.track is None:
            return [v for v in keeper.recent() if v.image is not wrong.views[0].image]
        return keeper.recent(keeper.sight_of(wrong.track))

    def _say(self, text: str, wrong: Wrong, added: Added) -> None:
        def undo() -> None:
            self._toasts.hide_notice(KEY)
            self._allow(wrong)
            self._engine.change(
                lambda gallery: take_back(gallery, added),
                None,
                lambda error: self._failed(error, None),
            )
            if wrong.undone is not None:
                wrong.undone()

        self._toasts.hide_notice(KEY)
        actions = [Action("Undo", undo)]
        notice = Notice(KEY, text, "done", actions, seconds=SECONDS)
        self._toasts.show_notice(notice)

    def _allow(self, wrong: Wrong) -> None:
        if wrong.track is not None:
            self._engine.refuse(wrong.track, wrong.identity, refused=False)

    def _failed(self, error: Exception, wrong: Wrong | None) -> None:
        self._toasts.hide_notice(KEY)
        if wrong is not None:
            self._allow(wrong)
        if not isinstance(error, FacecamError):
            raise error
        self._toasts.show_notice(Notice(KEY, str(error), "error"))


def take_back(gallery: Gallery, added: Added) -> None:
    """Undo changes, if they are still the last ones.

    Raises:
        GalleryError: something else was changed since.
    """
    for _ in added:
        done = [change for change in gallery.history() if not change.undone]
        if not done or done[-1].number not in added:
            raise GalleryError(
                "The people were changed since. Undo that first, in the People place."
            )
        gallery.undo()


def _numbers(gallery: Gallery) -> Added:
    return frozenset(change.number for change in gallery.history())


def of_late(sights: Sequence[Sight], fingerprint: str) -> list[Subject]:
    """Return views in memory as faces to compare, if their vectors compare."""
    from facecam.correcting import Subject

    same = [sight for sight in sights if sight.fingerprint == fingerprint]
    return [Subject(sight.embedding) for sight in same]


def said(correction: Correction) -> str:
    """Say what was corrected and what else is called differently now."""
    text = f"Noted: this is not {words.short(correction.person.name)}."
    if not correction.changed:
        return f"{text} Nothing else changes."
    return f"{text} {' '.join(_sentences(correction.changed))}"


def _sentences(changed: Sequence[Changed]) -> list[str]:
    """Say how many faces change in which way, the most first."""
    ways: Counter[tuple[bool, str, str]] = Counter()
    for one in changed:
        was = words.short(one.before.name) if one.before else "unknown"
        now = words.short(one.after.name) if one.after else "unknown"
        ways[(one.subject.whose is not None, was, now)] += 1
    texts = []
    for (enrolled, was, now), count in ways.most_common():
        kind = "enrolled picture" if enrolled else "view"
        verb = f"{kind} changes" if count == 1 else f"{kind}s change"
        texts.append(f"{count} other {verb}: {was} → {now}.")
    return texts
