"""A tree of pictures to a tree of faces: shared, ended, gone on with."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from facecam.aligning import Alignment, align_folder, forgive
from facecam.aligning.claims import Claims
from facecam.errors import DatasetError, ImageError
from facecam.media import read_image, write_image
from tests.fakes import BlobDetector, picture

ROOT = Path(__file__).parents[2]
HOW = Alignment(32)


@pytest.fixture
def source(tmp_path):
    """Eight pictures with a face, one without, one that is none."""
    folder = tmp_path / "in"
    for n in range(8):
        write_image(folder / f"Zoë {n % 2}" / f"{n}.png", picture((100, 60, 60 + n)))
    write_image(folder / "empty.png", picture())
    (folder / "broken.jpg").write_bytes(b"no picture")
    return folder


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def faces(target):
    return sorted(p.relative_to(target).as_posix() for p in target.rglob("[!.]*.png"))


class Ending(Exception):
    """Ends a call in its middle."""


def ending_at(n):
    def report(done, total):
        if done == n:
            raise Ending

    return report


def test_the_tree_is_mirrored_and_what_fails_is_listed(source, tmp_path):
    out = tmp_path / "out"

    outcome = align_folder(source, out, BlobDetector(), HOW)

    assert (outcome.pictures, outcome.aligned, outcome.failed) == (10, 8, 2)
    assert faces(out) == sorted(f"Zoë {n % 2}/{n}.png" for n in range(8))
    assert read_image(out / "Zoë 0" / "0.png").shape == (32, 32, 3)
    reasons = {row["picture"]: row["reason"] for row in rows(out / "failures.csv")}
    assert reasons["empty.png"] == "no face was found"
    assert "damaged or not a picture" in reasons["broken.jpg"]
    first = rows(out / "faces.csv")[0]
    assert (first["file"], first["x1"], first["x2"]) == (
        "Zoë 0/0.png",
        "100.0",
        "160.0",
    )


def test_a_second_call_does_nothing(source, tmp_path):
    out = tmp_path / "out"
    align_folder(source, out, BlobDetector(), HOW)
    before = (out / "faces.csv").read_bytes()

    outcome = align_folder(source, out, None, HOW)  # would fail without a detector

    assert (outcome.aligned, outcome.already, outcome.failed) == (0, 8, 2)
    assert (out / "faces.csv").read_bytes() == before


def test_an_ended_call_goes_on_and_the_lists_are_whole(source, tmp_path):
    out = tmp_path / "out"
    with pytest.raises(Ending):
        align_folder(source, out, BlobDetector(), HOW, ending_at(5))
    assert len(rows(out / "faces.csv")) + len(rows(out / "failures.csv")) == 5

    outcome = align_folder(source, out, BlobDetector(), HOW)

    assert outcome.aligned + outcome.already == 8
    assert outcome.already >= 3
    assert len(rows(out / "faces.csv")) == 8
    assert len(rows(out / "failures.csv")) == 2


def test_what_failed_is_tried_again_when_it_is_asked_for(source, tmp_path):
    out = tmp_path / "out"
    align_folder(source, out, BlobDetector(), HOW)
    write_image(source / "empty.png", picture((10, 10, 90)))

    assert align_folder(source, out, BlobDetector(), HOW).aligned == 0
    forgive(out)

    assert align_folder(source, out, BlobDetector(), HOW).aligned == 1
    assert [row["picture"] for row in rows(out / "failures.csv")] == ["broken.jpg"]


def test_every_face_is_numbered_in_the_order_of_the_detector(tmp_path):
    crowd = picture((10, 10, 90), (150, 20, 60), (230, 150, 40))
    write_image(tmp_path / "in" / "crowd.png", crowd)
    out = tmp_path / "out"

    align_folder(tmp_path / "in", out, BlobDetector(), Alignment(32, multiple=True))

    assert faces(out) == ["crowd_0.png", "crowd_1.png", "crowd_2.png"]
    assert [row["file"] for row in rows(out / "faces.csv")] == faces(out)


def test_the_largest_central_face_is_taken_of_several(tmp_path):
    crowd = picture((130, 90, 60), (0, 0, 70))
    write_image(tmp_path / "in" / "a.png", crowd)

    align_folder(tmp_path / "in", tmp_path / "out", BlobDetector(), HOW)

    [row] = rows(tmp_path / "out" / "faces.csv")
    assert float(row["x1"]) == 130


def test_pictures_that_differ_in_their_suffix_do_not_take_each_others_place(tmp_path):
    for name in ("a.png", "a.bmp", "b.png"):
        write_image(tmp_path / "in" / name, picture((100, 60, 60)))

    align_folder(tmp_path / "in", tmp_path / "out", BlobDetector(), HOW)

    assert faces(tmp_path / "out") == ["a.bmp.png", "a.png.png", "b.png"]


def test_nor_do_those_that_differ_in_capitals_where_these_are_one(tmp_path):
    for name in ("Ada.bmp", "ada.png"):
        write_image(tmp_path / "in" / name, picture((100, 60, 60)))

    align_folder(tmp_path / "in", tmp_path / "out", BlobDetector(), HOW)

    assert faces(tmp_path / "out") == ["Ada.bmp.png", "ada.png.png"]


def test_faces_below_the_pictures_are_not_cut_again(source):
    align_folder(source, source / "faces", BlobDetector(), HOW)

    outcome = align_folder(source, source / "faces", BlobDetector(), HOW)

    assert (outcome.pictures, outcome.aligned) == (10, 0)


def test_the_list_of_pairs_comes_along(source, tmp_path):
    (source / "pairs.txt").write_text("1\t0")

    align_folder(source, tmp_path / "out", BlobDetector(), HOW)

    assert (tmp_path / "out" / "pairs.txt").read_text() == "1\t0"


def test_folders_that_cannot_be_are_readable_errors(source, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "none").mkdir()
    for folder, target, error, text in (
        (source, source, DatasetError, "Choose another folder"),
        (source, tmp_path, DatasetError, "Choose another folder"),
        (tmp_path / "none", tmp_path / "out", ImageError, "no picture"),
        (tmp_path / "gone", tmp_path / "out", ImageError, "no folder"),
        (source, tmp_path / "file", ImageError, "Cannot write into"),
    ):
        with pytest.raises(error, match=text):
            align_folder(folder, target, BlobDetector(), HOW)


def test_a_full_disk_ends_it_and_the_next_call_goes_on(source, tmp_path, monkeypatch):
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(Claims, "note", full)
        with pytest.raises(ImageError, match="No space left on device"):
            align_folder(source, out, BlobDetector(), HOW)

    assert align_folder(source, out, BlobDetector(), HOW).aligned == 8


def test_what_a_report_raises_comes_through(source, tmp_path):
    def gone(*_):
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        align_folder(source, tmp_path / "out", BlobDetector(), HOW, gone)


def full(*_):
    raise OSError(28, "No space left on device")


WORKER = """
import sys, time
from pathlib import Path
from facecam.aligning import Alignment, align_folder
from tests.fakes import BlobDetector

