"""Tests of facecam.app.demo."""

import time

from facecam.app.demo import CIRCLE, FPS, SIZE, DemoCamera


def test_the_ride_moves_and_comes_back_to_where_it_began():
    camera = DemoCamera(paced=False)
    frames = [camera.read() for _ in range(int(CIRCLE * FPS) + 1)]
    first, middle, last = frames[0], frames[len(frames) // 2], frames[-1]
    assert first.image.shape == (SIZE[1], SIZE[0], 3)
    assert [frame.index for frame in frames[:3]] == [0, 1, 2]
    assert last.time == CIRCLE
    assert (first.image != middle.image).mean() > 0.5
    assert (first.image == last.image).all()


def test_the_ride_has_its_own_speed():
    camera = DemoCamera()
    began = time.monotonic()
    times = [camera.read().time for _ in range(10)]
    passed = time.monotonic() - began
    assert abs(times[-1] - passed) < 0.1
    camera.close()


def test_the_picture_is_small():
    from importlib import resources

    picture = resources.files("facecam.app.demo") / "astronaut.jpg"
    assert len(picture.read_bytes()) <= 60_000
