"""Where MTCNN's files lie; and FaceNet's layouts, written without the frameworks."""

import io
import pickle
import sys
import types
import zipfile
from collections import OrderedDict
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import h5py
import numpy as np

from facecam.nets import torch_weights

GAMMA = "_BatchNorm_gamma"
MTCNN_FILES = Path(find_spec("mtcnn").origin).parent / "assets" / "weights"


def small_arrays():
    """Arrays under every name of FaceNet, with tiny shapes that keep their ranks."""
    rng = np.random.default_rng(0)
    arrays = {}
    for name in sorted(torch_weights.torch_names().values()):
        if name.endswith(GAMMA) or (name.endswith("_bias") and "1x1_bias" not in name):
            continue
        shape = (4, 3) if name == "Bottleneck_kernel" else (1, 2, 3, 4)
        shape = shape if name.endswith("_kernel") else (4,)
        arrays[name] = rng.normal(size=shape).astype(np.float16).astype(np.float32)
    return arrays


def write_h5(path, arrays, root=""):
    """The layout of Keras 2: a group per layer, its name again, then kernel:0."""
    with h5py.File(path, "w") as file:
        group = file.create_group(root) if root else file
        group.attrs["layer_names"] = sorted({n.rsplit("_", 1)[0] for n in arrays})
        for name, array in arrays.items():
            layer, kind = split(name)
            group[f"{layer}/{layer}/{kind}:0"] = array
        group.create_group("MaxPool_3a_3x3")
        group["optimizer_steps"] = np.int64(7)


def split(name):
    """Conv2d_1a_3x3_BatchNorm_moving_mean -> its layer, moving_mean."""
    for kind in ("moving_mean", "moving_variance"):
        if name.endswith(f"_{kind}"):
            return name.removesuffix(f"_{kind}"), kind
    return tuple(name.rsplit("_", 1))


def graph_names(arrays):
    """Return davidsandberg's variable name of each array."""
    names = {}
    for name in arrays:
        layer, kind = split(name)
        scope = layer.replace("_BatchNorm", "/BatchNorm")
        scope = scope.replace("_Branch_", "/Branch_").replace("_Conv2d_", "/Conv2d_")
        scope = scope.replace("Block35_", "Repeat/block35_")
        scope = scope.replace("Block17_", "Repeat_1/block17_")
        scope = scope.replace("Block8_6", "Block8")
        scope = scope.replace("Block8_", "Repeat_2/block8_")
        for branch in range(3):
            scope = scope.replace(f"Branch_{branch}_", f"Branch_{branch}/")
        kind = {"kernel": "weights", "bias": "biases"}.get(kind, kind)
        names[name] = f"InceptionResnetV1/{scope}/{kind}"
    return names


def field(number, content):
    """One field of a protobuf message: an integer or bytes."""
    if isinstance(content, int):
        return bytes([number << 3]) + varint(content)
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def graph(arrays):
    """A frozen graph with the arrays as constants and an operation that reads one."""
    nodes = [field(1, field(1, b"input") + field(2, b"Placeholder"))]
    for name, array in arrays.items():
        shape = b"".join(field(2, field(1, size)) for size in array.shape)
        tensor = field(1, 1) + field(2, shape)
        tensor += field(4, array.astype("<f4").tobytes())
        value = field(5, field(1, b"value") + field(2, field(8, tensor)))
        dtype = field(5, field(1, b"dtype") + field(2, field(6, 1)))
        nodes.append(
            field(1, field(1, name.encode()) + field(2, b"Const") + value + dtype)
        )
        read = field(1, f"{name}/read".encode()) + field(2, b"Identity")
        nodes.append(field(1, read + field(3, name.encode())))
    return b"".join(nodes)


class Tensor:
    """Pickled as torch pickles a tensor."""

    def __init__(self, array, key):
        self.array, self.key = np.ascontiguousarray(array), key


class Storage:
    def __init__(self, tensor):
        self.tensor = tensor


@contextmanager
def pretended_torch():
    """Make the names a .pt file refers to importable, so that they can be pickled."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    def _rebuild_tensor_v2():
        raise AssertionError("never called")

    _rebuild_tensor_v2.__module__ = "torch._utils"
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})
    real = {name: sys.modules.get(name) for name in ("torch", "torch._utils")}
    sys.modules |= {"torch": torch, "torch._utils": utils}
    try:
        yield torch, utils
    finally:
        for name, module in real.items():
            sys.modules.pop(name)
            if module is not None:
                sys.modules[name] = module


def pickled(value, legacy=False):
    with pretended_torch() as (torch, utils):

        class Pickler(pickle.Pickler):
            def reducer_override(self, item):
                if not isinstance(item, Tensor):
                    return NotImplemented
                strides = tuple(s // 4 for s in item.array.strides)
                place = (Storage(item), 0, item.array.shape, strides)
                return utils._rebuild_tensor_v2, (*place, False, OrderedDict())

            def persistent_id(self, item):
                if not isinstance(item, Storage):
                    return None
                extra = (None,) if legacy else ()
                size = item.tensor.array.size
                return (
                    "storage",
                    torch.FloatStorage,
                    item.tensor.key,
                    "cpu",
                    size,
                    *extra,
                )

        file = io.BytesIO()
        Pickler(file, protocol=2).dump(value)
        return file.getvalue()


def torch_state(arrays):
    """A state dict as facenet-pytorch has it, its classifier included."""
    state = OrderedDict()
    for key, name in torch_weights.torch_names().items():
        if name in arrays:
            array = arrays[name]
            order = (3, 2, 0, 1) if array.ndim == 4 else (1, 0)
            state[key] = array.transpose(order) if array.ndim > 1 else array
        elif name.endswith(GAMMA) and name.replace("gamma", "beta") in arrays:
            state[key] = np.ones_like(arrays[name.replace("gamma", "beta")])
    state["logits.weight"] = np.zeros((5, 4), np.float32)
    tensors = OrderedDict(
        (key, Tensor(array.astype(np.float32), str(i)))
        for i, (key, array) in enumerate(state.items())
    )
    tensors._metadata = OrderedDict(version=1)
    return tensors


def write_torch_zip(path, state):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", pickled(state))
        archive.writestr("model/byteorder", "little")
        for tensor in state.values():
            archive.writestr(f"model/data/{tensor.key}", tensor.array.tobytes())
        archive.writestr("model/version", "3\n")


def write_torch_legacy(path, state):
    parts = [pickle.dumps(0x1950A86A20F9469CFC6C, 2), pickle.dumps(1001, 2)]
    parts += [pickle.dumps({"little_endian": True}, 2), pickled(state, legacy=True)]
    parts.append(pickle.dumps([tensor.key for tensor in state.values()], 2))
    for tensor in state.values():
        parts.append(tensor.array.size.to_bytes(8, "little") + tensor.array.tobytes())
    path.write_bytes(b"".join(parts))
