"""Somebody lets a film be watched without a window, then names a stranger of it."""

import json

import pytest

from facecam.cli import main

NAMES = ("Joey", "Phoebe", "Rachel", "Ross")


@pytest.fixture
def facecam(facenet_config, monkeypatch, capsys):
    """Run a command in a home with all nets; return its JSON object."""
    monkeypatch.setenv("FACECAM_HOME", str(facenet_config.home))

    def run(*words):
        capsys.readouterr()
        assert main([*words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


@pytest.mark.slow
def test_strangers_of_a_film_are_kept_named_and_known_from_then_on(facecam, data):
    clips = data / "videos"
    for name in NAMES:
        facecam("enrol", name, str(clips / "friends" / name))
    facecam("events", "on")
    facecam("inbox", "on")

    watched = facecam("events", "watch", str(clips / "friends.mp4"))

    visits = facecam("events", "list")["visits"]
    groups = facecam("inbox", "list")["groups"]
    assert watched["outcome"] == "ended"
    assert {visit["name"] for visit in visits} == {*NAMES, ""}
    assert len([visit for visit in visits if visit["name"]]) == len(NAMES)
    assert 1 <= len(groups) <= 3  # two strangers are in the clip

    best = max(groups, key=lambda group: group["views"])
    facecam("inbox", "name", best["group"], "Monica, 王")
    facecam("events", "clear")
    facecam("events", "watch", str(clips / "friends.mp4"))

    visits = facecam("events", "list")["visits"]
    assert {visit["name"] for visit in visits} >= {*NAMES, "Monica, 王"}
