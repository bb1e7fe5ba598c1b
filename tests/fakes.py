"""Small working stand-ins for the parts that need a network or a camera."""

import threading
import time
from pathlib import Path

import cv2
import numpy as np

from facecam.errors import CameraError, CameraLost, SourceEnded
from facecam.faces import (
    Detections,
    Face,
    Frame,
    Identity,
    Image,
    Match,
    Recognition,
)
from facecam.vision import image as images


class BlobDetector:
    """Takes every bright blob on a black ground for a face, the largest first."""

    def detect(self, image: Image) -> Detections:
        mask = (image.max(axis=2) > 90).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
        x, y, w, h, area = stats[stats[:, 4].argsort()[::-1]].astype(np.float32).T
        boxes = np.stack([x, y, x + w, y + h], axis=1)[1:]  # the ground is the largest
        keep = area[1:] > 50
        scores = np.linspace(0.99, 0.96, int(keep.sum()), dtype=np.float32)
        sides = (boxes[keep, 2:] - boxes[keep, :2])[:, None, :]
        points = np.array(
            [(0.3, 0.4), (0.7, 0.4), (0.5, 0.6), (0.35, 0.8), (0.65, 0.8)]
        )
        landmarks = boxes[keep, None, :2] + points.astype(np.float32) * sides
        return Detections(boxes[keep], scores, landmarks)


class ColourEmbedder:
    """Embeds the colours of the crop on a coarse grid; counts the crops it saw."""

    def __init__(self, fingerprint: str = "colours") -> None:
        self.fingerprint = fingerprint
        self.embedded = 0

    def crop(self, image: Image, detections: Detections) -> Image:
        return images.align(image, detections.boxes, size=32)

    def embed(self, crops: Image) -> np.ndarray:
        self.embedded += len(crops)
        grid = crops.reshape(len(crops), 4, 8, 4, 8, 3).mean(axis=(2, 4))
        coarse = grid.mean(axis=(1, 2))  # (n, 3)
        fine = (grid - coarse[:, None, None] + 0.5).reshape(len(crops), -1) / 8
        flat = np.concatenate([fine, coarse], axis=1)
        return (flat / np.linalg.norm(flat, axis=1, keepdims=True)).astype(np.float32)


def picture(*faces: tuple[int, int, int], size: tuple[int, int] = (240, 320)) -> Image:
    """Return a black picture (h, w) with textured blobs, each (x, y, side)."""
    image = np.zeros((*size, 3), np.uint8)
    for x, y, side in faces:
        ramp = np.linspace(100, 250, side).astype(np.uint8)
        image[y : y + side, x : x + side, 0] = ramp
        image[y : y + side, x : x + side, 1] = ramp[:, None]
        image[y : y + side, x : x + side, 2] = 100
        rows, columns = np.indices((side, side)) * 16 // side
        grain = ((rows + columns) % 2 * 30).astype(np.uint8)  # looks sharp
        blob = image[y : y + side, x : x + side]
        blob[:] = np.where(blob > 125, blob - grain[..., None], blob)
    return image


class FakeCamera:
    """Delivers small grey frames; then a webcam is unplugged, a recording is over."""

    name, fps, length = "fake", 30.0, None

    def __init__(self, frames=10**9, live=True, period=0.001, error=None) -> None:
        self.live = self.mirrored = live
        self.index, self.frames, self.period = -1, frames, period
        self.closed, self._wake = False, threading.Event()
        self.error: CameraError = error or (
            CameraLost("fake was unplugged.") if live else SourceEnded("fake is over.")
        )

    def read(self) -> Frame:
        self.index += 1
        if self.index >= self.frames:
            raise self.error
        if self.index and self._wake.wait(self.period):
            raise SourceEnded("fake was closed.")
        seconds = time.monotonic() if self.live else self.index / 30
        return Frame(
            np.full((4, 6, 3), self.index % 256, np.uint8), self.index, seconds
        )

    def close(self) -> None:
        self.closed = True
        self._wake.set()


def wait(condition, timeout: float = 20.0) -> None:
    """Wait until a condition holds; fail when it does not come true."""
    deadline = time.monotonic() + timeout
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.002)
    assert condition()


DATA = Path(__file__).parent / "data"
"""Pictures of the repository."""


def discs(*faces: tuple[int, int, int], size: tuple[int, int]) -> Image:
    """Return a dark picture (h, w) with bright discs, each (x, y, radius)."""
    image = np.full((*size, 3), 40, np.uint8)
    for x, y, radius in faces:
        cv2.circle(image, (x, y), radius, (230, 230, 230), -1, cv2.LINE_AA)
    return image


