"""facecam.config.chosen: what was chosen in the window, below the user's own file."""

import pytest

from facecam.config import chosen, load

WHAT = ("identifier", "strangers_per_wrong_name")


def test_nothing_chosen_means_the_defaults(tmp_path):
    assert chosen.read(tmp_path) == {}
    assert load(tmp_path).identifier.strangers_per_wrong_name == 500


def test_a_choice_is_there_after_the_next_start(tmp_path):
    chosen.choose(tmp_path, *WHAT, 2000)

    assert load(tmp_path).identifier.strangers_per_wrong_name == 2000
    assert [path.name for path in tmp_path.iterdir()] == [chosen.FILE]


def test_the_users_own_file_wins_and_is_never_rewritten(tmp_path):
    text = "# mine\n[identifier]\nstrangers_per_wrong_name = 300\n"
    (tmp_path / "facecam.toml").write_text(text)

    chosen.choose(tmp_path, *WHAT, 2000)

    assert load(tmp_path).identifier.strangers_per_wrong_name == 300
    assert (tmp_path / "facecam.toml").read_text() == text


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"identifier": 3}',
        '{"identifier": {"strangers_per_wrong_name": "many"}}',
        '{"identifier": {"strangers_per_wrong_name": true}}',
        '{"identifier": {"strangers_per_wrong_name": 0.5}}',
        '{"identifier": {"unheard_of": 7}, "other": {}}',
        "\udcff",
    ],
)
def test_a_damaged_choice_counts_as_none(content, tmp_path):
    (tmp_path / chosen.FILE).write_bytes(content.encode("utf-8", "surrogateescape"))

    assert chosen.read(tmp_path) == {}
    assert load(tmp_path).identifier.strangers_per_wrong_name == 500
    chosen.choose(tmp_path, *WHAT, 100)
    assert load(tmp_path).identifier.strangers_per_wrong_name == 100


def test_a_disk_that_refuses_leaves_the_choice_before(tmp_path, monkeypatch):
    chosen.choose(tmp_path, *WHAT, 100)

    with pytest.raises(FileNotFoundError):
        chosen.choose(tmp_path / "gone", *WHAT, 200)

    assert chosen.read(tmp_path) == {"identifier": {WHAT[1]: 100}}
