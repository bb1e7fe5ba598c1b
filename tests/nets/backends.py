"""Three steps of each net on whatever backend Keras has: `python -m … backends FILE`.

FILE holds the first weights and the batch of each net, so that nothing is drawn here;
the losses are printed as JSON.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np

from facecam.config.retraining import FitConfig
from facecam.nets.training import Trainee

STEPS = 4
CONFIG = FitConfig(steps=20, rate=1e-4, warm_up=0.0)
"""Small steps: those of Adam magnify what rounding makes of tiny gradients."""
BATCH = ("pixels", "kinds", "offsets", "landmarks")


def write(path, batches):
    """Write what all backends start from; batches are Samples by net."""
    arrays = {}
    for net, batch in batches.items():
        state = Trainee(net, CONFIG, seed=0).state()
        arrays |= {f"{net}/{k}": v for k, v in state.items() if k.startswith("net/")}
        for name in BATCH:
            arrays[f"{net}/batch/{name}"] = getattr(batch, name)
    np.savez(path, **arrays)


def losses(path):
    """Return the losses of every step and net, learned from what `write` wrote."""
    told = {}
    with np.load(path) as file:
        for net in dict.fromkeys(name.split("/")[0] for name in file.files):
            prefix = f"{net}/net/"
            names = [name for name in file.files if name.startswith(prefix)]
            start = {name.removeprefix(prefix): file[name] for name in names}
            batch = [file[f"{net}/batch/{name}"] for name in BATCH]
            trainee = Trainee(net, CONFIG, seed=1, start=start)
            told[net] = [trainee.learn(*batch) for _ in range(STEPS)]
    return told


if __name__ == "__main__":
    values = {"backend": keras.backend.backend(), "losses": losses(Path(sys.argv[1]))}
    print(json.dumps(values))  # noqa: T201
