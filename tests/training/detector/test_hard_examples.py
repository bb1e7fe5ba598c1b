import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from filelock import FileLock

from facecam.config.retraining import IndexConfig
from facecam.errors import DatasetError
from facecam.media import read_size, write_image
from facecam.training.detector import hard_examples, index
from facecam.training.detector.hard_examples import Kind
from tests.fakes import picture

IMAGE = picture((10, 20, 60), (150, 20, 30))
FACE, POSTER = np.float32([10, 20, 70, 80]), np.float32([150, 20, 180, 50])
POINTS = np.float32([[28, 44], [52, 44], [40, 56], [31, 68], [49, 68]])


def lines(folder, *entries):
    folder.mkdir(exist_ok=True)
    text = "".join(f"{json.dumps(entry)}\n" for entry in entries)
    (folder / hard_examples.LIST).write_text(text, "utf-8")


def example(**changed):
    entry = {"picture": "a.png", "box": [10, 20, 70, 80], "is": "missed face"}
    return {**entry, **changed}


@pytest.fixture
def pool(tmp_path):
    write_image(tmp_path / "a.png", IMAGE)
    return tmp_path


def test_what_is_added_is_read_back(tmp_path):
    folder = tmp_path / "pool"

    added = [
        hard_examples.add(folder, IMAGE, FACE, Kind.MISSED_FACE, POINTS),
        hard_examples.add(folder, IMAGE, POSTER, Kind.FALSE_ALARM),
    ]

    read = hard_examples.read(folder)
    assert [(e.box, e.kind) for e in read] == [
        ((10, 20, 70, 80), Kind.MISSED_FACE),
        ((150, 20, 180, 50), Kind.FALSE_ALARM),
    ]
    assert np.array_equal(read[0].landmarks, POINTS)
    assert read[1].landmarks is None
    assert [e.picture for e in read] == [e.picture for e in added]
    assert read[0].picture == read[1].picture  # one picture is kept once
    assert read_size(read[0].picture) == (320, 240)
    assert read[1].where.endswith("hard.jsonl, line 2")


def test_pictures_that_differ_in_shape_only_are_two(tmp_path):
    flat = np.zeros((20, 80, 3), np.uint8)

    one = hard_examples.add(tmp_path, flat, FACE, Kind.FALSE_ALARM)
    other = hard_examples.add(tmp_path, flat.reshape(40, 40, 3), FACE, Kind.FALSE_ALARM)

    assert one.picture != other.picture


def test_unknown_landmarks_are_not_written(tmp_path):
    nothing = np.full((5, 2), np.nan, np.float32)

    hard_examples.add(tmp_path, IMAGE, FACE, Kind.MISSED_FACE, nothing)

    assert hard_examples.read(tmp_path)[0].landmarks is None


def test_a_list_without_its_last_line_end_can_be_added_to(pool):
    path = pool / hard_examples.LIST
    path.write_text(json.dumps(example()), "utf-8")

    hard_examples.add(pool, IMAGE, POSTER, Kind.FALSE_ALARM)

    assert [e.kind for e in hard_examples.read(pool)] == ["missed face", "false alarm"]


def test_a_pool_becomes_faces_and_background_to_learn_from(tmp_path):
    hard_examples.add(tmp_path, IMAGE, POSTER, Kind.FALSE_ALARM)
    hard_examples.add(tmp_path, IMAGE, FACE, Kind.MISSED_FACE, POINTS)

    (one,) = hard_examples.as_set(tmp_path).annotations

    assert one.boxes.tolist() == [FACE.tolist()]
    assert one.landmarks.tolist() == [POINTS.tolist()]
    assert one.background.tolist() == [POSTER.tolist()]
    assert (one.complete, one.split, one.ignored.tolist()) == (False, "train", [False])
    assert not one.attributes


def test_a_pool_is_learned_from_and_never_measured_on(tmp_path):
    for n in range(20):
        scene = picture((10, 20, 60), (150, 20, 30 + n))
        hard_examples.add(tmp_path, scene, POSTER, Kind.FALSE_ALARM)

    train, held_out, faults = index.gather(
        [hard_examples.as_set(tmp_path)], IndexConfig(held_out=0.9)
    )

    assert (len(train), held_out, faults) == (20, [], [])
    assert all(one.background.tolist() == [POSTER.tolist()] for one in train)


def test_an_example_that_cannot_be_used_is_left_out_and_named(pool):
    lines(pool, example(), example(picture="gone.png"), example(box=[0, 0, 0, 9]))

    found = hard_examples.as_set(pool)

    assert len(found.annotations) == 1
    assert {fault.where.rpartition(" ")[2] for fault in found.faults} == {"2", "3"}


def test_a_picture_whose_only_example_is_wrong_shows_nothing(pool):
    lines(pool, example(box=[0, 0, 0, 9]))

    (one,) = hard_examples.as_set(pool).annotations

    assert len(one.boxes) == len(one.background) == 0


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[1, 2]",
        '{"box": [1, 2, 3, 4], "is": "missed face"}',
        json.dumps(example(**{"is": "nonsense"})),
        json.dumps(example(box=[1, 2, 3])),
        json.dumps(example(box=[1, 2, 3, float("nan")])),
        json.dumps(example(box=["left", 2, 3, 4])),
        json.dumps(example(box=[1, 2, 3, 10**400])),
        json.dumps(example(landmarks=[[1, 2]])),
        json.dumps(example(landmarks=[1, 2, 3, 4, 5])),
    ],
)
def test_a_line_that_is_not_as_it_should_be_is_named(pool, text):
    (pool / hard_examples.LIST).write_text(f"{json.dumps(example())}\n{text}\n")

    with pytest.raises(DatasetError, match=r"hard\.jsonl, line 2.*Correct or remove"):
        hard_examples.read(pool)


def test_a_folder_that_is_no_pool_says_what_a_pool_is(tmp_path):
    with pytest.raises(DatasetError, match=r"no pool of hard examples.*false alarm"):
        hard_examples.read(tmp_path)


def test_a_pool_without_examples_says_so(pool):
    lines(pool)

    with pytest.raises(DatasetError, match=r"names no hard example\. Leave"):
        hard_examples.as_set(pool)


def test_a_pool_held_by_another_program_says_so(pool, monkeypatch):
    monkeypatch.setattr(hard_examples, "LOCK_SECONDS", 0.05)

    with FileLock(pool / ".lock"), pytest.raises(DatasetError, match="Try again"):
        hard_examples.add(pool, IMAGE, FACE, Kind.MISSED_FACE)


def test_a_list_that_cannot_be_written_says_so(pool):
    (pool / hard_examples.LIST).mkdir()

    with pytest.raises(DatasetError, match="Cannot add"):
        hard_examples.add(pool, IMAGE, FACE, Kind.MISSED_FACE)


def test_a_box_that_is_no_place_is_not_added(tmp_path):
    with pytest.raises(ValueError, match="nan is no place"):
        hard_examples.add(tmp_path, IMAGE, FACE * np.nan, Kind.FALSE_ALARM)

    assert list(tmp_path.iterdir()) == []


def test_threads_may_add_to_a_pool_at_the_same_time(tmp_path):
    def some(first):
        for n in range(first, first + 3):
            hard_examples.add(tmp_path, IMAGE, FACE + n, Kind.FALSE_ALARM)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(some, (0, 3, 6, 9)))

    lefts = sorted(one.box[0] for one in hard_examples.read(tmp_path))
    assert lefts == list(range(10, 22))
