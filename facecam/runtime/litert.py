"""Compiled nets on the CPU, through LiteRT (formerly TensorFlow Lite).

Importing it takes 0.1 s and 34 MB, where TensorFlow takes 2.3 s and 600 MB. LiteRT
plans its memory for one input shape, and planning anew costs more than running, so a
net keeps one interpreter for each shape it meets.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from facecam.errors import RuntimeUnavailable, WeightsCorrupt, WeightsMissing
from facecam.faces import Floats, Image, Net
from facecam.runtime.batching import Bucketed

KEPT_SHAPES = 4
"""How many input shapes of a net without buckets stay planned: the last used."""


def load(path: Path, threads: int, buckets: Sequence[int] | None = None) -> Net:
    """Load a flatbuffer written by facecam.nets.compile.

    Args:
        path: the .tflite file.
        threads: how many the net may use.
        buckets: batch sizes to plan for. A batch is padded to the next larger one; more
            than the largest are split. None: exactly the shapes that are asked for, the
            last `KEPT_SHAPES` kept (for P-Net, whose pictures differ in size).

    Returns:
        A function for one thread at a time. The arrays it returns are copies.

    Raises:
        WeightsMissing: there is no such file.
        WeightsCorrupt: the file is not a flatbuffer LiteRT can run.
        RuntimeUnavailable: LiteRT is not installed or does not run here.
    """
    if buckets is None:
        return _LiteRTNet(path, threads, KEPT_SHAPES)
    return Bucketed(_LiteRTNet(path, threads, len(buckets)), buckets)


@dataclass(frozen=True, eq=False)
class _Plan:
    """An interpreter planned for one input shape."""

    interpreter: Any
    input: int
    outputs: tuple[int, ...]


class _LiteRTNet:
    """Holds the interpreters of one flatbuffer, one for each of the last shapes."""

    def __init__(self, path: Path, threads: int, kept: int) -> None:
        try:
            self._content = path.read_bytes()
        except FileNotFoundError as error:
            raise WeightsMissing(
                f"{path} does not exist. Run: facecam models install"
            ) from error
        self._name = path.name
        self._threads = threads
        self._kept = kept
        self._plans: OrderedDict[tuple[int, ...], _Plan] = OrderedDict()
        self._interpreter()  # refuses a damaged file now rather than at the first frame

    def __call__(self, image: Image) -> tuple[Floats, ...]:
        """Run a batch, uint8 (n, h, w, 3)."""
        if len(image) == 0:
            one = np.zeros((1, *image.shape[1:]), np.uint8)
            return tuple(output[:0] for output in self(one))
        plan = self._plan(image.shape)
        plan.interpreter.tensor(plan.input)()[:] = image
        plan.interpreter.invoke()
        return tuple(plan.interpreter.get_tensor(index) for index in plan.outputs)

    def _plan(self, shape: tuple[int, ...]) -> _Plan:
        """Return the plan for an input shape, made at its first use."""
        plan = self._plans.get(shape)
        if plan is None:
            plan = self._plans[shape] = self._new_plan(shape)
            if len(self._plans) > self._kept:
                self._plans.popitem(last=False)
        self._plans.move_to_end(shape)
        return plan

    def _new_plan(self, shape: tuple[int, ...]) -> _Plan:
        interpreter = self._interpreter()
        [source] = interpreter.get_input_details()
        interpreter.resize_tensor_input(source["index"], shape)
        with _silence():
            interpreter.allocate_tensors()
        outputs = interpreter.get_signature_runner().get_output_details()
        indices = tuple(outputs[name]["index"] for name in sorted(outputs))
        return _Plan(interpreter, source["index"], indices)

    def _interpreter(self) -> Any:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise RuntimeUnavailable(
                f"LiteRT cannot be loaded ({error}). Run: pip install ai-edge-litert"
            ) from error
        try:
            return Interpreter(model_content=self._content, num_threads=self._threads)
        except ValueError as error:
            raise WeightsCorrupt(
                f"{self._name} is damaged ({error}). Run: facecam models install"
            ) from error


_first = threading.Lock()
"""Held for good by whoever plans the process' first interpreter."""


@contextmanager
def _silence() -> Iterator[None]:
    """Keep LiteRT's greeting off the standard error output, once per process.

    It announces its delegate when the first interpreter is planned and offers no way to
    turn that off. Everything else written to it in those milliseconds is lost as well.
    """
    try:
        kept = os.dup(2) if _first.acquire(blocking=False) else -1
    except OSError:  # there is no standard error output, as under pythonw
        kept = -1
    if kept < 0:
        yield
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nothing)
        os.close(kept)
