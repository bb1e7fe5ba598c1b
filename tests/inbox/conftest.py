"""Views of people who are points on a sphere: near for one person, far for two."""

import numpy as np
import pytest

from facecam.config import InboxConfig
from facecam.inbox import Inbox, Sight

NOW = 1_800_000_000.0


def vector(who: int, view: int = 0, apart: float = 0.35) -> np.ndarray:
    """Return the embedding of a view; two of one person have a cosine of about 0.9."""
    middle = np.random.default_rng(who).standard_normal(64)
    noise = np.random.default_rng((who, view)).standard_normal(64)
    mixed = middle / np.linalg.norm(middle) + apart * noise / np.linalg.norm(noise)
    return (mixed / np.linalg.norm(mixed)).astype(np.float32)


def sight(who: int, view: int = 0, **changes) -> Sight:
    """Return a view of somebody, taken `view` minutes after NOW."""
    image = np.full((40, 40, 3), 10 * who, np.uint8)
    image[: view + 1] = 200
    fields = {
        "image": image,
        "box": np.array((10, 10, 30, 30), np.float32),
        "landmarks": np.full((5, 2), 15, np.float32),
        "embedding": vector(who, view),
        "quality": 0.8,
        "taken": NOW + 60 * view,
        "fingerprint": "net",
    }
    return Sight(**{**fields, **changes})


@pytest.fixture
def inbox(tmp_path) -> Inbox:
    return Inbox(tmp_path, InboxConfig())
