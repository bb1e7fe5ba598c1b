"""Labelling: names over the faces of a whole recording, as a film and as a table.

Every frame goes through the recognizer once, in order, as fast as it can; only the last
second is kept in memory. A live camera can be labelled as well, until it is stopped.
"""

from __future__ import annotations

import contextlib
import csv
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from facecam import files
from facecam.camera import Camera
from facecam.errors import CameraLost, ImageError, SourceEnded
from facecam.faces import Face, Frame, Image, Recognition
from facecam.hindsight import Hindsight
from facecam.media import VideoWriter
from facecam.vision.draw import draw

HEADER = ("frame", "time", "track", "name", "score", "x1", "y1", "x2", "y2")
"""Of the events. One row per face and frame; an empty name is unknown, also while the
face is still being looked at. The score is the number of strangers per wrong name."""

HINDSIGHT = 1.0
"""Seconds both are written late, so that a name is on its face from the beginning."""

USUAL_FPS = 25.0
"""Of a film whose source states no rate."""

Progress: TypeAlias = Callable[[int, int | None], None]
"""Told the frames done, and how many there are if that is known."""


class Labeller(Protocol):
    """What labelling needs of a Recognizer."""

    def process(self, frame: Frame) -> Recognition:
        """Say everything about one frame."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """How often and when one person was named."""

    id: str
    name: str
    frames: int
    first: float
    """Seconds since the first frame."""
    last: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What labelling found."""

    source: str
    frames: int
    faces: int
    """Rows of the table: every face of every frame."""
    unknown: int
    """Those without a name."""
    tracks: int
    people: tuple[Seen, ...]
    """Most often seen first."""
    fps: float
    """Frames labelled per second."""
    outcome: str
    """"ended", "stopped" (Ctrl+C, a limit) or "lost"."""
    text: str
    """Why it ended, for the user."""


