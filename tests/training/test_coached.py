"""facecam.training.coached: a simulated camera, and who chooses better pictures."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from facecam.config import Config
from facecam.errors import DatasetError
from facecam.faces import Identity
from facecam.media import write_image
from facecam.training import coached
from facecam.training.coached import (
    Chooser,
    Trial,
    camera,
    draw,
    read_videos,
    summarise,
)
from tests.fakes import BlobDetector, ColourEmbedder, picture

VIEWS = [picture((100, 60, 110)), picture((60, 60, 120))]


def nearest(people):
    """Score by the most similar embedding of each person."""
    return lambda rows: np.stack([(rows @ own.T).max(1) for own in people.values()], 1)


def test_videos_are_read_from_the_names_of_files(tmp_path):
    for file in ("Ada/Ada_00.jpg", "Ada/Ada_01.jpg", "Ada/Ada_3112.jpg"):
        write_image(tmp_path / file, picture())

    videos = read_videos(tmp_path)

    assert [p.name for p in videos["Ada"]["0"]] == ["Ada_00.jpg", "Ada_01.jpg"]
    assert [p.name for p in videos["Ada"]["3"]] == ["Ada_3112.jpg"]


def test_one_video_of_somebody_is_not_enough(tmp_path):
    write_image(tmp_path / "Ada" / "Ada_00.jpg", picture())

    with pytest.raises(DatasetError, match="two videos"):
        read_videos(tmp_path)


def test_the_camera_runs_at_30_frames_per_second_and_never_stands_quite_still():
    frames = list(islice(camera(VIEWS, rough=False, seed=0), 70))

    assert [frame.time for frame in frames[:3]] == [0, 1 / 30, 2 / 30]
    assert frames[0].image.shape == (240, 320, 3)
    assert not np.array_equal(frames[0].image, frames[1].image)
    far = np.abs(frames[29].image.astype(int) - frames[31].image).mean()
    assert far > 3 * np.abs(frames[28].image.astype(int) - frames[29].image).mean()


def test_the_same_seed_is_the_same_film():
    first, second = (list(islice(camera(VIEWS, True, 5), 9)) for _ in range(2))

    assert all(
        np.array_equal(a.image, b.image) for a, b in zip(first, second, strict=True)
    )


def test_a_rough_camera_begins_in_the_dark_and_out_of_focus():
    rough = [frame.image.mean() for frame in islice(camera(VIEWS, True, 0), 60)]

    assert rough[0] < 0.5 * rough[59]


def test_each_way_takes_as_many_pictures_as_it_should():
    chooser = Chooser(BlobDetector(), ColourEmbedder(), Config())

    chosen = chooser.choose(list(islice(camera(VIEWS, False, 0), 120)), seed=1)

    taken = len(chosen["coached"])
    assert taken >= 1
    assert len(chosen["first, as many"]) == len(chosen["random, as many"]) == taken
    assert len(chosen["first 10"]) == len(chosen["random 10"]) == 10


def test_a_video_without_faces_is_an_error():
    chooser = Chooser(BlobDetector(), ColourEmbedder(), Config())
    dark = [picture()]

    with pytest.raises(DatasetError, match="No face"):
        chooser.choose(list(islice(camera(dark, False, 0), 5)), seed=1)


def test_every_other_video_is_tried_and_every_video_takes_its_turn():
    videos = {"Ada": {v: [Path(f"{v}{n}") for n in range(2)] for v in "012"}}
    known = {
        path: np.eye(3)[int(path.name[0])] for v in videos["Ada"].values() for path in v
    }
    asked = []

    def pick(paths, seed):
        asked.append([path.name for path in paths])
        return {"coached": np.stack([known[path] for path in paths])}

    trials = [draw(videos, number, pick, known) for number in range(4)]

    assert asked == [["00", "01"], ["10", "11"], ["20", "21"], ["00", "01"]]
    assert [trial.names for trial in trials] == [["Ada"] * 4] * 4
    assert trials[0].probes.tolist() == [[0, 1, 0]] * 2 + [[0, 0, 1]] * 2


def test_the_table_counts_the_right_names_above_the_strangers():
    people = {
        Identity(n, n): np.eye(3, dtype=np.float32)[k : k + 1]
        for k, n in enumerate("ab")
    }
    probes = np.array(
        [(1, 0, 0), (0.9, 0, 0.4), (0, 1, 0), (0.4, 0.1, 0.9)], np.float32
    )
    strangers = np.tile(np.array([(0.5, 0.5, 0.7)], np.float32), (200, 1))

    [row] = summarise(
        [Trial({"x": people}, probes, ["a", "a", "b", "b"])], strangers, nearest
    )

    assert row["way"] == "x"
    assert row["pictures"] == 1
    assert row["rank1"] == 0.75
    assert row["dir_1e-2"] == row["dir_1e-3"] == 0.75
    assert coached.MANY == 10
