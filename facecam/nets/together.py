"""Several processes that fit one net together, each with its share of every batch.

TensorFlow's MultiWorkerMirroredStrategy holds the variables and sums the gradients; the
loss and BatchNorm see the whole batch, so what is learned is what one process learns
from it:

    BatchNorm     mean and variance over the shares of all, summed across the processes
    losses        over the features of all, so that triplets, centres and the relations
                  of a batch reach across shares
    gradients     each process derives the same loss by its own share; they are summed,
                  then clipped

`Alone` is the same for one process, on any backend. Each process uses one graphics card
at most.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from facecam.errors import TrainingError
from facecam.faces import Floats, Image
from facecam.nets.arrays import Arrays


@dataclass(frozen=True)
class Place:
    """Which of several processes this one is."""

    rank: int = 0
    """The first one measures and keeps; the others only learn."""
    addresses: tuple[str, ...] = ()
    """HOST:PORT of every process, by rank; none for one alone."""
    neighbours: int = 1
    """How many of them share the processors of this machine."""

    @property
    def count(self) -> int:
        """How many there are."""
        return max(1, len(self.addresses))


class Company(Protocol):
    """Those a process learns with."""

    place: Place

    def scope(self) -> AbstractContextManager[Any]:
        """Return the context in which nets and optimisers are made."""
        ...

    def gathered(self, share: Any) -> Any:
        """Return the shares of all, in the order of their ranks; within a step."""
        ...

    def learn(self, model: Any, pixels: Image, wanted: NDArray[Any]) -> dict[str, Any]:
        """Take one step of a compiled model with a share; return what it tells."""
        ...

    def answers(self, model: Any, pixels: Image) -> Floats:
        """Return what a model says, asking nobody else."""
        ...

    def firsts(self, arrays: Arrays) -> Arrays:
        """Return the arrays of the first process; names and shapes are those of all."""
        ...

    def require_same(self, numbers: NDArray[np.int32]) -> None:
        """Refuse to go on with others whose numbers (n,) differ.

        Raises:
            TrainingError: they do.
        """
        ...

    def meet(self) -> None:
        """Wait until all are here."""
        ...


class Alone:
    """One process, on whatever backend Keras has."""

    def __init__(self) -> None:
        self.place = Place()

    def scope(self) -> AbstractContextManager[Any]:
        """Return a context that changes nothing."""
        return nullcontext()

    def gathered(self, share: Any) -> Any:
        """Return the share: it is everything."""
        return share

    def learn(self, model: Any, pixels: Image, wanted: NDArray[Any]) -> dict[str, Any]:
        """Take one step of a compiled model."""
        model.reset_metrics()
        told: dict[str, Any] = model.train_on_batch(
            *_tensors(pixels, wanted), return_dict=True
        )
        return told

    def answers(self, model: Any, pixels: Image) -> Floats:
        """Return what a model says."""
        return np.asarray(model.predict_on_batch(pixels.astype(np.float32)))

    def firsts(self, arrays: Arrays) -> Arrays:
        """Return the arrays as they are."""
        return arrays

    def require_same(self, numbers: NDArray[np.int32]) -> None:
        """Do nothing: there is nobody else."""

    def meet(self) -> None:
        """Do nothing: everybody is here."""


class Together:
    """One of several processes; blocks until all of them have begun.

    Raises:
        TrainingError: Keras has another backend than TensorFlow.
    """

    def __init__(self, place: Place) -> None:
        import keras

        if keras.backend.backend() != "tensorflow":
            raise TrainingError(
                "Several workers need TensorFlow: unset KERAS_BACKEND, or train with "
                "one worker."
            )
        import tensorflow as tf

        self.place = place
        self._tf = tf
        self._use_own_share_of_the_machine()
        cluster = tf.train.ClusterSpec({"worker": list(place.addresses)})
        resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
            cluster, task_type="worker", task_id=place.rank, rpc_layer="grpc"
        )
        self._strategy = self._met(
            tf.distribute.MultiWorkerMirroredStrategy, cluster_resolver=resolver
        )
        self._steps: dict[int, Any] = {}

    def scope(self) -> AbstractContextManager[Any]:
        """Return the context in which variables are made that all have in common."""
        scope: AbstractContextManager[Any] = self._strategy.scope()
        return scope

    def gathered(self, share: Any) -> Any:
        """Return the shares of all in the order of their ranks, (n, …) -> (n * k, …).

        A sum of shares with zeros in the places of the others, for its gradient is
        known: the sum of the gradients of all.
        """
        tf, rank = self._tf, self.place.rank
        n = tf.shape(share)[0]
        others = [rank * n, (self.place.count - 1 - rank) * n]
        padded = tf.pad(share, [others, *[[0, 0]] * (len(share.shape) - 1)])
        context = tf.distribute.get_replica_context()
        return context.all_reduce(tf.distribute.ReduceOp.SUM, padded)

    def learn(self, model: Any, pixels: Image, wanted: NDArray[Any]) -> dict[str, Any]:
        """Take one step of a compiled model, all at once.

        Raises:
            TrainingError: one of the others has gone.
        """
        self._met(model.reset_metrics)
        tensors = _tensors(pixels, wanted)
        told = self._met(self._step(model), *tensors)
        local = self._strategy.experimental_local_results
        return {name: local(value)[0] for name, value in told.items()}

    def answers(self, model: Any, pixels: Image) -> Floats:
        """Return what a model says; a step of Keras' own would wait for the others."""
        return np.asarray(model(self._tf.cast(pixels, "float32"), training=False))

    def firsts(self, arrays: Arrays) -> Arrays:
        """Return the arrays of the first process: those of the others count nothing."""
        parts = [array.astype(np.float32).ravel() for array in arrays.values()]
        mine = np.concatenate(parts)
        everything = self._sum(mine if self.place.rank == 0 else np.zeros_like(mine))
        ends = np.cumsum([array.size for array in arrays.values()])
        return {
            name: part.reshape(array.shape).astype(array.dtype)
            for (name, array), part in zip(
                arrays.items(), np.split(everything, ends[:-1]), strict=True
            )
        }

    def require_same(self, numbers: NDArray[np.int32]) -> None:
        """Refuse to go on with others whose numbers (n,) differ."""
        rows = np.zeros((self.place.count, len(numbers)), np.int32)
        rows[self.place.rank] = numbers
        rows = self._sum(rows)
        differing = np.flatnonzero((rows != rows[0]).any(axis=1)).tolist()
        if differing:
            raise TrainingError(
                f"Worker {differing[0]} has other data or numbers than worker 0. Give "
                "all of them the same pictures and the same settings."
            )

    def meet(self) -> None:
        """Wait until all are here."""
        self._sum(np.zeros(1, np.float32))

    def _use_own_share_of_the_machine(self) -> None:
        """Take one graphics card, and not more processors than are this one's."""
        import os

        tf, place = self._tf, self.place
        cards = tf.config.list_physical_devices("GPU")
        if cards:
            mine = cards[place.rank % len(cards)] if place.neighbours > 1 else cards[0]
            tf.config.set_visible_devices([mine], "GPU")
            tf.config.experimental.set_memory_growth(mine, True)
        if place.neighbours > 1:
            threads = max(1, (os.cpu_count() or 1) // place.neighbours)
            tf.config.threading.set_intra_op_parallelism_threads(threads)

    def _step(self, model: Any) -> Any:
        """Return the compiled step of a model."""
        if id(model) not in self._steps:

            def step(pixels: Any, wanted: Any) -> Any:
                share = partial(self._learn_share, model)
                return self._strategy.run(share, args=(pixels, wanted))

            self._steps[id(model)] = self._tf.function(step, autograph=False)
        return self._steps[id(model)]

    def _learn_share(self, model: Any, pixels: Any, wanted: Any) -> dict[str, Any]:
        """Take a step; the optimiser is given its part of the sum of all gradients.

        Gradients are to be clipped when they have been added up, and Keras does so
        before. So they are added up first, and each optimiser, whose `clipnorm` is
        that part of the limit, hands on a k-th: Keras adds those up again.
        """
        tf, k = self._tf, self.place.count
        trained = model.trainable_variables
        with tf.GradientTape() as tape:
            said = model(pixels, training=True)
            loss = model.compute_loss(pixels, wanted, said, training=True)
        context = tf.distribute.get_replica_context()
        gradients = context.all_reduce(
            tf.distribute.ReduceOp.SUM, tape.gradient(loss, trained)
        )
        model.optimizer.apply([one / k for one in gradients], trained)
        told = {part.name: part.result() for part in model.parts}
        return {**told, "loss": loss * k}

    def _sum(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return the sum of the arrays of all."""
        tf = self._tf

        def add(value: Any) -> Any:
            context = tf.distribute.get_replica_context()
            here = tf.identity(value)  # on this one's device, which a sum asks for
            return context.all_reduce(tf.distribute.ReduceOp.SUM, here)

        @tf.function(autograph=False)  # type: ignore[untyped-decorator]
        def run(value: Any) -> Any:
            return self._strategy.run(add, args=(value,))

        total = self._met(run, tf.constant(array))
        return np.asarray(self._strategy.experimental_local_results(total)[0])

    def _met(self, call: Any, *args: Any, **kwargs: Any) -> Any:
        """Call what needs all of them.

        Raises:
            TrainingError: one has gone.
        """
        errors = self._tf.errors
        gone = (
            *(errors.UnavailableError, errors.AbortedError, errors.CancelledError),
            *(errors.DeadlineExceededError, errors.FailedPreconditionError),
        )
        try:
            return call(*args, **kwargs)
        except gone as error:
            told = [line for line in str(error).splitlines() if "abort" in line]
            raise TrainingError(
                "Another worker has ended or cannot be reached. Run the same commands "
                "again, for all of them: the run goes on from its last checkpoint. "
                f"What is known of it: {told[0] if told else type(error).__name__}"
            ) from error


def join(place: Place) -> Company:
    """Meet those a process is to learn with; blocks until all of them have begun.

    Raises:
        TrainingError: Keras has another backend than TensorFlow, or one has gone.
    """
    return Alone() if place.count == 1 else Together(place)


def synchronise(net: Any) -> None:
    """Let every BatchNorm of a net see the whole batch."""
    import keras

    for layer in net.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.synchronized = True


def _tensors(pixels: Image, wanted: NDArray[Any]) -> tuple[Any, Any]:
    from keras import ops

    kind = "int32" if wanted.ndim == 1 else "float32"
    return (
        ops.convert_to_tensor(pixels, "float32"),
        ops.convert_to_tensor(wanted, kind),
    )
