"""Shows what the coach says: on the picture, in the checklist, and as a question."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from facecam.app.engine import Engine
from facecam.app.enrol.capturing import Capturing
from facecam.app.enrol.stage import EnrolStage
from facecam.app.enrol.taken import Picture, Step, Taken
from facecam.app.notices import Action
from facecam.app.thumbnails import Thumbnails
from facecam.app.video_view import to_qimage
from facecam.enrolment import advice as coached
from facecam.enrolment.advice import (
    LABELS,
    Advice,
    Caution,
    Code,
    Concern,
    View,
    Wanted,
)

ENOUGH = 2.0
"""Seconds between the last picture wanted and saving, to look or to press Undo."""
OVER = "No more pictures come. Finish, or start the camera again."
ENOUGH_TEXT = "That is enough. Thank you!"
GOING = "Saved in a moment. “Undo last” goes on taking pictures."
HINT = "Space takes a picture at any time."
QUALITIES = ((0.7, "great"), (0.45, "good"), (0.0, "fair"))
"""Quality of a view, 0…1, from which it is called so; see vision.quality."""


class Guiding(QObject):
    """Follows one capture; `follow` is called as often as the screen is drawn."""

    def __init__(
        self,
        engine: Engine,
        capturing: Capturing,
        stage: EnrolStage,
        taken: Taken,
        thumbnails: Thumbnails,
    ) -> None:
        super().__init__(stage)
        self._engine, self._capturing = engine, capturing
        self._stage, self._taken = stage, taken
        self._thumbnails = thumbnails
        self._advice: Advice | None = None
        self._pictures: tuple[coached.Taken, ...] = ()
        self._asked: Caution | None = None
        self._done_at = math.inf

    def begin(self) -> None:
        """Forget the capture before."""
        self._advice, self._asked, self._pictures = None, None, ()
        self._done_at = math.inf
        self._taken.begin(self._capturing.name)

    def follow(self, now: float) -> None:
        """Show the newest advice; save once nothing more is wanted. Seconds."""
        capturing = self._capturing
        advice = capturing.advice
        if not capturing.active or advice is None:
            self._stage.view.show_advice(None)
            return
        if advice is self._advice:
            self._end(advice, now)
            return
        self._stage.view.show_advice(_said(advice))
        self._advice = advice
        self._show(advice)
        self._ask(capturing.caution)
        self._end(advice, now)

    def _show(self, advice: Advice) -> None:
        taken = self._capturing.taken
        if taken != self._pictures:
            self._pictures = taken
            self._done_at = math.inf
            self._taken.show_pictures([_picture(one) for one in taken])
        self._taken.show_count(advice.taken, advice.about, not advice.finished)
        self._taken.show_steps(
            [
                Step(_short(one), one.done, one.view is advice.now)
                for one in advice.wanted
                if one.view is not View.OTHER
            ]
        )
        self._taken.note.setText(_note(advice))

    def show_faces(self) -> None:
        """Show the face of the person asked about once it was read."""
        if self._asked is not None:
            self._stage.card.show_pictures(self._compared(self._asked))

    def source_ended(self) -> None:
        """Say that no more pictures will come; the camera may be started again."""
        advice = self._capturing.advice
        if advice is not None and not advice.finished:
            over = replace(advice, text=OVER, code=Code.NO_FACE, box=None, direction="")
            self._stage.view.show_advice(over)
            self._taken.note.setText(OVER)

    def _end(self, advice: Advice, now: float) -> None:
        """Save by itself a moment after the last picture, if nothing is unclear."""
        if not advice.finished or self._asked is not None:
            self._done_at = math.inf
        elif self._done_at == math.inf:
            self._done_at = now + ENOUGH
        elif now >= self._done_at:
            self.finish()

    def finish(self) -> None:
        """Save, unless there is a question to answer first."""
        if self._asked is not None:
            next(iter(self._stage.card.buttons.values())).setFocus()
        else:
            self._capturing.save()

    def _ask(self, caution: Caution | None) -> None:
        """Ask in place what a warning means for saving."""
        asks = caution is not None and caution.concern is not Concern.SOMEBODY_ELSE
        if not asks:
            caution = None
        if caution == self._asked:
            return
        self._asked = caution
        if caution is None:
            self._stage.card.close_card()
            return
        text = "The pictures are not saved before you say who it is."
        card, actions = self._stage.card, self._answers(caution)
        card.ask(caution.text, text, actions, self._compared(caution))

    def _answers(self, caution: Caution) -> list[Action]:
        capturing, identity = self._capturing, caution.identity
        cancel = Action("Cancel", capturing.cancel)
        if caution.concern is Concern.NOT_THEM or identity is None:
            sure = Action(
                f"It is {capturing.name}", lambda: self._accept(caution), primary=True
            )
            return [sure, cancel]
        add = Action(
            f"Add to {identity.name}", lambda: self._mean(caution), primary=True
        )
        return [
            add,
            Action("It is somebody else", lambda: self._accept(caution)),
            cancel,
        ]

    def _accept(self, caution: Caution) -> None:
        self._capturing.accept(caution)
        self._settled()

    def _mean(self, caution: Caution) -> None:
        assert caution.identity is not None
        self._capturing.mean(caution.identity)
        self._taken.rename(caution.identity.name)
        self._settled()

    def _settled(self) -> None:
        self._asked = None
        self._stage.card.close_card()
        parent = self._stage.parentWidget()
        if parent is not None:
            parent.setFocus()  # Space takes pictures again

    def _compared(self, caution: Caution) -> list[QImage]:
        """Return the newest picture and that of the person it resembles."""
        found = [to_qimage(one.crop).copy() for one in self._capturing.taken[-1:]]
        for person in self._engine.people:
            if person.identity == caution.identity:
                image = self._thumbnails.of(person)
                if image is not None and not image.isNull():
                    found.append(image)
        return found


def _short(wanted: Wanted) -> str:
    """Return a label that fits into half of the panel."""
    return "Glasses" if wanted.view is View.GLASSES else wanted.label


def _said(advice: Advice) -> Advice:
    """Say at the end that nothing needs to be pressed."""
    over = advice.code is Code.FINISHED
    return replace(advice, text=ENOUGH_TEXT) if over else advice


def _note(advice: Advice) -> str:
    """Return the line above the buttons."""
    caution = advice.warning
    if caution is not None and caution.concern is Concern.SOMEBODY_ELSE:
        return caution.text
    return GOING if advice.finished else HINT


def _picture(one: coached.Taken) -> Picture:
    word = next(word for least, word in QUALITIES if one.quality >= least)
    label = LABELS[one.view]
    return Picture(to_qimage(one.crop).copy(), word, f"{label}, {word}")
