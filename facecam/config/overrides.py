"""Values from a file, put in place of the defaults of a dataclass, by name."""

from __future__ import annotations

import math
from dataclasses import Field, field, fields, is_dataclass, replace
from typing import Any, TypeVar

from facecam.errors import ConfigError

C = TypeVar("C")


def like(example: Any) -> Any:
    """Return a field that is None unless it is given a value like the example."""
    return field(default=None, metadata={"like": example})


def override(config: C, values: dict[str, Any], where: str = "") -> C:
    """Return a copy of a dataclass with nested values replaced by name.

    Raises:
        ConfigError: a name is unknown, or a value is of the wrong type or range.
    """
    known = {
        f.name: _present(config, f)
        for f in fields(config)  # type: ignore[arg-type]
        if not f.metadata.get("internal")
    }
    changed: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise ConfigError(
                f"Unknown setting {where}{name}. Known: {', '.join(known)}."
            )
        old = known[name]
        if is_dataclass(old):
            if not isinstance(value, dict):
                raise ConfigError(f"{where}{name} must be a section: [{where}{name}].")
            changed[name] = override(old, value, f"{where}{name}.")
        elif value is None and getattr(config, name) is None:
            continue  # as a record of a run has it
        else:
            changed[name] = _converted(value, old, f"{where}{name}")
    return replace(config, **changed)  # type: ignore[type-var]


def _present(config: Any, one: Field[Any]) -> Any:
    """Return what a field holds, or what it would be like."""
    value = getattr(config, one.name)
    return one.metadata.get("like") if value is None else value


def _converted(value: Any, old: Any, name: str) -> Any:
    """Give a TOML value the type of the default it replaces."""
    expected = f"{name} must be like {old!r}, not {value!r}."
    if isinstance(value, bool) != isinstance(old, bool):
        raise ConfigError(expected)
    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigError(expected)
    if isinstance(old, int) and isinstance(value, float) and value != int(value):
        raise ConfigError(expected)
    if isinstance(old, str) and not isinstance(value, str):
        raise ConfigError(expected)
    if isinstance(old, tuple):
        if not isinstance(value, list | tuple) or len(value) != len(old):
            raise ConfigError(expected)
        return tuple(_converted(v, o, name) for v, o in zip(value, old, strict=True))
    try:
        return type(old)(value)
    except (TypeError, ValueError) as error:
        raise ConfigError(expected) from error
