"""People who are soft patterns of their own, and a network small enough for them."""

import cv2
import keras
import numpy as np

from facecam.media import write_image
from facecam.training.embedder import crops
from facecam.training.embedder.crops import HELD_OUT, Chunk, Crops

SIZE = 24


def face(person, number, side=48):
    """Draw one picture of a person: their pattern, a little moved and noisy."""
    rng = np.random.default_rng((person, 1))
    pattern = rng.integers(30, 226, (4, 4, 3)).astype(np.uint8)
    picture = cv2.resize(pattern, (side, side), interpolation=cv2.INTER_CUBIC)
    rng = np.random.default_rng((person, number, 2))
    picture = np.roll(picture, rng.integers(-2, 3, 2), axis=(0, 1))
    noisy = picture + rng.normal(0, 12, picture.shape) + rng.normal(0, 10)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def write_people(folder, people=6, each=4, side=48):
    """Write one folder of pictures per person."""
    for person in range(people):
        for number in range(each):
            path = folder / f"person {person}" / f"{number}.png"
            write_image(path, face(person, number, side))
    return folder


def write_crops(folder, count=20, side=48):
    """Write pictures of as many people, without names."""
    for number in range(count):
        write_image(folder / f"{number:03d}.png", face(number, 0, side))
    return folder


def people_records(folder, learned=8, held_out=6, each=6):
    """Write crops of people as the step before the fit does."""
    size = 28
    (folder / HELD_OUT).mkdir(parents=True)
    for place, first, people in (
        (folder, 0, learned),
        (folder / HELD_OUT, 100, held_out),
    ):
        pairs = [(first + p, n, p) for p in range(people) for n in range(each)]
        pixels = np.stack([face(who, n, size) for who, n, _ in pairs])
        labels = np.int32([label for *_, label in pairs])
        _write(place, Crops(pixels, labels, np.empty((len(pairs), 0), "f4")), people)
    return folder


def taught_records(folder, count=48, held_out=12, seed=0):
    """Write crops with embeddings that a net can learn to see: their colours."""
    (folder / HELD_OUT).mkdir(parents=True)
    for place, first, n in ((folder, 0, count), (folder / HELD_OUT, 500, held_out)):
        pixels = np.stack([face(first + k, seed, SIZE) for k in range(n)])
        corners = pixels.reshape(n, 2, SIZE // 2, 2, SIZE // 2, 3).mean(axis=(2, 4))
        wanted = np.zeros((n, 16), np.float32)
        wanted[:, :12] = corners.reshape(n, 12) - 128
        wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
        _write(place, Crops(pixels, np.zeros(n, np.int32), wanted), 0)
    return folder


def _write(folder, content, people):
    chunk = Chunk(folder / "00000.tfrecord", 0, ())
    crops.write(chunk.file, content)
    size, dimensions = content.pixels.shape[1], content.embeddings.shape[1]
    crops.write_index(folder, [chunk], crops.Index(size, dimensions, people))


def tiny(folded=False, drop=0.0):
    """Build a network as those of facecam.nets are built."""
    image = keras.Input((SIZE, SIZE, 3), name="image")
    x = image if folded else keras.layers.Rescaling(1 / 128, -0.99609375)(image)
    x = keras.layers.Conv2D(8, 3, 2, use_bias=folded, name="Conv")(x)
    if not folded:
        x = keras.layers.BatchNormalization(epsilon=1e-3, name="Conv_BatchNorm")(x)
    x = keras.layers.ReLU()(x)
    x = keras.layers.AveragePooling2D(3)(x)
    x = keras.layers.Flatten()(x)
    if drop:
        x = keras.layers.Dropout(drop, name="dropout")(x)
    x = keras.layers.Dense(16, use_bias=folded, name="Bottleneck")(x)
    if not folded:
        name = "Bottleneck_BatchNorm"
        x = keras.layers.BatchNormalization(epsilon=1e-3, name=name)(x)
    x = keras.layers.UnitNormalization(dtype="float32", name="embedding")(x)
    return keras.Model(image, x, name="tiny")
