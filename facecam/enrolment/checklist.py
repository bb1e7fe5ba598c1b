"""The views that are wanted: which are taken, which is asked for, for how long."""

from __future__ import annotations

from facecam.config import EnrolmentConfig
from facecam.enrolment.advice import LABELS, View, Wanted

ORDER = (View.FRONT, View.LEFT, View.RIGHT, View.UP, View.DOWN, View.NEARER)
"""The front first, since the others are measured from it; the least tiring last."""


class Checklist:
    """Keeps account of the wanted views. A view may be shown in any order."""

    def __init__(self, config: EnrolmentConfig, glasses: bool, pictures: int) -> None:
        self._config = config
        self._views = [*ORDER[: max(pictures - glasses, 1)]]
        if glasses:
            self._views.append(View.GLASSES)
        self._done: set[View] = set()
        self._asked: dict[View, float] = {}

    @property
    def now(self) -> View | None:
        """The view to ask for; None when all are taken or were asked for in vain."""
        for view in self._views:
            if view not in self._done and not self._passed(view):
                return view
        return None

    @property
    def open(self) -> list[View]:
        """The views not taken yet, the one asked for first."""
        left = [view for view in self._views if view not in self._done]
        return sorted(left, key=self._passed)

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """Every view, for showing."""
        return tuple(
            Wanted(
                view,
                LABELS[view],
                view in self._done,
                view not in self._done and self._passed(view),
            )
            for view in self._views
        )

    def wait(self, seconds: float) -> None:
        """Count time in which the view asked for could have been shown."""
        if view := self.now:
            self._asked[view] = self._asked.get(view, 0.0) + seconds

    def tick(self, view: View) -> None:
        """Note that a view was taken."""
        self._done.add(view)

    def untick(self, view: View) -> None:
        """Want a view again, whose picture was undone."""
        self._done.discard(view)
        self._asked.pop(view, None)

    def _passed(self, view: View) -> bool:
        glasses = view is View.GLASSES
        config = self._config
        patience = config.glasses_patience if glasses else config.patience
        return self._asked.get(view, 0.0) > patience
