import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facecam.annotations.annotation import AnnotatedSet, Fault
from facecam.config.retraining import IndexConfig
from facecam.errors import DatasetError
from facecam.training.detector import index
from facecam.training.detector.index import (
    IndexRequest,
    boxed_by_points,
    gather,
    prepare,
    read,
    write,
)
from tests.training.detector import small_sets
from tests.training.detector.drawn import labelled

CONFIG = IndexConfig()
ROOT = Path("/sets/a")
FACE = (20, 20, 80, 90)


def quiet(progress):
    pass


def some_set(n, split="", root=ROOT, faults=()):
    annotations = tuple(
        labelled(FACE, path=root / "pictures" / f"{k}.jpg", split=split)
        for k in range(n)
    )
    return AnnotatedSet(root, "WIDER FACE", annotations, tuple(faults))


def paths(annotations):
    return [one.path.name for one in annotations]


def test_no_set_gives_nothing():
    assert gather([], CONFIG) == ([], [], [])


def test_a_set_that_divides_itself_is_taken_at_its_word():
    sets = [some_set(3, "train"), some_set(2, "val"), some_set(4, "test")]

    train, held_out, _ = gather(sets, CONFIG)

    assert (len(train), len(held_out)) == (3, 2)


def test_of_other_sets_a_share_is_held_out_and_no_picture_is_in_both():
    train, held_out, _ = gather([some_set(1000)], replace(CONFIG, held_out=0.1))

    assert len(train) + len(held_out) == 1000
    assert 70 < len(held_out) < 130
    assert not set(paths(train)) & set(paths(held_out))


def test_the_same_pictures_are_held_out_wherever_the_set_lies():
    here, there = some_set(200), some_set(200, root=Path("/elsewhere/b"))

    ours, theirs = gather([here], CONFIG)[1], gather([there], CONFIG)[1]

    assert paths(ours) == paths(theirs)


def test_more_held_out_pictures_are_the_same_ones_and_others():
    fewer = gather([some_set(300)], replace(CONFIG, held_out=0.1))[1]
    more = gather([some_set(300)], replace(CONFIG, held_out=0.2))[1]

    assert set(paths(fewer)) < set(paths(more))


def test_a_share_of_the_pictures_leaves_those_held_out_alone():
    whole = gather([some_set(400)], CONFIG)
    half = gather([some_set(400)], replace(CONFIG, share=0.5))

    assert paths(half[1]) == paths(whole[1])
    assert set(paths(half[0])) < set(paths(whole[0]))
    assert 0.4 < len(half[0]) / len(whole[0]) < 0.6


def test_what_cannot_be_used_of_any_set_is_passed_on():
    fault = Fault("list.txt, line 3", "0×0 box")

    assert gather([some_set(1), some_set(0, faults=[fault])], CONFIG)[2] == [fault]


def test_small_faces_become_ignored_regions():
    truth = labelled(FACE, (0, 0, 9, 9), (0, 0, 9, 12))

    assert prepare(truth, CONFIG).ignored.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("blur", "max_blur"), ("occlusion", "max_occlusion"), ("pose", "max_pose")],
)
def test_faces_beyond_an_attribute_become_ignored_regions(name, numbers):
    truth = labelled(*[FACE] * 3, attributes={name: np.int8([0, 1, 2])})

    kept = prepare(truth, replace(CONFIG, **{numbers: 1}))

    assert kept.ignored.tolist() == [False, False, True]


def test_what_a_set_ignores_stays_ignored():
    truth = labelled(FACE, ignored=np.array([True]))

    assert prepare(truth, CONFIG).ignored.tolist() == [True]


def test_faces_known_by_their_points_are_all_boxed_alike():
    truth = labelled(FACE, (100, 20, 200, 120), complete=False)
    truth.landmarks[1] = truth.landmarks[0] + 50

    boxes = prepare(truth, CONFIG).boxes

    assert boxes[1] == pytest.approx(boxes[0] + 50)
    assert not np.array_equal(boxes[0], np.float32(FACE))


def test_a_box_of_points_lies_about_eyes_and_mouth():
    truth = labelled((0, 0, 100, 100))  # eyes 40 apart, 40 above the mouth

    (box,) = boxed_by_points(truth, (0.0, 0.1, 2.0, 3.0))

    assert box == pytest.approx([10, 4, 90, 124])


def test_without_points_the_labelled_box_stays():
    truth = labelled(FACE, points=False, complete=False)

    assert prepare(truth, CONFIG).boxes.tolist() == [list(FACE)]


def test_no_annotation_is_written_and_read(tmp_path):
    write(tmp_path / "none.jsonl", [])

    assert read(tmp_path / "none.jsonl") == []


def test_annotations_are_read_back_as_they_were_written(tmp_path):
    truth = labelled(
        (20.1, 20.7, 80.3, 90.9),
        (1 / 3, 2 / 3, 50, 60),
        path=tmp_path / "ü" / "1.jpg",
        ignored=np.array([False, True]),
        attributes={"blur": np.int8([0, 2])},
        background=np.float32([[1, 2, 30, 40]]),
        complete=False,
        split="val",
        where="list.txt, line 7",
    )
    truth.landmarks[1] = np.nan

    write(tmp_path / "list.jsonl", [truth, labelled()])
    back, empty = read(tmp_path / "list.jsonl")

    for name in ("boxes", "ignored", "landmarks", "background"):
        ours, theirs = getattr(truth, name), getattr(back, name)
        assert np.array_equal(ours, theirs, equal_nan=name == "landmarks")
        assert ours.dtype == theirs.dtype
    assert np.array_equal(back.attributes["blur"], truth.attributes["blur"])
    for name in ("path", "complete", "split", "where"):
        assert getattr(back, name) == getattr(truth, name)
    assert empty.boxes.shape == (0, 4)
    assert empty.background.shape == (0, 4)


