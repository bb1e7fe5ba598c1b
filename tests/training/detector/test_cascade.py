import pytest

from facecam.config import DetectorConfig
from facecam.errors import TrainingError
from facecam.training.detector.cascade import (
    INDEX,
    NET,
    WEIGHTS,
    fits_of,
    is_run,
    load_cascade,
)

FITS = ("03-pnet-fit", "06-rnet-fit", "09-onet-fit")


def fit(run, name, *files):
    (run / name).mkdir(parents=True)
    for file in files:
        (run / name / file).write_bytes(b"")


@pytest.fixture
def run(tmp_path):
    """A run whose fits are all done."""
    (tmp_path / INDEX).mkdir()
    for name in FITS:
        fit(tmp_path, name, NET, WEIGHTS)
    return tmp_path


def test_a_run_is_known_by_its_index(run, tmp_path):
    assert is_run(run)
    assert not is_run(tmp_path / "elsewhere")


def test_the_fits_of_a_run_come_in_the_order_of_the_nets(run):
    assert [path.name for path in fits_of(run)] == list(FITS)


@pytest.mark.parametrize("file", [NET, WEIGHTS])
def test_a_fit_that_is_not_complete_is_named(file, run):
    (run / "06-rnet-fit" / file).unlink()

    with pytest.raises(TrainingError, match=r"no rnet\. Finish it with"):
        fits_of(run)


def test_a_fit_under_way_does_not_count(run):
    (run / "09-onet-fit").rename(run / "09-onet-fit.partial")

    with pytest.raises(TrainingError, match="no onet"):
        fits_of(run)


def test_a_net_that_is_missing_is_named_with_what_to_do(tmp_path):
    with pytest.raises(TrainingError, match=r"net\.tflite is missing\. Delete "):
        load_cascade([tmp_path / "03-pnet-fit"], DetectorConfig())
