"""Faces without names, grouped by person; how well, where names are known."""

from facecam.clustering.grouping import (
    ALONE,
    METHODS,
    Labels,
    by_size,
    chinese_whispers,
    cluster,
    dbscan,
    near,
    usual_distance,
)
from facecam.clustering.scoring import Agreement, agreement
from facecam.clustering.sheet import contact_sheet
from facecam.clustering.sorting import folder_of, sort_into

__all__ = [
    "ALONE",
    "METHODS",
    "Agreement",
    "Labels",
    "agreement",
    "by_size",
    "chinese_whispers",
    "cluster",
    "contact_sheet",
    "dbscan",
    "folder_of",
    "near",
    "sort_into",
    "usual_distance",
]
