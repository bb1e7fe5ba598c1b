"""Single numbers as they are typed: `--set pnet.fit.steps=2000`."""

from __future__ import annotations

import tomllib
from typing import Any

from facecam.errors import ConfigError


def nested(setting: str, example: str) -> dict[str, Any]:
    """Return "pnet.fit.steps=2000" as {"pnet": {"fit": {"steps": 2000}}}.

    Args:
        setting: what was typed; the value as in TOML.
        example: how it should be, for the message.

    Raises:
        ConfigError: it is no setting.
    """
    name, equals, text = setting.partition("=")
    if not equals:
        raise ConfigError(f"{setting!r} is no setting. Write {example}.")
    value: Any = _value(text.strip())
    for part in reversed(name.strip().split(".")):
        value = {part: value}
    return value


def _value(text: str) -> Any:
    """Read a value as TOML does; what TOML does not know is a text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
