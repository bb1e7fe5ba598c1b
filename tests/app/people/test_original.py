"""Tests of facecam.app.people.original and pictures."""

import pytest
from PySide6.QtCore import Qt

from facecam.app.people.original import OriginalView
from facecam.app.people.pictures import WAITING, Wish, read
from facecam.gallery import Gallery
from tests.fakes import BlobDetector, ColourEmbedder

KEY = Qt.Key


@pytest.fixture
def view(ada, window, qtbot):
    view = OriginalView(window.engine, ada.model.cards, 0, window)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitUntil(lambda: view._image is not None)
    return view


def test_the_whole_picture_is_shown_not_only_the_face(view):
    assert (view._image.width(), view._image.height()) == (320, 240)
    assert "the whole picture" in view.caption
    assert view.caption.startswith("1 of 2")


def test_the_arrows_go_from_picture_to_picture(view, qtbot):
    qtbot.keyClick(view, KEY.Key_Left)  # there is none before
    qtbot.keyClick(view, KEY.Key_Right)
    assert view.caption.startswith("2 of 2")
    qtbot.waitUntil(lambda: view._image is not None)

    qtbot.keyClick(view, KEY.Key_Space)
    assert not view.isVisible()


def test_a_picture_that_has_gone_is_told_not_a_crash(view, window, nets, qtbot):
    for folder in ("originals", "portraits"):
        for file in nets.people.glob(f"*/{folder}/*"):
            file.unlink()

    qtbot.keyClick(view, KEY.Key_Right)

    qtbot.waitUntil(lambda: view._image is not None)
    assert view._image.isNull()
    assert not view.grab().isNull()


def test_a_damaged_picture_is_a_null_one(enrolled, nets):
    gallery = Gallery(nets.people, BlobDetector(), ColourEmbedder(), nets.gallery)
    person = gallery.people()[0]
    for file in person.folder.glob("*/*.jpg"):
        file.write_bytes(b"no picture")

    assert read(gallery, Wish(person, person.portraits[0])).isNull()


def test_what_was_scrolled_past_is_not_read(place, window):
    (ada, *_) = window.engine.people
    pictures = place.pictures
    pictures._reading = True  # as if a batch were under way
    portraits = [
        type(ada.portraits[0])(f"portraits/{k}.jpg") for k in range(2 * WAITING)
    ]

    for portrait in portraits:
        assert pictures.of(ada, portrait) is None

    waiting = [wish.portrait for wish in pictures._wishes.values()]
    assert waiting == portraits[WAITING:]
