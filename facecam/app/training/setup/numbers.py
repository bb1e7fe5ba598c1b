"""Every number of a run: as the preset has it, changed by hand, checked by config."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from facecam.config.overrides import override
from facecam.config.presets import with_preset
from facecam.errors import ConfigError

Value: TypeAlias = bool | int | float | str | tuple[float, ...] | None

GROUPS = {
    "": "General",
    "index": "Pictures",
    "pnet.samples": "P-Net: samples",
    "pnet.fit": "P-Net: fit",
    "rnet.samples": "R-Net: samples",
    "rnet.fit": "R-Net: fit",
    "onet.samples": "O-Net: samples",
    "onet.fit": "O-Net: fit",
    "mining": "Mining",
    "gate": "Gate",
    "trial": "Trial",
    "preflight": "Look at the data",
}
"""What the parts of the configuration are called."""
EMBEDDER_GROUPS = {
    "": "General",
    "people": "Pictures",
    "altering": "Altering",
    "teacher": "Teacher",
    "fit": "Fit",
}
"""The same of an embedder's."""
NAMES = {**EMBEDDER_GROUPS, **GROUPS}
UNITS = (
    (r"\bpixels\b", "px"),
    (r"\bdegrees\b", "°"),
    (r"^Share\b|\bthis share\b", "share"),
    (r"^(Steps|Batches|Measurements)\b", "steps"),
    (r"\bseconds\b", "s"),
)
"""Words of a number's sentence that tell its unit."""


@dataclass(frozen=True)
class Number:
    """One number, as the preset has it."""

    name: str
    """"pnet.fit.steps"."""
    about: str
    """What it does, in a sentence."""
    value: Value
    unit: str = ""

    @property
    def group(self) -> str:
        """The part of the configuration it belongs to."""
        return self.name.rpartition(".")[0]

    @property
    def label(self) -> str:
        """What it is called among those of its group."""
        return self.name.rpartition(".")[2].replace("_", " ")


def read_numbers(answer: Any) -> tuple[Number, ...]:
    """Return the numbers in the answer of `train numbers`, in its order.

    Raises:
        ValueError: there is none in it.
    """
    numbers = tuple(_walk(answer))
    if not numbers:
        raise ValueError("The answer holds no numbers.")
    return numbers


def _walk(section: Any) -> Iterator[Number]:
    """Find the numbers of a section, and of those in it."""
    numbers = section.get("numbers") if isinstance(section, Mapping) else None
    if not isinstance(numbers, Mapping):
        return
    for one in numbers.values():
        if isinstance(one, Mapping) and "value" in one:
            value, about = one["value"], str(one["about"])
            exact = tuple(value) if isinstance(value, list) else value
            yield Number(str(one["name"]), about, exact, _unit(about))
        else:
            yield from _walk(one)


def _unit(about: str) -> str:
    return next((unit for words, unit in UNITS if re.search(words, about)), "")


def written(value: Value) -> str:
    """Return a value as it is shown and typed."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(written(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


class Numbers:
    """The numbers of a run: a preset's, and what somebody has put in their place.

    Args:
        base: what the configuration of the home says.
        with_preset: puts a preset's numbers in place of the base's.
    """

    def __init__(
        self, base: Any, with_preset: Callable[[Any, str], Any] = with_preset
    ) -> None:
        self._base = base
        self._with_preset = with_preset
        self._preset = base
        self.known: dict[str, Number] = {}
        """By name, with the preset's values."""
        self.settings: dict[str, Value] = {}
        """Those that are others than the preset's."""
        self.wrong: dict[str, tuple[str, str]] = {}
        """Texts that cannot be taken, and why."""

    def use(self, preset: str, numbers: tuple[Number, ...]) -> None:
        """Take the numbers of another preset; what was changed stays changed."""
        self._preset = self._with_preset(self._base, preset)
        self.known = {number.name: number for number in numbers}
        self.settings = {
            name: value
            for name, value in self.settings.items()
            if name in self.known and value != self.known[name].value
        }

    def text(self, name: str) -> str:
        """Return what stands in the field of a number."""
        if name in self.wrong:
            return self.wrong[name][0]
        return written(self.settings.get(name, self.known[name].value))

    def changed(self, name: str) -> bool:
        """Tell whether a number is another than the preset's, or cannot be taken."""
        return name in self.settings or name in self.wrong

    def change(self, name: str, text: str) -> None:
        """Put a number in place of the preset's, unless the configuration refuses.

        Others that could not be taken are tried along: two may be right together only.
        """
        old = self.known[name].value
        try:
            value = _read(text, old)
            together = {name: value}
            for other, (typed, _) in self.wrong.items():
                if other != name:
                    together[other] = _read(typed, self.known[other].value)
            self._take(together)
            self.wrong.clear()
        except (ValueError, ConfigError):
            self._change_alone(name, text)

    def _change_alone(self, name: str, text: str) -> None:
        try:
            self._take({name: _read(text, self.known[name].value)})
            self.wrong.pop(name, None)
        except (ValueError, ConfigError) as error:
            self.wrong[name] = (text, str(error))

    def undo(self, name: str) -> None:
        """Return to the preset's number."""
        self.wrong.pop(name, None)
        self.settings.pop(name, None)
        for other, (text, _) in list(self.wrong.items()):
            self.change(other, text)

    def undo_all(self) -> None:
        """Return to the preset's numbers."""
        self.wrong.clear()
        self.settings.clear()

    def _take(self, values: Mapping[str, Value]) -> None:
        """Take values if the configuration does.

        Raises:
            ConfigError: says which is out of range, and what would be right.
        """
        settings = {**self.settings, **values}
        override(self._preset, _nested(settings), "")
        self.settings = {
            name: value
            for name, value in settings.items()
            if value != self.known[name].value
        }


def found(numbers: Mapping[str, Number], words: str) -> list[Number]:
    """Return the numbers whose name, group or sentence holds all the words."""
    wanted = words.lower().split()
    return [
        number
        for number in numbers.values()
        if all(word in _searched(number) for word in wanted)
    ]


def _searched(number: Number) -> str:
    group = NAMES.get(number.group, number.group)
    return f"{number.name} {number.label} {group} {number.about}".lower()


def _read(text: str, old: Value) -> Value:
    """Read what was typed in place of a value.

    Raises:
        ValueError: it is no such value.
    """
    text = text.strip()
    if isinstance(old, str):
        return text
    if isinstance(old, bool):
        return text.lower() in ("true", "yes", "on")
    if not text:
        if old is None:
            return None
        raise ValueError(f"A number is needed here, such as {written(old)}.")
    parts = [part.strip() for part in re.split(r"[,;]", text.strip("()[]"))]
    try:
        values = tuple(float(part) for part in parts)
    except ValueError:
        raise ValueError(f"{text} is no number. Write it like {_like(old)}.") from None
    if isinstance(old, tuple) or old is None:
        return tuple(map(_plain, values))
    if len(values) != 1:
        raise ValueError(f"One number is needed here, such as {written(old)}.")
    return _plain(values[0]) if isinstance(old, int) else values[0]


def _plain(value: float) -> float:
    """Return a whole number as an int, so that it is written without a point."""
    return int(value) if value.is_integer() else value


def _like(old: Value) -> str:
    return written(old) or "0.6, 0.7"


def _nested(settings: Mapping[str, Value]) -> dict[str, Any]:
    """Return values by dotted names as sections in sections."""
    nested: dict[str, Any] = {}
    for name, value in settings.items():
        *path, last = name.split(".")
        inner = nested
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return nested
