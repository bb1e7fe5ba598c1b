"""The sentences of the audit: what is probably wrong, and what to do about it."""

from __future__ import annotations

MOVE = "Move it to {name}."
REMOVE = "Remove it, or move it to the right person."
CHOOSE = "Look at both and remove the wrong one."
MERGE = "Merge them, or say that they are different people."
TELL_APART = "More pictures of both help to tell them apart."
REPLACE = "Remove it if there are better ones."
REMOVE_POOR = "Remove what is poor: the others teach more."
ADD_BETTER = "Add better pictures first: sharp, well lit, from the front."
ADD_OTHERS = "Add pictures of another day, in other light."


def of_another(name: str, other: str, strangers: float) -> str:
    """Say that a picture is of somebody else who is enrolled."""
    return (
        f"This picture of {name} is probably of {other}: only {one_of(strangers)} "
        f"resembles {other} as much."
    )


def of_nobody(name: str, strangers: float) -> str:
    """Say that a picture is of nobody enrolled."""
    return (
        f"This picture of {name} is probably of somebody else: {one_of(strangers)} "
        f"resembles {name} as much."
    )


def unlike(name: str, strangers: float) -> str:
    """Say that the only two pictures of somebody differ."""
    return (
        f"The two pictures of {name} hardly seem to show one person: "
        f"{one_of(strangers)} would fit as well."
    )


def twice(name: str, other: str) -> str:
    """Say that two people are one."""
    both = f"{name} is" if name == other else f"{name} and {other} are"
    return (
        f"{both} probably one person enrolled twice: their pictures resemble each "
        "other as much as pictures of one person do."
    )


def alike(name: str, other: str, strangers: float) -> str:
    """Say that two people look alike."""
    return (
        f"{name} and {other} look alike, as twins or relatives do: only "
        f"{one_of(strangers)} looks as much like {name}."
    )


def mistaken(name: str, other: str, strangers: float) -> str:
    """Say that a picture is given a wrong name."""
    return (
        f"This picture of {name} is itself called {other}: only {one_of(strangers)} "
        f"resembles {other} more."
    )


def confusing(name: str, other: str, strangers: float) -> str:
    """Say that a picture resembles somebody else."""
    return (
        f"This picture of {name} resembles {other} nearly as much: only "
        f"{one_of(strangers)} resembles {other} more."
    )


def poor(name: str, count: int, pictures: int) -> str:
    """Say that pictures are blurred, dark, small or turned away."""
    fault = "blurred, dark, small or turned away"
    if count == pictures == 1:
        return f"The only picture of {name} is {fault}."
    if count == pictures:
        return f"All {count} pictures of {name} are {fault}."
    verb = "is" if count == 1 else "are"
    return f"{count} of the {pictures} pictures of {name} {verb} {fault}."


def few(name: str, pictures: int) -> str:
    """Say that somebody has too few pictures."""
    count = "only one picture" if pictures == 1 else f"only {pictures} pictures"
    return f"{name} has {count} and is recognised less surely than others."


def one_sitting(name: str, pictures: int) -> str:
    """Say that all pictures of somebody are of one moment."""
    return f"All {pictures} pictures of {name} are from one sitting."


def one_of(strangers: float) -> str:
    """Return "one stranger in 40", of any number from 1; large ones are rounded."""
    if strangers < 1.5:
        return "any stranger"
    if strangers >= 1e6:
        return "one stranger in more than a million"
    digits = 1 if strangers < 100 else 2
    rounded = float(f"{strangers:.{digits}g}") if strangers >= 10 else round(strangers)
    return f"one stranger in {rounded:,.0f}"
