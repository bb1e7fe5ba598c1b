"""Tests of facecam.app.source_chooser, dialogs and invitations."""

import pytest

from facecam.app import invitations
from facecam.app.dialogs import AddressDialog
from facecam.app.source_chooser import CameraChoice, SourceChooser

LAPTOP = CameraChoice("usb-1", "Laptop camera")


@pytest.fixture
def chooser(qtbot):
    chooser = SourceChooser()
    qtbot.addWidget(chooser)
    chooser.show()
    return chooser


def entries(chooser):
    chooser._fill()
    return [action.text() for action in chooser._menu.actions() if action.text()]


def test_it_says_what_is_watched_by_the_cameras_own_name(chooser):
    assert chooser.text().strip() == "Choose a source"
    chooser.show_source("usb-1")
    chooser.show_cameras([LAPTOP])
    assert chooser.text().strip() == "Laptop camera"
    assert chooser.accessibleDescription() == "Laptop camera"


def test_the_menu_offers_cameras_files_addresses_demo_and_recent(chooser):
    chooser.show_cameras([LAPTOP])
    chooser.recent = ["usb-1", "rtsp://me:secret@cam.local/1", "demo"]
    assert entries(chooser) == [
        "Cameras",
        "Laptop camera",
        "Look again",
        "Video or picture…",
        "Folder of pictures…",
        "Network address…",
        "Demo clip",
        "Recent",
        "cam.local/1",
    ]


@pytest.mark.parametrize(
    ("cameras", "said"), [(None, "Looking for cameras…"), ([], "No camera found")]
)
def test_it_says_so_when_there_is_no_camera(chooser, cameras, said):
    chooser.cameras = cameras
    assert said in entries(chooser)


def test_choosing_an_entry_tells_the_source(chooser, qtbot):
    chooser.show_cameras([LAPTOP])
    entries(chooser)
    (laptop,) = (a for a in chooser._menu.actions() if a.text() == "Laptop camera")
    with qtbot.waitSignal(chooser.chosen) as chosen:
        laptop.trigger()
    assert chosen.args == ["usb-1"]


def test_only_an_address_can_be_watched(qtbot):
    dialog = AddressDialog()
    qtbot.addWidget(dialog)
    assert not dialog.yes.isEnabled()
    dialog.line.setText("cam.local")
    assert not dialog.yes.isEnabled()
    dialog.line.setText(" rtsp://cam.local/1 ")
    assert dialog.yes.isEnabled()
    assert dialog.address == "rtsp://cam.local/1"


def keys(message):
    return [choice.key for choice in message.choices]


def test_without_a_camera_everything_else_is_offered():
    message = invitations.idle([], "", "")
    assert message.title == "No camera found"
    assert keys(message) == [
        invitations.LOOK,
        invitations.FILE,
        invitations.FOLDER,
        invitations.ADDRESS,
        "demo",
    ]


def test_cameras_are_offered_by_name():
    message = invitations.idle([LAPTOP], "", "")
    assert (message.choices[0].key, message.choices[0].text) == ("usb-1", LAPTOP.name)


def test_the_last_source_can_be_started_again():
    message = invitations.idle([LAPTOP], "usb-1", LAPTOP.name)
    assert message.choices[0].text == "Start Laptop camera"
    assert message.choices[0].primary
    assert "usb-1" not in keys(message)


def test_a_failure_says_why_and_offers_another_try():
    message = invitations.failed([], "0", "Camera", "It is used by another program.")
    assert message.text == "It is used by another program."
    assert keys(message)[0] == invitations.AGAIN
