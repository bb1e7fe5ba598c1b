"""A net of MTCNN that is being trained: batches in, losses out, weights at any time.

Pure Keras 3: the loss is `compute_loss`, so the TensorFlow, JAX and torch backends all
train it. Outside this package nobody needs Keras to train a net.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from facecam.config.retraining import FitConfig
from facecam.errors import WeightsCorrupt
from facecam.faces import Floats, Image
from facecam.nets import losses, mtcnn
from facecam.nets.arrays import Arrays
from facecam.nets.layers import load, variables

AVERAGED_EVERY = 10
"""Steps between two looks of the running average at the weights."""
TASKS = ("classification", "box", "landmarks")


class Trainee:
    """Holds one net, its optimiser and the running average of its weights.

    Args:
        net: "pnet", "rnet" or "onet".
        config: losses, optimiser, schedule.
        seed: of the first weights.
        start: canonical arrays to start from instead; their answers are also what
            `config.anchor` holds on to.

    Raises:
        WeightsCorrupt: the arrays to start from are not this net's.
    """

    def __init__(
        self, net: str, config: FitConfig, seed: int, start: Arrays | None = None
    ) -> None:
        taught = start is not None and config.anchor > 0
        keras.utils.set_random_seed(seed)
        keras.config.set_dtype_policy(config.precision)
        try:
            self._net = mtcnn.BUILDERS[net](training=True)
            teacher = mtcnn.BUILDERS[net](training=True) if taught else None
        finally:
            keras.config.set_dtype_policy("float32")
        self._own = mtcnn.OWN_LAYERS[net]
        self._config = config
        if start is not None:
            _start_from(self._net, start)
            if teacher is not None:
                _start_from(teacher, start)
        self._model = _Learner(self._net, teacher, config)
        self._model.compile(optimizer=_optimiser(config), jit_compile=_jit())
        self._model.optimizer.build(self._net.trainable_variables)
        self._average = {k: v.copy() for k, v in _values(self._net).items()}
        self._told: list[list[float]] = []
        self.steps = 0
        """Batches learned from so far."""

    def learn(
        self, pixels: Image, kinds: NDArray[np.uint8], offsets: Floats, points: Floats
    ) -> float:
        """Take one step; return the batch's loss, which may be no number.

        Args:
            pixels: (n, s, s, 3).
            kinds: (n,).
            offsets: (n, 4).
            points: (n, 5, 2).
        """
        target = {
            "kinds": ops.convert_to_tensor(kinds, "int32"),
            "offsets": ops.convert_to_tensor(offsets, "float32"),
            "points": ops.convert_to_tensor(points, "float32"),
        }
        images = ops.convert_to_tensor(pixels, "float32")
        self._model.reset_metrics()
        told = self._model.train_on_batch(images, target, return_dict=True)
        self.steps += 1
        self._told.append([float(told[task]) for task in TASKS])
        if self.steps % AVERAGED_EVERY == 0:
            self._average_in()
        return float(told["loss"])

    def losses(self) -> dict[str, float]:
        """Return the mean of each task's loss since the last call."""
        means = np.mean(self._told or [[0.0] * len(TASKS)], axis=0).tolist()
        self._told.clear()
        return dict(zip(TASKS, means, strict=True))

    def answer(self, pixels: Image) -> tuple[Floats, Floats, Floats]:
        """Return scores (n,), offsets (n, 4) and landmarks (n, 5, 2) of samples."""
        logits, offsets, points = self._model.predict_on_batch(
            pixels.astype(np.float32)
        )
        n = len(pixels)
        scores = 1 / (1 + np.exp(-np.float64(np.reshape(logits, n))))
        return (
            scores.astype(np.float32),
            np.reshape(offsets, (n, 4)).astype(np.float32),
            np.reshape(points, (n, 5, 2)).astype(np.float32),
        )

    def averaged(self) -> _Averaged:
        """Return a context in which the net answers with its averaged weights."""
        return _Averaged(self._net, self._average if self._config.average else None)

    def weights(self) -> Arrays:
        """Return the canonical arrays of the net as it is now, without extra heads."""
        return {
            name: array
            for name, array in _values(self._net).items()
            if name.rsplit("_", 1)[0] in self._own
        }

    def state(self) -> Arrays:
        """Return everything a fit needs to go on as if it had not been interrupted."""
        optimiser = self._model.optimizer.variables
        return {
            "steps": np.array(self.steps),
            **{f"net/{name}": array for name, array in _values(self._net).items()},
            **{f"average/{name}": array for name, array in self._average.items()},
            **{
                f"optimiser/{n:03d}": np.asarray(ops.convert_to_numpy(v))
                for n, v in enumerate(optimiser)
            },
        }

    def resume(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what `state` returned.

        Raises:
            WeightsCorrupt: it belongs to another net or optimiser.
        """
        try:
            load(self._net, _under(state, "net/"))
            saved = [state[name] for name in sorted(_under(state, "optimiser/", True))]
            for variable, value in zip(
                self._model.optimizer.variables, saved, strict=True
            ):
                variable.assign(value)
        except (KeyError, ValueError) as error:
            raise WeightsCorrupt(
                f"The checkpoint is of another fit: {error}"
            ) from error
        self._average = _under(state, "average/")
        self.steps = int(state["steps"])

    def _average_in(self) -> None:
        """Move the running average towards the weights."""
        keep = self._config.average**AVERAGED_EVERY
        # Young averages forget faster, or the first weights would stay in them.
        keep = min(keep, (1 + self.steps) / (AVERAGED_EVERY + self.steps))
        for name, value in _values(self._net).items():
            self._average[name] = keep * self._average[name] + (1 - keep) * value


class _Averaged:
    """Puts averaged weights into a net, and the others back afterwards."""

    def __init__(self, net: keras.Model, average: Arrays | None) -> None:
        self._net = net
        self._average = average
        self._kept: Arrays = {}

    def __enter__(self) -> None:
        if self._average is not None:
            self._kept = {k: v.copy() for k, v in _values(self._net).items()}
            load(self._net, self._average)

    def __exit__(self, *_: object) -> None:
        if self._average is not None:
            load(self._net, self._kept)


class _Learner(keras.Model):  # type: ignore[misc]
    """A net with the three losses."""

    def __init__(
        self, net: keras.Model, teacher: keras.Model | None, config: FitConfig
    ) -> None:
        super().__init__(name="learner")
        self.net = net
        self.teacher = teacher
        if teacher is not None:
            teacher.trainable = False
        self._numbers = config
        self.tasks = [keras.metrics.Mean(name=task) for task in TASKS]

    def call(self, pixels: Any, training: bool = False) -> Any:
        """Return logits (n,), offsets (n, 4), landmarks (n, 5, 2), in float32."""
        return _in_float32(self.net(pixels, training=training))

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Return the weighted sum of the three losses, and of the anchor."""
        config = self._numbers
        logits, offsets, points = y_pred
        kinds = y["kinds"]
        parts = (
            losses.classification(logits, kinds, config.hardest),
            losses.boxes(offsets, y["offsets"], kinds),
            losses.landmarks(points, y["points"], kinds, config.landmarks_in_eyes),
        )
        for metric, part in zip(self.tasks, parts, strict=True):
            metric.update_state(part)
        total = sum(w * part for w, part in zip(config.weights, parts, strict=True))
        if self.teacher is not None:
            known = _in_float32(self.teacher(x, training=False))
            if "landmarks" not in mtcnn.OWN_LAYERS[self.net.name]:
                known = (*known[:2], points)  # that head was not kept; it knows nothing
            total = total + config.anchor * losses.apart(y_pred, known)
        return total


def _in_float32(outputs: Any) -> Any:
    """Return the outputs of a net, flat and in float32, whatever it computes in."""
    logits, offsets, points = (ops.cast(output, "float32") for output in outputs)
    shapes = (-1,), (-1, 4), (-1, 5, 2)
    return tuple(
        ops.reshape(value, shape)
        for value, shape in zip((logits, offsets, points), shapes, strict=True)
    )


def _optimiser(config: FitConfig) -> keras.optimizers.Optimizer:
    if config.optimiser == "sgd":
        return keras.optimizers.SGD(
            _schedule(config), momentum=0.9, weight_decay=config.decay
        )
    return keras.optimizers.AdamW(
        _schedule(config), weight_decay=config.decay, clipnorm=config.clip
    )


def _schedule(config: FitConfig) -> Any:
    schedules = keras.optimizers.schedules
    if config.schedule == "steps":
        edges = [int(share * config.steps) for share in config.falls]
        rates = [config.rate * 0.1**n for n in range(len(edges) + 1)]
        return schedules.PiecewiseConstantDecay(edges, rates)
    warm = int(config.warm_up * config.steps)
    return schedules.CosineDecay(
        config.rate / 100 if warm else config.rate,
        max(config.steps - warm, 1),
        warmup_target=config.rate if warm else None,
        warmup_steps=warm,
    )


def _jit() -> bool:
    """Compile with XLA where the backend is XLA; on TensorFlow's CPU it is slower."""
    return bool(keras.backend.backend() == "jax")


def _start_from(net: keras.Model, start: Arrays) -> None:
    """Load what there is; a head that only training has keeps its first weights."""
    load(net, {**_values(net), **start})


def _values(net: keras.Model) -> Arrays:
    """Return the canonical arrays of a net, as they are now."""
    return {k: np.array(ops.convert_to_numpy(v)) for k, v in variables(net).items()}


def _under(
    state: Mapping[str, NDArray[Any]], prefix: str, whole: bool = False
) -> Arrays:
    """Return the arrays whose names begin so, without that unless `whole`."""
    cut = 0 if whole else len(prefix)
    return {k[cut:]: np.array(v) for k, v in state.items() if k.startswith(prefix)}
