"""Read a torch state dict without torch and without executing its pickle.

The pickle in a .pt file describes tensors as views of storages; the numbers themselves
lie beside it (zip) or behind it (the format before torch 1.6, which facenet-pytorch's
published files have). The reader allows the few names such a file needs; see
facecam.nets.pickles.
"""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facecam.errors import WeightsCorrupt
from facecam.nets.arrays import Arrays
from facecam.nets.pickles import DAMAGE, LARGEST_ARRAY, refuse

_DTYPES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
}
_MAGIC = 0x1950A86A20F9469CFC6C
"""First thing in a .pt file of the older format; torch/serialization.py."""

_STEM = {
    "conv2d_1a": "Conv2d_1a_3x3",
    "conv2d_2a": "Conv2d_2a_3x3",
    "conv2d_2b": "Conv2d_2b_3x3",
    "conv2d_3b": "Conv2d_3b_1x1",
    "conv2d_4a": "Conv2d_4a_3x3",
    "conv2d_4b": "Conv2d_4b_3x3",
}
_BRANCHES = {
    "Block35": ["1x1", "0a_1x1 0b_3x3", "0a_1x1 0b_3x3 0c_3x3"],
    "Block17": ["1x1", "0a_1x1 0b_1x7 0c_7x1"],
    "Block8": ["1x1", "0a_1x1 0b_1x3 0c_3x1"],
    "Mixed_6a": ["1a_3x3", "0a_1x1 0b_3x3 1a_3x3"],
    "Mixed_7a": ["0a_1x1 1a_3x3", "0a_1x1 1a_3x3", "0a_1x1 0b_3x3 1a_3x3"],
}
"""The convolutions of each branch of a block, in order."""
_KINDS = {
    "weight": "kernel",
    "bias": "bias",
    "conv.weight": "kernel",
    "bn.weight": "BatchNorm_gamma",
    "bn.bias": "BatchNorm_beta",
    "bn.running_mean": "BatchNorm_moving_mean",
    "bn.running_var": "BatchNorm_moving_variance",
}


@dataclass(frozen=True)
class _Storage:
    """A run of numbers in the file."""

    key: str
    dtype: str
    count: int


@dataclass(frozen=True)
class _Tensor:
    """A strided view of a storage."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def read_zip(path: Path) -> Arrays:
    """Read a .pt file as torch writes it since 1.6.

    Raises:
        WeightsCorrupt: it is damaged, no state dict, or asks to run code.
    """
    with zipfile.ZipFile(path) as archive:
        [name] = [n for n in archive.namelist() if n.endswith("/data.pkl")]
        root = name.removesuffix("data.pkl")
        if f"{root}byteorder" in archive.namelist():
            order = archive.read(f"{root}byteorder").decode("ascii", "replace")
            if order != "little":
                raise WeightsCorrupt(f"{path.name} is {order}-endian: not supported.")
        state = _unpickle(io.BytesIO(archive.read(name)))
        return _canonical(
            state, lambda storage: archive.read(f"{root}data/{storage.key}")
        )


def read_legacy(path: Path) -> Arrays:
    """Read a .pt file as torch wrote it before 1.6: pickles, then raw numbers.

    Raises:
        WeightsCorrupt: it is damaged, no state dict, or asks to run code.
    """
    file = io.BytesIO(path.read_bytes())
    if _unpickle(file) != _MAGIC:
        raise WeightsCorrupt(f"{path.name} is no file of torch weights.")
    _unpickle(file)  # protocol version
    _unpickle(file)  # sizes of C types where it was written
    state = _unpickle(file)
    keys = _unpickle(file)
    storages = {t.storage.key: t.storage for t in _tensors(state).values()}
    content: dict[str, bytes] = {}
    for key in keys:
        count = int.from_bytes(file.read(8), "little")
        content[key] = file.read(count * np.dtype(storages[key].dtype).itemsize)
    return _canonical(state, lambda storage: content[storage.key])


def _unpickle(file: io.BytesIO) -> Any:
    try:
        return _StateReader(file).load()
    except DAMAGE as error:
        raise WeightsCorrupt(
            f"The torch file is damaged ({error}). Fetch it again."
        ) from error


class _Dict(dict[str, Any]):
    """Stands for an OrderedDict; a state dict's metadata is not needed."""

    def __setstate__(self, state: Any) -> None:
        """Ignore attributes."""


