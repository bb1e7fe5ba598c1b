"""How an embedder learns, which net it is, what it starts from, what verifies it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons
from facecam.app.training.embedder import asks
from facecam.app.training.embedder.asks import (
    CENTER,
    COMPACT,
    DISTIL,
    FACENET,
    LOSS,
    NETWORK,
    PAIRS,
    SCRATCH,
    TEACHER,
    TRIPLET,
)
from facecam.app.training.embedder.models import Embedder, read_embedders
from facecam.app.training.following import Runs
from facecam.app.training.setup.folder_card import RoleBox
from facecam.app.training.setup.kinds import Choices
from facecam.app.training.setup.plan import FROM, Plan
from facecam.app.training.setup.presets import PresetChoice
from facecam.app.training.setup.saying import PresetWords
from facecam.app.training.setup.section import quiet
from facecam.training.runs import State

WIDTH = 312
"""Of a list of choices, logical pixels."""
SIDES = {COMPACT: 112, FACENET: 160}
"""Sides of the networks' inputs, pixels: whose weights fit into which."""
NETWORKS = {
    COMPACT: ("Compact", "Small and quick: a quarter of FaceNet's time for a face"),
    FACENET: ("FaceNet's layout", "Inception-ResNet-v1: large, several times as slow"),
}
WAYS = (
    PresetWords(
        DISTIL,
        "Learn from FaceNet",
        "An embedder that knows faces says what it sees in each picture, and the net "
        "learns to say the same. Needs no names.",
        "",
    ),
    PresetWords(
        CENTER,
        "Learn from names",
        "The net learns to tell your people apart: softmax with center loss. Needs a "
        "folder for each person, and very many of them.",
        "",
    ),
    PresetWords(
        TRIPLET,
        "Learn from names, by triplets",
        "Two pictures of one person are to lie nearer to each other than to anybody "
        "else's. Needs as many people.",
        "",
    ),
)
UNSUITED = "Not there any more, or made for the other network"
NO_PAIRS = "None: it is measured on pictures held out only"
ABOUT_PAIRS = (
    "A folder of LFW, with pairs.txt. Now and then the net says of each pair whether "
    "it shows one person; so do the embedder in use and others, and can be compared."
)


@dataclass(frozen=True)
class Entry:
    """One entry of a list."""

    value: str
    text: str
    about: str = ""


