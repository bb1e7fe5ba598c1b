"""Nets on a GPU, through Keras and whichever backend sees one.

TensorFlow by default; `KERAS_BACKEND=torch` or `jax` for another, for instance on
Windows, where TensorFlow has no GPU. A net is compiled once for each fixed input shape
and runs in bfloat16 or float16 where its answers stay those of float32.

Only importing this module is cheap; loading a net imports the backend.
"""

from __future__ import annotations

import sys
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from facecam.errors import RuntimeUnavailable
from facecam.faces import Floats, Image, Net
from facecam.runtime import gpu
from facecam.runtime.batching import Bucketed

LEAST_COSINE = 0.999
"""Agreement with float32 that a reduced precision needs, on every output."""
REDUCED = ("bfloat16", "float16")
"""What is tried instead of float32, in this order."""
KEPT_SHAPES = 4
"""How many input shapes of a net without buckets stay compiled: the last used."""

WARM_UP = 3
"""Runs after which torch's tracing executor has optimised a call."""


class KerasNet:
    """A net compiled by the backend; `Net` for one thread at a time."""

    def __init__(self, net: Net, precision: str) -> None:
        self._net = net
        self.precision = precision
        """"float32", "bfloat16" or "float16"."""

    def __call__(self, image: Image) -> tuple[Floats, ...]:
        """Run a batch, uint8 (n, h, w, 3)."""
        return self._net(image)


def load(
    model: Any, buckets: Sequence[int] | None = None, precision: str = "auto"
) -> KerasNet:
    """Compile a Keras model for fixed input shapes.

    Args:
        model: takes float32 RGB pixels 0…255; see facecam.nets.restore.
        buckets: batch sizes, as in facecam.runtime.litert.load.
        precision: "auto" tries `REDUCED`; or one of them, or "float32".

    Raises:
        RuntimeUnavailable: the backend cannot compile the net, or a precision asked
            for by name changes its answers.
    """
    try:
        net, chosen = _chosen(model, precision)
        if buckets is None:
            return KerasNet(net, chosen)
        net.compile(buckets)
    except _failures() as error:
        raise RuntimeUnavailable(
            f"{gpu.title()} cannot run {model.name}: {error}"
        ) from error
    return KerasNet(Bucketed(net, buckets), chosen)


def _chosen(model: Any, precision: str) -> tuple[_Compiled, str]:
    """Return the net in the first precision whose answers stay those of float32."""
    probe = _probe(model)
    exact = _Compiled(model)
    wanted = exact(probe)
    for reduced in REDUCED if precision == "auto" else (precision,):
        if reduced == "float32":
            break
        net = _Compiled(_in_precision(model, reduced))
        if _agreement(net(probe), wanted) >= LEAST_COSINE:
            return net, reduced
        if precision != "auto":
            raise RuntimeUnavailable(f"In {reduced} the net answers differently.")
    return exact, "float32"


def _failures() -> tuple[type[Exception], ...]:
    """Return what a backend raises when it or the GPU cannot do something."""
    failures: list[type[Exception]] = [RuntimeError, MemoryError, NotImplementedError]
    if tensorflow := sys.modules.get("tensorflow"):
        failures.append(tensorflow.errors.OpError)
    return tuple(failures)


class _Compiled:
    """One compiled call for each of the last input shapes."""

    def __init__(self, model: Any) -> None:
        self.kept = KEPT_SHAPES
        self._model = model
        self._calls: OrderedDict[tuple[int, ...], Callable[[Image], Any]] = (
            OrderedDict()
        )

    def compile(self, buckets: Sequence[int]) -> None:
        """Compile for each bucket now rather than while somebody waits for a frame."""
        self.kept = len(buckets)
        _, h, w, _ = self._model.input.shape
        for n in buckets:
            self(np.zeros((n, h, w, 3), np.uint8))

    def __call__(self, image: Image) -> tuple[Floats, ...]:
        """Run a batch, uint8 (n, h, w, 3)."""
        if len(image) == 0:
            one = np.zeros((1, *image.shape[1:]), np.uint8)
            return tuple(output[:0] for output in self(one))
        call = self._calls.get(image.shape)
        if call is None:
            call = _COMPILERS[gpu.backend()](self._model, image.shape)
            self._calls[image.shape] = call
            if len(self._calls) > self.kept:
                self._calls.popitem(last=False)
        self._calls.move_to_end(image.shape)
        return tuple(np.asarray(o, np.float32) for o in call(image))


