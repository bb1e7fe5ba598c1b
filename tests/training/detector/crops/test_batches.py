import colorsys
import threading
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import replace

import numpy as np
import pytest

from facecam.config.retraining import FitConfig
from facecam.errors import DatasetError
from facecam.training import ahead
from facecam.training.ahead import in_advance
from facecam.training.detector.crops.batches import Batches, vary_colours
from facecam.training.detector.crops.samples import Kind, join
from tests.training.detector.drawn import folder_of, some

CONFIG = FitConfig(batch=(3, 2, 5, 4))
PLAIN = replace(CONFIG, jitter=0.0, hue=0.0)
COUNTS = {Kind.POSITIVE: 7, Kind.PART: 5, Kind.NEGATIVE: 11, Kind.LANDMARK: 6}


@pytest.fixture
def folder(tmp_path):
    """Seven positives, five parts, eleven negatives, six with landmarks."""
    groups = [some(kind, count) for kind, count in COUNTS.items()]
    return folder_of(tmp_path, join(groups, 12))


@pytest.fixture
def draw(folder):
    """Open batches of the folder; they are closed when the test is over."""
    with ExitStack() as stack:

        def opened(config=PLAIN, seed=1, made_of=Batches, where=folder):
            return stack.enter_context(closing(made_of(where, config, seed)))

        yield opened


def alike(one, other):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("kinds", "pixels", "offsets", "landmarks")
    )


def numbers(made, kind, n=40):
    """Return the records of a kind in the first n batches, by what they look like."""
    source = some(kind, COUNTS[kind]).pixels
    known = {
        pixels.tobytes(): number
        for number, one in enumerate(source)
        for pixels in (one, one[:, ::-1])
    }
    seen = []
    for number in range(n):
        batch = made.batch(number)
        mine = batch.pixels[batch.kinds == kind]
        seen += [known[pixels.tobytes()] for pixels in mine]
    return seen


def test_every_batch_is_balanced_as_the_numbers_say(draw):
    made = draw()

    for number in (0, 1, 17):
        kinds = Counter(made.batch(number).kinds.tolist())

        assert kinds == {1: 3, 2: 2, 0: 5, 3: 4}


def test_a_batch_is_a_function_of_seed_and_number_alone(draw):
    varied = draw(CONFIG, seed=3)
    in_order = [varied.batch(number) for number in range(12)]

    others = draw(CONFIG, seed=3)
    backwards = [others.batch(number) for number in reversed(range(12))]

    assert all(map(alike, in_order, reversed(backwards)))
    assert not alike(in_order[0], in_order[1])


def test_another_seed_makes_other_batches(draw):
    one, other = draw(seed=0), draw(seed=1)

    assert not alike(one.batch(0), other.batch(0))


@pytest.mark.parametrize("kind", Kind)
def test_all_records_are_seen_before_any_comes_again(draw, kind):
    seen, total = numbers(draw(), kind), COUNTS[kind]

    rounds = [seen[n : n + total] for n in range(0, len(seen) - total, total)]
    assert len(rounds) >= 10
    assert all(sorted(one) == list(range(total)) for one in rounds)


def test_each_time_round_the_order_is_another(draw):
    seen = numbers(draw(), Kind.POSITIVE)

    rounds = {tuple(seen[n : n + 7]) for n in range(0, 70, 7)}
    assert len(rounds) == 10


def test_more_of_a_kind_than_there_are_come_several_times(draw):
    made = draw(replace(PLAIN, batch=(20, 0, 5, 0)))

    batch = made.batch(0)

    assert Counter(batch.kinds.tolist()) == {1: 20, 0: 5}


def test_half_of_the_samples_are_mirrored(draw):
    made = draw(replace(PLAIN, batch=(7, 5, 11, 6)))
    originals = {
        pixels.tobytes()
        for kind, count in COUNTS.items()
        for pixels in some(kind, count).pixels
    }

    plain = [
        pixels.tobytes() in originals
        for number in range(30)
        for pixels in made.batch(number).pixels
    ]

    assert np.mean(plain) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("missing", [Kind.POSITIVE, Kind.NEGATIVE])
def test_samples_without_faces_or_without_backgrounds_are_refused(missing, tmp_path):
    groups = [some(kind, 3) for kind in Kind if kind != missing]
    folder_of(tmp_path, join(groups, 12))

    with pytest.raises(DatasetError, match=f"no {missing.name.lower()} sample.*check"):
        Batches(tmp_path, CONFIG, seed=0)


