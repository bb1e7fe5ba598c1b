"""An embedder that is being trained: batches in, losses out, weights at any time.

Pure Keras 3, as `facecam.nets.training` is for the nets of the detector: the loss is
`compute_loss`, so the TensorFlow, JAX and torch backends all train it.

    softmax+center   labels in, a layer of classes on top that is not kept
    triplet          labels in
    distil           the teacher's embeddings in
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from facecam.config.embedding_training import EmbedderFitConfig
from facecam.errors import WeightsCorrupt
from facecam.faces import Floats, Image
from facecam.nets import embedder_losses as losses
from facecam.nets.arrays import Arrays
from facecam.nets.embedder_schedule import optimiser
from facecam.nets.embedders import network
from facecam.nets.layers import load, variables
from facecam.nets.together import Alone, Company, synchronise

AVERAGED_EVERY = 10
"""Steps between two looks of the running average at the weights."""
PARTS = {
    "softmax+center": ("softmax", "center"),
    "triplet": ("triplet",),
    "distil": ("likeness", "relations"),
}
"""What each loss is made of."""
UNDECAYED = ("gamma", "beta", "bias", "centres")
"""Variables that weight decay leaves alone."""


class EmbedderTrainee:
    """Holds one net, its optimiser and the running average of its weights.

    Args:
        name: of a network, see `facecam.nets.embedders`.
        loss: of PARTS.
        config: optimiser, schedule, weights of the losses.
        seed: of the first weights, and of what is left out in each step.
        epoch: steps of an epoch.
        classes: people learned from; "softmax+center" only.
        start: canonical arrays to start from instead.
        company: those it learns with; each has a share of every batch.

    Raises:
        WeightsCorrupt: the arrays to start from are not this net's.
    """

    def __init__(  # noqa: PLR0913 - what determines a fit
        self,
        name: str,
        loss: str,
        config: EmbedderFitConfig,
        seed: int,
        epoch: int,
        classes: int = 0,
        start: Arrays | None = None,
        company: Company | None = None,
    ) -> None:
        self._company = company or Alone()
        self._seed = seed
        self._config = config
        with self._company.scope():
            self._net = _made(name, config, seed, self._company)
            if start is not None:
                load(self._net, start)
            self._model = _Learner(self._net, loss, config, classes, self._company)
            optimised = optimiser(config, epoch, self._company.place.count)
            self._model.compile(optimizer=optimised, jit_compile=_jit())
            self._model.optimizer.exclude_from_weight_decay(var_names=list(UNDECAYED))
            self._model.optimizer.build(self._model.trainable_variables)
        self._average = _values(self._net)
        self._told: list[list[float]] = []
        self._parts = PARTS[loss]
        self.steps = 0
        """Batches learned from so far."""

    def learn(self, pixels: Image, wanted: NDArray[Any]) -> float:
        """Take one step; return the batch's loss, which may be no number.

        Args:
            pixels: (n, s, s, 3).
            wanted: labels (n,), or the teacher's embeddings (n, d).

        Raises:
            TrainingError: one of those it learns with has gone.
        """
        self._draw()
        told = self._company.learn(self._model, pixels, wanted)
        self.steps += 1
        self._told.append([float(told[part]) for part in self._parts])
        if self.steps % AVERAGED_EVERY == 0:
            self._average_in()
        return float(told["loss"])

    def losses(self) -> dict[str, float]:
        """Return the mean of each part of the loss since the last call."""
        means = np.mean(self._told or [[0.0] * len(self._parts)], axis=0).tolist()
        self._told.clear()
        return dict(zip(self._parts, means, strict=True))

    def rate(self) -> float:
        """Return the learning rate of the next step."""
        return float(ops.convert_to_numpy(self._model.optimizer.learning_rate))

    def embed(self, pixels: Image) -> Floats:
        """Return unit vectors, (n, s, s, 3) -> (n, d)."""
        features = self._company.answers(self._model, pixels)
        norms = np.linalg.norm(features, axis=1, keepdims=True)
        return (features / np.maximum(norms, 1e-12)).astype(np.float32)

    def averaged(self) -> Averaged:
        """Return a context in which the net answers with its averaged weights."""
        return Averaged(self._net, self._average if self._config.average else None)

    def weights(self) -> Arrays:
        """Return the canonical arrays of the net as it is now."""
        return _values(self._net)

    def state(self) -> Arrays:
        """Return everything a fit needs to go on as if it had not been interrupted."""
        kept = {"learner": self._model.own, "optimiser": self._optimiser_variables()}
        return {
            "steps": np.array(self.steps),
            **{f"net/{name}": array for name, array in _values(self._net).items()},
            **{f"average/{name}": array for name, array in self._average.items()},
            **{
                f"{group}/{n:03d}": np.array(ops.convert_to_numpy(v))
                for group, those in kept.items()
                for n, v in enumerate(those)
            },
        }

    def resume(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what `state` returned.

        Raises:
            WeightsCorrupt: it belongs to another net, loss or optimiser.
        """
        try:
            load(self._net, _under(state, "net/"))
            for group, those in (
                ("learner/", self._model.own),
                ("optimiser/", self._optimiser_variables()),
            ):
                saved = _under(state, group)
                for variable, name in zip(those, sorted(saved), strict=True):
                    variable.assign(saved[name])
            self._average = _under(state, "average/")
            self.steps = int(state["steps"])
        except (KeyError, ValueError) as error:
            raise WeightsCorrupt(
                f"The checkpoint is of another fit: {error}"
            ) from error

    def adopt(self) -> None:
        """Take over the state of the first of those it learns with."""
        self.resume(self._company.firsts(self.state()))

    def _optimiser_variables(self) -> list[Any]:
        return list(self._model.optimizer.variables)

    def _draw(self) -> None:
        """Let what a step leaves out depend on seed, step and rank alone."""
        place = self._company.place
        number = self.steps * place.count + place.rank
        for layer in self._net.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.seed_generator.state.assign([self._seed, number])

    def _average_in(self) -> None:
        """Move the running average towards the weights."""
        keep = self._config.average**AVERAGED_EVERY
        # Young averages forget faster, or the first weights would stay in them.
        keep = min(keep, (1 + self.steps) / (AVERAGED_EVERY + 10 + self.steps))
        for name, value in _values(self._net).items():
            self._average[name] = keep * self._average[name] + (1 - keep) * value


