"""Tests of facecam.vision.draw."""

import numpy as np
import pytest

from facecam.faces import Face, Frame, Identity, Match, Recognition
from facecam.vision import draw as drawing
from facecam.vision.draw import KNOWN, LOOKING, UNKNOWN, draw, text_mask

GREY = np.full((240, 320, 3), 90, np.uint8)
BOX = (100, 60, 180, 160)
POINTS = ((125, 95), (155, 95), (140, 115), (128, 138), (152, 138))


def match(name):
    identity = Identity("ada", name) if name else None
    return Match(identity, strangers=1000.0)


def said(*faces):
    return Recognition(
        Frame(GREY, 0, 0.0),
        tuple(
            Face(
                np.array(box, np.float32),
                np.array(points, np.float32).reshape(5, 2),
                0.99,
                number,
                found,
            )
            for number, (box, points, found) in enumerate(faces)
        ),
    )


def share(image, colour):
    """Return how much of the box's outline has a colour."""
    x1, y1, x2, y2 = BOX
    outline = np.concatenate(
        [image[y, x1:x2] for y in (y1, y2 - 1)]
        + [image[y1:y2, x] for x in (x1, x2 - 1)]
    )
    return (np.abs(outline.astype(int) - colour).max(axis=1) < 40).mean()


def test_a_picture_without_faces_is_copied():
    drawn = draw(GREY, said())
    assert np.array_equal(drawn, GREY)
    assert drawn is not GREY


def test_the_picture_itself_is_left_alone():
    draw(GREY, said((BOX, POINTS, match("Ada"))))
    assert (GREY == 90).all()


def test_known_is_solid_unknown_is_dashed_and_looking_is_thin():
    known = draw(GREY, said((BOX, POINTS, match("Ada"))))
    unknown = draw(GREY, said((BOX, POINTS, match(None))))
    looking = draw(GREY, said((BOX, POINTS, None)))
    assert share(known, KNOWN) > 0.95
    assert 0.3 < share(unknown, UNKNOWN) < 0.8
    assert share(looking, LOOKING) > 0.95
    inner = slice(BOX[0] + 1, BOX[0] + 2)
    assert (known != looking)[80:140, inner].any()


def test_a_plate_with_the_name_stands_below_the_box():
    drawn = draw(GREY, said((BOX, POINTS, match("Ada"))))
    below = drawn[163:180, 100:180]
    assert (below > 200).any()
    assert (below < 60).any()
    looking = draw(GREY, said((BOX, POINTS, None)))
    assert (looking[164:180, 100:180] == 90).all()


def test_landmarks_show_if_wanted_and_if_there_are_any():
    unknown = match(None)
    with_points = draw(GREY, said((BOX, POINTS, unknown)))
    without = draw(GREY, said((BOX, POINTS, unknown)), landmarks=False)
    none = draw(GREY, said((BOX, np.full((5, 2), np.nan), unknown)))
    assert (with_points[115, 140] > 180).all()
    assert (without[115, 140] == 90).all()
    assert np.array_equal(none, without)


@pytest.mark.parametrize(
    "box",
    [(-50, -40, 30, 20), (300, 220, 400, 300), (0, 0, 320, 240), (10, 10, 11, 11)],
)
def test_a_box_at_or_beyond_the_edge_is_drawn_as_far_as_it_goes(box):
    for found in (match("A rather long name"), match(None), None):
        assert draw(GREY, said((box, POINTS, found))).shape == GREY.shape


@pytest.mark.parametrize("size", [(12, 12), (30, 500), (1080, 1920)])
def test_any_size_of_picture_can_be_drawn_on(size):
    image = np.zeros((*size, 3), np.uint8)
    drawn = draw(image, said(((2, 2, 10, 10), POINTS, match("Ada Lovelace"))))
    assert drawn.shape == image.shape
    assert drawn.any()


@pytest.mark.parametrize("name", ["Zoë", "Łukasz Żółć", "Ærøskøbing", "Ünal Şahin"])
def test_letters_of_europe_look_different_from_missing_ones(name):
    assert not np.array_equal(text_mask(name, 20), text_mask("?" * len(name), 20))
    assert text_mask(name, 20).max() > 200


@pytest.mark.parametrize(
    "name", ["王小明", "Дарья", "\U0001f600", "א", "x" * 300, "", " "]
)
def test_every_name_can_be_written_somehow(name):
    mask = text_mask(name, 20)
    assert mask.dtype == np.uint8
    assert mask.shape[0] == text_mask("a", 20).shape[0]
    assert draw(GREY, said((BOX, POINTS, match(name)))).shape == GREY.shape


def test_without_fonts_of_the_system_accents_are_taken_off(monkeypatch):
    monkeypatch.setattr(drawing, "FONTS", ())
    drawing._fonts.cache_clear()
    drawing._mask.cache_clear()
    assert np.array_equal(text_mask("Ǻṩ王", 20), text_mask("As?", 20))
    drawing._fonts.cache_clear()
    drawing._mask.cache_clear()


def test_spaces_and_ways_to_write_an_accent_make_no_difference():
    assert np.array_equal(text_mask("Zoë  A\n", 20), text_mask("Zoë A", 20))
