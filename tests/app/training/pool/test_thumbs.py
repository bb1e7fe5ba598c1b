"""Tests of the small pictures of hard examples."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from facecam.app.training.pool import thumbs
from facecam.app.training.pool.thumbs import BATCH, SIDE, Thumbs
from facecam.media import write_image
from facecam.training.detector.hard_examples import HardExample, Kind


def example(path, box=(100, 60, 140, 110)):
    return HardExample(path, tuple(map(float, box)), Kind.FALSE_ALARM)


@pytest.fixture
def picture(tmp_path):
    """Grey, with a white face; -> its path."""
    image = np.full((240, 320, 3), 60, np.uint8)
    image[60:110, 100:140] = 255
    write_image(tmp_path / "a.png", image)
    return tmp_path / "a.png"


@pytest.mark.parametrize(
    "box", [(100, 60, 140, 110), (0, 0, 40, 40), (300, 220, 320, 240), (-9, 5, 2, 9)]
)
def test_surroundings_are_a_square_inside_the_picture(box):
    part = thumbs.surroundings(box, (320, 240))
    assert part.width() == part.height() >= 8
    assert QRectF(0, 0, 320, 240).contains(part)


def test_surroundings_of_a_box_as_large_as_the_picture_are_the_picture():
    assert thumbs.surroundings((0, 0, 240, 240), (240, 240)) == QRectF(0, 0, 240, 240)


def test_the_box_is_where_it_is_in_the_small_picture(picture):
    ((_, thumb),) = thumbs.read([example(picture)])
    at = QRectF(0, 0, thumb.image.width(), thumb.image.height())
    left, top = thumb.place(at, 100, 60)
    right, bottom = thumb.place(at, 140, 110)

    lit = [
        (x, y)
        for x in range(thumb.image.width())
        for y in range(thumb.image.height())
        if thumb.image.pixelColor(x, y).lightness() > 200
    ]

    assert min(x for x, _ in lit) == pytest.approx(left, abs=1)
    assert max(y for _, y in lit) + 1 == pytest.approx(bottom, abs=1)
    assert right - left == pytest.approx(40 / thumb.part.width() * at.width())
    assert top < bottom


def test_a_large_picture_becomes_a_small_one(tmp_path):
    write_image(tmp_path / "b.png", np.zeros((900, 900, 3), np.uint8))
    ((_, thumb),) = thumbs.read([example(tmp_path / "b.png", (0, 0, 800, 800))])
    assert thumb.image.width() == SIDE
    assert thumb.part.width() == 900


def test_a_missing_or_damaged_picture_is_a_null_one(tmp_path):
    (tmp_path / "bad.png").write_bytes(b"nonsense")
    names = "gone.png", "bad.png"
    found = thumbs.read([example(tmp_path / name) for name in names])
    assert [thumb.image.isNull() for _, thumb in found] == [True, True]


class Held:
    """Tasks that wait until they are let go; counts what was decoded."""

    def __init__(self):
        self.todo = []

    def start(self, work, done, lane):
        self.todo.append((work, done))

    def go(self):
        work, done = self.todo.pop(0)
        done(work())


def test_the_newest_wish_comes_first_and_what_is_known_is_not_read_again(picture, qapp):
    tasks = Held()
    small = Thumbs(tasks, qapp)
    wanted = [example(picture, (n, 60, n + 40, 110)) for n in range(2 * BATCH)]

    assert [small.of(one) for one in wanted] == [None] * len(wanted)
    tasks.go()  # only the first was wished when reading began
    tasks.go()
    assert small.of(wanted[-1]) is not None
    assert small.of(wanted[1]) is None
    while tasks.todo:
        tasks.go()

    assert all(small.of(one) for one in wanted)
    assert tasks.todo == []


def test_what_could_not_be_read_is_tried_again_when_asked(picture, qapp):
    tasks = Held()
    small, one = Thumbs(tasks, qapp), example(picture.with_name("later.png"))
    small.of(one)
    tasks.go()
    assert small.of(one).image.isNull()
    write_image(one.picture, np.zeros((240, 320, 3), np.uint8))
    assert small.of(one).image.isNull()

    small.try_again()
    small.of(one)
    tasks.go()

    assert not small.of(one).image.isNull()
