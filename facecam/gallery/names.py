"""What a person may be called, and the ids made for them."""

from __future__ import annotations

import re
import secrets
import unicodedata

from facecam.errors import GalleryError

LONGEST_NAME = 200
"""Characters, composed (NFC)."""
INVISIBLE = frozenset(("Cc", "Cs", "Co", "Zl", "Zp"))
"""Unicode categories without a place in a name: controls, surrogates, line breaks …
Characters unknown to this Python's Unicode tables (Cn) are welcome: new emoji."""

NAMELESS = re.compile(r"person-[0-9a-f]{8}")
"""An id that says nothing about the name."""


def clean_name(text: str) -> str:
    """Return a name in composed form (NFC) without blanks around it.

    Raises:
        GalleryError: it is empty, too long or holds control characters.
    """
    name = unicodedata.normalize("NFC", text).strip()
    kinds = {unicodedata.category(character) for character in name}
    if not any(kind[0] in "LNPS" or kind == "Cn" for kind in kinds - INVISIBLE):
        raise GalleryError("A person needs a name.")
    if len(name) > LONGEST_NAME:
        raise GalleryError(
            f"The name has {len(name)} characters; at most {LONGEST_NAME} are kept."
        )
    if kinds & INVISIBLE:
        raise GalleryError(
            "The name holds a line break or another control character. Remove it."
        )
    return name


def new_id(name: str, sealed: bool = False) -> str:
    """Return a fresh id: lower-case ASCII that still resembles the name.

    Args:
        name: of the person.
        sealed: names are secret here, so the id says nothing.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = "" if sealed else re.sub(r"[^a-z0-9]+", "-", plain.lower())[:24].strip("-")
    return f"{slug or 'person'}-{secrets.token_hex(4)}"


def new_capture() -> str:
    """Return a fresh name for one sitting."""
    return secrets.token_hex(8)
