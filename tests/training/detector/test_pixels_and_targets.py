"""The promise of all samples: pixels, boxes and points stay together.

A face is drawn whose box and points are known to a fraction of a pixel: an oval, and
each landmark alone as a soft blob, so that greying and blurring cannot confuse them.
The pictures are altered and cut as for training; then the oval's edges and the blobs
are looked for in the pixels of the samples, and held against the targets.
"""

from dataclasses import replace

import numpy as np
import pytest

from facecam.config.retraining import SamplesConfig
from facecam.training.detector.crops import altering
from facecam.training.detector.crops.altering import Alteration, alter
from facecam.training.detector.crops.samples import Kind, mirrored
from facecam.training.detector.crops.sampling import sample
from tests.training.detector.drawn import blob, labelled, oval

SIZE = (200, 260)
BOX = np.float32([91.3, 52.6, 163.1, 132.2])
TRUTH = labelled(BOX)
WHITE = (255, 255, 255)
CONFIG = SamplesConfig(
    negatives=0,
    near=0,
    crops=25,
    landmark_crops=25,
    turned=10.0,
    mirrored=0.5,
    masked=0.0,
)
OVAL = oval(SIZE, BOX)
BLOBS = [blob(SIZE, point, WHITE, sigma=3.0) for point in TRUTH.landmarks[0]]
FARTHEST_POINT = 0.2
"""Between a blob and its target, pixels of the sample."""
FARTHEST_EDGE = 0.3
"""The same of an edge; a box keeps its sides when it is turned, an oval not quite."""
ROUNDS = 40


def drawn(seed):
    """Return a random alteration, stronger ones than usual."""
    config = replace(CONFIG, grey=0.3, reduced=0.3)
    return altering.draw(config, np.random.default_rng(seed))


def cut_alike(pictures, alteration, size, mirror, seed):
    """Return the samples of several pictures, altered, cut and mirrored alike."""
    for picture in pictures:
        image, truth = alter(picture, TRUTH, alteration)
        samples = sample(image, truth, size, CONFIG, np.random.default_rng(seed))
        yield mirrored(samples, np.full(len(samples), mirror))


def middle(brightness):
    """Return the middle of what is bright in a sample, (x, y) from its corner."""
    weights = brightness.astype(np.float64)
    y, x = np.mgrid[0 : len(weights), 0 : len(weights)] + 0.5
    return np.array([(x * weights).sum(), (y * weights).sum()]) / weights.sum()


def edge(profile, start, step):
    """Return where a profile falls through half its height, going from the middle."""
    half = profile.max() / 2
    place = start
    while profile[place] >= half:
        place += step
    inner, outer = profile[place - step], profile[place]
    return place - step + 0.5 + step * (inner - half) / (inner - outer)


@pytest.mark.parametrize("size", [12, 24, 48])
@pytest.mark.parametrize("mirror", [False, True])
def test_landmarks_lie_where_the_pixels_show_them(size, mirror):
    compared, worst = 0, 0.0

    for seed in range(ROUNDS):
        alteration = drawn(seed)
        turned_over = alteration.mirrored != mirror
        for k, samples in enumerate(cut_alike(BLOBS, alteration, size, mirror, seed)):
            marked = samples.keep(samples.kinds == Kind.LANDMARK)
            # A left eye as drawn is what a mirror shows as the right eye.
            answers = (1, 0, 2, 4, 3)[k] if turned_over else k
            for pixels, points in zip(marked.pixels, marked.landmarks, strict=True):
                target = points[answers] * size
                if 0.15 * size < min(target) and max(target) < 0.85 * size:
                    away = middle(pixels[..., 0]) - target
                    worst = max(worst, float(np.abs(away).max()))
                    compared += 1

    assert compared > 500
    assert worst < FARTHEST_POINT


@pytest.mark.parametrize("size", [12, 24, 48])
@pytest.mark.parametrize("mirror", [False, True])
def test_boxes_end_where_the_pixels_show_the_face_to_end(size, mirror):
    compared, worst = 0, 0.0

    for seed in range(ROUNDS):
        (samples,) = cut_alike([OVAL], drawn(seed), size, mirror, seed)
        placed = samples.keep(np.isin(samples.kinds, (Kind.POSITIVE, Kind.PART)))
        corners = placed.offsets * size + np.float32([0, 0, size, size])
        for pixels, box in zip(placed.pixels, corners, strict=True):
            across, down = np.clip((box[:2] + box[2:]) / 2, 0, size - 1).astype(int)
            row, column = pixels[down, :, 0] / 1.0, pixels[:, across, 0] / 1.0
            sides = [(row, across, -1), (column, down, -1)]
            sides += [(row, across, 1), (column, down, 1)]
            for place, (profile, start, step) in zip(box, sides, strict=True):
                if 1 < place < size - 1:
                    away = edge(profile, start, step) - place
                    worst = max(worst, abs(float(away)))
                    compared += 1

    assert compared > 500
    assert worst < FARTHEST_EDGE


def test_the_first_eye_is_the_left_one_as_seen_whatever_is_done_to_the_picture():
    for seed in range(ROUNDS):
        for mirror in (False, True):
            (samples,) = cut_alike([OVAL], drawn(seed), 24, mirror, seed)
            points = samples.landmarks[samples.kinds == Kind.LANDMARK]

            assert len(points)
            assert (points[:, 0, 0] < points[:, 1, 0]).all()
            assert (points[:, 3, 0] < points[:, 4, 0]).all()


@pytest.mark.parametrize("size", [12, 24, 48])
def test_places_without_a_face_move_with_the_picture(size):
    poster = np.float32([[20, 50, 70, 105]])
    truth = replace(TRUTH, complete=False, background=poster)
    config = replace(CONFIG, landmark_crops=0)
    seen = 0

    for seed in range(ROUNDS):
        image, moved = alter(oval(SIZE, poster[0]), truth, drawn(seed))
        rng = np.random.default_rng(seed)
        samples = sample(image, moved, size, config, rng)
        grounds = samples.pixels[samples.kinds == Kind.NEGATIVE]
        seen += len(grounds)

        assert (grounds.mean(axis=(1, 2, 3)) > 110).all()

    assert seen > 100


def test_an_unaltered_picture_is_the_picture():
    image, truth = alter(OVAL, TRUTH, Alteration())

    assert np.array_equal(image, OVAL)
    assert truth is TRUTH


def test_no_face_is_taught_where_turning_has_moved_it_out_of_the_picture():
    corner = np.float32([200, 150, 258, 198])
    picture, truth = oval(SIZE, corner), labelled(corner)
    far = replace(CONFIG, turned=60.0, mirrored=0.0)
    kinds: set[int] = set()

    for seed in range(ROUNDS):
        alteration = altering.draw(far, np.random.default_rng(seed))
        image, moved = alter(picture, truth, alteration)
        samples = sample(image, moved, 24, CONFIG, np.random.default_rng(seed))
        faces = samples.keep(samples.kinds != Kind.PART)
        kinds.update(faces.kinds.tolist())

        assert (faces.pixels.mean(axis=(1, 2, 3)) > 70).all()

    assert kinds == {Kind.POSITIVE, Kind.LANDMARK}
