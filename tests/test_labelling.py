"""Tests of facecam.labelling, on a made-up film and a scripted recognizer."""

import csv
import json

import numpy as np
import pytest

from facecam import media
from facecam.camera import open_camera
from facecam.cli import label as command
from facecam.cli import main
from facecam.config import CameraConfig
from facecam.errors import CameraNotFound, ImageError
from facecam.labelling import HEADER, TimeLimit, label
from tests.fakes import FakeCamera, ScriptedRecognizer


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "party.mp4"
    with media.VideoWriter(path, 20, (100, 60)) as writer:
        for _ in range(6):
            writer.write(np.full((60, 100, 3), 90, np.uint8))
    return path


def opened(path):
    return open_camera(str(path), CameraConfig(), paced=False)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def frames_of(path):
    camera = opened(path)
    return [camera.read() for _ in range(camera.length)]


def test_the_table_has_one_row_per_face_and_frame(film, tmp_path):
    events = tmp_path / "Zoë" / "faces.csv"
    label(opened(film), ScriptedRecognizer(), events=events)
    header, *rows = rows_of(events)
    assert header == ["frame", "time", "track", "name", "score", "x1", "y1", "x2", "y2"]
    assert tuple(header) == HEADER
    assert len(rows) == 5 * 3
    assert rows[:3] == [
        ["1", "0.050", "1", "Zoë, 王", "2000.0", "5.0", "10.0", "25.0", "40.0"],
        ["1", "0.050", "2", "", "3.0", "40.0", "10.0", "60.0", "40.0"],
        ["1", "0.050", "3", "", "0.0", "70.0", "10.0", "90.0", "40.0"],
    ]
    assert [p.name for p in events.parent.iterdir()] == ["faces.csv"]


def test_the_film_keeps_rate_size_and_length_and_shows_the_faces(film, tmp_path):
    out = tmp_path / "out.mp4"
    label(opened(film), ScriptedRecognizer(), out=out)
    labelled = opened(out)
    assert (labelled.fps, labelled.length) == (20.0, 6)
    first, second, *_ = frames_of(out)
    assert first.image.shape == (60, 100, 3)
    assert first.image.std() < 5
    assert second.image.std() > 20


def test_the_summary_counts_frames_faces_tracks_and_people(film):
    told = []
    summary = label(
        opened(film), ScriptedRecognizer(), progress=lambda *so_far: told.append(so_far)
    )
    assert (summary.frames, summary.faces, summary.unknown, summary.tracks) == (
        *(6, 15, 10),
        3,
    )
    (ada,) = summary.people
    assert (ada.id, ada.name, ada.frames) == ("ada-1", "Zoë, 王", 5)
    assert (ada.first, ada.last) == pytest.approx((0.05, 0.25), abs=1e-3)
    assert (summary.outcome, summary.text) == ("ended", "party.mp4 is over.")
    assert summary.fps > 0
    assert told == [(n, 6) for n in range(1, 7)]


def test_ctrl_c_leaves_complete_files_of_what_was_done(film, tmp_path):
    out, events = tmp_path / "out.mp4", tmp_path / "faces.csv"
    recognizer = ScriptedRecognizer(at=3, then=KeyboardInterrupt())
    summary = label(opened(film), recognizer, out, events)
    assert (summary.frames, summary.outcome) == (3, "stopped")
    assert opened(out).length == 3
    assert len(rows_of(events)) == 1 + 2 * 3


def test_a_failure_leaves_no_half_files(film, tmp_path):
    recognizer = ScriptedRecognizer(at=3, then=ValueError("a bug"))
    with pytest.raises(ValueError, match="a bug"):
        label(opened(film), recognizer, tmp_path / "out.mp4", tmp_path / "faces.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["party.mp4"]


def test_a_table_that_cannot_get_its_name_is_told(film, tmp_path):
    def block(*_):
        (tmp_path / "faces.csv").mkdir(exist_ok=True)

    with pytest.raises(ImageError, match=r"Cannot write .*faces\.csv"):
        label(opened(film), ScriptedRecognizer(), None, tmp_path / "faces.csv", block)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("faces.csv", "party.mp4"),
    ]


