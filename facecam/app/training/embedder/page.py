"""How faces are compared: the embedder in use, others; all goes on unlooked at."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from facecam.app import words
from facecam.app.engine import Engine
from facecam.app.notices import SHORTLY, Action, Notice, Notices
from facecam.app.settings import Settings
from facecam.app.tasks import Report, Task, Tasks
from facecam.app.training.embedder import saying
from facecam.app.training.embedder.card import EmbedderCard
from facecam.app.training.embedder.comparing import CompareCard, Comparing
from facecam.app.training.embedder.models import Embedder, read_embedders, time_of
from facecam.app.training.embedder.pairs import PairsCard
from facecam.app.training.embedder.parts import TrainCard, label, say
from facecam.app.training.embedder.switching import LANE, UNEXPECTED, Switching
from facecam.config import Config
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.report.embedders import Comparison
    from facecam.switching import Switched

WIDEST = 1120
"""Of the cards, logical pixels."""
NOTICE = "embedder"


class EmbedderPage(QWidget):
    """Embedders: measured, compared, switched."""

    said = Signal(object)
    """A Notice, to be shown elsewhere while the page is not looked at."""
    train_wanted = Signal()
    """Another embedder is to be trained."""

    def __init__(
        self, engine: Engine, tasks: Tasks, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._engine, self._tasks = engine, tasks
        self.listed: tuple[Embedder, ...] = ()
        self.cards: dict[str, EmbedderCard] = {}
        self._seconds: dict[str, float] = {}
        """What a face takes, by name; measured once per visit of the program."""
        self._installing: Task | None = None
        self.switching = Switching(engine, tasks, self)
        self.comparing = Comparing(engine, tasks, self)
        self.area = QScrollArea(self, widgetResizable=True)
        self.no_other = label(saying.NO_OTHER, self.area, quiet=True)
        self.compare = CompareCard(self.area)
        self.pairs = PairsCard(engine, settings, self.area)
        self.embedders = QVBoxLayout()
        self.training = TrainCard(self.area)
        self.toasts = Notices(self)
        self._arrange()
        self._connect()

    def show_page(self) -> None:
        """Read which embedders there are."""
        self._read()

    def embedder(self, name: str) -> Embedder | None:
        """Return what is known of an embedder."""
        return next((one for one in self.listed if one.name == name), None)

    # Showing ----------------------------------------------------------------------

    def _read(self) -> None:
        config = self._engine.config
        self._tasks.start(lambda: read_embedders(config), self._show, lane="look")

    def _show(self, listed: tuple[Embedder, ...]) -> None:
        if listed != self.listed:
            self.listed = listed
            self._lay_out()
        self.no_other.setVisible(len(listed) < 2)
        self.pairs.offer(listed)
        self._show_state()
        self._measure_speed()

    def _lay_out(self) -> None:
        """Give every embedder its card, the one in use first."""
        for name in self.cards.keys() - {one.name for one in self.listed}:
            self.cards.pop(name).deleteLater()
        for place, one in enumerate(self.listed):
            card = self.cards.get(one.name) or self._card(one.name)
            self.embedders.insertWidget(place, card)
            card.show_embedder(one)
            card.show()
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Make Tab go in the order of reading; cards come and go."""
        order: list[QWidget] = []
        for one in self.listed:
            order += self.cards[one.name].controls
        order += [*self.compare.controls, *self.pairs.controls, self.training.begin]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _show_state(self) -> None:
        """Show what can be done now."""
        busy = bool(self.switching.coming) or self._installing is not None
        busy = busy or self.comparing.running
        previous = self._previous()
        wanted = next((one for one in self.listed if one.wanted), None)
        for name, card in self.cards.items():
            one = self.embedder(name)
            used = one is not None and one.used
            card.allow(not busy)
            card.show_speed(self._seconds.get(name))
            missing = used and wanted is not None and not wanted.installed
            card.show_note(
                saying.standing_in(one.title, wanted)
                if missing and one is not None and wanted is not None
                else ""
            )
            back = previous if used else None
            card.show_previous(back.name if back else "", back.title if back else "")
        problem = saying.ALONE if len(self._there()) < 2 else ""
        if not self._engine.people and self._engine.state.loaded:
            problem = saying.NOBODY
        self.compare.offer(problem, busy)

    def _previous(self) -> Embedder | None:
        from facecam import switching

        name = switching.previous(self._engine.config)
        return self.embedder(name) if name else None

    def _there(self) -> list[str]:
        return [one.name for one in self.listed if one.installed]

    def _measure_speed(self) -> None:
        config = self._engine.config
        for one in self.listed:
            if one.installed and one.name not in self._seconds and self.isVisible():
                work = partial(time_of, config, one.name)
                done = partial(self._timed, one.name)
                self._tasks.start(work, done, self._not_timed, LANE)

    def _timed(self, name: str, seconds: float) -> None:
        self._seconds[name] = seconds
        if name in self.cards:
            self.cards[name].show_speed(seconds)

    def _not_timed(self, error: Exception) -> None:
        """Say nothing: why is said when it is to be used."""
        if not isinstance(error, FacecamError):
            raise error

    # Doing ------------------------------------------------------------------------

    def use(self, name: str) -> None:
        """Switch to an embedder, in the background."""
        self.switching.begin(name)

    def install(self, name: str) -> None:
        """Fetch and convert an embedder; it is not used by that."""
        card = self.cards[name]

        def work(config: Config, report: Report) -> None:
            from facecam import installation

            installation.install(config, name, report)

        card.doing.begin("Installing")
        say(card.wrong, "")
        self._installing = self._engine.install(
            work,
            card.doing.tell,
            partial(self._installed, name),
            partial(self._not_installed, name),
        )
        self._show_state()

    def cancel(self, name: str) -> None:
        """Stop what is done with an embedder."""
        if self._installing is not None and not self.switching.coming:
            self._installing.cancel()
            self._installing = None
        self.switching.cancel()
        self.cards[name].doing.end()
        self._show_state()

    def compare_with(self, name: str = "") -> None:
        """Compare the one in use with another, or with all that are installed."""
        used = [one.name for one in self.listed if one.used]
        self.comparing.begin([*used, name] if name else self._there())
        say(self.compare.wrong, "")
        self.compare.doing.begin("Comparing")
        self.area.ensureWidgetVisible(self.compare)
        self._show_state()

    def _cancel_comparing(self) -> None:
        self.comparing.cancel()
        self.compare.doing.end()
        self._show_state()

    def _installed(self, name: str) -> None:
        self._installing = None
        self.cards[name].doing.end()
        self._read()

    def _not_installed(self, name: str, error: Exception) -> None:
        self._installing = None
        self.cards[name].doing.end()
        expected = isinstance(error, FacecamError)
        say(self.cards[name].wrong, str(error) if expected else UNEXPECTED)
        self._show_state()
        if not expected:
            raise error

    def _switch_began(self, name: str) -> None:
        if name not in self.cards:  # put among the others a moment ago
            self._read()
            return
        used = next((one.title for one in self.listed if one.used), "")
        card = self.cards[name]
        say(card.wrong, "")
        card.doing.begin("Loading")
        self._show_state()
        card.show_note(saying.GOES_ON.format(now=used) if used else "")

    def _switch_progressed(self, text: str, share: float) -> None:
        if card := self.cards.get(self.switching.coming):
            if card.doing.isHidden():
                card.doing.begin(text)
            card.doing.tell(text, share)

    def _switched(self, switched: Switched) -> None:
        name, title = switched.manifest.name, switched.manifest.called
        if name in self.cards:
            self.cards[name].doing.end()
        before = self.embedder(switched.before)
        actions: tuple[Action, ...] = ()
        if before is not None and before.installed and before.name != name:
            actions = (
                Action(f"Back to {before.title}", partial(self.use, before.name)),
            )
        text = f"Faces are compared by {title} from now on."
        if count := len(switched.problems):
            text += f" {words.pictures(count)} could not be read and were left out."
        self._say(Notice(NOTICE, text, "done", actions, seconds=SHORTLY))
        self._read()

    def _switch_failed(self, text: str) -> None:
        for card in self.cards.values():
            if not card.doing.isHidden():
                card.doing.end()
                say(card.wrong, text)
        self._show_state()
        if not self.isVisible():
            self.said.emit(Notice(NOTICE, text, "error"))

    def _compared(self, comparison: Comparison) -> None:
        self.compare.doing.end()
        self.compare.show_comparison(comparison)
        for one in comparison.embedders:
            self._seconds[one.name] = one.seconds
        self._show_state()

    def _not_compared(self, text: str) -> None:
        self.compare.doing.end()
        say(self.compare.wrong, text)
        self._show_state()

    # Arranging --------------------------------------------------------------------

    def _card(self, name: str) -> EmbedderCard:
        card = self.cards[name] = EmbedderCard(self.area)
        card.use_wanted.connect(self.use)
        card.install_wanted.connect(self.install)
        card.compare_wanted.connect(self.compare_with)
        card.doing.cancelled.connect(partial(self.cancel, name))
        return card

    def _arrange(self) -> None:
        sheet = QWidget(self.area)
        sheet.setMaximumWidth(WIDEST)
        column = QVBoxLayout(sheet)
        column.setContentsMargins(16, 16, 16, 24)
        column.setSpacing(16)
        self.embedders.setSpacing(16)
        column.addLayout(self.embedders)
        column.addWidget(self.no_other)
        column.addWidget(self.compare)
        column.addWidget(self.pairs)
        column.addWidget(self.training)
        column.addStretch(1)
        whole = QWidget(self.area)
        whole.setObjectName("column")
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(sheet, 1000)
        row.addStretch(1)
        self.area.setWidget(whole)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)
        self.setFocusProxy(self.area)
        self.no_other.hide()

    def _connect(self) -> None:
        self._engine.state_changed.connect(lambda _: self._read())
        self._engine.people_changed.connect(lambda _: self._show_state())
        self.switching.began.connect(self._switch_began)
        self.switching.progressed.connect(self._switch_progressed)
        self.switching.ended.connect(self._switched)
        self.switching.failed.connect(self._switch_failed)
        self.switching.cancelled.connect(self._show_state)
        self.comparing.progressed.connect(self.compare.doing.tell)
        self.comparing.ended.connect(self._compared)
        self.comparing.failed.connect(self._not_compared)
        self.compare.wanted.connect(lambda: self.compare_with())
        self.compare.cancelled.connect(self._cancel_comparing)
        self.training.begin.clicked.connect(self.train_wanted)
        self.toasts.fitted.connect(self._arrange_toasts)

    def _say(self, notice: Notice) -> None:
        self.toasts.show_notice(notice)
        self._arrange_toasts()
        if not self.isVisible():
            self.said.emit(notice)

    def _arrange_toasts(self) -> None:
        size = self.toasts.size_in(self.width())
        self.toasts.resize(size)
        left = (self.width() - size.width()) // 2
        self.toasts.move(left, self.height() - size.height())
        self.toasts.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the notices in their place."""
        super().resizeEvent(event)
        self._arrange_toasts()