def disc_pnet(images: Image) -> tuple[np.ndarray, ...]:
    """P-Net for the discs: how much each 12×12 square looks like a centred one."""
    scores = np.stack([_discness(image, 12)[::2, ::2] for image in images])
    return scores, np.zeros((*scores.shape, 4), np.float32)


def disc_rnet(images: Image) -> tuple[np.ndarray, ...]:
    """R-Net for the discs."""
    scores = [_discness(image, 24)[0, 0] for image in images]
    return np.array(scores, np.float32), np.zeros((len(images), 4), np.float32)


def disc_onet(images: Image) -> tuple[np.ndarray, ...]:
    """O-Net for the discs; its landmarks surround the centre."""
    scores = [_discness(image, 48)[0, 0] for image in images]
    points = np.array([(0.4, 0.4), (0.6, 0.4), (0.5, 0.5), (0.4, 0.6), (0.6, 0.6)])
    landmarks = np.tile(points.astype(np.float32), (len(images), 1, 1))
    return (
        np.array(scores, np.float32),
        np.zeros((len(images), 4), np.float32),
        landmarks,
    )


def _discness(image: Image, side: int) -> np.ndarray:
    """Return the correlation with a centred disc at every place, 0…1, (h', w')."""
    disc = cv2.circle(
        np.zeros((4 * side, 4 * side), np.float32), (2 * side, 2 * side), side, 1, -1
    )
    template = cv2.resize(disc, (side, side), interpolation=cv2.INTER_AREA)
    grey = image[:, :, 0].astype(np.float32)
    scores = cv2.matchTemplate(grey, template, cv2.TM_CCOEFF_NORMED)
    contrast = cv2.matchTemplate(grey, template, cv2.TM_CCOEFF) > 4 * side * side
    return np.clip(scores, 0, 1) * contrast


class FakeCapture:
    """A cv2.VideoCapture whose device can be unplugged, or hang."""

    def __init__(self, pictures=10**9, hangs=False, fps=30.0) -> None:
        self.left, self.hangs, self.fps = pictures, hangs, fps
        self.shown, self.released = 0, threading.Event()
        self.unhang = threading.Event()

    def read(self):
        time.sleep(0.001)
        if self.left <= 0 and self.hangs:
            self.unhang.wait(60)
        if self.left <= 0:
            return False, None
        self.left -= 1
        self.shown += 1
        blue = np.zeros((32, 48, 3), np.uint8)
        blue[..., 0] = 100 + self.shown % 100
        return True, blue

    def get(self, prop):
        return self.fps if prop == cv2.CAP_PROP_FPS else -1.0

    def release(self) -> None:
        self.released.set()


def read_on(camera, frames=None) -> None:
    """Read until the camera raises, into a list if one is given."""
    while True:
        frame = camera.read()
        if frames is not None:
            frames.append(frame)


class ScriptedRecognizer:
    """Sees Ada, a stranger, and a face it still looks at; does `then` at a frame."""

    embedder = runtime = None

    def __init__(self, at: int = -1, then=None) -> None:
        self.at, self.then = at, then

    def process(self, frame: Frame) -> Recognition:
        if frame.index == self.at:
            raise self.then
        ada = Match(Identity("ada-1", "Zoë, 王"), strangers=2000.04)
        faces = [
            Face(
                np.array((x, 10, x + 20, 40), np.float32),
                np.full((5, 2), np.nan, np.float32),
                0.99,
                track,
                match,
            )
            for x, track, match in ((5, 1, ada), (40, 2, Match(None, 3)), (70, 3, None))
        ]
        return Recognition(frame, tuple(faces[: 3 if frame.index else 0]))


class BlobCamera:
    """A webcam that sees textured blobs, (x, y, side) each, swaying a little."""

    name, fps, live, mirrored, length = "Blob camera", 50.0, True, True, None

    def __init__(self, *faces: tuple[int, int, int], frames: int = 10**9) -> None:
        self.faces, self.left, self.index = faces, frames, 0

    def read(self) -> Frame:
        if self.left <= 0:
            raise SourceEnded("Blob camera is over.")
        self.left -= 1
        self.index += 1
        time.sleep(0.02)
        sway = 2 if self.index // 5 % 2 else 0
        image = picture(*((x + sway, y, side) for x, y, side in self.faces))
        return Frame(image, self.index, time.monotonic())

    def close(self) -> None:
        self.left = 0