class Averaged:
    """Puts averaged weights into a net, and the others back afterwards."""

    def __init__(self, net: keras.Model, average: Arrays | None) -> None:
        self._net = net
        self._average = average
        self._kept: Arrays = {}

    def __enter__(self) -> None:
        if self._average is not None:
            self._kept = _values(self._net)
            load(self._net, self._average)

    def __exit__(self, *_: object) -> None:
        if self._average is not None:
            load(self._net, self._kept)


class _Learner(keras.Model):  # type: ignore[misc]
    """A net with a loss; answers with features, before they get unit length."""

    def __init__(
        self,
        net: keras.Model,
        loss: str,
        config: EmbedderFitConfig,
        classes: int,
        company: Company,
    ) -> None:
        super().__init__(name="learner")
        self.features = keras.Model(net.input, net.layers[-1].input)
        self.dimensions = int(net.output.shape[-1])
        self._taught = loss
        self._numbers = config
        self._company = company
        self.parts = [keras.metrics.Mean(name=part) for part in PARTS[loss]]
        self.own: list[Any] = []
        """Variables that are not the net's, in an order that is always the same."""
        if loss == "softmax+center":
            self._add_classes(classes)

    def call(self, pixels: Any, training: bool = False) -> Any:
        """Return features (n, d), in float32."""
        return ops.cast(self.features(pixels, training=training), "float32")

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Return the weighted sum of the parts; `y` is labels or embeddings.

        Of a batch that is shared: one worker's part of it, since all of them add up.
        """
        config = self._numbers
        y_pred, y = self._company.gathered(y_pred), self._company.gathered(y)
        values: tuple[Any, ...]
        weights: tuple[float, ...]
        if self._taught == "softmax+center":
            logits = ops.matmul(y_pred, self.kernel) + self.bias
            values = (
                losses.cross_entropy(logits, y),
                losses.center(y_pred, y, self.centres),
            )
            weights = (1.0, config.center)
            if training:
                still = ops.stop_gradient(y_pred)
                moved = losses.moved_centres(self.centres, still, y, config.alpha)
                self.centres.assign(moved)
        elif self._taught == "triplet":
            embeddings = _unit(y_pred)
            values = (losses.triplet(embeddings, y, config.margin),)
            weights = (1.0,)
        else:
            embeddings = _unit(y_pred)
            values = (losses.likeness(embeddings, y), losses.relations(embeddings, y))
            weights = (1.0, config.relations)
        for metric, value in zip(self.parts, values, strict=True):
            metric.update_state(value)
        total = sum(w * value for w, value in zip(weights, values, strict=True))
        return total / self._company.place.count

    def _add_classes(self, classes: int) -> None:
        shape = (self.dimensions, classes)
        self.kernel = self.add_weight(shape=shape, name="kernel")
        self.bias = self.add_weight(shape=(classes,), initializer="zeros", name="bias")
        self.centres = self.add_weight(
            shape=(classes, self.dimensions),
            initializer="zeros",
            trainable=False,
            name="centres",
        )
        self.own = [self.kernel, self.bias, self.centres]


def _made(
    name: str, config: EmbedderFitConfig, seed: int, company: Company
) -> keras.Model:
    """Return a net with the first weights of a seed."""
    keras.utils.set_random_seed(seed)
    keras.config.set_dtype_policy(config.precision)
    try:
        net = network(name).trainable(1 - config.keep_probability)
    finally:
        keras.config.set_dtype_policy("float32")
    if company.place.count > 1:
        synchronise(net)
    return net


def _unit(features: Any) -> Any:
    """Return features with unit length, (n, d)."""
    squares = ops.sum(ops.square(features), axis=1, keepdims=True)
    return features * ops.rsqrt(ops.maximum(squares, 1e-12))


def _jit() -> bool:
    """Compile with XLA where the backend is XLA; on TensorFlow's CPU it is slower."""
    return bool(keras.backend.backend() == "jax")


def _values(net: keras.Model) -> Arrays:
    """Return the canonical arrays of a net, as they are now."""
    return {k: np.array(ops.convert_to_numpy(v)) for k, v in variables(net).items()}


def _under(state: Mapping[str, NDArray[Any]], prefix: str) -> Arrays:
    """Return the arrays whose names begin so, without that."""
    return {
        k.removeprefix(prefix): np.array(v)
        for k, v in state.items()
        if k.startswith(prefix)
    }
