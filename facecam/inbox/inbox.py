"""The inbox: views come in, groups are named, ignored or deleted, or expire.

Window and command line may use it at once: every change takes a lock.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from facecam.config.keeping import InboxConfig
from facecam.errors import GalleryError
from facecam.faces import Floats, Image
from facecam.inbox import grouping
from facecam.inbox.records import Group, Kept, Sight, kept, mean_of
from facecam.inbox.store import Store
from facecam.media import decode_image, encode_jpeg
from facecam.vault import PLAIN, Vault

HOUR = 3600.0


@dataclass(frozen=True, eq=False, slots=True)
class Gone:
    """A group as it was before it was ignored or deleted: what undoing needs."""

    group: Group
    pictures: dict[str, bytes]
    """JPEG by file name; in memory only."""


class Inbox:
    """Reads and changes the inbox of a home.

    Args:
        home: the folder facecam keeps its state in.
        config: how much is kept, and how views are grouped.
        vault: seals what is written.
        hours: how long a view is kept; None takes the configuration's.
    """

    def __init__(
        self,
        home: Path,
        config: InboxConfig | None = None,
        vault: Vault = PLAIN,
        hours: float | None = None,
    ) -> None:
        self._config = config or InboxConfig()
        self._store = Store(home, vault)
        self.hours = self._config.hours if hours is None else hours

    def groups(self) -> list[Group]:
        """Return the strangers of whom views are kept; who was seen last first.

        Raises:
            VaultLocked: they are sealed, and the passphrase has not been given.
        """
        found = [self._dated(g) for g in self._store.read().values() if g.views]
        return sorted(found, key=lambda group: -group.last)

    def ignored(self) -> list[Group]:
        """Return the strangers of whom nothing more is kept."""
        return [self._dated(g) for g in self._store.read().values() if g.ignored]

    def image(self, group: Group, view: Kept) -> Image:
        """Read the picture of a view.

        Raises:
            GalleryError, ImageError: it is gone, as after expiring, or damaged.
        """
        return decode_image(self._store.picture(group.id, view.file))

    def take(self, group_id: str) -> list[Sight]:
        """Return the views of a group with their pictures, to enrol somebody from."""
        group = self._find(group_id)
        return [
            Sight(
                self.image(group, view),
                view.box,
                view.landmarks,
                view.embedding,
                view.quality,
                view.taken,
                group.fingerprint,
            )
            for view in group.views
        ]

    def add(self, sight: Sight, hint: str = "") -> str:
        """Keep a view of a stranger, if it adds anything to what is kept of them.

        Args:
            sight: the view.
            hint: the group that earlier views of the same track went to.

        Returns:
            The id of the group it belongs to.
        """
        with self._store.locked():
            groups = self._store.read()
            where = sight.embedding, sight.fingerprint
            chosen = grouping.place(groups, *where, hint, self._config)
            jpeg = encode_jpeg(sight.image)
            view = kept(sight, jpeg)
            group = groups.get(chosen) or _new(view, sight.fingerprint)
            group = grouping.joined(group, view, self._config)
            if view in group.views:
                self._store.write_picture(group.id, view.file, jpeg)
            self._store.write(group)
            other = grouping.twin(groups, group, self._config)
            if other is not None:
                group = self._merge(*sorted((group, other), key=lambda g: g.first))
            self._make_room(except_for=group.id)
            return group.id

    def merge(self, into: str, others: Sequence[str]) -> None:
        """Take several groups for one person."""
        with self._store.locked():
            for other in others:
                whole, part = self._find(into), self._find(other)
                if whole.id != part.id:
                    self._merge(whole, part)

    def drop(self, group_id: str, taken: Collection[float]) -> None:
        """Delete single views of a group, if it is still there."""
        with self._store.locked():
            group = self._store.read().get(group_id)
            if group is None or group.ignored:
                return
            left = tuple(view for view in group.views if view.taken not in taken)
            if left:
                self._store.write(replace(group, views=left, mean=mean_of(left)))
            else:
                self._store.remove(group_id)

    def ignore(self, group_id: str) -> Gone:
        """Delete the views of a stranger and keep no more of them until it expires."""
        with self._store.locked():
            gone = self._gone(group_id)
            now = time.time()
            self._store.write(replace(gone.group, views=(), ignored=True, last=now))
            return gone

    def delete(self, group_id: str) -> Gone:
        """Delete a group; it begins anew if the person is seen again."""
        with self._store.locked():
            gone = self._gone(group_id)
            self._store.remove(group_id)
            return gone

    def restore(self, gone: Gone) -> None:
        """Undo `ignore` or `delete`."""
        with self._store.locked():
            for file, jpeg in gone.pictures.items():
                self._store.write_picture(gone.group.id, file, jpeg)
            self._store.write(gone.group)

    def clear(self) -> int:
        """Delete everything, the ignored ones too; return how many groups."""
        with self._store.locked():
            folders = self._store.folders()
            for folder in folders:
                self._store.remove(folder.name)
            return len(folders)

    def forget(self, embeddings: Floats, fingerprint: str) -> int:
        """Delete the groups that may show somebody who is being forgotten.

        Groups made with another embedder cannot be compared; they go, too.

        Args:
            embeddings: (n, d), of that person's pictures.
            fingerprint: of their embedder.

        Returns:
            How many groups were deleted.
        """
        if not self._store.folder.is_dir():
            return 0
        with self._store.locked():
            least = self._config.akin
            doubtful = [
                group.id
                for group in self._store.read().values()
                if group.fingerprint != fingerprint
                or grouping.akin(group, embeddings, least)
            ]
            for identity in doubtful:
                self._store.remove(identity)
            return len(doubtful)

    def expire(self, now: float | None = None) -> int:
        """Delete what is too old and what a crash left; return how many views went."""
        if not self._store.folder.is_dir():
            return 0
        oldest = (time.time() if now is None else now) - self.hours * HOUR
        with self._store.locked():
            groups = self._store.read()
            for folder in self._store.folders():
                if folder.name not in groups and folder.stat().st_mtime < oldest:
                    self._store.remove(folder.name)  # its record cannot be read
            return sum(self._expire(group, oldest) for group in groups.values())

    def paths(self) -> list[Path]:
        """Return every file of the inbox."""
        return sorted(p for p in self._store.folder.rglob("*") if p.is_file())

    def _expire(self, group: Group, oldest: float) -> int:
        left = tuple(view for view in group.views if view.taken >= oldest)
        if group.ignored and group.last >= oldest:
            return 0
        if not left:
            self._store.remove(group.id)
        elif len(left) < len(group.views):
            first = min(view.taken for view in left)
            rest = replace(group, views=left, mean=mean_of(left), first=first)
            self._store.write(rest)
        return len(group.views) - len(left)

    def _merge(self, into: Group, other: Group) -> Group:
        """Make two groups one, under the lock."""
        whole = grouping.merged(into, other, self._config)
        for view in whole.views:
            if view in other.views:
                jpeg = self._store.picture(other.id, view.file)
                self._store.write_picture(into.id, view.file, jpeg)
        self._store.write(whole)
        self._store.remove(other.id)
        return whole

    def _make_room(self, except_for: str) -> None:
        """Delete who was seen longest ago where there are too many."""
        groups = self._store.read()
        old = sorted(groups.values(), key=lambda group: group.last)
        spare = [group.id for group in old if group.id != except_for]
        for identity in spare[: max(len(groups) - self._config.groups, 0)]:
            self._store.remove(identity)

    def _gone(self, group_id: str) -> Gone:
        group = self._find(group_id)
        pictures = {v.file: self._store.picture(group.id, v.file) for v in group.views}
        return Gone(group, pictures)

    def _find(self, group_id: str) -> Group:
        group = self._store.read().get(group_id)
        if group is None:
            raise GalleryError(
                f"There is no group {group_id} in the inbox any more. "
                "See: facecam inbox list"
            )
        return group

    def _dated(self, group: Group) -> Group:
        newest = max((view.taken for view in group.views), default=group.last)
        return replace(group, expires=newest + self.hours * HOUR)


def _new(view: Kept, fingerprint: str) -> Group:
    """Return a group that waits for its first view."""
    identity = f"stranger-{secrets.token_hex(4)}"
    return Group(identity, fingerprint, (), view.embedding, view.taken, view.taken)
