"""Tests of facecam.report.accepted."""

from facecam.report import accepted


def test_what_was_accepted_is_remembered_until_it_is_doubted(tmp_path):
    assert accepted.load(tmp_path) == frozenset()

    accepted.accept(tmp_path, "1f0c")
    accepted.accept(tmp_path, "2a0b")
    accepted.doubt(tmp_path, "1f0c")

    assert accepted.load(tmp_path) == {"2a0b"}


def test_a_damaged_file_only_asks_again(tmp_path):
    (tmp_path / accepted.FILE).write_text("{")

    assert accepted.load(tmp_path) == frozenset()
