"""What every number of a configuration means, in the words beside its definition.

The sentence below a field is no part of the class: it is read from the module's source.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any


def described(config: Any, where: str = "") -> dict[str, Any]:
    """Return every number of a dataclass, nested as it is, ready for JSON.

    Args:
        config: an instance; its fields are numbers, texts, tuples or such instances.
        where: name of the section with a dot behind, "" for the whole.

    Returns:
        For a section {"about", "numbers"}; for a number {"name", "about", "type",
        "value"}, where the name is what `--set` takes. By their names.
    """
    abouts = sentences(type(config))
    found: dict[str, Any] = {}
    for field in fields(config):
        value, name = getattr(config, field.name), f"{where}{field.name}"
        if is_dataclass(value):
            about = abouts.get(field.name) or inspect.getdoc(type(value)) or ""
            numbers = described(value, f"{name}.")
            found[field.name] = {"about": about, "numbers": numbers}
            continue
        example = field.metadata.get("like") if value is None else value
        found[field.name] = {
            "name": name,
            "about": abouts.get(field.name, ""),
            "type": kind(example),
            "value": list(value) if isinstance(value, tuple) else value,
        }
    return found


def sentences(described: type) -> dict[str, str]:
    """Return what the source says of each field of a class, by name, on one line."""
    return _read(described.__module__, described.__name__)


def kind(value: Any) -> str:
    """Return the type of a value; that of what a tuple holds with an "s" behind."""
    if isinstance(value, tuple):
        return f"{kind(value[0])}s" if value else "floats"
    return type(value).__name__


@cache
def _read(module: str, name: str) -> dict[str, str]:
    tree = ast.parse(inspect.getsource(import_module(module)))
    body = next(
        node.body
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == name
    )
    return {
        field.target.id: " ".join(below.value.value.split())
        for field, below in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
