"""A slot for one value that is overwritten, never queued."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """A slot holding the newest value; older ones are lost on purpose."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._value: T | None = None
        self._fresh = False

    def put(self, value: T) -> None:
        """Replace the value and wake whoever waits for it."""
        with self._changed:
            self._value, self._fresh = value, True
            self._changed.notify_all()

    def peek(self) -> T | None:
        """Return the newest value, or None before the first one."""
        return self._value

    def take(self, timeout: float) -> T | None:
        """Wait for a value not taken before; None when `timeout` seconds passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._fresh, timeout)
            if not self._fresh:
                return None
            self._fresh = False
            return self._value
