"""Words that stay long enough to be read, and do not flicker."""

from __future__ import annotations

from dataclasses import dataclass

from facecam.config import EnrolmentConfig
from facecam.enrolment.advice import Code

AT_ONCE = (Code.TAKEN, Code.REFUSED, Code.FINISHED, Code.SOMEBODY_ELSE)
"""Said without delay: they answer something that has just happened."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Something to say."""

    code: Code
    text: str
    direction: str = ""


class Speaker:
    """Decides when to say something else."""

    def __init__(self, config: EnrolmentConfig) -> None:
        self._config = config
        self.said: Saying | None = None
        self._since = 0.0
        self._next: Saying | None = None
        self._next_since = 0.0

    def say(self, saying: Saying, time: float) -> Saying:
        """Return what to show, given what is true just now.

        A new thing must have been true for `say_after` seconds, and what is shown has
        been shown for `say_for`; events are told at once.
        """
        if saying == self.said:
            self._next = None
            return saying
        if saying != self._next:
            self._next, self._next_since = saying, time
        if self.said is None or saying.code in AT_ONCE or self._due(time):
            self.said, self._since, self._next = saying, time, None
        return self.said

    def _due(self, time: float) -> bool:
        long_true = time - self._next_since >= self._config.say_after
        return long_true and time - self._since >= self._config.say_for
