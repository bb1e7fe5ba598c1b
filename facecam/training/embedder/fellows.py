"""Who fits an embedder together: processes of one machine, or of several."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from dataclasses import dataclass

from facecam.errors import TrainingError
from facecam.nets.together import Place


@dataclass(frozen=True)
class Fellows:
    """Who fits together; what comes of it does not depend on them."""

    workers: int = 1
    """Processes on this machine."""
    addresses: tuple[str, ...] = ()
    """Instead: HOST:PORT of one process on each of several machines, by rank."""
    rank: int = 0
    """Which of those this one is."""

    @property
    def count(self) -> int:
        """How many processes there are, everywhere."""
        return len(self.addresses) or self.workers

    def places(self) -> list[Place]:
        """Return the places of the processes that begin here."""
        if self.addresses:
            return [Place(self.rank, self.addresses)]
        if self.workers == 1:
            return [Place()]
        addresses = free_addresses(self.workers)
        return [Place(n, addresses, self.workers) for n in range(self.workers)]


def check_cluster(cluster: tuple[str, ...], rank: int) -> None:
    """Refuse what is no cluster, or no place in it.

    Raises:
        TrainingError: an address is none or is there twice, or the rank is too high.
    """
    for address in cluster:
        host, _, port = address.rpartition(":")
        if not (host and port.isdecimal() and 0 < int(port) < 65536):
            raise TrainingError(
                f"{address!r} is no address. Write one worker after the other, each as "
                "HOST:PORT: --cluster a.local:2222,b.local:2222"
            )
    if len(cluster) == 1 or len(set(cluster)) < len(cluster):
        raise TrainingError(
            "A cluster has two workers or more, each with an address of its own."
        )
    if not 0 <= rank < max(1, len(cluster)):
        raise TrainingError(
            f"--rank {rank}: there are {len(cluster)} workers. The one at the first "
            "address is --rank 0, the next --rank 1."
        )


def free_addresses(count: int) -> tuple[str, ...]:
    """Return addresses on this machine that nobody listens at."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return tuple(f"127.0.0.1:{one.getsockname()[1]}" for one in sockets)
