"""Open the real window, watch it from inside for a while, report as JSON.

    python scripts/bench_window.py SOURCE SECONDS STARTED [PLACE]

STARTED is the clock (time.time) when the process was started; PLACE is shown after the
first name, such as "training". Run by bench.py and bench_beside.py.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer

import facecam.app.main as app
from facecam.app.main_window import MainWindow
from facecam.app.video_view import VideoView
from facecam.config import load

STEP = 1 / 60
SETTLED_MS = 3000
"""When another place is shown, milliseconds: names are there by then."""


class Watch(QObject):
    """Notes the first paint, the first name, and how late a 60 Hz timer is."""

    def __init__(self, started: float) -> None:
        super().__init__()
        self.marks: dict[str, float] = {}
        self.late: list[float] = []
        self.rates: list[float] = []
        """Frames recognised in a second, told once a second."""
        self._started = started
        self._due = 0.0
        self.timer = QTimer(timerType=Qt.TimerType.PreciseTimer, singleShot=True)
        self.timer.timeout.connect(self._tick)

    def mark(self, name: str) -> None:
        """Note the time of something that happens for the first time."""
        self.marks.setdefault(name, round(time.time() - self._started, 3))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """See the window's first paint."""
        if event.type() == QEvent.Type.Paint:
            self.mark("visible")
        return False

    def count(self, window: MainWindow) -> None:
        """Note how many frames are recognised in a second, once names are there."""
        session = window.live.watching.session
        if session is not None and "first_name" in self.marks:
            self.rates.append(session.stats.processed_fps)

    def next_tick(self) -> None:
        """Set the timer to the next sixtieth of a second."""
        self._due = time.perf_counter() + round(STEP * 1000) / 1000
        self.timer.start(round(STEP * 1000))

    def _tick(self) -> None:
        self.late.append(time.perf_counter() - self._due)
        self.next_tick()


def main() -> None:
    """Run the window as `facecam run` does, with a watch on it."""
    source, seconds, started = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    place = sys.argv[4] if len(sys.argv) > 4 else ""
    watch = Watch(started)
    show_frame = VideoView.show_frame

    def watched_window(*arguments: Any) -> Any:
        window = MainWindow(*arguments)
        window.installEventFilter(watch)
        counting = QTimer(window, interval=1000)
        counting.timeout.connect(lambda: watch.count(window))
        counting.start()
        QTimer.singleShot(round(seconds * 1000), window.close)
        if place:
            QTimer.singleShot(SETTLED_MS, lambda: window.places.show_place(place))
        return window

    def watched_frame(view: VideoView, frame: Any, recognition: Any, now: Any) -> None:
        show_frame(view, frame, recognition, now)
        faces = recognition.faces if recognition is not None else ()
        if faces:
            watch.mark("first_face")
            if not watch.timer.isActive() and not watch.late:
                watch.next_tick()
        if any(face.match and face.match.identity for face in faces):
            watch.mark("first_name")

    setattr(app, "MainWindow", watched_window)  # noqa: B010  (mypy allows no other way)
    setattr(VideoView, "show_frame", watched_frame)  # noqa: B010
    app.main(load(), source)
    print(json.dumps({**report(watch), "tensorflow": "tensorflow" in sys.modules}))


def report(watch: Watch) -> dict[str, Any]:
    """Return what was seen: seconds, milliseconds, MB."""
    late = sorted(watch.late) or [float("nan")]
    marks = {f"{name}_s": seconds for name, seconds in watch.marks.items()}
    return {
        **marks,
        "recognised_fps": round(statistics.median(watch.rates or [0.0]), 1),
        "recognised_fps_least": round(min(watch.rates or [0.0]), 1),
        "timer_late_p50_ms": round(late[len(late) // 2] * 1000, 2),
        "timer_late_p99_ms": round(late[int(len(late) * 0.99)] * 1000, 2),
        "peak_memory_mb": peak_memory(),
    }


def peak_memory() -> int | None:
    """Return the most memory this process had, MB; None on Windows."""
    status = Path("/proc/self/status")
    if status.exists():  # the other way, Linux counts the parent's memory as well
        line = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        return round(int(line[1]) / 1024) if line else None
    try:
        import resource
    except ImportError:
        return None
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2)


if __name__ == "__main__":
    main()