def test_a_lost_camera_leaves_complete_files_and_says_so(tmp_path):
    summary = label(
        FakeCamera(frames=4), ScriptedRecognizer(), events=tmp_path / "faces.csv"
    )
    assert (summary.outcome, summary.text) == ("lost", "fake was unplugged.")
    assert len(rows_of(tmp_path / "faces.csv")) == 1 + 3 * 3


def test_the_film_of_a_live_camera_keeps_the_time(tmp_path):
    class Slow(FakeCamera):  # 5 frames in a second, though it says 30
        def read(self):
            frame = super().read()
            return type(frame)(frame.image, frame.index, 1000 + frame.index / 5)

    out = tmp_path / "out.avi"
    label(TimeLimit(Slow(), 2.0), ScriptedRecognizer(), out=out)
    assert opened(out).length == 9 * 6 + 1


def test_a_time_limit_ends_a_camera_and_a_film():
    limited = TimeLimit(FakeCamera(live=False), 0.5)
    summary = label(limited, ScriptedRecognizer())
    assert (summary.frames, summary.outcome) == (15, "ended")
    assert limited.length == 15
    assert TimeLimit(FakeCamera(), 2).live


def test_a_table_that_cannot_be_written_is_told_before_the_work(film, tmp_path):
    with pytest.raises(ImageError, match="Cannot write"):
        label(opened(film), ScriptedRecognizer(), events=film / "faces.csv")
    with pytest.raises(ImageError, match=r"\.mp4"):
        label(opened(film), ScriptedRecognizer(), out=tmp_path / "out.txt")


def test_a_folder_of_damaged_pictures_leaves_nothing(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(b"damaged")
    with pytest.raises(CameraNotFound):
        label(opened(tmp_path / "in"), ScriptedRecognizer(), events=tmp_path / "a.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.fixture
def scripted(monkeypatch):
    monkeypatch.setattr(command, "_recognizer", lambda config: ScriptedRecognizer())


@pytest.mark.usefixtures("scripted")
def test_the_command_writes_both_files_and_prints_one_object(film, tmp_path, capsys):
    out, events = tmp_path / "out.webm", tmp_path / "faces.csv"
    code = main(
        ["label", str(film), "--out", str(out), "--events", str(events), "--json"]
    )
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (told["frames"], told["faces"], told["people"][0]["name"]) == (
        *(6, 15),
        "Zoë, 王",
    )
    assert told["events"] == str(events)
    assert out.exists()
    assert events.exists()


@pytest.mark.usefixtures("scripted")
def test_the_command_says_in_words_what_it_found(film, capsys):
    assert main(["label", str(film), "--seconds", "0.1"]) == 0
    told = capsys.readouterr()
    assert "2 frames of party.mp4, 3 faces in 3 tracks" in told.out
    assert "Zoë, 王" in told.out
    assert "labelled for 0.1 s" in told.err


@pytest.mark.usefixtures("scripted")
@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["none.mp4"], 1, "none.mp4"),
        (["{film}", "--out", "{film}"], 1, "source itself"),
        (["{film}", "--seconds", "0"], 2, "more than 0"),
        (["{film}", "--seconds", "inf"], 2, "more than 0"),
        (["{film}", "--seconds", "ten"], 2, "'ten' is no number"),
        (["{film}", "--events", "."], 1, "is a folder"),
        (["{film}", "--out", "a.mp4", "--events", "a.mp4"], 1, "name of their own"),
        (["a" * 300], 1, "aaa"),
        ([], 2, "VIDEO|CAMERA"),
    ],
)
def test_the_command_refuses_what_cannot_work(film, capsys, words, code, told):
    assert main(["label", *(w.format(film=film) for w in words)]) == code
    assert told in capsys.readouterr().err
    assert film.stat().st_size > 0
