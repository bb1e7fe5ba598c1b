"""facecam.config.chosen: what was chosen in the window, below the user's own file."""

import json

import pytest

from facecam.config import chosen, load
from facecam.errors import ConfigError

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


MODEL = ("embedder", "model")


def test_an_embedder_can_be_chosen_and_what_was_before_is_known(tmp_path):
    chosen.choose(tmp_path, *MODEL, "compact-1", "facenet-20180402")
    chosen.choose(tmp_path, *WHAT, 2000)

    assert load(tmp_path).embedder.model == "compact-1"
    assert load(tmp_path).identifier.strangers_per_wrong_name == 2000
    assert chosen.before(tmp_path, *MODEL) == "facenet-20180402"
    assert chosen.before(tmp_path, *WHAT) is None


@pytest.mark.parametrize("name", ["../up", "", "a b", 7, None, ["x"]])
def test_what_is_no_name_is_not_chosen(name, tmp_path):
    stored = {"embedder": {"model": name}, "before": {"embedder": {"model": name}}}
    (tmp_path / chosen.FILE).write_text(json.dumps(stored))

    assert chosen.read(tmp_path) == {}
    assert chosen.before(tmp_path, *MODEL) is None


def test_what_was_said_is_remembered_to_win_over_an_embedder(tmp_path):
    (tmp_path / "facecam.toml").write_text("[embedder]\nmargin = 1.4\n")

    assert load(tmp_path).given == {"embedder": {"margin": 1.4}}
    (tmp_path / "facecam.toml").write_text("given = 3\n")
    with pytest.raises(ConfigError, match="Unknown setting given"):
        load(tmp_path)
