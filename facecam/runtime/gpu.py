"""Whether Keras has a GPU to run on, asked without importing more than must be.

TensorFlow by default; `KERAS_BACKEND=torch` or `jax` for another, for instance on
Windows, where TensorFlow has no GPU. The backend is imported only where there is a
sign of a GPU in this computer.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from facecam.errors import RuntimeUnavailable

_given_up: list[str] = []
_TITLES = {"tensorflow": "TensorFlow", "torch": "torch", "jax": "JAX"}


def backend() -> str:
    """Return the name of Keras' backend without importing it."""
    if chosen := os.environ.get("KERAS_BACKEND"):
        return chosen
    folder = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    try:
        chosen = json.loads((folder / "keras.json").read_text("utf-8"))["backend"]
    except (OSError, ValueError, KeyError, TypeError):
        return "tensorflow"
    return str(chosen)


def title() -> str:
    """Return the name of Keras' backend for people."""
    return _TITLES.get(backend(), backend())


def available() -> str | None:
    """Return the name of the GPU that Keras would use, or None."""
    try:
        return require()
    except RuntimeUnavailable:
        return None


def give_up(reason: str) -> None:
    """Use no GPU any more in this process: it was seen, but a net would not run."""
    _given_up.append(reason)


def given_up() -> str:
    """Return why no GPU is used although there is one; empty if nothing failed."""
    return _given_up[-1] if _given_up else ""


def require() -> str:
    """Return the name of the GPU that Keras would use.

    Raises:
        RuntimeUnavailable: there is none, the backend does not see it, or a net would
            not run on it; says why.
    """
    if reason := given_up():
        raise RuntimeUnavailable(reason)
    return _seen_by(backend())


def _seen_by(name: str) -> str:
    """Return the name of the GPU that one backend sees; errors as `require`."""
    if name not in _DEVICES:
        raise RuntimeUnavailable(
            f"KERAS_BACKEND is {name}; facecam knows {', '.join(_DEVICES)}."
        )
    if not _gpu_hardware():
        raise RuntimeUnavailable("No graphics card for computing was found.")
    for module in ("keras", name):
        if importlib.util.find_spec(module) is None:
            raise RuntimeUnavailable(
                f"{module} is not installed. Run: pip install {module}"
            )
    if name == "tensorflow":
        _require_tensorflow()
    try:
        device = _DEVICES[name]()
    except (ImportError, OSError, RuntimeError) as error:
        raise RuntimeUnavailable(f"{title()} cannot be loaded: {error}") from error
    if device is None:
        raise RuntimeUnavailable(
            f"{title()} does not see the graphics card. Install its GPU version, or "
            "set KERAS_BACKEND to a backend that has one."
        )
    return device


def _require_tensorflow() -> None:
    """Spare the import of TensorFlow where it can have no GPU."""
    if sys.platform == "win32":
        raise RuntimeUnavailable(
            "TensorFlow has no GPU support on Windows. Install torch with CUDA and set "
            "KERAS_BACKEND=torch."
        )
    if sys.platform == "darwin" and not _metal():
        raise RuntimeUnavailable(
            "TensorFlow uses this Mac's GPU only with tensorflow-metal installed."
        )


def _gpu_hardware() -> bool:
    """Whether there is a sign of a GPU: a driver of NVIDIA's or AMD's, or a new Mac."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    if Path("/dev/kfd").exists():
        return True
    driver = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        cuda = ctypes.CDLL(driver)
    except OSError:
        return False
    count = ctypes.c_int(0)
    ready = cuda.cuInit(0) == 0 and cuda.cuDeviceGetCount(ctypes.byref(count)) == 0
    return ready and count.value > 0


def _metal() -> bool:
    """Whether TensorFlow's plug-in for the GPU of a Mac is installed."""
    found = importlib.util.find_spec("tensorflow")
    if found is None or found.origin is None:
        return False
    return (Path(found.origin).parents[1] / "tensorflow-plugins").is_dir()


def _tensorflow_device() -> str | None:
    import tensorflow as tf

    for device in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(device, True)
        details = tf.config.experimental.get_device_details(device)
        return str(details.get("device_name", "GPU"))
    return None


def _torch_device() -> str | None:
    import torch

    if torch.cuda.is_available():
        return str(torch.cuda.get_device_name(0))
    return "Apple GPU" if torch.backends.mps.is_available() else None


def _jax_device() -> str | None:
    import jax

    device = jax.devices()[0]
    return None if device.platform == "cpu" else str(device.device_kind)


_DEVICES: dict[str, Callable[[], str | None]] = {
    "tensorflow": _tensorflow_device,
    "torch": _torch_device,
    "jax": _jax_device,
}
