"""A network that is fitted in a moment, and a teacher that sees colours."""

from functools import partial

import cv2
import numpy as np
import pytest

from tests.training.embedder import made_up


@pytest.fixture
def tiny(monkeypatch):
    """A network called tiny: 24 pixels in, 16 numbers out."""
    from facecam.nets.arrays import fold_norms
    from facecam.nets.embedders import NETWORKS, Network

    fold = partial(fold_norms, first="Conv", epsilon=1e-3)
    network = Network(made_up.tiny, fold, partial(made_up.tiny, False), 24)
    monkeypatch.setitem(NETWORKS, "tiny", network)
    return "tiny"


@pytest.fixture
def teacher(monkeypatch):
    """Let whatever is asked of a teacher be answered by colours."""
    from facecam.training.embedder import cutting

    def load(path):
        cutting._teachers[:] = [colours]

    monkeypatch.setattr(cutting, "_load", load)
    return colours


def colours(crops):
    """Return the colours of 2 × 2 places, as a net would: (n, 12)."""
    small = [cv2.resize(crop, (2, 2), interpolation=cv2.INTER_AREA) for crop in crops]
    return (np.float32(small).reshape(len(crops), -1) - 100,)