class Slow(BlobDetector):
    def detect(self, image):
        time.sleep(0.02)
        return super().detect(image)

source, out = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
print(align_folder(source, out, Slow(), Alignment(32)).aligned)
"""


def worker(source, out):
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(source), str(out)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_processes_share_a_folder_and_a_killed_one_leaves_nothing_undone(tmp_path):
    source, out = tmp_path / "in", tmp_path / "out"
    for n in range(40):
        write_image(source / f"{n:02}.png", picture((100, 60, 60 + n)))
    workers = [worker(source, out) for _ in range(3)]
    for one in workers:
        one.stdout.readline()
    for one in workers:
        one.stdin.write("\n")
        one.stdin.flush()
    while len(list(out.glob("[!.]*.png"))) < 6:
        assert workers[0].poll() is None
    workers[0].kill()

    shared = [int(one.communicate()[0]) for one in workers[1:]]
    workers[0].communicate()

    assert min(shared) > 5
    rest = align_folder(source, out, BlobDetector(), Alignment(32))
    assert rest.aligned + rest.already == 40
    assert rest.aligned <= 1  # what the killed one held while the others ended
    assert len(rows(out / "faces.csv")) == 40
    alone = tmp_path / "alone"
    align_folder(source, alone, BlobDetector(), Alignment(32))
    for path in alone.glob("[!.]*.png"):
        assert np.array_equal(read_image(path), read_image(out / path.name))
