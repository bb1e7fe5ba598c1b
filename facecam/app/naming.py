"""Giving names: from a click on a face to somebody enrolled, refused or forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from facecam.app import words
from facecam.app.corrections import Corrections, Wrong
from facecam.app.engine import Engine, Enrolled
from facecam.app.keeping import Keeping
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.app.people_panel import PeoplePanel
from facecam.app.stage import Stage
from facecam.app.views import GoodViews, View, cut
from facecam.app.who_is_this import Answer
from facecam.errors import FacecamError
from facecam.faces import Face, Identity, Recognition

if TYPE_CHECKING:
    from facecam.gallery import Person


class Naming(QObject):
    """Collects good views, asks who a face is, and lets the engine do the rest."""

    def __init__(
        self,
        engine: Engine,
        keeping: Keeping,
        stage: Stage,
        panel: PeoplePanel,
        offers: Notices,
    ) -> None:
        super().__init__(stage)
        self.views = GoodViews(engine.config.window)
        self._engine, self._stage = engine, stage
        self._panel, self._offers = panel, offers
        self._keeping = keeping
        self.corrections = Corrections(engine, keeping, stage.toasts, self)
        self._recognition: Recognition | None = None
        stage.view.face_clicked.connect(self.ask)
        stage.card.answered.connect(self._enrol)
        stage.card.refused.connect(self.refuse)
        panel.seen_clicked.connect(self._ask_track)
        panel.refused.connect(self._refuse_track)
        panel.renamed.connect(self._rename)
        panel.forget_wanted.connect(self._ask_to_forget)
        engine.people_changed.connect(self._show_people)

    def follow(self, recognition: Recognition) -> None:
        """Look at a new recognition for good views."""
        self._recognition = recognition
        self.views.collect(recognition)

    def clear(self) -> None:
        """Forget the views of the source watched so far."""
        self._recognition = None
        self.views.clear()
        self._stage.card.close_card()

    def ask(self, face: Face) -> None:
        """Ask who a face is, beside it."""
        views = self._views_of(face)
        beside = self._stage.view.rectangle(face)
        self._stage.card.ask(face, views, self._engine.people, beside)

    def refuse(self, face: Face) -> None:
        """Learn that a face is not who it is called."""
        identity = face.match.identity if face.match else None
        if identity is None:
            return
        views = self._views_of(face)[:1]
        back = self._keeping.keeper.retract(face.track, identity.id)

        def undone() -> None:
            if (visit := back()) is not None:
                self._keeping.ask(lambda keeper: keeper.events.rename(visit))

        self.corrections.refuse(Wrong(identity, views, face.track, undone))

    def _ask_track(self, track: int) -> None:
        if (face := self._face_of(track)) is not None:
            self.ask(face)

    def _refuse_track(self, track: int) -> None:
        if (face := self._face_of(track)) is not None:
            self.refuse(face)

    def _face_of(self, track: int) -> Face | None:
        """Return a face as it is shown, or was when it left."""
        faces = self._recognition.faces if self._recognition else ()
        shown = [*self._stage.view.faces, *faces]
        found = next((face for face in shown if face.track == track), None)
        return found or self._panel.face_of(track)

    def _views_of(self, face: Face) -> tuple[View, ...]:
        """Return the good views of a face, the best first; else the one just seen."""
        views = self.views.of(face.track)
        if views or self._recognition is None:
            return views
        frame = self._recognition.frame
        found = [f for f in self._recognition.faces if f.track == face.track]
        return tuple(cut(frame.image, one, frame.time) for one in found)

    def _enrol(self, answer: Answer) -> None:
        name = answer.who if isinstance(answer.who, str) else answer.who.name
        learning = Notice("enrolled", f"Learning {name}…", closable=False)
        self._stage.toasts.show_notice(learning)
        self._engine.enrol(answer.who, answer.views, self._enrolled, self._refused)

    def _enrolled(self, enrolled: Enrolled) -> None:
        identity, kept = enrolled.person.identity, words.pictures(enrolled.added)
        text, actions = f"Added {kept} to {identity.name}.", []
        if enrolled.new:
            text = f"{identity.name} is enrolled with {kept}."
            actions = [Action("Undo", lambda: self._forget(identity))]
        self._offers.hide_notice("refused")
        notice = Notice("enrolled", text, "done", actions, seconds=SHORTLY)
        self._stage.toasts.show_notice(notice)

    def _rename(self, identity: Identity, name: str) -> None:
        self._offers.hide_notice("refused")
        self._engine.rename(identity, name, self._refused)

    def _ask_to_forget(self, identity: Identity) -> None:
        from facecam.app.people.forgetting import ForgetDialog

        self._offers.hide_notice("refused")
        for person in self._engine.people:
            if person.identity.id == identity.id:
                window = self._panel.window()
                ForgetDialog(self._engine, None, person, window).exec()

    def _forget(self, identity: Identity) -> None:
        self._offers.hide_notice("refused")
        self._stage.toasts.hide_notice("enrolled")
        self._engine.forget(identity, self._refused)

    def _refused(self, error: Exception) -> None:
        """Say what the gallery did not accept; anything else is a bug."""
        self._stage.toasts.hide_notice("enrolled")
        if not isinstance(error, FacecamError):
            raise error
        self._offers.show_notice(Notice("refused", str(error), "error"))

    def _show_people(self, people: tuple[Person, ...]) -> None:
        self._panel.show_people(people)
        self._stage.card.show_people(people)
