"""Read FaceNet's weights from any layout they are published in.

    Keras .h5          one group per layer (keras-facenet), weights alone or a model
    TensorFlow .pb     a frozen graph, InceptionResnetV1/… (davidsandberg/facenet)
    torch .pt          a state dict, zip or the older format (facenet-pytorch)
    .npz, a folder     canonical names, as facecam keeps them itself
    .zip               with one .pb in it, as davidsandberg/facenet is distributed

The content decides, not the suffix. Everything comes back as float32 under its
canonical name, `<layer>_<kind>`; see facecam.nets.arrays. Arrays of other purpose (a
classifier, an optimizer) are left out.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from facecam.errors import WeightsCorrupt, WeightsMissing
from facecam.nets import graphdef, torch_weights
from facecam.nets.arrays import Arrays

_HDF5 = b"\x89HDF\r\n\x1a\n"
_ZIP = b"PK\x03\x04"
_PICKLE = b"\x80\x02"
_DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the readers of h5py, zipfile and numpy raise on damaged files."""


def read(path: Path, wanted: Collection[str]) -> Arrays:
    """Read canonical arrays from a file or folder of weights.

    Args:
        path: the file or folder, in any of the layouts above.
        wanted: the canonical names of the net.

    Returns:
        Those of the wanted arrays that are there, float32. `arrays.check` says whether
        they are complete and fit.

    Raises:
        WeightsMissing: there is no such file.
        WeightsCorrupt: it is damaged, of no known layout, or asks to run code.
    """
    if not path.exists():
        raise WeightsMissing(f"There is no file {path}.")
    try:
        arrays = _reader(path)(path)
    except _DAMAGE as error:
        raise WeightsCorrupt(
            f"{path.name} is truncated or damaged ({error}). Fetch it again."
        ) from error
    found = {name: array for name, array in arrays.items() if name in wanted}
    if not found:
        raise WeightsCorrupt(
            f"{path.name} holds none of the network's arrays. Use a published file: "
            "Keras .h5, TensorFlow .pb, torch .pt, or .npz."
        )
    return {
        name: np.asarray(a, np.float32) for name, a in _without_gamma(found, arrays)
    }


def _reader(path: Path) -> Callable[[Path], Arrays]:
    """Choose the reader by what the file begins with and contains."""
    if path.is_dir():
        return _read_folder
    with path.open("rb") as file:
        start = file.read(8)
    if start == _HDF5:
        return _read_h5
    if start.startswith(_ZIP):
        names = zipfile.ZipFile(path).namelist()
        if any(name.endswith("/data.pkl") for name in names):
            return torch_weights.read_zip
        if any(name.endswith(".pb") for name in names):
            return _read_zipped_graph
        return _read_npz
    if start.startswith(_PICKLE):
        return torch_weights.read_legacy
    return lambda path: graphdef.read(path.read_bytes())


def _read_npz(path: Path) -> Arrays:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _read_folder(path: Path) -> Arrays:
    files = sorted(path.glob("*.npy"))
    return {file.stem: np.load(file, allow_pickle=False) for file in files}


def _read_zipped_graph(path: Path) -> Arrays:
    with zipfile.ZipFile(path) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".pb")]
        return graphdef.read(archive.read(name))


def _read_h5(path: Path) -> Arrays:
    """Read a file of Keras 2: <layer>/…/<kind>:0."""
    arrays: Arrays = {}

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and item.dtype.kind == "f":
            layer, *_, kind = PurePosixPath(name).parts
            arrays[f"{layer}_{kind.removesuffix(':0')}"] = item[()]

    with h5py.File(path, "r") as file:
        file.get("model_weights", file).visititems(visit)
    return arrays


def _without_gamma(found: Arrays, arrays: Arrays) -> Iterator[tuple[str, NDArray[Any]]]:
    """Multiply a BatchNorm's gamma, if our net does not have it, into its neighbours.

    gamma (Wx - mean) / s = ((gamma W) x - gamma mean) / s. The published weights have
    none, or ones (torch).
    """
    for name, array in found.items():
        norm = ""
        if name.endswith("_kernel"):
            norm = name.removesuffix("_kernel") + "_BatchNorm"
        elif name.endswith("_moving_mean"):
            norm = name.removesuffix("_moving_mean")
        gamma = arrays.get(f"{norm}_gamma")
        own = f"{norm}_gamma" in found  # the net has it, and it stays
        trivial = own or gamma is None or bool(np.all(gamma == 1))
        yield name, array if trivial else array * gamma
