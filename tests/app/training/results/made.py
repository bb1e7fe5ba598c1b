"""Runs in any state as files, with what they have brought; a command that waits."""

import hashlib
import json
from dataclasses import asdict

import numpy as np
from filelock import FileLock
from PySide6.QtCore import QObject, Signal

from facecam.app.training.commands import Answer
from facecam.config.presets import with_preset
from facecam.config.retraining import RetrainingConfig
from facecam.media import write_image
from facecam.training.detector.evaluation import comparison, differences, figures
from facecam.training.detector.evaluation.differences import (
    Difference,
    Differences,
    Kind,
    SeenPicture,
)
from facecam.training.detector.evaluation.figures import (
    Figures,
    Landmarks,
    Point,
    Trial,
)

STEPS = ("00-check", "01-index", "03-pnet-fit", "11-evaluate")
BEGUN = 1_700_000_000.0
FACE, WALL = (40.0, 40.0, 100.0, 100.0), (150.0, 20.0, 180.0, 50.0)


def figures_of(recall):
    points = (Point(0.95, recall - 0.2, 0.0), Point(0.7, recall, 0.25))
    return Figures(200, recall - 0.02, points)


def trial(recall, points_off=0.05, milliseconds=10.0):
    groups = {"all": figures_of(recall), "masked": figures_of(recall - 0.05)}
    landmarks = Landmarks(150, points_off, points_off, 0.01, 0.16)
    return Trial(60, 20, 0.7, groups, None, landmarks, milliseconds)


class Home:
    """Writes runs into the folder they are looked for in."""

    def __init__(self, config, pictures):
        self.config, self.pictures = config, pictures
        self.locks = []

    def run(self, name, done=0, preset="fine-tune", begun=BEGUN, **more):
        """Write a run of which so many steps are done."""
        root = self.config.runs / name
        root.mkdir(parents=True)
        numbers = asdict(with_preset(RetrainingConfig(), preset))
        record = {
            "kind": "detector",
            "command": ["facecam", "train", "detector"],
            "request": {"data": ["/pictures/mine"], "start": "deployed"},
            "config": numbers,
            "versions": {},
            "started": begun,
            "steps": [{"name": step, "fingerprint": step} for step in STEPS],
        } | more
        (root / "run.json").write_text(json.dumps(record))
        for step in STEPS[:done]:
            self.step(root / step)
        return root

    def step(self, folder, metrics=None, config=None):
        folder.mkdir(exist_ok=True)
        manifest = {
            "step": folder.name,
            "fingerprint": folder.name,
            "config": config or {},
            "metrics": metrics or {},
            "started": BEGUN,
            "seconds": 60.0,
        }
        (folder / "manifest.json").write_text(json.dumps(manifest))

    def tell(self, root, **entry):
        """Let a run say how a step stands."""
        lines = [{"begun": BEGUN}, {"number": 1, "count": 4, **entry}]
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        (root / "progress.jsonl").write_text(text)

    def work_on(self, root):
        """Hold a run as the process does that works on it."""
        lock = FileLock(root / "run.lock")
        lock.acquire()
        self.locks.append(lock)
        return lock

    def evaluated(self, name, new=None, old=None, **more):
        """Write a run that is done, with what it has brought."""
        root = self.run(name, done=4, **more)
        self.evaluated_again(root, new or trial(0.93), old or trial(0.85, 0.06))
        return root

    def evaluated_again(self, root, new, old=None):
        """Write what a run has brought."""
        folder, old = root / STEPS[-1], old or trial(0.85, 0.06)
        compared = comparison.compare(new, old)
        metrics = {
            "recall_all": new.groups["all"].recall_at(),
            "recall_masked": new.groups["masked"].recall_at(),
            "landmark_error": new.landmarks.error,
            "false_alarms": 0.25,
        }
        self.step(folder, metrics, {"content": self.content()})
        figures.write(new, folder / "trial.json")
        figures.write(old, folder / "deployed.json")
        comparison.write(compared, folder / "comparison.json")
        differences.write(self.differing(), folder / differences.FILE)
        (folder / "report.html").write_text("<p>Report</p>")

    def differing(self):
        path = self.pictures / "scene.png"
        if not path.exists():
            self.pictures.mkdir(exist_ok=True)
            image = np.full((240, 320, 3), 90, np.uint8)
            image[40:100, 40:100] = 200
            write_image(path, image)
        seen = SeenPicture(str(path), (FACE,), (FACE, WALL), ())
        found = [Difference(Kind.FOUND, 0, FACE), Difference(Kind.FOUND, 0, WALL)]
        alarm = Difference(Kind.RAISED, 0, WALL, 0.87)
        totals = {Kind.FOUND: 2, Kind.LOST: 0, Kind.RAISED: 1, Kind.CURED: 0}
        return Differences((seen,), (*found, alarm), totals)

    def install(self, source, before="weights"):
        """Let a detector be in use that comes from somewhere."""
        for name, said in (("installed", source), ("previous", before)):
            folder = self.config.models / "detector" / self.config.detector.model
            folder = folder / name
            folder.mkdir(parents=True, exist_ok=True)
            values = {"source": said, "arrays": "0", "files": {}, "settings": {}}
            (folder / "manifest.json").write_text(json.dumps(values))

    def content(self):
        """Fingerprint of the detector in use, as an evaluation writes it."""
        folder = self.config.models / "detector" / self.config.detector.model
        manifest = folder / "installed" / "manifest.json"
        if not manifest.exists():
            return ""
        return hashlib.sha256(manifest.read_bytes()).hexdigest()[:16]


class FakeCommand(QObject):
    """Answers when a test lets it."""

    progressed = Signal(float, str)
    ended = Signal(object)

    def __init__(self, config, words, parent):
        super().__init__(parent)
        self.words, self.running, self.cancelled = words, False, False

    def start(self):
        self.running = True

    def cancel(self):
        self.running, self.cancelled = False, True

    def answer(self, value=None, code=0, error=""):
        self.running = False
        self.ended.emit(Answer(code, value, error))
