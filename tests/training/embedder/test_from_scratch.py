"""People of LFW teach a net from nothing to tell other people of LFW apart."""

import json
from functools import partial

import cv2
import keras
import numpy as np
import pytest

from facecam.config.embedding_training import AlteringConfig, EmbedderFitConfig
from facecam.media import read_image
from facecam.nets.arrays import fold_norms
from facecam.nets.embedders import NETWORKS, Network
from facecam.training.datasets import read_pairs
from facecam.training.embedder import crops
from facecam.training.embedder.crops import HELD_OUT, Chunk, Crops
from facecam.training.embedder.fitting import EmbedderFitRequest, fit
from tests.training.embedder.test_fitting import curves

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
SIZE, KEPT = 48, 55
"""Sides of what the net sees and of what is kept of a face, pixels."""
PAIRS = 300
"""Pairs of fold 2 that are verified, half of them of one person."""
STILL = dict.fromkeys(vars(AlteringConfig()), 0.0)
MOVED = AlteringConfig(
    **STILL | {"shifted": 0.06, "scaled": 0.1, "turned": 8.0, "mirrored": 0.5}
)


def small(folded=False, drop=0.0):
    """Build a net that learns in seconds, as those of facecam.nets are built."""
    image = x = keras.Input((SIZE, SIZE, 3), name="image")
    if not folded:
        x = keras.layers.Rescaling(1 / 128, -0.99609375)(x)
    for n, channels in enumerate((24, 48, 96, 128)):
        padding = "same" if n else "valid"
        name = f"Conv{n}"
        x = keras.layers.Conv2D(channels, 3, 2, padding, use_bias=folded, name=name)(x)
        if not folded:
            x = norm(f"{name}_BatchNorm")(x)
        x = keras.layers.ReLU()(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dense(64, use_bias=folded, name="Bottleneck")(x)
    if not folded:
        x = norm("Bottleneck_BatchNorm")(x)
    x = keras.layers.UnitNormalization(dtype="float32", name="embedding")(x)
    return keras.Model(image, x, name="small")


def norm(name):
    return keras.layers.BatchNormalization(momentum=0.95, epsilon=1e-3, name=name)


@pytest.fixture(scope="module")
def folds(data):
    pairs = read_pairs(data / "lfw_a")
    return [[pair for pair in pairs if pair.fold == fold] for fold in (0, 1)]


@pytest.fixture(scope="module")
def learned(folds, tmp_path_factory):
    """The crops of people of fold 1."""
    people = {path.parent for pair in folds[0] for path in (pair.first, pair.second)}
    by_count = sorted(people, key=lambda folder: (-len([*folder.glob("*")]), folder))
    folder = tmp_path_factory.mktemp("crops")
    (folder / HELD_OUT).mkdir()
    write(folder, by_count[:160])
    write(folder / HELD_OUT, by_count[160:180])
    return folder


@pytest.fixture(scope="module")
def verified(folds, tmp_path_factory):
    """Pairs of fold 2, as the step before the fit prepares them."""
    same, others = ([p for p in folds[1] if p.same == kind] for kind in (True, False))
    chosen = same[: PAIRS // 2] + others[: PAIRS // 2]
    paths = sorted({path for pair in chosen for path in (pair.first, pair.second)})
    rows = [
        (paths.index(pair.first), paths.index(pair.second), pair.same, n % 2)
        for n, pair in enumerate(chosen)
    ]
    folder = tmp_path_factory.mktemp("pairs")
    values = {"paths": [str(path) for path in paths], "pairs": rows}
    (folder / "pairs.json").write_text(json.dumps(values))
    np.save(folder / f"pictures-{SIZE}.npy", np.stack([face(p, SIZE) for p in paths]))
    return folder


def face(path, size):
    """Cut the face of an aligned picture, and around it what size is more."""
    reach = round(60 * size / SIZE)
    middle = read_image(path)[125 - reach : 125 + reach, 125 - reach : 125 + reach]
    return cv2.resize(middle, (size, size), interpolation=cv2.INTER_AREA)


def write(folder, people):
    shown = [
        (face(path, KEPT), number)
        for number, person in enumerate(people)
        for path in sorted(person.glob("*.jpg"))[:10]
    ]
    pixels, labels = np.stack([s[0] for s in shown]), np.int32([s[1] for s in shown])
    chunk = Chunk(folder / "00000.tfrecord", 0, ())
    crops.write(chunk.file, Crops(pixels, labels, np.empty((len(shown), 0), "f4")))
    crops.write_index(folder, [chunk], crops.Index(KEPT, 0, len(people)))


@pytest.mark.parametrize("loss", ["softmax+center", "triplet"])
def test_a_net_that_knew_nothing_tells_strangers_apart(
    loss, learned, verified, tmp_path, monkeypatch
):
    fold = partial(fold_norms, first="Conv0", epsilon=1e-3)
    net = Network(small, fold, partial(small, False), SIZE)
    monkeypatch.setitem(NETWORKS, "small", net)
    numbers = EmbedderFitConfig(
        epochs=40, people=16, pictures=3, every=1000, average=0.9, rate=3e-3,
        precision="float32",
    )  # fmt: skip
    request = EmbedderFitRequest("small", SIZE, loss, 0, numbers, MOVED)
    fit(request, learned, verified, tmp_path, lambda progress: None)

    told = curves(tmp_path)
    before, after = told[0], told[max(told)]
    assert after["lfw_auc"] > before["lfw_auc"] + 0.06
    assert after["lfw"] > before["lfw"] + 0.03
