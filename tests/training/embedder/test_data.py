"""Pictures divided, cut, asked about and put into batches."""

import os
import pickle
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facecam.config.embedding_training import (
    AlteringConfig,
    EmbedderFitConfig,
    PeopleConfig,
    TeacherConfig,
)
from facecam.errors import DatasetError
from facecam.training.embedder import checking, crops, cutting, index
from facecam.training.embedder.batches import PeopleBatches, TaughtBatches
from facecam.training.embedder.checking import CheckRequest
from facecam.training.embedder.crops import HELD_OUT, Records
from facecam.training.embedder.cutting import PeopleRequest, TeacherRequest
from facecam.training.embedder.index import IndexRequest
from tests.training.embedder import made_up
from tests.training.embedder.conftest import colours

PEOPLE = PeopleConfig()
ALTERING = AlteringConfig()


def quiet(progress):
    pass


def indexed(folder, data, named, numbers=PEOPLE):
    """Divide some pictures; return the folder of the index."""
    (folder / "index").mkdir(parents=True)
    request = IndexRequest((data,), named, 0, numbers)
    index.make_index(request, {}, folder / "index", quiet)
    return folder / "index"


def asked(**changes):
    request = TeacherRequest(24, 0, PEOPLE, ALTERING, TeacherConfig(2), Path("t"))
    return replace(request, sees=32, **changes)


def taught(folder, source, request=None, workers=0):
    """Ask the teacher of everything; return the folder of the crops."""
    out = folder / "taught"
    out.mkdir(exist_ok=True)
    request = request or asked()
    cutting.ask_teacher(workers, request, {"01-index": source}, out, quiet)
    return out


def everything(folder):
    with closing(Records(folder)) as records:
        return records.read(np.arange(len(records)))


def batches_of(made, *numbers):
    """Return some batches, and close what made them."""
    with closing(made):
        return [made.batch(number) for number in numbers]


def test_whole_people_are_held_out(tmp_path):
    made_up.write_people(tmp_path / "data", people=6, each=4)
    made_up.write_people(tmp_path / "data", people=7, each=1)  # one more, one picture

    found = index.read_index(indexed(tmp_path, tmp_path / "data", named=True))

    held_out = {shown.person for shown in found.held_out}
    assert len(found.people()) == 4
    assert len(held_out) == 2
    assert not held_out & set(found.people())
    assert "person 6" not in held_out | set(found.people())
    assert found.left_out == 1


def test_where_people_are_few_some_pictures_of_each_may_be_held_out(tmp_path):
    made_up.write_people(tmp_path / "data", people=5, each=6)
    made_up.write_people(tmp_path / "data", people=6, each=3)
    numbers = PeopleConfig(hold_out="pictures", held_out=0.34)

    found = index.read_index(indexed(tmp_path, tmp_path / "data", True, numbers))

    held_out = [shown.person for shown in found.held_out]
    assert len(found.people()) == 5
    assert [held_out.count(name) for name in found.people()] == [2] * 5
    assert not {s.path for s in found.learned} & {s.path for s in found.held_out}
    assert (len(found.learned), found.left_out) == (20, 3)


def test_pictures_without_names_are_held_out_one_by_one(tmp_path):
    made_up.write_crops(tmp_path / "data", 30)

    found = index.read_index(indexed(tmp_path, tmp_path / "data", named=False))

    assert (len(found.learned), len(found.held_out)) == (26, 4)
    assert not {s.path for s in found.learned} & {s.path for s in found.held_out}


@pytest.mark.parametrize("named", [True, False])
def test_a_folder_within_another_is_not_held_out_and_learned_from(named, tmp_path):
    inner = made_up.write_people(tmp_path / "data" / "more", people=5, each=4)
    numbers = PeopleConfig(hold_out="pictures", held_out=0.5)
    request = IndexRequest((tmp_path / "data", inner), named, 0, numbers)

    found = index.divide(request)

    pictures = [shown.path for shown in (*found.learned, *found.held_out)]
    assert len(pictures) == len(set(pictures)) == 20


@pytest.mark.parametrize(
    ("people", "named", "said"),
    [(3, True, "at least 4 are needed"), (3, False, "at least 16 are needed")],
)
def test_too_little_is_refused(people, named, said, tmp_path):
    made_up.write_people(tmp_path / "data", people=people, each=2)

    with pytest.raises(DatasetError, match=said):
        indexed(tmp_path, tmp_path / "data", named)