def _compile_tensorflow(model: Any, shape: tuple[int, ...]) -> Callable[[Image], Any]:
    import tensorflow as tf

    @tf.function(  # type: ignore[untyped-decorator]
        input_signature=[tf.TensorSpec(shape, tf.uint8)], autograph=False
    )
    def run(pixels: Any) -> Any:
        return _as_list(model(tf.cast(pixels, tf.float32), training=False))

    call = run.get_concrete_function()
    return lambda image: [o.numpy() for o in call(tf.constant(image))]


def _compile_torch(model: Any, shape: tuple[int, ...]) -> Callable[[Image], Any]:
    import torch

    device = model.weights[0].value.device

    class Run(torch.nn.Module):  # type: ignore[misc]
        """The model as torch sees it."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, pixels: Any) -> Any:
            """Run a batch of uint8 pixels."""
            return tuple(_as_list(self.model(pixels.float(), training=False)))

    example = torch.zeros(shape, dtype=torch.uint8, device=device)
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # shapes become constants, as they should
        call = torch.jit.freeze(
            torch.jit.trace(Run().eval(), example, check_trace=False)
        )

    def run(image: Image) -> Any:
        with torch.inference_mode():
            outputs = call(torch.from_numpy(np.ascontiguousarray(image)).to(device))
            return [output.float().cpu().numpy() for output in outputs]

    for _ in range(WARM_UP):
        run(np.zeros(shape, np.uint8))
    return run


def _compile_jax(model: Any, shape: tuple[int, ...]) -> Callable[[Image], Any]:
    import jax

    trained = [v.value for v in model.trainable_variables]
    other = [v.value for v in model.non_trainable_variables]

    def run(trained: Any, other: Any, pixels: Any) -> Any:
        pixels = pixels.astype("float32")
        outputs, _ = model.stateless_call(trained, other, pixels, training=False)
        return _as_list(outputs)

    pixels = jax.ShapeDtypeStruct(shape, np.uint8)
    call = jax.jit(run).lower(trained, other, pixels).compile()
    return lambda image: call(trained, other, image)


_COMPILERS = {
    "tensorflow": _compile_tensorflow,
    "torch": _compile_torch,
    "jax": _compile_jax,
}


def _as_list(outputs: Any) -> list[Any]:
    return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]


def _in_precision(model: Any, precision: str) -> Any:
    """Return a copy of a model that computes in another precision but for its ends."""
    import keras

    exact = {id(layer) for layer in _ends(model)}

    def cloned(layer: Any) -> Any:
        values = layer.get_config()
        scaled = isinstance(layer, keras.layers.Layer) and id(layer) not in exact
        if scaled and not isinstance(layer, keras.layers.InputLayer):
            values["dtype"] = precision
        return type(layer).from_config(values)

    copy = keras.models.clone_model(model, clone_function=cloned)
    copy.set_weights(model.get_weights())
    return copy


def _ends(model: Any) -> Iterable[Any]:
    """Yield what makes each output, back to the last layer with weights."""
    for output in model.outputs:
        while True:
            operation = output._keras_history.operation
            yield operation
            if getattr(operation, "weights", None):
                break
            [output] = operation._inbound_nodes[0].input_tensors


def _probe(model: Any) -> Image:
    """Return a fixed picture for the accuracy check: soft waves."""
    _, h, w, _ = (side or 64 for side in model.input.shape)
    y, x, channel = np.mgrid[0:h, 0:w, 0:3]
    waves = np.sin(x * (8 / w) * (1 + channel)) + np.cos(y * (8 / h) * (3 - channel))
    return np.round(127.5 + 60 * waves)[None].astype(np.uint8)


def _agreement(found: Iterable[Floats], wanted: Iterable[Floats]) -> float:
    """Return the smallest cosine between outputs; 0 if one is not finite."""
    least = 1.0
    for a, b in zip(found, wanted, strict=True):
        norms = float(np.linalg.norm(a) * np.linalg.norm(b))
        cosine = float((a * b).sum()) / max(norms, 1e-12)
        least = min(least, cosine if np.isfinite(cosine) else 0.0)
    return least
