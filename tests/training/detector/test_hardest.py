"""What a fit judges most wrongly is kept to be looked at, and changes nothing."""

import numpy as np
import pytest

from facecam import files, media
from facecam.config.retraining import FitConfig
from facecam.training import checkpoints
from facecam.training.detector import fitting, hardest
from facecam.training.detector.crops.mining import HELD_OUT
from facecam.training.detector.crops.samples import Kind, join
from facecam.training.detector.fitting import FitRequest, fit
from tests.training.detector.drawn import faces_and_grounds, folder_of, some

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
FIT = FitConfig(steps=8, batch=(4, 4, 8, 4), every=4, rate=3e-3, keep=2)
REQUEST = FitRequest("pnet", 0, FIT)


def held_out():
    """20 faces with scores 0.00, 0.05 …, then 20 backgrounds with the same."""
    samples = join([some(Kind.POSITIVE, 20), some(Kind.NEGATIVE, 20)], 12)
    return samples, np.tile(np.arange(20) / 20, 2).astype(np.float32)


def test_faces_scored_lowest_and_backgrounds_scored_highest_are_shown(tmp_path):
    samples, scores = held_out()

    hardest.write(tmp_path, 500, samples, scores)
    seen = hardest.read(tmp_path)
    strip = media.read_image(tmp_path / seen.file)

    assert (seen.step, seen.size) == (500, 12)
    assert seen.faces == pytest.approx(np.arange(12) / 20)
    assert seen.backgrounds == pytest.approx(np.arange(19, 7, -1) / 20)
    assert strip.shape == (24, 12 * 12, 3)
    assert np.array_equal(strip[:12, 24:36], samples.pixels[2])
    assert np.array_equal(strip[12:, :12], samples.pixels[39])


def test_a_strip_takes_the_place_of_the_one_before(tmp_path):
    samples, scores = held_out()

    hardest.write(tmp_path, 500, samples, scores)
    hardest.write(tmp_path, 1000, samples, 1 - scores)

    assert hardest.read(tmp_path).step == 1000
    assert [path.name for path in tmp_path.glob("*.png")] == ["hardest-0001000.png"]


def test_crops_that_show_the_same_are_shown_once(tmp_path):
    samples, scores = held_out()
    samples.pixels[:10] = samples.pixels[0]
    samples.pixels[5] = np.roll(samples.pixels[0], (1, -2), axis=(0, 1))

    hardest.write(tmp_path, 1, samples, scores)

    assert hardest.read(tmp_path).faces[:2] == pytest.approx([0, 0.5])


@pytest.mark.parametrize("kind", [Kind.POSITIVE, Kind.NEGATIVE, Kind.PART])
def test_there_may_be_none_of_a_kind(kind, tmp_path):
    hardest.write(tmp_path, 1, some(kind, 3), np.float32([0.1, 0.2, 0.3]))
    seen = hardest.read(tmp_path)

    assert len(seen.faces) == (3 if kind == Kind.POSITIVE else 0)
    assert len(seen.backgrounds) == (3 if kind == Kind.NEGATIVE else 0)


def test_what_a_kill_left_is_whole(tmp_path, monkeypatch):
    samples, scores = held_out()
    hardest.write(tmp_path, 500, samples, scores)
    write = files.write

    def killed(path, data):
        if path.name == hardest.RECORD:
            raise KeyboardInterrupt
        write(path, data)

    monkeypatch.setattr(files, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        hardest.write(tmp_path, 1000, samples, scores)

    seen = hardest.read(tmp_path)
    assert seen.step == 500
    assert (tmp_path / seen.file).is_file()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"file": "a.png"}'])
def test_a_damaged_record_is_none(text, tmp_path):
    (tmp_path / hardest.RECORD).write_text(text)

    assert hardest.read(tmp_path) is None
    assert hardest.read(tmp_path / "nowhere") is None


def test_a_fit_learns_and_measures_the_same_with_it_or_without(tmp_path, monkeypatch):
    samples = folder_of(tmp_path / "samples", faces_and_grounds(20))
    folder_of(samples / HELD_OUT, faces_and_grounds(10, seed=1))
    watched, plain = tmp_path / "watched", tmp_path / "plain"
    watched.mkdir()
    plain.mkdir()

    seen = fit(REQUEST, samples, watched, lambda progress: None)
    assert hardest.read(watched).step == 8
    monkeypatch.setattr(fitting.hardest, "write", lambda *_: None)
    unseen = fit(REQUEST, samples, plain, lambda progress: None)

    assert seen == pytest.approx(unseen, rel=1e-4)
    with_it, without = (
        checkpoints.unpacked(folder / "weights.npz") for folder in (watched, plain)
    )
    for name, array in with_it.items():
        assert without[name] == pytest.approx(array, abs=1e-5), name
