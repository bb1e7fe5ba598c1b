"""What training an embedder asks for: a way, a network, a start, pairs to verify on.

Nothing here knows about Qt.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from facecam.app.training.setup.plan import (
    FROM,
    FULL,
    TRIAL,
    Asks,
    Folder,
    Found,
    Plan,
    Role,
    first_found,
    settings_words,
)

LOSS, NETWORK, TEACHER, PAIRS = "loss", "network", "teacher", "pairs"
"""Options of the command line; the network is one of the run's numbers."""
DISTIL, CENTER, TRIPLET = "distil", "softmax+center", "triplet"
SCRATCH = "scratch"
COMPACT, FACENET = "compact", "facenet"
USUAL = {LOSS: DISTIL, NETWORK: COMPACT, TEACHER: "", FROM: SCRATCH, PAIRS: ""}
"""What is chosen at first: the embedder in use teaches a compact net from nothing."""
NO_NAMES = (
    "Names are needed to learn from: choose folders with a folder for each person in "
    "them, or let an embedder teach."
)
DIFFERENT = (
    "These faces were cut in different ways. Take those of one way, or cut them anew."
)
LIKELY = {
    FULL: "These are enough pictures for a net that can be used.",
    TRIAL: "So few pictures show that everything works, and teach little.",
}


def way(folders: Iterable[Folder]) -> tuple[str, str]:
    """Return how to learn from some folders, and why; "" while nothing is known."""
    said = {found.way: found.why for found in _known(folders)}
    best = CENTER if CENTER in said else next(iter(said), "")
    return best, said.get(best, "")


def start(plan: Plan) -> str:
    """Return what the net is at first: "scratch", a run, or an installed embedder."""
    return plan.origin or plan.choices.get(FROM, SCRATCH)


def network(plan: Plan) -> str:
    """Return which network is trained; the number changed by hand wins."""
    return str(plan.settings.get(NETWORK, plan.choices.get(NETWORK, COMPACT)))


def _problem(plan: Plan) -> str:
    known = list(_known(plan.folders))
    if plan.choices.get(LOSS) != DISTIL and not all(one.people for one in known):
        return NO_NAMES
    ways = {tuple(sorted(found.settings.items())) for found in known}
    return DIFFERENT if len(ways) > 1 else ""


def _words(plan: Plan) -> tuple[str, ...]:
    words = ["--data", *map(str, plan.paths(Role.LEARN))]
    words += ["--loss", plan.choices[LOSS], "--preset", plan.preset]
    words += ["--from", start(plan)]
    for option in (TEACHER, PAIRS):
        if value := plan.choices.get(option):
            words += [f"--{option}", value]
    numbers: dict[str, Any] = {}
    for found in _known(plan.folders):
        numbers |= found.settings
    if network(plan) != COMPACT:
        numbers[NETWORK] = network(plan)
    return (*words, *settings_words({**numbers, **plan.settings}))


def _check(plan: Plan, out: Path) -> tuple[str, ...]:
    return ("train", "embedder", *_words(plan), "--check", "--run", str(out))


def _suggested(folders: Iterable[Folder]) -> tuple[str, str]:
    said = {found.suggested for found in _known(folders)}
    best = FULL if FULL in said else next(iter(said), "")
    return best, LIKELY.get(best, "")


def _known(folders: Iterable[Folder]) -> list[Found]:
    found = [folder.found for folder in folders]
    return [one for one in found if one is not None and not one.error]


def _read_found(answer: Any) -> Found:
    """Return what the answer of `train look --for embedder` says of its first folder.

    Raises:
        ValueError: the answer is none.
    """
    return first_found(answer, _of_embedder)


def _of_embedder(one: Any, suggested: Any) -> Found:
    return Found(
        str(one["layout"]),
        int(one["pictures"]),
        people=int(one["people"]),
        settings=dict(one["settings"]),
        suggested=str(suggested["preset"]),
        way=str(suggested["loss"]),
        why=str(suggested["why"]),
    )


ASKS = Asks(
    "embedder",
    _problem,
    _words,
    start,
    _check,
    roles=lambda found: (),
    usual_role=lambda path, found: Role.LEARN,
    suggested=_suggested,
    read_found=_read_found,
    look=("train", "look", "--for", "embedder"),
    numbers=("--for", "embedder"),
)
"""What training an embedder asks for."""