class EmbedderChoices(Choices):
    """Three ways as cards, and a row each for what else is chosen."""

    def __init__(self, runs: Runs, parent: QWidget) -> None:
        super().__init__(parent)
        self._runs = runs
        self._known: tuple[Embedder, ...] = ()
        self._plan = Plan(asks=asks.ASKS, choices=asks.USUAL)
        self.ways = PresetChoice(WAYS, self)
        self.boxes = {name: RoleBox(self) for name in (NETWORK, TEACHER, FROM)}
        self.labels = {name: QLabel(self) for name in (*self.boxes, PAIRS)}
        self.abouts = {name: quiet("", self) for name in (*self.boxes, PAIRS)}
        self.pairs = QPushButton("Choose…", self)
        self.without = QPushButton("Take away", self)
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._arrange()
        self._connect()

    def show_plan(self, plan: Plan) -> None:
        """Show what is chosen."""
        self._plan = plan
        loss = plan.choices[LOSS]
        self.ways.show_choice(loss, *asks.way(plan.folders))
        taught = loss == DISTIL
        self.labels[TEACHER].setText("Teacher" if taught else "Compared with")
        about = "Says what it sees" if taught else "Measured beside the new one"
        network, start = asks.network(plan), asks.start(plan)
        self._fill(NETWORK, [Entry(key, *NETWORKS[key]) for key in NETWORKS], network)
        self._fill(TEACHER, self._teachers(about), plan.choices[TEACHER])
        self._fill(FROM, self._starts(network), start)
        self._show_teacher()
        pairs = plan.choices[PAIRS]
        self.abouts[PAIRS].setText(pairs or NO_PAIRS)
        self.without.setVisible(bool(pairs))

    def read(self) -> None:
        """Read which embedders there are, in the background."""
        config = self._runs.config
        self._runs.tasks.start(lambda: read_embedders(config), self._take, lane="look")

    def _take(self, known: tuple[Embedder, ...]) -> None:
        self._known = tuple(one for one in known if one.installed)
        self.show_plan(self._plan)

    def _teachers(self, about: str) -> list[Entry]:
        used = next((one.title for one in self._known if one.used), "")
        named = f" ({used})" if used else ""
        first = Entry("", f"The one in use{named}", about)
        return [first, *(Entry(one.name, one.title, about) for one in self._known)]

    def _starts(self, network: str) -> list[Entry]:
        """Return what such a network can start from."""
        found = [Entry(SCRATCH, "Nothing", "All weights are drawn by chance")]
        for one in self._known:
            if one.side == SIDES[network]:
                about = "Goes on from its weights, so that it keeps what it knows"
                found.append(Entry(one.name, one.title, about))
        for run in self._runs.of_kind(asks.ASKS.kind):
            fits = run.config.get(NETWORK, COMPACT) == network
            if run.state is State.DONE and fits:
                name = run.path.name
                found.append(Entry(name, f"The run {name}", "Goes on where it ended"))
        return found

    def _fill(self, name: str, entries: Sequence[Entry], value: str) -> None:
        """Show a list and what is chosen of it, even if that does not suit the rest."""
        box = self.boxes[name]
        if value not in (entry.value for entry in entries):
            entries = [*entries, Entry(value, Path(value).name, UNSUITED)]
        if self._entries.get(name) != tuple(entries):
            self._entries[name] = tuple(entries)
            box.clear()
            for number, entry in enumerate(entries):
                box.addItem(entry.text)
                box.setItemData(number, entry.about, Qt.ItemDataRole.ToolTipRole)
        values = [entry.value for entry in entries]
        place = values.index(value)
        box.setCurrentIndex(place)
        self.abouts[name].setText(entries[place].about)

    def _show_teacher(self) -> None:
        """Name the teacher on the card that learns from it."""
        text = self.boxes[TEACHER].currentText().rpartition("(")[2].rstrip(")")
        named = text if self._known else "FaceNet"
        self.ways.cards[DISTIL].radio.setText(f"Learn from {named}")

    def _choose(self, name: str, number: int) -> None:
        self.chosen.emit(name, self._entries[name][number].value)
        if name == NETWORK and asks.start(self._plan) != SCRATCH:
            self.chosen.emit(FROM, SCRATCH)  # those weights fit into the other network

    def _ask_pairs(self) -> None:
        known = self._plan.choices[PAIRS]
        beside = str(Path(known).parent) if known else ""
        title = "Choose a folder of LFW, with pairs.txt"
        path = QFileDialog.getExistingDirectory(self.window(), title, beside)
        if path:
            self.chosen.emit(PAIRS, path)

    def _arrange(self) -> None:
        texts = {NETWORK: "Network", TEACHER: "Teacher", FROM: "Starts from"}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        for row, (name, box) in enumerate(self.boxes.items()):
            box.setFixedWidth(WIDTH)
            box.setAccessibleName(texts[name])
            self.labels[name].setText(texts[name])
            self.labels[name].setBuddy(box)
            grid.addWidget(self.labels[name], row, 0)
            grid.addWidget(box, row, 1)
            grid.addWidget(self.abouts[name], row, 2)
        self._arrange_pairs(grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.ways)
        column.addLayout(grid)

    def _arrange_pairs(self, grid: QGridLayout) -> None:
        """Put the folder of the pairs into the last row."""
        self.labels[PAIRS].setText("Pairs to verify on")
        self.pairs.setToolTip(ABOUT_PAIRS)
        self.pairs.setAccessibleName("Choose pairs to verify on")
        self.without.setToolTip("Verify on no pairs")
        icons.wear(self.pairs, "folder")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.pairs)
        buttons.addWidget(self.without)
        buttons.addStretch(1)
        last = len(self.boxes)
        grid.addWidget(self.labels[PAIRS], last, 0)
        grid.addLayout(buttons, last, 1)
        grid.addWidget(self.abouts[PAIRS], last, 2)

    def _connect(self) -> None:
        self.ways.chosen.connect(lambda value: self.chosen.emit(LOSS, value))
        for name, box in self.boxes.items():
            box.activated.connect(lambda n, name=name: self._choose(name, n))
        self.pairs.clicked.connect(self._ask_pairs)
        self.without.clicked.connect(lambda: self.chosen.emit(PAIRS, ""))
        self._runs.changed.connect(lambda: self.show_plan(self._plan))

    def showEvent(self, event: QShowEvent) -> None:
        """Read what has been installed meanwhile."""
        super().showEvent(event)
        self.read()
