"""Somebody labels a clip: enrols people from photos, then reads the table."""

import csv
import json

from facecam.camera import open_camera
from facecam.cli import main
from facecam.config import CameraConfig

NAMES = ("Joey", "Phoebe", "Rachel", "Ross")
FRAMES = 448


def overlap(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    areas = [(x2 - x1) * (y2 - y1) for x1, y1, x2, y2 in (a, b)]
    return both / (sum(areas) - both)


def test_a_clip_gets_the_names_of_those_enrolled_and_no_wrong_ones(
    facenet_config, data, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("FACECAM_HOME", str(facenet_config.home))
    clips, events = data / "videos", tmp_path / "faces.csv"
    out = tmp_path / "labelled.mp4"
    for name in NAMES:
        assert main(["enrol", name, str(clips / "friends" / name)]) == 0
    capsys.readouterr()

    files = ["--out", str(out), "--events", str(events)]
    assert main(["label", str(clips / "friends.mp4"), *files, "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["frames"] == FRAMES
    assert {person["name"] for person in told["people"]} == set(NAMES)
    film = open_camera(str(out), CameraConfig(), paced=False)
    assert (film.fps, film.length) == (30.0, FRAMES)
    film.close()
    right, wrong, enrolled = scored(events, clips / "friends.labels.json")
    assert wrong == 0
    assert right >= 0.95 * enrolled


def scored(events, labels):
    """Count the labelled faces named right, named wrong, and of people enrolled."""
    faces = {}
    with events.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            box = [float(row[edge]) for edge in ("x1", "y1", "x2", "y2")]
            faces.setdefault(int(row["frame"]), []).append((box, row["name"]))
    right = wrong = enrolled = 0
    for frame, *box, name in json.loads(labels.read_text())["rows"]:
        if name == "skip":
            continue
        near = [said for at, said in faces.get(frame, ()) if overlap(at, box) > 0.4]
        enrolled += name in NAMES
        right += name in NAMES and name in near
        wrong += any(said not in ("", name) for said in near)
    return right, wrong, enrolled
