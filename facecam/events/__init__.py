"""Who was seen when."""

from facecam.events.events import Events, note_merger
from facecam.events.visits import Visit, Wanted, as_csv, as_json, iso, rows, save

__all__ = [
    "Events",
    "Visit",
    "Wanted",
    "as_csv",
    "as_json",
    "iso",
    "note_merger",
    "rows",
    "save",
]
