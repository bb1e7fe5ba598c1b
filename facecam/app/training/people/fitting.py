"""Fits the classifiers again, in the background, and puts them to use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from facecam.app.engine import Engine
from facecam.app.tasks import Report, Task
from facecam.errors import FacecamError

if TYPE_CHECKING:
    from facecam.gallery import Gallery, Person
    from facecam.gallery.refits import Fit

UNEXPECTED = "The classifiers could not be fitted. The details are in the log."


class Fitting(QObject):
    """One fit at a time; the live view goes on naming with the classifiers before."""

    changed = Signal()
    """`busy`, `fit` or `error` is another."""
    progressed = Signal(str, float)
    """What it is doing, and the share done."""

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._engine = engine
        self._task: Task | None = None
        self._using = False
        self.fit: Fit | None = None
        """What the last fit asked for here did."""
        self.error = ""

    @property
    def busy(self) -> bool:
        """Whether a fit is under way."""
        return self._task is not None or self._using

    def start(self, anew: bool = False) -> None:
        """Fit what has changed; or, `anew`, everybody from nothing."""
        if self.busy:
            return
        config = self._engine.config

        def work(gallery: Gallery, report: Report) -> tuple[Fit, tuple[Person, ...]]:
            from facecam import pipeline

            def tell(share: float) -> None:
                report("Fitting", share)

            report("Looking at the pictures", 0.0)
            _, fit = pipeline.fit_people(config, gallery, tell, anew)
            return fit, tuple(gallery.people())

        self.error = ""
        self._task = self._engine.ask(
            work, self._fitted, self._failed, self.progressed.emit
        )
        self.changed.emit()

    def cancel(self) -> None:
        """Stop; the classifiers before stay in use."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.changed.emit()

    def _fitted(self, answer: tuple[Fit, tuple[Person, ...]]) -> None:
        """Put the classifiers to use if anything is another; that is quick now."""
        self._task = None
        self.fit, people = answer
        if self.fit.same and people == self._engine.people:
            self.changed.emit()
            return
        self._using = True
        self._engine.change(lambda gallery: None, self._in_use, self._failed)

    def _in_use(self, _: None) -> None:
        self._using = False
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self._task, self._using = None, False
        expected = isinstance(error, FacecamError)
        self.error = str(error) if expected else UNEXPECTED
        self.changed.emit()
        if not expected:
            raise error
