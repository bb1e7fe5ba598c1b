"""Tests of facecam.app.keeping: the window keeps what is wanted, and says so."""

import pytest

from facecam import vault
from facecam.events import Events
from facecam.inbox import Inbox
from facecam.keeping.choices import Choices

BOTH = Choices(events=True, days=30, inbox=True, hours=72)


@pytest.fixture
def watched(window, camera, qtbot):
    """A window that watches a camera with one stranger."""
    window.live.start("usb-1")
    qtbot.waitUntil(lambda: bool(window.live.stage.view.faces), timeout=10_000)
    return window


def test_nothing_is_kept_and_nothing_is_said_by_default(watched, qtbot, config):
    qtbot.wait(1500)
    watched.live.stop()
    qtbot.wait(200)

    assert not watched.status.keeping.isVisible()
    assert not (config.home / "events.sqlite").exists()
    assert not (config.home / "inbox").exists()


def test_strangers_and_visits_are_kept_and_the_status_line_says_so(
    watched, qtbot, config
):
    watched.live.keeping.choose(BOTH)

    assert watched.status.keeping.text() == "● Keeping visits and strangers"
    assert watched.status.keeping.isVisible()
    inbox, events = Inbox(config.home), Events(config.home)
    qtbot.waitUntil(lambda: len(inbox.groups()) == 1, timeout=20_000)
    watched.live.stop()
    qtbot.waitUntil(lambda: events.count() == 1, timeout=10_000)
    (visit,) = events.visits()
    assert (visit.person, visit.source) == ("", "usb-1")


def test_turning_it_off_takes_the_sign_away_and_is_remembered(watched, qtbot, config):
    keeping = watched.live.keeping
    keeping.choose(BOTH)
    qtbot.waitUntil((config.home / "keeping.json").exists)
    keeping.choose(Choices(events=False, days=30, inbox=False, hours=72))

    assert not watched.status.keeping.isVisible()
    text = (config.home / "keeping.json").read_text
    qtbot.waitUntil(lambda: "true" not in text())


def test_a_disk_that_refuses_is_told_above_the_picture(watched, qtbot, config):
    (config.home / "events.sqlite").write_bytes(b"no database" * 1000)
    watched.live.keeping.choose(BOTH)

    offers = watched.live.offers
    qtbot.waitUntil(lambda: "is damaged" in offers.text("keeping"), timeout=20_000)
    (config.home / "events.sqlite").unlink()
    qtbot.waitUntil(lambda: not offers.text("keeping"), timeout=20_000)


def test_while_people_are_locked_nobody_is_taken_for_a_stranger(
    nets, window, camera, config, qtbot
):
    window.live.keeping.choose(BOTH)
    qtbot.waitUntil((config.home / "keeping.json").exists)
    opened = vault.create(nets.home, "a long passphrase")
    window.engine.load()
    qtbot.waitUntil(lambda: window.engine.state.locked, timeout=20_000)
    window.live.start("usb-1")
    qtbot.waitUntil(lambda: bool(window.live.stage.view.faces), timeout=10_000)
    qtbot.wait(3500)
    window.live.stop()

    assert not window.live.keeping.keeper.collect()
    assert not window.status.keeping.isVisible()
    assert not window.live.offers.text("keeping")

    window.engine.vault = opened
    window.engine.load()
    qtbot.waitUntil(lambda: not window.engine.state.locked, timeout=20_000)
    assert window.status.keeping.isVisible()
    assert Events(config.home).count() == 0
    assert Inbox(config.home, vault=opened).groups() == []