def test_a_folder_that_is_not_there_or_empty_is_named(tmp_path):
    (tmp_path / "empty").mkdir()

    with pytest.raises(DatasetError, match="no folder"):
        index.fingerprint([tmp_path / "absent"])
    with pytest.raises(DatasetError, match="no picture"):
        index.fingerprint([tmp_path / "empty"])


def test_the_fingerprint_follows_the_pictures(tmp_path):
    made_up.write_crops(tmp_path, 3)
    before = index.fingerprint([tmp_path])

    made_up.write_crops(tmp_path, 4)

    assert index.fingerprint([tmp_path]) != before


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_names_that_are_no_text_are_taken(tmp_path):
    made_up.write_crops(tmp_path, 20)
    (tmp_path / "000.png").rename(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.png"))

    found = index.read_index(indexed(tmp_path / "out", tmp_path, named=False))

    assert index.fingerprint([tmp_path])
    assert all(one.path.is_file() for one in (*found.learned, *found.held_out))


def test_the_data_is_drawn_as_the_net_will_see_it(tmp_path):
    made_up.write_crops(tmp_path / "data", 20)
    request = IndexRequest((tmp_path / "data",), False, 0, PEOPLE)

    checking.check_data(CheckRequest(request, 24, ALTERING), {}, tmp_path, quiet)

    assert (tmp_path / checking.SHEET).stat().st_size > 1000


def test_pictures_that_are_much_too_small_are_refused(tmp_path):
    made_up.write_crops(tmp_path / "data", 20)
    request = IndexRequest((tmp_path / "data",), False, 0, PEOPLE)

    with pytest.raises(DatasetError, match=r"too small.*48×48.*facecam align"):
        checking.check_data(CheckRequest(request, 112, ALTERING), {}, tmp_path, quiet)


def test_damaged_pictures_are_passed_over_but_not_too_many(tmp_path):
    made_up.write_crops(tmp_path / "data", 150)
    (tmp_path / "data" / "000.png").write_bytes(b"no picture")
    source = indexed(tmp_path, tmp_path / "data", named=False)
    found = index.read_index(source)
    for shown in found.learned[1:20]:
        shown.path.write_bytes(b"no picture")
    request = IndexRequest((tmp_path / "data",), False, 0, PEOPLE)

    with pytest.raises(DatasetError, match="cannot be read"):
        checking.check_data(CheckRequest(request, 24, ALTERING), {}, tmp_path, quiet)
    (tmp_path / "out").mkdir()
    with pytest.raises(DatasetError, match="pictures cannot be read"):
        cutting.cut_people(
            0, PeopleRequest(24, PEOPLE), {"i": source}, tmp_path / "out", quiet
        )


def test_damage_in_one_place_is_seen_as_a_share_of_everything(tmp_path):
    made_up.write_crops(tmp_path / "data", 300)
    source = indexed(tmp_path, tmp_path / "data", named=False)
    for shown in index.read_index(source).learned[:12]:
        shown.path.write_bytes(b"no picture")
    (tmp_path / "out").mkdir()

    told = cutting.cut_people(
        0, PeopleRequest(24, PEOPLE), {"i": source}, tmp_path / "out", quiet
    )

    assert told["crops"] + told["held_out"] == 288


def test_crops_of_people_keep_their_numbers(tmp_path):
    made_up.write_people(tmp_path / "data", people=6, each=3)
    source = indexed(tmp_path, tmp_path / "data", named=True)
    (tmp_path / "out").mkdir()

    told = cutting.cut_people(
        0, PeopleRequest(24, PEOPLE), {"i": source}, tmp_path / "out", quiet
    )

    assert told == {"crops": 12, "held_out": 6, "people": 4}
    found = everything(tmp_path / "out")
    assert found.pixels.shape == (12, 28, 28, 3)
    assert found.labels.tolist() == [n // 3 for n in range(12)]
    with closing(Records(tmp_path / "out")) as records:
        assert records.labels().tolist() == found.labels.tolist()


@pytest.mark.usefixtures("teacher")
def test_the_teacher_is_asked_of_the_very_face_that_is_learned(tmp_path):
    made_up.write_crops(tmp_path / "data", 30)
    source = indexed(tmp_path, tmp_path / "data", named=False)

    out = taught(tmp_path, source)

    found = everything(out)
    assert found.pixels.shape == (52, 24, 24, 3)  # 26 pictures, two rounds
    (seen,) = colours(found.pixels)
    seen /= np.linalg.norm(seen, axis=1, keepdims=True)
    assert (seen * found.embeddings).sum(axis=1).min() > 0.98
    assert not np.array_equal(found.pixels[:26], found.pixels[26:])
    assert len(everything(out / HELD_OUT)) == 4


@pytest.mark.usefixtures("teacher")
def test_asking_that_was_interrupted_ends_as_if_it_had_not_been(tmp_path, monkeypatch):
    made_up.write_crops(tmp_path / "data", 30)
    source = indexed(tmp_path, tmp_path / "data", named=False)
    monkeypatch.setattr(crops, "CHUNK", 8)
    (tmp_path / "x").mkdir()
    whole = everything(taught(tmp_path / "x", source))
    write, written = crops.write, []

    def write_or_die(path, content):
        if len(written) == 3:
            raise KeyboardInterrupt
        written.append(path)
        write(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(crops, "write", write_or_die)
        with pytest.raises(KeyboardInterrupt):
            taught(tmp_path, source)
    before = {path: path.stat().st_mtime_ns for path in written}
    resumed = everything(taught(tmp_path, source))

    assert np.array_equal(resumed.pixels, whole.pixels)
    assert np.array_equal(resumed.embeddings, whole.embeddings)
    assert {path: path.stat().st_mtime_ns for path in written} == before


@pytest.mark.usefixtures("teacher")
def test_what_is_handed_to_a_worker_does_not_grow_with_the_pictures(
    tmp_path, monkeypatch
):
    made_up.write_crops(tmp_path / "data", 60)
    source = indexed(tmp_path, tmp_path / "data", named=False)
    fill, handed = crops.fill, []

    def watched(chunks, make, *others):
        handed.append(len(pickle.dumps(make)))
        fill(chunks, make, *others)

    monkeypatch.setattr(crops, "fill", watched)
    taught(tmp_path, source)

    assert handed[0] < 2000


def test_a_batch_depends_on_seed_and_number_alone(tmp_path):
    folder = made_up.taught_records(tmp_path / "crops", 20)
    config = EmbedderFitConfig(batch=6)

    [later] = batches_of(TaughtBatches(folder, config, 0), 7)
    *_, last = batches_of(TaughtBatches(folder, config, 0), *range(8))
    [other] = batches_of(TaughtBatches(folder, config, 1), 7)

    assert np.array_equal(last.pixels, later.pixels)
    assert np.array_equal(last.wanted, later.wanted)
    assert not np.array_equal(other.pixels, later.pixels)


def test_every_crop_comes_once_each_time_round(tmp_path):
    folder = made_up.taught_records(tmp_path / "crops", 20)
    made = TaughtBatches(folder, EmbedderFitConfig(batch=5), 0)
    assert made.epoch == 4

    found = [batch.pixels for batch in batches_of(made, *range(8))]

    for turn in (found[:4], found[4:]):
        seen = np.concatenate(turn).reshape(20, -1)
        assert len(np.unique(seen, axis=0)) == 20


def test_a_batch_holds_so_many_crops_of_so_many_people(tmp_path):
    folder = made_up.people_records(tmp_path / "crops", learned=8, each=6)
    config = EmbedderFitConfig(people=4, pictures=3)

    found = batches_of(PeopleBatches(folder, config, ALTERING, 24, 0), 0, 1, 2, 3)

    for batch in found:
        assert batch.pixels.shape == (12, 24, 24, 3)
        assert np.unique(batch.wanted, return_counts=True)[1].tolist() == [3] * 4
    first = np.concatenate([batch.wanted for batch in found[:2]])
    assert set(first.tolist()) == set(range(8))
    [again] = batches_of(PeopleBatches(folder, config, ALTERING, 24, 0), 3)
    assert np.array_equal(again.pixels, found[3].pixels)


def test_who_has_fewer_pictures_than_asked_for_comes_altered_otherwise(tmp_path):
    folder = made_up.people_records(tmp_path / "crops", learned=3, each=2)
    config = EmbedderFitConfig(people=30, pictures=5)

    [batch] = batches_of(PeopleBatches(folder, config, ALTERING, 24, 0), 0)

    assert np.bincount(batch.wanted).tolist() == [5, 5, 5]
    assert len(np.unique(batch.pixels.reshape(15, -1), axis=0)) == 15
