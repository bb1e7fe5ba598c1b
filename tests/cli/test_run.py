"""Tests of facecam.cli.run."""

import sys

import pytest

from facecam.cli.run import SCREENS


@pytest.mark.skipif(sys.platform != "linux", reason="Elsewhere there is a display.")
def test_without_a_display_the_user_is_told(facecam, monkeypatch):
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)

    code, _, told = facecam("run")

    assert code == 1
    assert "There is no display" in told
