"""Fixtures shared by the whole suite."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

DATA = Path(
    os.environ.get(
        "FACECAM_TEST_DATA", Path(__file__).parents[2] / "shared" / "data" / "dev"
    )
)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real test pictures; skips the test where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"No test data in {DATA}; set FACECAM_TEST_DATA to its folder.")
    return DATA