def label(
    camera: Camera,
    recognizer: Labeller,
    out: Path | None = None,
    events: Path | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Label every frame of a camera, which stays open.

    Both files get their names at the end: when the recording is over, the camera is
    lost, or somebody presses Ctrl+C; they are complete up to there.

    Args:
        camera: opened with `paced=False`.
        recognizer: names the faces.
        out: the film to write, .mp4 or what VideoWriter knows; None for none.
        events: the table to write, see HEADER; None for none.
        progress: told after each frame.

    Raises:
        ImageError: a file cannot be written.
        CameraNotFound: it is a folder without a single picture that can be read.
    """
    tally = _Tally(camera.name)
    hindsight = Hindsight(HINDSIGHT)
    with contextlib.ExitStack() as files:
        film = files.enter_context(_Film(out, camera)) if out else None
        table = files.enter_context(_Table(events)) if events else None

        def write(recognitions: Iterable[Recognition]) -> None:
            for recognition in recognitions:
                frame, faces = recognition.frame, recognition.faces
                seconds = tally.add(frame.time, faces)
                if table:
                    table.write(frame.index, seconds, faces)
                if film:
                    film.write(draw(frame.image, recognition), seconds)

        try:
            for done, frame in enumerate(_frames(camera, tally), start=1):
                write(hindsight.add(recognizer.process(frame)))
                if progress:
                    progress(done, camera.length)
        except KeyboardInterrupt:
            tally.end = ("stopped", "Stopped.")
        write(hindsight.rest())
    return tally.summary()


class TimeLimit:
    """A camera that ends after some seconds of its own time, counted from its first."""

    def __init__(self, camera: Camera, seconds: float) -> None:
        self.name, self.live, self.mirrored = camera.name, camera.live, camera.mirrored
        self.fps = camera.fps
        limit = round(seconds * self.fps) if self.fps else None
        lengths = [n for n in (camera.length, limit) if n is not None]
        self.length = min(lengths, default=None)
        self._camera = camera
        self._seconds = seconds
        self._first: float | None = None

    def read(self) -> Frame:
        """Wait for the next frame; see Camera."""
        frame = self._camera.read()
        self._first = frame.time if self._first is None else self._first
        if frame.time - self._first >= self._seconds:
            raise SourceEnded(f"{self.name} was labelled for {self._seconds:g} s.")
        return frame

    def close(self) -> None:
        """Release the device; see Camera."""
        self._camera.close()


def _frames(camera: Camera, tally: _Tally) -> Iterator[Frame]:
    """Give every frame; note why they ended."""
    try:
        while True:
            yield camera.read()
    except SourceEnded as end:
        tally.end = ("ended", str(end))
    except CameraLost as lost:
        tally.end = ("lost", str(lost))


@dataclass
class _Tally:
    """Counts while labelling."""

    source: str
    frames: int = 0
    faces: int = 0
    unknown: int = 0
    tracks: set[int] = field(default_factory=set)
    people: dict[str, Seen] = field(default_factory=dict)
    end: tuple[str, str] = ("ended", "")
    begin: float = field(default_factory=time.monotonic)
    first: float | None = None

    def add(self, taken: float, faces: tuple[Face, ...]) -> float:
        """Count a frame, return its seconds since the first one."""
        self.first = taken if self.first is None else self.first
        seconds = taken - self.first
        self.frames += 1
        self.faces += len(faces)
        for face in faces:
            self.tracks.add(face.track)
            identity = face.match.identity if face.match else None
            if identity is None:
                self.unknown += 1
                continue
            before = self.people.get(identity.id)
            self.people[identity.id] = Seen(
                identity.id,
                identity.name,
                before.frames + 1 if before else 1,
                before.first if before else seconds,
                seconds,
            )
        return seconds

    def summary(self) -> Summary:
        elapsed = time.monotonic() - self.begin
        return Summary(
            source=self.source,
            frames=self.frames,
            faces=self.faces,
            unknown=self.unknown,
            tracks=len(self.tracks),
            people=tuple(sorted(self.people.values(), key=lambda p: -p.frames)),
            fps=self.frames / max(elapsed, 1e-6),
            outcome=self.end[0],
            text=self.end[1],
        )


class _Film:
    """The labelled film; opened with the first frame, whose size it takes.

    Of a recording every frame is written once. A live camera delivers what the
    recognizer has time for, so its frames are repeated or left out to keep the time.
    """

    def __init__(self, path: Path, camera: Camera) -> None:
        self._path = path
        self._fps = camera.fps or USUAL_FPS
        self._live = camera.live
        self._files = contextlib.ExitStack()
        self._writer: VideoWriter | None = None
        self._written = 0

    def write(self, image: Image, seconds: float) -> None:
        if self._writer is None:
            h, w = image.shape[:2]
            writer = VideoWriter(self._path, self._fps, (w, h))
            self._writer = self._files.enter_context(writer)
        due = round(seconds * self._fps) + 1 if self._live else self._written + 1
        while self._written < due:
            self._writer.write(image)
            self._written += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._files.__exit__(kind, error, traceback)


class _Table:
    """The events as CSV in UTF-8; gets its name when it is complete."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = files.partial(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._partial.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise self._refused(error) from error
        self._rows = csv.writer(self._file)
        self._rows.writerow(HEADER)

    def write(self, index: int, seconds: float, faces: tuple[Face, ...]) -> None:
        try:
            self._rows.writerows(_row(index, seconds, face) for face in faces)
        except OSError as error:
            raise self._refused(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._file.close()
            if kind is None or issubclass(kind, KeyboardInterrupt):
                self._partial.replace(self._path)
            else:
                self._partial.unlink(missing_ok=True)
        except OSError as failure:
            self._partial.unlink(missing_ok=True)
            raise self._refused(failure) from failure

    def _refused(self, error: OSError) -> ImageError:
        return ImageError(
            f"Cannot write {self._path}: {error.strerror}. Choose another folder."
        )


def _row(index: int, seconds: float, face: Face) -> tuple[object, ...]:
    """Return one line of the table; see HEADER."""
    identity = face.match.identity if face.match else None
    return (
        index,
        f"{seconds:.3f}",
        face.track,
        identity.name if identity else "",
        f"{face.match.strangers if face.match else 0.0:.1f}",
        *(f"{edge:.1f}" for edge in face.box.tolist()),
    )