class _StateReader(pickle.Unpickler):
    """Rebuilds descriptions of tensors and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """Return the stand-in for a name, or refuse it."""
        if module == "torch" and name in _DTYPES:
            return _DTYPES[name]
        if (module, name) == ("collections", "OrderedDict"):
            return _Dict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _rebuild_tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return _rebuild_parameter
        raise refuse(module, name)

    def persistent_load(self, reference: Any) -> _Storage:
        """Return the description of a storage."""
        kind, dtype, key, _, count, *_ = reference
        if kind != "storage" or dtype not in _DTYPES.values():
            raise WeightsCorrupt(f"The torch file refers to {kind!r}, not to numbers.")
        if not 0 <= count * 8 <= LARGEST_ARRAY:
            raise WeightsCorrupt(f"A storage of {count} numbers is not plausible.")
        return _Storage(str(key), dtype, count)


def _rebuild_tensor(
    storage: _Storage, offset: int, shape: Any, strides: Any, *_: Any
) -> _Tensor:
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


def _rebuild_parameter(tensor: _Tensor, *_: Any) -> _Tensor:
    return tensor


def _tensors(state: Any) -> dict[str, _Tensor]:
    """Return the tensors of a state dict, or of one under "state_dict"."""
    if isinstance(state, dict) and isinstance(state.get("state_dict"), dict):
        state = state["state_dict"]
    if not isinstance(state, dict):
        raise WeightsCorrupt(
            "The torch file holds no state dict. Use a published file."
        )
    return {str(k): v for k, v in state.items() if isinstance(v, _Tensor)}


def _canonical(state: Any, content: Callable[[_Storage], bytes]) -> Arrays:
    """Name, fetch and transpose what belongs to the net; leave out the rest."""
    names = torch_names()
    return {
        names[key]: _transposed(_array(tensor, content(tensor.storage)))
        for key, tensor in _tensors(state).items()
        if key in names
    }


def torch_names() -> dict[str, str]:
    """Return the canonical name of every array facenet-pytorch has, by its own.

    repeat_1.0.branch1.0.conv.weight -> Block35_1_Branch_1_Conv2d_0a_1x1_kernel
    """
    layers = dict(_STEM)
    for i, (block, count) in enumerate(
        (("Block35", 5), ("Block17", 10), ("Block8", 5))
    ):
        for k in range(count):
            layers |= _block_layers(f"repeat_{i + 1}.{k}", block, f"{block}_{k + 1}")
    layers |= _block_layers("block8", "Block8", "Block8_6")
    layers |= _block_layers("mixed_6a", "Mixed_6a", "Mixed_6a")
    layers |= _block_layers("mixed_7a", "Mixed_7a", "Mixed_7a")
    names = {
        f"{module}.{kind}": f"{layer}_{canonical}"
        for module, layer in layers.items()
        for kind, canonical in _KINDS.items()
    }
    names["last_linear.weight"] = "Bottleneck_kernel"
    for kind in ("weight", "bias", "running_mean", "running_var"):
        names[f"last_bn.{kind}"] = f"Bottleneck_{_KINDS[f'bn.{kind}']}"
    return names


def _block_layers(module: str, block: str, layer: str) -> dict[str, str]:
    """Return the layers of one block by their torch module."""
    layers = {f"{module}.conv2d": f"{layer}_Conv2d_1x1"}
    for i, branch in enumerate(_BRANCHES[block]):
        convolutions = branch.split()
        for k, name in enumerate(convolutions):
            place = f".{k}" if len(convolutions) > 1 else ""
            layers[f"{module}.branch{i}{place}"] = f"{layer}_Branch_{i}_Conv2d_{name}"
    return layers


def _array(tensor: _Tensor, data: bytes) -> NDArray[Any]:
    """Return a copy of a view of a storage, its bounds checked."""
    flat = np.frombuffer(data, tensor.storage.dtype)
    spans = zip(tensor.shape, tensor.strides, strict=True)
    last = tensor.offset + sum((n - 1) * stride for n, stride in spans)
    if min((tensor.offset, *tensor.shape, *tensor.strides)) < 0 or last >= flat.size:
        raise WeightsCorrupt("The torch file is truncated: fetch it again.")
    strides = [stride * flat.itemsize for stride in tensor.strides]
    view = np.lib.stride_tricks.as_strided(flat[tensor.offset :], tensor.shape, strides)
    return view.copy()


def _transposed(array: NDArray[Any]) -> NDArray[Any]:
    """Bring kernels from torch's order into ours: (d, c, h, w) -> (h, w, c, d)."""
    if array.ndim == 4:
        return array.transpose(2, 3, 1, 0)
    return array.T
