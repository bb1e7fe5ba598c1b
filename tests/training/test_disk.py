"""Tests of facecam.training.disk."""

import errno

import pytest

from facecam.training import disk


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_500, "1.5 kB"),
        (123_456_789, "123 MB"),
        (2_000_000_000, "2 GB"),
    ],
)
def test_bytes_in_words(count, words):
    assert disk.in_words(count) == words


def test_a_full_disk_is_seen_behind_other_errors():
    try:
        try:
            raise OSError(errno.ENOSPC, "full")
        except OSError as error:
            raise ValueError("cannot write") from error
    except ValueError as error:
        wrapped = error

    assert disk.is_full(wrapped)
    assert not disk.is_full(ValueError("cannot write"))
    assert not disk.is_full(OSError(errno.EACCES, "no rights"))


def test_the_size_of_a_folder_that_is_not_there_is_nothing(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(bytes(7))

    assert disk.size(tmp_path) == 7
    assert disk.size(tmp_path / "gone") == 0


def test_a_folder_held_open_for_a_moment_is_tried_again(tmp_path):
    held = [PermissionError(errno.EACCES, "open elsewhere")] * 2

    def act():
        if held:
            raise held.pop()
        tried.append(True)

    tried = []
    disk.patiently(act)

    assert tried == [True]


def test_a_folder_held_open_for_long_is_an_error(monkeypatch):
    monkeypatch.setattr(disk, "PAUSES", (0.001, 0.001))

    def refuse():
        raise PermissionError(errno.EACCES, "open elsewhere")

    with pytest.raises(PermissionError):
        disk.patiently(refuse)


def test_a_folder_is_moved_and_removed_whole(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").touch()

    disk.move(tmp_path / "a", tmp_path / "b")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]

    disk.remove(tmp_path / "b")
    disk.remove(tmp_path / "b")
    assert not list(tmp_path.iterdir())


def test_what_nobody_can_delete_now_is_left_for_later(tmp_path, monkeypatch):
    def refuse(folder):
        raise OSError(errno.EBUSY, "in use")

    (tmp_path / "a").mkdir()
    monkeypatch.setattr("shutil.rmtree", refuse)

    disk.discard(tmp_path / "a")

    assert (tmp_path / "a").exists()
