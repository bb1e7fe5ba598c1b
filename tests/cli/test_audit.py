"""Tests of facecam.cli.audit."""

import pytest

from facecam.media import write_image
from tests.fakes import picture


@pytest.fixture
def twice(tmp_path, asked):
    """The same face of two pictures under two names; -> their ids."""
    ids = []
    for name, side in (("Ada", 60), ("Countess", 61)):
        write_image(tmp_path / f"{name}.png", picture((100, 80, side)))
        ids.append(asked("enrol", name, tmp_path / f"{name}.png")["id"])
    return ids


def told(found, kind):
    return [finding for finding in found["findings"] if finding["kind"] == kind]


def test_an_empty_gallery_is_told_how_to_begin(facecam):
    code, out, err = facecam("audit")

    assert (code, err) == (0, "")
    assert out.startswith("Nobody is enrolled yet. Enrol somebody: facecam enrol")


def test_somebody_enrolled_twice_is_told_with_what_to_do(facecam, asked, twice):
    found = asked("audit")

    assert (found["people"], found["pictures"]) == (2, 2)
    (pair,) = told(found, "twice")
    assert [person["id"] for person in pair["people"]] == twice
    assert pair["remedy"] == "merge"
    code, out, _ = facecam("audit")
    assert code == 0
    assert "Ada and Countess are probably one person enrolled twice" in out
    assert pair["key"][:8] in out
    assert "Merge them" in out


def test_what_is_right_is_not_told_again_until_asked_to(asked, twice):
    key = told(asked("audit"), "twice")[0]["key"]

    after = asked("audit", "--right", key[:8])

    assert told(after, "twice") == []
    assert after["accepted"] == 1
    assert told(asked("audit"), "twice") == []
    assert told(asked("audit", "--tell", key), "twice")


def test_a_key_that_is_none_is_an_error(facecam, twice):
    code, _, err = facecam("audit", "--right", "zzz")

    assert code == 1
    assert "There is no finding zzz" in err


def test_merging_cures_it(facecam, asked, twice):
    facecam("people", "merge", *twice)

    assert told(asked("audit"), "twice") == []
