"""What the commands answer that the guided start asks."""

from facecam.config import RetrainingConfig
from facecam.config.described import described
from facecam.training.detector import asking

LABELLED = {
    "layout": "WIDER FACE", "pictures": 345, "faces": 1526, "landmarks": 0,
    "without_faces": 3, "splits": {"train": 280, "val": 65}, "faults": 2,
    "examples": ["list.txt:12 the face lies outside of the picture"],
}  # fmt: skip
BARE = {
    "layout": "pictures without labels", "pictures": 40, "faces": 0, "landmarks": 0,
    "without_faces": 0, "splits": {}, "faults": 0, "examples": [],
}  # fmt: skip
POOL = {**BARE, "layout": "hard examples", "pictures": 7, "faces": 4}


def found(folder, content, preset="fine-tune"):
    """What `train look` answers about one folder."""
    one = {"folder": str(folder), **content}
    return {"sets": [one], "suggested": {"preset": preset, "why": f"For {preset}."}}


def numbers(preset):
    """What `train numbers` answers."""
    config = asking.numbers(RetrainingConfig(), preset, ())
    return {"preset": preset, "numbers": described(config)}
