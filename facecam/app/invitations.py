"""What the stage says while there is no picture, and what it offers then."""

from __future__ import annotations

from collections.abc import Sequence

from facecam.app import words
from facecam.app.empty_state import Choice, Message
from facecam.app.source_chooser import CameraChoice

AGAIN, STOP, LOOK = "do:again", "do:stop", "do:look"
FILE, FOLDER, ADDRESS = "do:file", "do:folder", "do:address"
MOST_CAMERAS = 4
"""Cameras offered at once; the source menu lists all."""


def idle(cameras: Sequence[CameraChoice] | None, source: str, name: str) -> Message:
    """Invite to watch the source chosen, or to choose one."""
    choices = ways(cameras, source)
    if source:
        start = Choice(AGAIN, f"Start {name}", "play", primary=True)
        icon = words.source_icon(source)
        return Message(name, "", icon, choices=(start, *choices))
    if cameras is None:
        return Message("Looking for cameras…", icon="camera", busy=True)
    if not cameras:
        text = "Connect a camera and look again, or watch something else."
        return Message("No camera found", text, "camera-off", choices=choices)
    return Message("What shall we watch?", "", "camera", choices=choices)


def opening(source: str, name: str) -> Message:
    """Say that a source is being opened."""
    icon = words.source_icon(source)
    cancel = Choice(STOP, "Cancel", "close")
    return Message(f"Opening {name}…", icon=icon, busy=True, choices=(cancel,))


def failed(
    cameras: Sequence[CameraChoice] | None, source: str, name: str, text: str
) -> Message:
    """Say why there is no picture and what can be done."""
    again = Choice(AGAIN, "Try again", "refresh", primary=True)
    choices = (again, *ways(cameras, source))
    return Message(f"No picture from {name}", text, "camera-off", choices=choices)


def ways(cameras: Sequence[CameraChoice] | None, source: str) -> tuple[Choice, ...]:
    """Return everything that can be watched instead of `source`."""
    found = [
        Choice(camera.source, camera.name, "camera")
        for camera in cameras or ()
        if camera.source != source
    ]
    look = [] if cameras else [Choice(LOOK, "Look for cameras", "refresh")]
    demo = [Choice(words.DEMO, "Demo clip", "demo")] if source != words.DEMO else []
    return (
        *found[:MOST_CAMERAS],
        *look,
        Choice(FILE, "Video or picture…", "film"),
        Choice(FOLDER, "Folder of pictures…", "folder"),
        Choice(ADDRESS, "Network address…", "network"),
        *demo,
    )
