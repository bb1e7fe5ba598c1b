"""Step 2: what to train, what to call it, and every number behind "Advanced"."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from facecam.app.training.following import Runs
from facecam.app.training.setup.advanced import Advanced
from facecam.app.training.setup.asking import MakeCommand
from facecam.app.training.setup.kinds import SetupKind
from facecam.app.training.setup.plan import Plan
from facecam.app.training.setup.presets import PresetChoice
from facecam.app.training.setup.section import Section, plain

NAME_WIDTH = 240


class WhatSection(Section):
    """Presets, a name, numbers."""

    def __init__(
        self, kind: SetupKind, runs: Runs, make: MakeCommand, parent: QWidget
    ) -> None:
        super().__init__(2, "What to train", parent)
        self.choices = kind.make_choices(runs, self) if kind.make_choices else None
        self.presets = PresetChoice(kind.presets, self)
        self.name = QLineEdit(self)
        self.name_error = plain("", self)
        self.advanced = Advanced(kind, runs.config, make, self)
        if self.choices is not None:
            self.body.addWidget(self.choices)
        self.body.addWidget(self.presets)
        self.body.addLayout(self._name_row())
        self.body.addWidget(self.advanced)

    def _name_row(self) -> QHBoxLayout:
        """Return the name of the run, with what may be wrong with it."""
        self.name.setFixedWidth(NAME_WIDTH)
        self.name.setPlaceholderText("Called by the date")
        self.name.setAccessibleName("Name of the run")
        self.name.setToolTip("What the run is called in the list of runs")
        self.name_error.setObjectName("wrong")
        label = QLabel("Name of the run", self)
        label.setBuddy(self.name)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(label)
        row.addWidget(self.name)
        row.addWidget(self.name_error, 1)
        row.addStretch(0)
        return row

    def show_plan(self, plan: Plan) -> None:
        """Show which preset is chosen, and which suits the data."""
        if self.choices is not None:
            self.choices.show_plan(plan)
        self.presets.show_choice(plan.preset, *plan.asks.suggested(plan.folders))
        self.show_done(bool(plan.preset) and not self.advanced.wrong)

    def show_name_problem(self, problem: str) -> None:
        """Say what is wrong with the name; "" if it is fine."""
        self.name_error.setText(problem)
        self.name_error.setVisible(bool(problem))
        self.name.setAccessibleDescription(problem)
