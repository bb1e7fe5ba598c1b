"""Tests of what is said of data before an embedder learns from it."""

import json

import numpy as np
import pytest

from facecam.aligning.alignment import Alignment
from facecam.config import EmbeddingTrainingConfig, override
from facecam.errors import DatasetError
from facecam.media import write_image
from facecam.training.embedder import expecting, looking
from facecam.training.embedder.checking import CheckRequest
from facecam.training.embedder.expecting import Meant
from facecam.training.embedder.index import IndexRequest
from tests.training.embedder import made_up


def quiet(progress):
    """Tell nobody."""


def meant(folder, loss="distil", pairs=None, **numbers):
    config = override(EmbeddingTrainingConfig(), numbers)
    sets = IndexRequest((folder,), loss != "distil", 0, config.people)
    look = CheckRequest(sets, 112, config.altering)
    return Meant(look, loss, config, None, pairs)


def said(answer):
    return [one["text"] for one in answer["findings"]]


def test_folders_of_people_are_told_from_faces_without_names(tmp_path):
    people = made_up.write_people(tmp_path / "people")
    crops = made_up.write_crops(tmp_path / "crops", 20)

    named, bare = looking.look([people, crops])

    assert (named.layout, named.people, named.pictures) == (looking.PEOPLE, 6, 24)
    assert (bare.layout, bare.people, bare.pictures) == (looking.CROPS, 0, 20)
    assert named.side == 48


def test_a_folder_that_is_not_there_is_said_beside_the_others(tmp_path):
    crops = made_up.write_crops(tmp_path / "crops", 20)

    gone, fine = looking.look([tmp_path / "gone", crops])

    assert "gone" in gone.error
    assert not fine.error


def test_faces_cut_by_facecam_bring_how_much_they_show(tmp_path):
    folder = made_up.write_crops(tmp_path / "crops", 20)
    Alignment(size=48, margin=1.4).write(folder)

    (seen,) = looking.look([folder])

    assert seen.settings == {"people.grown": 1.4}


@pytest.mark.parametrize(
    ("people", "pictures", "expected"),
    [
        (0, 20, ("distil", "trial")),
        (30, 5000, ("distil", "full")),
        (1500, 40_000, ("softmax+center", "full")),
    ],
)
def test_names_teach_alone_only_where_they_are_many(
    people, pictures, expected, tmp_path
):
    seen = looking.SeenFaces(tmp_path, pictures=pictures, people=people)

    suggested = looking.suggest([seen])

    assert (suggested.loss, suggested.preset) == expected


def test_a_look_counts_warns_and_estimates(tmp_path):
    people = made_up.write_people(tmp_path / "people", people=8, side=112)

    answer = expecting.look(meant(people, "triplet"), tmp_path / "out", quiet)

    assert answer["training"] == {"pictures": 24, "people": 6}
    assert answer["held_out"] == {"pictures": 8, "people": 2}
    assert "6 people teach a net to tell these people apart" in said(answer)[0]
    assert "nobody can say how it does" in said(answer)[1]
    parts = [part["part"] for part in answer["estimates"]["parts"]]
    assert parts == ["crops", "fit", "evaluate"]
    assert (tmp_path / "out" / answer["sheets"][0]).is_file()


def test_faces_cut_otherwise_than_the_numbers_say_are_named(tmp_path):
    folder = made_up.write_crops(tmp_path / "crops", 20, side=112)
    Alignment(size=112, margin=1.25).write(folder)

    before = expecting.look(meant(folder), tmp_path / "out", quiet)
    right = meant(folder, people={"grown": 1.25})
    after = expecting.look(right, tmp_path / "out", quiet)

    text = "cut as the box times 1.25, and people.grown says 1.5"
    assert any(text in one for one in said(before))
    assert not any("people.grown" in one for one in said(after))


def test_longer_training_is_expected_to_take_longer(tmp_path):
    people = made_up.write_people(tmp_path / "people", side=112)

    def fit(epochs):
        wanted = meant(people, "triplet", fit={"epochs": epochs})
        parts = expecting.look(wanted, tmp_path / "out", quiet)["estimates"]["parts"]
        return parts[1]["seconds"]

    assert 5 < fit(100) / fit(10) < 20


def test_data_that_cannot_work_is_an_error_without_an_estimate(tmp_path):
    crops = made_up.write_crops(tmp_path / "crops", 3)

    answer = expecting.look(meant(crops), tmp_path / "out", quiet)

    assert [one["severity"] for one in answer["findings"]] == ["error"]
    assert "at least 16 are needed" in said(answer)[0]
    assert answer["estimates"] is None
    assert answer["sheets"] == []


def test_whole_photos_and_pairs_that_are_none_are_named(tmp_path):
    for number in range(20):
        wide = np.full((120, 200, 3), 90 + number, np.uint8)
        write_image(tmp_path / "wide" / f"{number}.png", wide)

    wanted = meant(tmp_path / "wide", pairs=tmp_path)
    answer = expecting.look(wanted, tmp_path / "out", quiet)

    assert "pairs.txt" in said(answer)[0]
    assert any("no squares" in text for text in said(answer))


def write_pairs(folder, names, folds=2):
    """Write a small LFW of these people, each with two pictures."""
    made = [(name, number) for name in names for number in (1, 2)]
    for n, (name, number) in enumerate(made):
        path = folder / "lfw" / name / f"{name}_{number:04d}.jpg"
        write_image(path, made_up.face(n, number))
    pairs = [f"{names[0]} 1 2", f"{names[0]} 1 {names[1]} 1"] * folds
    (folder / "pairs.txt").write_text("\n".join([f"{folds} 1", *pairs]))
    return folder


def test_pairs_that_are_none_end_a_run_in_its_first_step(tmp_path):
    people = made_up.write_people(tmp_path / "people", side=112)
    one_fold = write_pairs(tmp_path / "lfw", ["Ada", "Grace"], folds=1)

    for folder, text in ((tmp_path, "pairs.txt"), (one_fold, "two folds")):
        wanted = meant(people, "triplet", pairs=folder)
        with pytest.raises(DatasetError, match=text):
            expecting.check_step(wanted, wanted.check, {}, tmp_path, quiet)


def test_people_of_the_pairs_who_are_learned_from_are_counted(tmp_path):
    people = made_up.write_people(tmp_path / "people", people=8, side=112)
    (people / "person 1").rename(people / "Ada")
    (people / "person 2").rename(people / "Grace")
    lfw = write_pairs(tmp_path / "pairs", ["Ada", "Grace"])
    numbers = {"hold_out": "pictures"}

    wanted = meant(people, "triplet", pairs=lfw, people=numbers)
    answer = expecting.look(wanted, tmp_path / "out", quiet)

    assert any("2 people of the pairs are learned from" in t for t in said(answer))
    others = write_pairs(tmp_path / "others", ["Edsger", "Alan"])
    wanted = meant(people, "triplet", pairs=others, people=numbers)
    answer = expecting.look(wanted, tmp_path / "out", quiet)
    assert not any("people of the pairs" in text for text in said(answer))


def test_the_first_step_of_a_run_says_what_the_others_will_take(tmp_path):
    wanted = meant(made_up.write_people(tmp_path / "people", side=112), "triplet")
    out = tmp_path / "00-check"
    out.mkdir()

    metrics = expecting.check_step(wanted, wanted.check, {}, out, quiet)

    told = json.loads((out / expecting.RESULT).read_text("utf-8"))["estimates"]
    assert metrics["expected_seconds"] == pytest.approx(told["seconds"])
