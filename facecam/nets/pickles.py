"""Read arrays out of pickle files without letting the pickle run anything.

Two kinds of published weights are pickles: the `mtcnn` distribution's joblib files and
torch state dicts. A pickle is a program; the readers here know the handful of names
such a file needs, map each to a harmless stand-in, and refuse every other name before
anything is called.
"""

from __future__ import annotations

import io
import pickle
from typing import Any, BinaryIO, ClassVar

import numpy as np
from numpy.typing import NDArray

from facecam.errors import WeightsCorrupt

LARGEST_ARRAY = 1 << 28
"""Bytes, far above any array of our nets: a forged size must not eat the memory."""

_NUMBERS = {"f2", "f4", "f8", "i4", "i8"}


def read_joblib(data: bytes) -> list[NDArray[Any]]:
    """Return the list of arrays in an uncompressed joblib pickle.

    Raises:
        WeightsCorrupt: the file is truncated, no list of numeric arrays, or names
            anything but numpy arrays.
    """
    try:
        arrays = _JoblibReader(io.BytesIO(data)).load()
    except WeightsCorrupt:
        raise
    except DAMAGE as error:
        raise WeightsCorrupt(
            f"The file of weights is damaged: {error}. Install it again."
        ) from error
    if not isinstance(arrays, list) or not all(
        isinstance(array, np.ndarray) for array in arrays
    ):
        raise WeightsCorrupt("The file of weights does not hold a list of arrays.")
    return arrays


DAMAGE = (
    pickle.UnpicklingError,
    EOFError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    OverflowError,
    MemoryError,
)
"""What Python's unpickler raises on damaged input."""


def refuse(module: str, name: str) -> WeightsCorrupt:
    """Make the error for a name that has no business in a file of weights."""
    return WeightsCorrupt(
        f"The file of weights asks to run {module}.{name}. That is not needed for "
        "numbers and may be an attack: nothing was run. Use a published file."
    )


class _Wrapper:
    """Stand-in for joblib.numpy_pickle.NumpyArrayWrapper: describes an array."""

    shape: tuple[int, ...]
    order: str
    dtype: _Type
    numpy_array_alignment_bytes: int | None = None


class _Type:
    """Stand-in for numpy.dtype; takes its code, ignores the rest of its state."""

    def __init__(self, code: str = "", *_: Any) -> None:
        if code not in _NUMBERS:
            raise WeightsCorrupt(f"Weights of type {code!r} are not numbers.")
        self.code = code
        self.order = "<"

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.order = ">" if state[1] == ">" else "<"


class _JoblibReader(pickle._Unpickler):
    """Python's own unpickler in Python: joblib writes raw bytes between its opcodes."""

    stack: list[Any]
    dispatch: ClassVar[dict[int, Any]] = dict(pickle._Unpickler.dispatch)
    allowed: ClassVar[dict[tuple[str, str], type]] = {
        ("joblib.numpy_pickle", "NumpyArrayWrapper"): _Wrapper,
        ("numpy", "ndarray"): object,
        ("numpy", "dtype"): _Type,
    }

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self._file = file

    def find_class(self, module: str, name: str) -> Any:
        """Return the stand-in for a name, or refuse it."""
        try:
            return self.allowed[module, name]
        except KeyError:
            raise refuse(module, name) from None

    def load_build(self) -> None:
        """Set an object's state; an array description is replaced by its array."""
        super().load_build()  # type: ignore[misc]
        if isinstance(self.stack[-1], _Wrapper):
            self.stack[-1] = _raw_array(self.stack[-1], self._file)

    dispatch[pickle.BUILD[0]] = load_build


def _raw_array(wrapper: _Wrapper, file: BinaryIO) -> NDArray[Any]:
    """Read the bytes joblib put behind an array description."""
    if wrapper.numpy_array_alignment_bytes is not None:
        file.read(file.read(1)[0])
    dtype = np.dtype(wrapper.dtype.order + wrapper.dtype.code)
    count = int(np.prod(wrapper.shape, dtype=np.int64))
    if not 0 <= count * dtype.itemsize <= LARGEST_ARRAY:
        raise WeightsCorrupt(f"An array of shape {wrapper.shape} is not plausible.")
    data = file.read(count * dtype.itemsize)
    if len(data) != count * dtype.itemsize:
        raise WeightsCorrupt("The file of weights is truncated: install it again.")
    flat = np.frombuffer(data, dtype)
    return flat.reshape(wrapper.shape, order="F" if wrapper.order == "F" else "C")
