import numpy as np
import pytest

from facecam.annotations.annotation import Annotation
from facecam.errors import DatasetError
from facecam.faces import Detections
from facecam.training.detector.evaluation import result_files


def annotation(path):
    return Annotation(
        path,
        np.empty((0, 4), np.float32),
        np.zeros(0, bool),
        np.empty((0, 5, 2), np.float32),
    )


FOUND = Detections(
    np.float32([[10, 20.5, 40, 60.5], [0, 0, 5, 5]]),
    np.float32([0.987654, 0.5]),
    np.empty((2, 5, 2), np.float32),
)


def test_fddb_results_name_pictures_by_their_path_from_the_common_folder(tmp_path):
    paths = [tmp_path / "2002" / "08" / "img_591.jpg", tmp_path / "2003" / "img_1.jpg"]

    file = result_files.write_fddb(
        tmp_path / "out", [annotation(p) for p in paths], [FOUND, Detections.none()]
    )

    assert file.read_text().splitlines() == [
        "2002/08/img_591",
        "2",
        "10.0 20.5 30.0 40.0 0.98765",
        "0.0 0.0 5.0 5.0 0.50000",
        "2003/img_1",
        "0",
    ]


def test_fddb_results_of_pictures_in_one_folder_have_plain_names(tmp_path):
    pictures = [annotation(tmp_path / "a.b.png"), annotation(tmp_path / "c.png")]

    file = result_files.write_fddb(tmp_path, pictures, [Detections.none()] * 2)

    assert file.read_text() == "a.b\n0\nc\n0\n"


def test_pictures_on_two_drives_have_their_whole_path(tmp_path, monkeypatch):
    def commonpath(paths):
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr(result_files.os.path, "commonpath", commonpath)

    pictures = [annotation(tmp_path / "a.jpg")]
    file = result_files.write_fddb(tmp_path, pictures, [Detections.none()])

    assert file.read_text() == f"{(tmp_path / 'a').as_posix()}\n0\n"


def test_wider_results_are_a_file_for_each_picture_in_the_folder_of_its_event(tmp_path):
    event = tmp_path / "WIDER_val" / "images" / "0--Parade"
    pictures = [
        annotation(event / "0_Parade_1.jpg"),
        annotation(event / "0_Parade_2.jpg"),
    ]

    count = result_files.write_wider(
        tmp_path / "out", pictures, [FOUND, Detections.none()]
    )

    folder = tmp_path / "out" / "0--Parade"
    assert count == 2
    assert (folder / "0_Parade_1.txt").read_text().splitlines() == [
        "0_Parade_1",
        "2",
        "10.0 20.5 30.0 40.0 0.98765",
        "0.0 0.0 5.0 5.0 0.50000",
    ]
    assert (folder / "0_Parade_2.txt").read_text() == "0_Parade_2\n0\n"


def test_two_pictures_of_one_name_are_refused_before_anything_is_written(tmp_path):
    pictures = [annotation(tmp_path / side / "x" / "a.jpg") for side in ("one", "two")]

    with pytest.raises(DatasetError, match=r"2 pictures would be written to .*a\.txt"):
        result_files.write_wider(tmp_path / "out", pictures, [FOUND, FOUND])

    assert not (tmp_path / "out").exists()


def test_no_pictures_make_no_results(tmp_path):
    assert result_files.write_fddb(tmp_path, [], []).read_text() == ""
    assert result_files.write_wider(tmp_path / "out", [], []) == 0
