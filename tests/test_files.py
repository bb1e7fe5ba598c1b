"""Tests of facecam.files."""

from pathlib import Path

import pytest

from facecam import files


def test_a_folder_that_is_gone_is_not_made_again(tmp_path):
    with pytest.raises(FileNotFoundError):
        files.write(tmp_path / "forgotten" / "a.bin", b"1")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "ночь.bin"
    files.write(path, b"1")
    files.write(path, b"22")
    assert path.read_bytes() == b"22"
    assert [file.name for file in tmp_path.iterdir()] == ["ночь.bin"]


def test_what_cannot_be_put_in_place_leaves_nothing_behind(tmp_path):
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(OSError, match="folder"):
        files.write(path, b"1")
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_the_name_while_writing_is_hidden_and_keeps_the_suffix(tmp_path):
    name = files.partial(tmp_path / "film.mp4")
    assert name.parent == tmp_path
    assert name.name.startswith(".film.")
    assert name.suffix == ".mp4"


def test_names_are_settled_where_the_system_can(tmp_path):
    files.settle(tmp_path)
    files.settle(tmp_path / "gone")


def test_a_shredded_file_is_overwritten_before_it_goes(tmp_path):
    path, twin = tmp_path / "secret", tmp_path / "twin"
    path.write_bytes(b"secret" * 100)
    twin.hardlink_to(path)

    files.shred(path)
    files.shred(path)

    assert not path.exists()
    assert b"secret" not in twin.read_bytes()
    assert len(twin.read_bytes()) == 600


def test_a_new_folder_may_be_the_one_one_is_in(tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")

    with files.new_folder(Path()) as folder:
        (folder / "1").touch()

    assert (tmp_path / "out" / "1").is_file()


def test_names_that_may_be_one_file_are_alike():
    assert files.alike(Path("A/Zoe\u0308.PNG")) == files.alike(Path("a/Zo\u00eb.png"))
    assert files.alike(Path("a.png")) != files.alike(Path("b.png"))
