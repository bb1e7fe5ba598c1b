"""The numbers of cameras and the window."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CameraConfig:
    """Reading cameras, streams and files."""

    width: int = 640
    """Asked of a webcam, pixels; it may answer with another size."""
    height: int = 480
    """Asked of a webcam, pixels."""
    fps: float = 30.0
    """Asked of a webcam."""
    picture_seconds: float = 2.0
    """How long each picture of a folder is shown."""
    open_timeout: float = 10.0
    """Seconds until an opening camera or stream counts as not answering."""
    read_timeout: float = 5.0
    """Seconds without a frame until a camera counts as lost."""
    retry_first: float = 0.5
    """Seconds before the first attempt to reconnect; doubled after each failure."""
    retry_longest: float = 8.0
    """Longest pause between two attempts to reconnect, seconds."""


@dataclass(frozen=True)
class WindowConfig:
    """How the window shows and remembers."""

    frame_rate: float = 60.0
    """How often the picture and the boxes are looked at, 1/s; the usual screen."""
    certain_strangers: float = 10_000.0
    """A match that one stranger in this many would reach is called certain."""
    box_lag: float = 0.05
    """Time constant with which a drawn box follows the found one, seconds."""
    box_lead: float = 0.15
    """Longest time a box is carried on along its movement, seconds."""
    fade: float = 0.15
    """Time a box takes to appear or to vanish, seconds."""
    linger: float = 1.5
    """Time somebody stays listed as in view after leaving, seconds."""
    views: int = 5
    """Good views of a track kept in memory for "Who is this?"."""
    view_spacing: float = 0.4
    """Shortest time between two views kept of one track, seconds."""
    recent: int = 6
    """Sources remembered in the source menu."""
