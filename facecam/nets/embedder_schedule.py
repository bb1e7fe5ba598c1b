"""How fast an embedder learns: rates by step, the last step, the optimiser."""

from __future__ import annotations

from typing import Any

import keras

from facecam.config.embedding_training import EmbedderFitConfig, parse_rates


def learning_rates(config: EmbedderFitConfig, epoch: int) -> tuple[int, Any]:
    """Return how many steps a fit takes, and its schedule by step.

    Args:
        config: the schedule.
        epoch: steps of an epoch.
    """
    schedules = keras.optimizers.schedules
    steps = last_step(config, epoch)
    rates = [(at, rate) for at, rate in parse_rates(config.rates) if rate > 0]
    if rates:
        edges = [at * epoch - 1 for at, _ in rates[1:]]  # from the step after on
        values = [rate for _, rate in rates]
        if not edges:  # Keras wants one
            edges, values = [steps], values * 2
        return steps, schedules.PiecewiseConstantDecay(edges, values)
    warm = int(config.warm_up * steps)
    return steps, schedules.CosineDecay(
        config.rate / 100 if warm else config.rate,
        max(steps - warm, 1),
        warmup_target=config.rate if warm else None,
        warmup_steps=warm,
    )


def last_step(config: EmbedderFitConfig, epoch: int) -> int:
    """Return how many steps a fit takes: to its last epoch, or the schedule's end."""
    ends = [at for at, rate in parse_rates(config.rates) if rate <= 0]
    return min([config.epochs, *ends]) * epoch


def optimiser(
    config: EmbedderFitConfig, epoch: int, workers: int
) -> keras.optimizers.Optimizer:
    """Return a new optimiser.

    Args:
        config: which one, and its schedule.
        epoch: steps of an epoch.
        workers: how many learn together; see facecam.nets.together.
    """
    _, rates = learning_rates(config, epoch)
    if config.optimiser == "sgd":
        return keras.optimizers.SGD(rates, momentum=0.9, weight_decay=config.decay)
    return keras.optimizers.AdamW(
        rates, weight_decay=config.decay, clipnorm=config.clip / workers
    )