def test_kinds_that_are_absent_leave_smaller_batches(draw, tmp_path):
    groups = [some(Kind.POSITIVE, 3), some(Kind.NEGATIVE, 3)]
    folder = folder_of(tmp_path / "two kinds", join(groups, 12))

    batch = draw(where=folder).batch(0)

    assert Counter(batch.kinds.tolist()) == {1: 3, 0: 5}


def test_batches_come_in_advance_in_their_order(draw):
    with in_advance(draw(), 3, 9) as source:
        made = list(source)

    alone = draw()
    assert len(made) == 6
    assert all(alike(one, alone.batch(n)) for n, one in enumerate(made, start=3))


def test_few_batches_are_held_in_advance(draw):
    class Counted(Batches):
        made = 0

        def batch(self, number):
            Counted.made += 1
            return super().batch(number)

    with in_advance(draw(made_of=Counted), 0, 1000) as source:
        for _ in range(3):
            next(source)

    assert 3 <= Counted.made <= 3 + ahead.AHEAD + 2
    assert not [t for t in threading.enumerate() if t.name == "batches"]


def test_an_error_in_advance_is_raised_where_batches_are_taken(draw, folder):
    (folder / "00000-part.tfrecord").unlink()

    with (
        in_advance(draw(), 0, 5) as source,
        pytest.raises(DatasetError, match="00000-part"),
    ):
        next(source)


def colours(pixels, jitter=0.0, hue=0.0, seed=0):
    config = replace(CONFIG, jitter=jitter, hue=hue)
    flat = np.uint8(pixels).reshape(-1, 1, 1, 3)
    return vary_colours(flat, config, np.random.default_rng(seed)).reshape(-1, 3)


def test_no_pixel_has_no_colour_to_vary():
    assert len(colours(np.empty((0, 3)), jitter=0.3)) == 0


def test_grey_stays_grey_whatever_the_hue():
    greys = np.repeat(np.arange(256)[:, None], 3, axis=1)

    varied = colours(greys, jitter=0.4, hue=0.5)

    assert np.ptp(varied.astype(int), axis=1).max() <= 1


def test_values_stay_on_their_scale_and_extremes_do_not_wrap_around():
    corners = np.array(np.meshgrid([0, 255], [0, 255], [0, 255])).reshape(3, -1).T

    for seed in range(50):
        varied = colours(corners, jitter=0.5, seed=seed).astype(int)

        assert varied.dtype == int
        assert (varied[corners == 0] < 128).mean() > 0.9
        assert (varied[corners == 255] > 60).all()


def test_brightness_varies_by_as_much_as_the_numbers_say():
    light = np.full((4000, 3), 100)

    varied = colours(light, jitter=0.2)[:, 0]

    assert varied.min() == pytest.approx(80, abs=1)
    assert varied.max() == pytest.approx(120, abs=1)
    assert varied.mean() == pytest.approx(100, abs=1)


def test_contrast_varies_about_the_mean_of_the_sample():
    config = replace(CONFIG, jitter=0.2, hue=0.0)
    halves: np.ndarray = np.full((3000, 2, 2, 3), 80, np.uint8)
    halves[:, 1] = 120

    varied = vary_colours(halves, config, np.random.default_rng(0)).astype(float)

    mean = varied.mean(axis=(1, 2, 3))
    contrast = (varied[:, 1] - varied[:, 0]).mean(axis=(1, 2)) / mean
    assert contrast.min() == pytest.approx(0.4 * 0.8, abs=0.02)
    assert contrast.max() == pytest.approx(0.4 * 1.2, abs=0.02)
    assert np.corrcoef(mean, contrast)[0, 1] == pytest.approx(0, abs=0.06)


def test_hue_turns_by_as_much_as_the_numbers_say_and_keeps_brightness():
    red = np.tile([170, 100, 100], (2000, 1))

    varied = colours(red, hue=0.05)

    hues = np.array([colorsys.rgb_to_hsv(*rgb)[0] for rgb in varied / 255])
    turned = (hues + 0.5) % 1 - 0.5
    luma = varied @ [0.299, 0.587, 0.114]
    assert 0.03 < turned.max() < 0.08
    assert -0.08 < turned.min() < -0.03
    assert np.ptp(luma) < 2


def test_without_jitter_colours_stay_as_they_are():
    pixels = np.arange(30).reshape(10, 3)

    assert np.array_equal(colours(pixels), pixels)
