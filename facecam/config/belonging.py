"""Which numbers belong to an embedder: another one has others.

The defaults of the configuration are FaceNet's. The manifest of another embedder brings
its own under "settings", by section, as facecam.toml would; what the user says wins.
"""

from __future__ import annotations

EMBEDDER = {
    "embedder": ("margin", "offset"),
    "identifier": ("penalty", "typical_stranger", "real_spread"),
    "gallery": ("same_distance",),
    "tracker": ("same_face",),
    "enrolment": (
        "novelty",
        "least_novelty",
        "same_person",
        "other_person",
        "belongs",
        "belongs_to_few",
    ),
    "audit": ("twice", "twice_gap", "within", "alike"),
    "report": ("same_moment",),
    "inbox": ("same", "merge", "akin"),
}
"""Section and names: the crop, and every cosine and distance between embeddings."""
