"""Batches made in a thread, a few ahead of the fit that takes them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

AHEAD = 4
"""Batches made in advance."""
B = TypeVar("B", covariant=True)
T = TypeVar("T")


class Source(Protocol[B]):
    """Batches by number. Owned by one thread."""

    def batch(self, number: int) -> B:
        """Return a batch, which depends on its number alone."""
        ...


@contextmanager
def in_advance(source: Source[T], start: int, stop: int) -> Iterator[Iterator[T]]:
    """Make batches start … stop-1 in a thread, a few ahead of whoever takes them."""
    made: queue.Queue[T | BaseException] = queue.Queue(AHEAD)
    ended = threading.Event()

    def make() -> None:
        try:
            for number in range(start, stop):
                _offer(made, source.batch(number), ended)
                if ended.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - raised again where it is taken
            _offer(made, error, ended)

    def take() -> Iterator[T]:
        for _ in range(start, stop):
            item = made.get()
            if isinstance(item, BaseException):
                raise item
            yield item

    thread = threading.Thread(target=make, name="batches", daemon=True)
    thread.start()
    try:
        yield take()
    finally:
        ended.set()
        thread.join()


def _offer(
    made: queue.Queue[T | BaseException],
    item: T | BaseException,
    ended: threading.Event,
) -> None:
    """Put something into a queue, unless nobody will take it any more."""
    while not ended.is_set():
        try:
            made.put(item, timeout=0.2)
        except queue.Full:
            continue
        return
