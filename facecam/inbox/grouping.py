"""Which stranger a view shows: pure functions on groups; nothing here touches files.

Views of one track belong together unless they plainly differ. Others go to the group
whose mean is nearest, if it is near enough; two groups whose means turn out to be near
become one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from facecam.config.keeping import InboxConfig
from facecam.faces import Floats
from facecam.inbox.records import Group, Kept, mean_of

BETTER = 0.05
"""A view replaces another of the same moment if its quality is this much higher."""


def place(
    groups: Mapping[str, Group],
    embedding: Floats,
    fingerprint: str,
    hint: str,
    config: InboxConfig,
) -> str:
    """Return the id of the group a view belongs to; empty for somebody new.

    Args:
        groups: by id.
        embedding: (d,), of the view.
        fingerprint: of its embedder; vectors of another one do not compare.
        hint: the group that earlier views of the same track went to, or empty.
        config: how near is near enough.
    """
    near = {
        group.id: float(group.mean @ embedding)
        for group in groups.values()
        if group.fingerprint == fingerprint
    }
    if hint in near and near[hint] >= config.akin:
        return hint
    best = max(near, key=near.__getitem__, default="")
    return best if best and near[best] >= config.same else ""


def joined(group: Group, view: Kept, config: InboxConfig) -> Group:
    """Return a group with another view: the best ones, not several of one moment."""
    first, last = min(group.first, view.taken), max(group.last, view.taken)
    if group.ignored:
        return replace(group, first=first)
    views = _selected([*group.views, view], config)
    return replace(group, views=views, mean=mean_of(views), first=first, last=last)


def twin(
    groups: Mapping[str, Group], group: Group, config: InboxConfig
) -> Group | None:
    """Return the other group that shows the same person, if there is one."""
    others = [
        other
        for other in groups.values()
        if other.id != group.id and other.fingerprint == group.fingerprint
    ]
    best = max(others, key=lambda g: float(g.mean @ group.mean), default=None)
    if best is None or float(best.mean @ group.mean) < config.merge:
        return None
    return best


def merged(into: Group, other: Group, config: InboxConfig) -> Group:
    """Return two groups as one; if one of them was ignored, so is the whole."""
    first, last = min(into.first, other.first), max(into.last, other.last)
    if into.ignored or other.ignored:
        mean = into.mean if into.ignored else other.mean
        return replace(into, views=(), mean=mean, first=first, last=last, ignored=True)
    views = _selected([*into.views, *other.views], config)
    return replace(into, views=views, mean=mean_of(views), first=first, last=last)


def akin(group: Group, embeddings: Floats, least: float) -> bool:
    """Tell whether any view of a group resembles any of some pictures, (n, d)."""
    vectors = [group.mean, *(view.embedding for view in group.views)]
    return any(float((embeddings @ v).max(initial=-1.0)) >= least for v in vectors)


def _selected(views: Sequence[Kept], config: InboxConfig) -> tuple[Kept, ...]:
    """Choose the best views, at most one per moment; the earlier stays unless worse."""
    chosen: list[Kept] = []
    for view in sorted(views, key=lambda v: v.taken):
        near = [c for c in chosen if abs(c.taken - view.taken) < config.spacing]
        if near and view.quality <= max(c.quality for c in near) + BETTER:
            continue
        chosen = [c for c in chosen if c not in near]
        chosen.append(view)
    chosen.sort(key=lambda view: -view.quality)
    return tuple(chosen[: config.views])
