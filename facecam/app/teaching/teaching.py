"""Teaching in the live picture: a false alarm, a missed face, both with the frame.

A box on the screen has moved on since its frame was looked at. What is kept is the
frame in which the recognizer last found that face, with the box it found there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtWidgets import QMenu

from facecam.app import words
from facecam.app.engine import Engine
from facecam.app.naming import Naming
from facecam.app.notices import SHORTLY, Action, Notice
from facecam.app.stage import Stage
from facecam.app.tasks import Tasks
from facecam.app.teaching.mark import FALSE_ALARM, Mark, Still
from facecam.app.teaching.pool import Pool
from facecam.errors import FacecamError
from facecam.faces import Face, Recognition

if TYPE_CHECKING:
    from facecam.training.detector.hard_examples import HardExample

KEY = "taught"
ENOUGH = 20
"""So many examples are worth a fine-tune: a few of each mistake, seen in a few ways."""
SECONDS = 2 * SHORTLY
"""What was kept, and how many there are, takes longer to read."""
NOT_A_FACE, MISSED = "Not a face", "A face was missed here…"
ASK, REFUSE = "Who is this?", "Not this person"


class Teaching(QObject):
    """Menus of the picture, the frozen picture, and what is kept of both."""

    fine_tune_wanted = Signal(object)
    """A fine-tune from the pool is wanted: its folder, a Path."""

    def __init__(
        self, engine: Engine, tasks: Tasks, stage: Stage, naming: Naming
    ) -> None:
        super().__init__(stage)
        self.pool = Pool.of(engine, tasks)
        self._stage, self._naming = stage, naming
        self._newest: Recognition | None = None
        self._seen_in: dict[int, Recognition] = {}
        """Where each track was last found, while its box is drawn."""
        view = stage.view
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        stage.teach.marked.connect(self.keep)
        self.pool.forgotten.connect(lambda: stage.toasts.hide_notice(KEY))

    def follow(self, recognition: Recognition) -> None:
        """Look at a new recognition: the boxes on the screen come from it."""
        self._newest = recognition
        drawn = {face.track for face in self._stage.view.faces}
        found = {face.track: recognition for face in recognition.faces}
        kept = {t: r for t, r in self._seen_in.items() if t in drawn}
        self._seen_in = {**kept, **found}

    def clear(self) -> None:
        """Forget the source watched so far."""
        self._newest = None
        self._seen_in.clear()
        self._stage.teach.leave()

    def begin(self) -> None:
        """Freeze the picture and let a missed face be drawn; or leave that again."""
        if self._stage.teach.isVisible():
            self._stage.teach.leave()
        elif (still := self.still()) is not None:
            self.freeze(still)

    def still(self) -> Still | None:
        """Return the picture on the screen with what was found in it."""
        if self._newest is not None:
            return Still(self._newest.frame.image, self._newest.faces)
        picture = self._stage.view.picture()
        return None if picture is None else Still(picture)

    def freeze(self, still: Still) -> None:
        """Let a missed face be drawn in a picture."""
        self._stage.card.close_card()
        self._stage.teach.begin(still, self._stage.view.mirrored)

    def false_alarm(self, face: Face) -> Mark | None:
        """Return a drawn face as it was found, in the frame it was found in."""
        recognition = self._seen_in.get(face.track)
        for found in recognition.faces if recognition else ():
            if recognition is not None and found.track == face.track:
                return Mark(recognition.frame.image, found.box, FALSE_ALARM)
        return None

    def menu_at(self, point: QPointF) -> QMenu:
        """Return what can be done with a place of the picture."""
        menu = self._menu()
        face = self._stage.view.face_under(point)
        if face is None:
            self._offer_drawing(menu)
        else:
            self._offer(menu, face)
        return menu

    def menu_for_keyboard(self) -> QMenu:
        """Return what can be done with every face of the picture, and without one."""
        menu = self._menu()
        left_first = sorted(self._stage.view.faces, key=self._left)
        for number, face in enumerate(left_first, start=1):
            who = face.match.identity if face.match else None
            title = words.short(who.name) if who else f"Unknown, {number} from the left"
            if len(left_first) == 1:
                self._offer(menu, face)
            else:
                self._offer(menu.addMenu(title.replace("&", "&&")), face)
        self._offer_drawing(menu)
        return menu

    def show_keyboard_menu(self) -> None:
        """Open the menu in the middle of the picture."""
        view = self._stage.view
        if self.still() is not None and not self._stage.teach.isVisible():
            self.menu_for_keyboard().popup(view.mapToGlobal(view.rect().center()))

    def keep(self, mark: Mark) -> None:
        """Put a mark into the pool, with its frame, and say so."""
        self._stage.toasts.hide_notice(KEY)
        self.pool.keep(mark, self._kept, self._failed)

    def _menu(self) -> QMenu:
        menu = QMenu(self._stage.view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _show_menu(self, place: QPoint) -> None:
        view = self._stage.view
        self.menu_at(QPointF(place)).popup(view.mapToGlobal(place))

    def _offer(self, menu: QMenu, face: Face) -> None:
        """Offer what can be said of a face; its frame is the one on the screen now."""
        mark = self.false_alarm(face)
        menu.addAction(ASK, lambda: self._naming.ask(face))
        if face.match is not None and face.match.identity is not None:
            menu.addAction(REFUSE, lambda: self._naming.refuse(face))
        menu.addSeparator()
        if mark is not None:
            menu.addAction(NOT_A_FACE, lambda: self.keep(mark))

    def _offer_drawing(self, menu: QMenu) -> None:
        still = self.still()
        if still is not None:
            action = menu.addAction(MISSED, lambda: self.freeze(still))
            action.setShortcut("D")

    def _left(self, face: Face) -> float:
        return self._stage.view.placement().box(face.box).left()

    def _kept(self, example: HardExample) -> None:
        count = len(self.pool.examples)
        actions = [Action("Undo", lambda: self._undo(example))]
        if count >= ENOUGH:
            actions.append(Action("Fine-tune…", self._fine_tune))
        said = f"Kept as a {example.kind}. {counted(count)}"
        notice = Notice(KEY, said, "done", actions, seconds=SECONDS)
        self._stage.toasts.show_notice(notice)

    def _undo(self, example: HardExample) -> None:
        self._stage.toasts.hide_notice(KEY)
        said = Notice(KEY, "Nothing was kept.", "done", seconds=SHORTLY)
        self.pool.remove(
            [example], lambda _: self._stage.toasts.show_notice(said), self._failed
        )

    def _fine_tune(self) -> None:
        self._stage.toasts.hide_notice(KEY)
        self.fine_tune_wanted.emit(self.pool.folder)

    def _failed(self, error: Exception) -> None:
        """Say why nothing could be kept; anything unexpected is a bug."""
        if not isinstance(error, FacecamError):
            raise error
        self._stage.toasts.show_notice(Notice(KEY, str(error), "error"))


def counted(count: int) -> str:
    """Say how many examples there are, and what they are good for."""
    there = "1 example is" if count == 1 else f"{count:,} examples are"
    if count < ENOUGH:
        return f"{there} in the pool; from about {ENOUGH} on a fine-tune pays."
    return f"{there} in the pool: enough for a fine-tune."
