import pytest

from facecam.annotations import text
from facecam.errors import DatasetError


def test_blank_lines_are_skipped_and_the_others_keep_their_numbers(tmp_path):
    (tmp_path / "a.txt").write_bytes(
        "\ufeffone\r\n\r\n  two, \u00e9t\u00e9 \n".encode()
    )

    lines = text.read_lines(tmp_path / "a.txt")

    assert [(line.text, line.number) for line in lines] == [("one", 1), ("two, été", 3)]
    assert lines[1].where == f"{tmp_path / 'a.txt'}, line 3"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("one\ntwo\nMünchen.jpg\n".encode("latin-1"), "line 3: byte 0xfc is not UTF-8"),
        ("one\n".encode("utf-16"), r"line 1: this is UTF-16.*save it as UTF-8"),
        (b"one\ntw\0o", "line 2: this is no text file"),
        (b"", "is empty"),
        (b" \n\n", "is empty"),
    ],
)
def test_what_is_no_utf8_text_is_refused_with_its_line(tmp_path, content, reason):
    (tmp_path / "list.txt").write_bytes(content)

    with pytest.raises(DatasetError, match=rf"list\.txt.*{reason}"):
        text.read_lines(tmp_path / "list.txt")


@pytest.mark.parametrize("content", ["", " \n\n", "\ufeff"])
def test_a_file_may_be_empty_on_purpose(tmp_path, content):
    (tmp_path / "a.txt").write_text(content, encoding="utf-8")

    assert text.read_lines_if_any(tmp_path / "a.txt") == []


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(DatasetError, match=r"Cannot read .*none\.txt: No such file"):
        text.read_text(tmp_path / "none.txt")


def test_numbers_are_read():
    assert text.numbers(["1", "-2.5", "1e2"], 3, "here", "a b c") == [1, -2.5, 100]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (["1"], r"^f, line 7: expected 2 numbers \(x y\), found 1\. Correct or remove"),
        (["1", "2", "3"], "found 3"),
        (["1", "two"], r"^f, line 7: 'two' is no number \(x y\)"),
        (["1", "nan"], "'nan' is no number"),
        (["1", "1e30"], r"1e\+30 is too large"),
        (["1", 10**400], "is no number"),
        (["inf", "1"], "'inf' is no number"),
        (["1", None], "None is no number"),
        (["1", [2]], r"\[2\] is no number"),
    ],
)
def test_what_is_not_the_expected_numbers_names_the_line(fields, reason):
    with pytest.raises(DatasetError, match=reason):
        text.numbers(fields, 2, "f, line 7", "x y")
