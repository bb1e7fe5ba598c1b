"""What the buttons of the audit do; everything can be undone."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from facecam.app import words
from facecam.app.engine import Engine
from facecam.app.people.adding import add_files
from facecam.app.people.changing import Changes
from facecam.app.people.pictures import Pictures
from facecam.report import accepted
from facecam.report.findings import Finding, Kind, Remedy


class Curing(QObject):
    """Moves, removes, merges, adds, or remembers that something is right."""

    changed = Signal()
    """Something was accepted, or doubted again."""

    def __init__(
        self, engine: Engine, changes: Changes, pictures: Pictures, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._engine, self._changes, self._pictures = engine, changes, pictures
        self._window = parent

    def cure(self, finding: Finding) -> None:
        """Do what a finding proposes."""
        {
            Remedy.MOVE: self._move,
            Remedy.REMOVE: self._remove,
            Remedy.MERGE: self._merge,
            Remedy.ADD: self._add,
        }[finding.remedy](finding)

    def accept(self, finding: Finding) -> None:
        """Remember that a finding is right as it is."""
        home = self._engine.config.home
        accepted.accept(home, finding.key)
        self.changed.emit()

        def doubt() -> None:
            accepted.doubt(home, finding.key)
            self._changes.say("The audit tells it again.", None)
            self.changed.emit()

        pair = finding.kind in (Kind.TWICE, Kind.ALIKE)
        what = "that they are different people" if pair else "that it is right"
        self._changes.say(f"Remembered {what}.", doubt)

    def _move(self, finding: Finding) -> None:
        person, other = finding.people
        count = words.pictures(len(finding.files))
        self._changes.do(
            f"Moved {count} of {person.name} to {other.name}.",
            lambda gallery: gallery.move(person.id, finding.files, other),
        )

    def _remove(self, finding: Finding) -> None:
        person, count = finding.people[0], words.pictures(len(finding.files))
        self._changes.do(
            f"Removed {count} of {person.name}.",
            lambda gallery: gallery.remove(person.id, finding.files),
        )

    def _merge(self, finding: Finding) -> None:
        from facecam.app.people.merging import merge

        ids = {person.id for person in finding.people}
        people = [p for p in self._engine.people if p.identity.id in ids]
        merge(people, self._changes, self._pictures, self._window.window())

    def _add(self, finding: Finding) -> None:
        from facecam.app.enrol.import_page import ask_for_pictures

        if paths := ask_for_pictures(self._window):
            add_files(self._changes, finding.people[0], paths)
