"""Watching without a window: the parts put together for `facecam events watch`."""

from __future__ import annotations

import argparse
import contextlib
import time
from typing import TYPE_CHECKING

from facecam.cli.console import Progress, warn
from facecam.cli.options import configured
from facecam.cli.parts import make_ready
from facecam.cli.unlocking import unlocked
from facecam.config import Config
from facecam.errors import ConfigError, WeightsMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    from facecam.camera import Camera
    from facecam.gallery import Gallery
    from facecam.keeping.watching import Watched, Watcher
    from facecam.recognizer import Recognizer
    from facecam.vault import Vault

NOTHING = (
    "Nothing would be kept. Turn on what you want: facecam events on, facecam inbox on"
)


def watch(
    args: argparse.Namespace, config: Config, began: float | None
) -> tuple[Watched, dict[str, int]]:
    """Recognise a source and keep what is turned on.

    Args:
        args: source, name, seconds, and how to recognise.
        config: of the home.
        began: when a recording began, seconds since 1970; None: now.

    Raises:
        ConfigError: nothing is turned on.
        WeightsMissing: the network that tells people apart is not installed.
        CameraNotFound: there is no such source.
    """
    from facecam.camera import open_camera
    from facecam.keeping.choices import load

    if not load(config).any:
        raise ConfigError(NOTHING)
    vault, config = unlocked(config), configured(args, config)
    camera = open_camera(args.source, config.camera, paced=False)
    with contextlib.closing(camera):
        watcher = _watcher(config, vault, args.name or camera.name)
        before = watcher.keeper.events.count()
        if camera.live:
            camera.close()  # the session opens it again, as often as need be
            watched = _watch_live(args, config, watcher)
        else:
            watched = _watch_recording(args, camera, watcher, began or time.time())
    keeper = watcher.keeper
    return watched, {
        "visits": keeper.events.count() - before,
        "strangers": len(keeper.inbox.groups()),
    }


def _watcher(config: Config, vault: Vault, name: str) -> Watcher:
    """Put together what recognises and what keeps."""
    from facecam import pipeline
    from facecam.keeping.keeper import Keeper
    from facecam.keeping.watching import Watcher

    make_ready(config)
    recognizer = pipeline.build_recognizer(config)
    if recognizer.embedder is None:
        raise WeightsMissing(
            "The network that tells people apart is not installed. "
            "Install it: facecam models install"
        )
    recognizer.curious = True
    gallery = pipeline.open_gallery(config, recognizer.embedder, vault)
    keeper = Keeper(config, vault)
    keeper.know_embedder(recognizer.embedder.fingerprint)
    refresh = following(recognizer, gallery, config)
    refresh()
    return Watcher(keeper, recognizer, name, refresh)


def _watch_live(args: argparse.Namespace, config: Config, watcher: Watcher) -> Watched:
    from facecam.camera import open_camera

    warn(f"Watching {watcher.source} until Ctrl+C …")
    return watcher.live(
        lambda: open_camera(args.source, config.camera),
        config.camera,
        args.seconds or float("inf"),
    )


def _watch_recording(
    args: argparse.Namespace, camera: Camera, watcher: Watcher, began: float
) -> Watched:
    from facecam.labelling import TimeLimit

    film = TimeLimit(camera, args.seconds) if args.seconds else camera
    length = film.length
    with Progress(camera.name) as bar:
        if length:
            watcher.progress = lambda done: bar(min(done, length), length)
        return watcher.recording(film, began)


def following(
    recognizer: Recognizer, gallery: Gallery, config: Config
) -> Callable[[], None]:
    """Return what takes over the people as they are now, if they have changed."""
    from facecam import pipeline

    known: list[int] = []

    def refresh() -> None:
        generation = gallery.generation
        if known == [generation]:
            return
        known[:] = [generation]
        people = gallery.people()
        recognizer.use(pipeline.fit_identifier(config, gallery) if people else None)

    return refresh
