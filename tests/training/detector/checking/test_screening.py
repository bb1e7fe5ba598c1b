"""Tests of facecam.training.detector.checking.screening."""

from pathlib import Path

import numpy as np
import pytest

from facecam.annotations.annotation import AnnotatedSet
from facecam.media import write_image
from facecam.training.detector.checking.screening import screen
from tests.training.detector.drawn import labelled


@pytest.fixture
def pictures(tmp_path):
    """Write noisy pictures of 60×40 pixels; return their annotations."""

    def of(count):
        annotations = []
        for n in range(count):
            noise = np.random.default_rng(n).integers(0, 256, (40, 60, 3), np.uint8)
            path = tmp_path / f"{n}.jpg"
            write_image(path, noise)
            annotations.append(labelled((5, 5, 25, 25), path=path, where=f"list, {n}"))
        return annotations

    return of


def screened(annotations, decoded=0):
    sets = [AnnotatedSet(Path("root"), "lists", tuple(annotations))]
    calls = []

    def report(done, total):
        calls.append((done, total))

    return screen(sets, decoded, np.random.default_rng(0), report), calls


def test_no_pictures_need_no_looking():
    screening, calls = screened([])

    assert (screening.faults, dict(screening.headers), calls) == ((), {}, [])


def test_good_pictures_stay_and_progress_is_told(pictures):
    annotations = pictures(3)

    screening, calls = screened(annotations, decoded=2)

    assert screening.sets[0].annotations == tuple(annotations)
    assert not screening.faults
    assert [header.width for header in screening.headers.values()] == [60, 60, 60]
    assert len(screening.decoded) == 2
    assert calls == [(1, 3), (2, 3), (3, 3)]


def test_pictures_with_faces_are_decoded_though_they_are_few(pictures):
    faced, *others = pictures(30)
    others = [labelled(path=one.path) for one in others]

    screening, _ = screened([*others, faced], decoded=2)

    assert faced.path in screening.decoded
    assert len(screening.decoded) == 3


def test_a_picture_cut_short_is_left_out_with_its_line_though_its_head_is_fine(
    pictures,
):
    good, bad = pictures(2)
    bad.path.write_bytes(bad.path.read_bytes()[:-300])

    screening, _ = screened([good, bad])

    assert screening.sets[0].annotations == (good,)
    [fault] = screening.faults
    assert (fault.where, fault.path) == ("list, 1", bad.path)
    assert "truncated" in fault.reason


def test_a_web_page_named_like_a_picture_and_a_missing_one_are_left_out(pictures):
    page, gone, good = pictures(3)
    page.path.write_text("<html>Not found</html>")
    gone.path.unlink()

    screening, _ = screened([page, gone, good], decoded=3)

    assert screening.sets[0].annotations == (good,)
    assert [fault.path for fault in screening.faults] == [page.path, gone.path]
    assert screening.decoded == {good.path}


def test_copies_have_the_same_mark(pictures):
    first, other = pictures(2)
    copy = labelled((5, 5, 25, 25), path=first.path.with_name("copy.jpg"))
    copy.path.write_bytes(first.path.read_bytes())

    screening, _ = screened([first, other, copy])

    marks = [screening.headers[each.path].mark for each in (first, other, copy)]
    assert marks[0] == marks[2] != marks[1]
