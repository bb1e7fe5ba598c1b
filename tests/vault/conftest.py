"""Vaults whose passphrase costs a guesser nothing."""

import pytest

from facecam import vault
from facecam.vault import header

WORDS = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Derive keys in a millisecond, not in a third of a second."""
    monkeypatch.setattr(header, "COST", 2**4)


@pytest.fixture
def opened(tmp_path):
    """A vault that has just been made."""
    return vault.create(tmp_path, WORDS)
