"""What a worker of the tests does in a process of its own."""

import os
import signal
import time
from functools import partial

import numpy as np

from facecam.errors import TrainingError
from tests.training.embedder import made_up

DIED = "died.txt"
"""When the last worker was killed, seconds since the epoch."""


def register():
    """Let this process know the network called tiny."""
    from facecam.nets.arrays import fold_norms
    from facecam.nets.embedders import NETWORKS, Network

    fold = partial(fold_norms, first="Conv", epsilon=1e-3)
    NETWORKS["tiny"] = Network(made_up.tiny, fold, partial(made_up.tiny, False), 24)


def fit_all(place, fits, death, report):
    """Do several fits, one after the other.

    Args:
        place: of this process.
        fits: request, folder of crops and folder to write into of each.
        death: step of the first at which the last worker is killed, or None.
        report: told about steps.

    Returns:
        What each tells, and what is said to workers whose data differ.
    """
    from facecam.nets import together
    from facecam.training.embedder import fitting

    register()
    company = together.join(place)  # which a process can do once
    fitting.join = lambda place: company
    if death is not None and place.rank == place.count - 1:
        die_at(death, fits[0][2] / DIED)
    told = [fitting.fit_share(place, *fit[:2], None, fit[2], report) for fit in fits]
    try:
        company.require_same(np.int32([7, place.rank]))
    except TrainingError as error:
        return told, str(error)
    return told, ""


def die_at(step, path):
    """Let this process be killed when it comes to a step."""
    from facecam.nets.embedder_training import EmbedderTrainee

    learn = EmbedderTrainee.learn

    def learn_or_die(self, *batch):
        if self.steps == step:
            path.write_text(str(time.time()))
            os.kill(os.getpid(), signal.SIGKILL)
        return learn(self, *batch)

    EmbedderTrainee.learn = learn_or_die
