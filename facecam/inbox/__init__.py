"""Good views of strangers, grouped by person as they arrive, until they expire."""

from facecam.inbox.inbox import Gone, Inbox
from facecam.inbox.records import Group, Kept, Sight

__all__ = ["Gone", "Group", "Inbox", "Kept", "Sight"]
