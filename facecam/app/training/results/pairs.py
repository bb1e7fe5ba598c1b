"""Pictures in which only one of the two detectors is right, to click through."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QImage, QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from facecam.app import icons
from facecam.app.segments import Segment, Segments
from facecam.app.tasks import Tasks
from facecam.app.toggle import Toggle
from facecam.app.training.results.pair_view import BoxKey, Pane, Scene
from facecam.errors import FacecamError
from facecam.training.detector.evaluation.differences import (
    Difference,
    Differences,
    Kind,
    SeenPicture,
)

LANE = "pairs"
LARGEST = 1600
"""Pictures are kept no larger, pixels."""
KEPT = 8
TITLES = {
    Kind.FOUND: ("Newly found", "Faces only the new detector finds"),
    Kind.LOST: ("Lost", "Faces only the detector before finds"),
    Kind.RAISED: ("New false alarms", "What only the new detector takes for a face"),
    Kind.CURED: ("False alarms gone", "What only the detector before took for a face"),
}
SAID = {
    Kind.FOUND: ("misses this face", "finds it"),
    Kind.LOST: ("finds this face", "misses it"),
    Kind.RAISED: ("sees no face here, rightly", "takes this for a face"),
    Kind.CURED: ("takes this for a face", "sees no face here, rightly"),
}
EARLIER = (
    "This run was evaluated by an earlier version, which kept no picture pairs. The "
    "report has small ones."
)
SAME = "No picture differs: both find the same faces, and the same false alarms."


class Pairs(QWidget):
    """Old at the left, new at the right, on the same picture."""

    report_wanted = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._differences: Differences | None = None
        self._place = 0
        self._images: dict[str, tuple[QImage, tuple[int, int]] | str] = {}
        self._reading: set[str] = set()
        self.kinds = Segments(
            [Segment(kind, title, about) for kind, (title, about) in TITLES.items()],
            self,
        )
        self.old, self.new = Pane(self), Pane(self)
        self.said = (QLabel(self), QLabel(self))
        self.counter = QLabel(self)
        self.back, self.next = QToolButton(self), QToolButton(self)
        self.whole = Toggle("Whole picture", self)
        self.file = QLabel(self)
        self.empty = QLabel(self, wordWrap=True)
        self.report = QPushButton("Open the report", self)
        self.names = ("In use", "This run")
        self._arrange()
        self._connect()

    def show_names(self, old: str, new: str) -> None:
        """Say whose boxes these are: the detector compared with, and the new one."""
        self.names = old, new
        self._show()

    def show_differences(self, differences: Differences | None) -> None:
        """Show what differs, from the first of its kinds on.

        Args:
            differences: None where an earlier version kept none.
        """
        self._differences, self._place = differences, 0
        self._images.clear()
        totals = differences.totals if differences else {}
        for kind, (title, _) in TITLES.items():
            count = totals.get(kind, 0)
            self.kinds.say(kind, f"{title}  {count:,}")
            self.kinds.buttons[kind].setEnabled(count > 0)
            _widen(self.kinds.buttons[kind])
        first = next((kind for kind in Kind if totals.get(kind)), None)
        for widget in self._shown:
            widget.setVisible(first is not None)
        self.empty.setText(EARLIER if differences is None else SAME)
        self.empty.setVisible(first is None)
        self.report.setVisible(differences is None)
        if first is not None:
            self.kinds.choose(first)
            self._choose(first)

    @property
    def current(self) -> Difference | None:
        """What is shown."""
        some = self._some()
        return some[self._place] if self._place < len(some) else None

    def go(self, by: int) -> None:
        """Go to the next one (1) or to the one before (-1), round and round."""
        if some := self._some():
            self._place = (self._place + by) % len(some)
            self._show()

    def _arrange(self) -> None:
        for button, name, about in (
            (self.back, "back", "The pair before (Left)"),
            (self.next, "forward", "The next pair (Right)"),
        ):
            icons.wear(button, name)
            button.setToolTip(about)
            button.setAccessibleName(about.partition(" (")[0])
        self.whole.setToolTip("Show the whole picture, or what is around the box")
        self.counter.setMinimumWidth(88)
        self.counter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.file.setObjectName("quiet")
        self.file.setTextFormat(Qt.TextFormat.PlainText)
        self.empty.setObjectName("quiet")
        self.report.setProperty("link", True)
        key = BoxKey(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.back, self.counter, self.next, self.whole):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(key)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.kinds, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._panes())
        column.addLayout(row)
        column.addWidget(self.file)
        column.addWidget(self.empty)
        column.addWidget(self.report, 0, Qt.AlignmentFlag.AlignLeft)
        self._shown = (
            *(self.kinds, *self.said, self.old, self.new, self.back, self.counter),
            *(self.next, self.whole, key, self.file),
        )

    def _panes(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        both = zip(self.said, (self.old, self.new), strict=True)
        for number, (label, pane) in enumerate(both):
            grid.addWidget(label, 0, number)
            grid.addWidget(pane, 1, number)
            grid.setColumnStretch(number, 1)
        return grid

    def _connect(self) -> None:
        self.kinds.chosen.connect(self._choose)
        self.back.clicked.connect(lambda: self.go(-1))
        self.next.clicked.connect(lambda: self.go(1))
        self.whole.toggled.connect(lambda on: self._show())
        self.report.clicked.connect(self.report_wanted)

    def _some(self) -> tuple[Difference, ...]:
        if self._differences is None:
            return ()
        return self._differences.of(Kind(self.kinds.current))

    def _choose(self, kind: str) -> None:
        self._place = 0
        self._show()

    def _show(self) -> None:
        one = self.current
        if one is None or self._differences is None:
            return
        picture = self._differences.pictures[one.picture]
        total = self._differences.totals[one.kind]
        some = len(self._some())
        first = f" (of {total:,} the weightiest)" if total > some else ""
        self.counter.setText(f"{self._place + 1} of {some}{first}")
        score = "" if one.score is None else f" · score {one.score:.2f}"
        self.file.setText(f"{Path(picture.path).name}{score}")
        self.file.setToolTip(picture.path)
        for label, pane, name, said in zip(
            *(self.said, (self.old, self.new), self.names, SAID[one.kind]), strict=True
        ):
            label.setText(f"<b>{name}</b> {said}")
            pane.setAccessibleName(f"{name} {said}: {Path(picture.path).name}")
        self._fill(one, picture)
        self._read_next()

    def _fill(self, one: Difference, picture: SeenPicture) -> None:
        """Show the picture if it is read, and read it if it is not."""
        known = self._images.get(picture.path)
        self._read(picture.path)
        if known is None or isinstance(known, str):
            for pane in (self.old, self.new):
                pane.show_scene(None, known or "Reading the picture…")
            return
        image, size = known
        for pane, shown in ((self.old, picture.deployed), (self.new, picture.new)):
            whole = self.whole.isChecked()
            scene = Scene(image, size, picture.labelled, shown, one.box, whole)
            pane.show_scene(scene)

    def _read_next(self) -> None:
        """Read the picture that probably comes next."""
        some = self._some()
        if self._differences is not None and len(some) > 1:
            after = some[(self._place + 1) % len(some)]
            self._read(self._differences.pictures[after.picture].path)

    def _read(self, path: str) -> None:
        """Read a picture in the background unless it is read, or being read."""
        if path in self._images or path in self._reading:
            return
        self._reading.add(path)

        def work() -> tuple[QImage, tuple[int, int]] | str:
            try:
                return _read(Path(path))
            except (OSError, FacecamError) as error:
                return _missing(Path(path), error)

        self._tasks.start(work, lambda found: self._got(path, found), lane=LANE)

    def _got(self, path: str, found: tuple[QImage, tuple[int, int]] | str) -> None:
        self._reading.discard(path)
        while len(self._images) >= KEPT:
            self._images.pop(next(iter(self._images)))
        self._images[path] = found
        one = self.current
        if one is not None and self._differences is not None:
            picture = self._differences.pictures[one.picture]
            if picture.path == path:
                self._fill(one, picture)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go through the pairs."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.go(by)


def _widen(button: QToolButton) -> None:
    """Leave room for the words in bold, as they are when the button is chosen."""
    font = QFont(button.font())
    font.setWeight(QFont.Weight.DemiBold)
    width = QFontMetrics(font).horizontalAdvance(button.text())
    button.setMinimumWidth(width + 32)


def _read(path: Path) -> tuple[QImage, tuple[int, int]]:
    """Read a picture as it was looked at; return it, smaller if large, and its size."""
    from facecam.app.video_view import to_qimage
    from facecam.media import read_image

    image = to_qimage(read_image(path)).copy()
    size = image.width(), image.height()
    if max(size) > LARGEST:
        keep = Qt.AspectRatioMode.KeepAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        image = image.scaled(LARGEST, LARGEST, keep, smooth)
    return image, size


def _missing(path: Path, error: Exception) -> str:
    if path.exists():
        return f"{path.name} cannot be read: {error}"
    return (
        f"{path} is not there any more. Bring its folder back to see this pair; the "
        "report has a small copy."
    )