@pytest.mark.parametrize("text", ["nonsense\n", "{}\n", "7\n", "\xff"])
def test_a_damaged_list_is_named_with_what_to_do(text, tmp_path):
    (tmp_path / "list.jsonl").write_bytes(text.encode("latin-1"))

    with pytest.raises(DatasetError, match=r"list\.jsonl cannot be read.*Delete "):
        read(tmp_path / "list.jsonl")


def test_a_missing_list_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"list\.jsonl cannot be read"):
        read(tmp_path / "list.jsonl")


def request(*data, start=""):
    return IndexRequest(tuple(data), (), (), "0", CONFIG, start)


def test_the_step_writes_what_is_learned_and_what_is_held_out(tmp_path):
    data = small_sets.wider(tmp_path / "data", train=4, val=2)
    out = tmp_path / "out"
    out.mkdir()

    counts = index.index(0, request(data), {}, out, quiet)

    assert (counts["pictures"], counts["held_out_pictures"]) == (4, 2)
    assert (counts["faces"], counts["held_out_faces"]) == (4, 2)
    assert len(read(out / index.TRAIN)) == 4
    lists = [(out / name).read_bytes() for name in (index.HELD_OUT, index.CONFORMED)]
    assert lists[0] == lists[1]
    assert (out / index.LEFT_OUT).read_text().split() == ["where,picture,reason"]
    assert json.loads((out / index.TRAIN).read_text().splitlines()[0])["complete"]


def test_pictures_without_a_single_face_are_refused(tmp_path):
    data = small_sets.wider(tmp_path / "data", train=3, faces=lambda n: [])

    with pytest.raises(DatasetError, match=r"labelled face[^!]*facecam train check"):
        index.index(0, request(data), {}, tmp_path, quiet)


def test_a_picture_cut_short_is_left_out_with_its_reason(tmp_path):
    data = small_sets.wider(tmp_path / "data", train=4, val=2)
    cut = data / "WIDER_train" / "images" / "0--Parade" / "train_1.jpg"
    cut.write_bytes(cut.read_bytes()[:-900])

    counts = index.index(0, request(data), {}, tmp_path, quiet)

    assert (counts["pictures"], counts["left_out"]) == (3, 1)
    assert cut not in [one.path for one in read(tmp_path / index.TRAIN)]
    (_, fault) = csv.reader((tmp_path / index.LEFT_OUT).read_text().splitlines())
    assert fault[1] == str(cut)
    assert "bbx_gt.txt" in fault[0]


def test_what_was_left_out_is_a_table(tmp_path):
    faults = [Fault("list.txt, line 3", "0×0, no box", Path("a.jpg")), Fault("x", "y")]

    rows = list(csv.reader(index.fault_table(faults).decode().splitlines()))

    assert rows[1:] == [["list.txt, line 3", "a.jpg", "0×0, no box"], ["x", "", "y"]]


def test_boxed_anew_no_picture_is_lost_or_doubled_wherever_it_lies(
    tmp_path, monkeypatch
):
    asked = []

    def conform(truths, start, workers, report):
        asked.append(paths(truths))
        return list(truths)

    monkeypatch.setattr(index, "conform", conform)
    outer, inner = tmp_path / "sets", tmp_path / "sets" / "b"
    places = (outer / "1.jpg", inner / "2.jpg", Path("/elsewhere/3.jpg"))
    part = [labelled(FACE, path=place) for place in places]

    (boxed,) = index._conformed(request(outer, inner, start="x"), [part], 0, quiet)

    assert paths(boxed) == ["1.jpg", "2.jpg", "3.jpg"]
    assert asked == [["1.jpg"], ["2.jpg"], ["3.jpg"]]


def test_pictures_to_remember_are_learned_from_and_never_held_out(
    tmp_path, monkeypatch
):
    def found(pictures, start, workers, report):
        return [labelled(FACE, path=one.path, split="train") for one in pictures]

    monkeypatch.setattr(index, "remember", found)
    monkeypatch.setattr(index, "conform", lambda truths, *_: truths)
    known = small_sets.wider(tmp_path / "known", train=2, val=1)
    old = tmp_path / "old"
    for n in range(3):
        small_sets.scene(old / f"{n}.png", [], seed=n)
    wanted = replace(request(known, start=str(tmp_path)), replay=(old,))

    metrics = index.index(0, wanted, {}, tmp_path, quiet)

    train = read(tmp_path / index.TRAIN)
    again = [one.path.name for one in train if one.path.is_relative_to(old)]
    assert again == ["0.png", "1.png", "2.png"]
    assert metrics["pictures"] == len(train)
    held_out = read(tmp_path / index.HELD_OUT)
    assert not [one for one in held_out if one.path.is_relative_to(old)]
