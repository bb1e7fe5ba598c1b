"""Read the constants of a frozen TensorFlow graph, without TensorFlow.

A .pb file is a GraphDef in protobuf's wire format: a sequence of (field number, wire
type, value). The few fields needed are in tensorflow/core/framework: graph.proto,
node_def.proto, attr_value.proto, tensor.proto and tensor_shape.proto.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam.errors import WeightsCorrupt
from facecam.nets.arrays import Arrays

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FLOAT = 1
"""DT_FLOAT of types.proto."""

_SCOPES = (
    (re.compile(r"^InceptionResnetV1/"), ""),
    (re.compile(r"^Repeat(_\d)?/block(\d+)_(\d+)/"), r"Block\2_\3/"),
    (re.compile(r"^Block8/"), "Block8_6/"),
)
"""davidsandberg/facenet's variable scopes -> canonical layers."""
_KINDS = {"weights": "kernel", "biases": "bias"}


def read(data: bytes) -> Arrays:
    """Return the float constants of a GraphDef under their canonical names.

    Raises:
        WeightsCorrupt: these bytes are no GraphDef, or it is truncated.
    """
    arrays: Arrays = {}
    try:
        for field, node in _fields(memoryview(data)):
            if field == 1:
                name, array = _constant(node)
                if array is not None:
                    arrays[_canonical(name)] = array
    except (IndexError, ValueError, TypeError, UnicodeDecodeError) as error:
        raise WeightsCorrupt(
            "This is no file of weights of a known layout, or it is truncated "
            f"({error}). Use a published file: Keras .h5, TensorFlow .pb, torch .pt "
            "or .npz."
        ) from error
    return arrays


def _canonical(name: str) -> str:
    """InceptionResnetV1/Repeat/block35_1/Branch_0/x/weights -> Block35_1_…_kernel."""
    for pattern, replacement in _SCOPES:
        name = pattern.sub(replacement, name)
    *scopes, kind = name.split("/")
    return "_".join([*scopes, _KINDS.get(kind, kind)])


def _constant(node: memoryview) -> tuple[str, NDArray[Any] | None]:
    """Return a NodeDef's name and, if it is a float constant, its value."""
    name, operation, value = "", "", None
    for field, part in _fields(node):
        if field == 1:
            name = str(part, "utf-8")
        elif field == 2:
            operation = str(part, "utf-8")
        elif field == 5:
            entry = dict(_fields(part))
            if str(entry[1], "utf-8") == "value":
                value = entry[2]
    if operation != "Const" or value is None:
        return name, None
    return name, _tensor(dict(_fields(value))[8])


def _tensor(tensor: memoryview) -> NDArray[Any] | None:
    """Return a TensorProto's array; None unless it is of floats."""
    shape: list[int] = []
    values: list[NDArray[Any]] = []
    for field, part in _fields(tensor):
        if field == 1 and part != _FLOAT:
            return None
        if field == 2:
            shape = [dict(_fields(d)).get(1, 0) for f, d in _fields(part) if f == 2]
        elif field in (4, 5):
            values.append(np.frombuffer(part, "<f4"))
    flat = np.concatenate(values) if values else np.zeros(1, np.float32)
    if flat.size == 1:  # protobuf stores a constant tensor as one value
        return np.full(shape, flat[0])
    return flat.reshape(shape)


def _fields(data: memoryview) -> Iterator[tuple[int, Any]]:
    """Yield (field number, value) of a message: an integer or a memoryview."""
    position = 0
    while position < len(data):
        key, position = _varint(data, position)
        field, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, position = _varint(data, position)
            yield field, value
            continue
        if wire == _BYTES:
            size, position = _varint(data, position)
        elif wire in (_FIXED64, _FIXED32):
            size = 8 if wire == _FIXED64 else 4
        else:
            raise ValueError(f"wire type {wire}")
        if position + size > len(data):
            raise ValueError(f"{position + size - len(data)} bytes are missing")
        yield field, data[position : position + size]
        position += size


def _varint(data: memoryview, position: int) -> tuple[int, int]:
    """Return a variable-length integer and the position behind it."""
    value = shift = 0
    while True:
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position += 1
        if byte < 0x80:
            return value, position
        shift += 7
        if shift > 63:
            raise ValueError("an integer is too long")
