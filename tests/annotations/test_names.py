from pathlib import Path

import pytest

from facecam.annotations import names
from facecam.errors import DatasetError


@pytest.mark.parametrize(
    ("labels", "faces"),
    [
        ({"person", "Face", "car"}, {"Face"}),
        ({"human face", "faces", "cat"}, {"human face", "faces"}),
        ({"visage"}, {"visage"}),
        ({"with_mask", "without_mask", "mask_weared_incorrect"}, None),
    ],
)
def test_faces_are_what_is_called_so_or_the_only_label_or_those_of_masks(labels, faces):
    assert names.faces_among(labels, "here") == (faces or labels)


def test_labels_that_do_not_tell_are_refused():
    with pytest.raises(DatasetError, match=r'^a\.json: .* are cat, dog\. .* "face"'):
        names.faces_among({"dog", "cat"}, "a.json")


@pytest.mark.parametrize(
    ("label", "worn"),
    [
        ("with_mask", 1),
        ("Mask", 1),
        ("mask_weared_incorrect", 1),
        ("without_mask", 0),
        ("no-mask", 0),
        ("unmasked", 0),
        ("face", 0),
    ],
)
def test_a_mask_is_an_occlusion(label, worn):
    assert names.occlusion(label, {label, "mask"}) == {"occlusion": worn}


def test_a_set_that_knows_no_masks_says_nothing_of_occlusion():
    assert names.occlusion("face", {"face"}) == {}


@pytest.mark.parametrize(
    ("file", "split"),
    [
        ("train/labels/a.txt", "train"),
        ("labels/valid/a.txt", "val"),
        ("annotations/instances_val2017.json", "val"),
        ("annotations/test.json", "test"),
        ("labels/trainer.txt", ""),
        ("a.json", ""),
    ],
)
def test_folders_and_files_are_called_by_their_split(file, split):
    assert names.split_of(Path("set") / file, Path("set")) == split


def test_of_a_picture_only_the_folders_count():
    of_folder = names.split_of_folders(Path("set/val/test_1.txt"), Path("set"))

    assert of_folder == "val"
    assert names.split_of_folders(Path("set/test_1.txt"), Path("set")) == ""
