"""Tests of facecam.app.people.unlocking and .protecting."""

import pytest

from facecam import vault
from facecam.app.people.protecting import ProtectionDialog
from facecam.app.people.unlocking import UnlockCard
from facecam.vault import MAGIC, header

WORDS = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Derive keys at once."""
    monkeypatch.setattr(header, "COST", 2**4)


@pytest.fixture
def dialog(place, window):
    dialog = ProtectionDialog(window.engine, window.tasks, window)
    dialog.show()
    return dialog


def sealed(config):
    portraits = config.people.glob("*/portraits/*.jpg")
    return {path.read_bytes().startswith(MAGIC) for path in portraits}


def turn_on(dialog, qtbot):
    dialog.new.setText(WORDS)
    dialog.again.setText(WORDS)
    dialog.lost.setChecked(True)
    with qtbot.waitSignal(dialog.changed, timeout=30_000):
        dialog.yes.click()


def test_protecting_needs_the_passphrase_twice_and_the_warning_read(dialog):
    assert not dialog.yes.isEnabled()
    dialog.new.setText(WORDS)
    dialog.again.setText(WORDS)
    assert not dialog.yes.isEnabled()
    dialog.lost.setChecked(True)
    assert dialog.yes.isEnabled()
    dialog.again.setText("something else")
    assert not dialog.yes.isEnabled()
    assert "nobody can ever read" in dialog.lost.text()
    assert not dialog.old.isVisible()


def test_protecting_seals_everybody_and_the_window_goes_on(
    dialog, window, nets, names, qtbot
):
    before = names()

    turn_on(dialog, qtbot)

    assert sealed(nets) == {True}
    assert vault.protection(nets.home) == "on"
    qtbot.waitUntil(lambda: names() == before, timeout=20_000)
    assert not dialog.isVisible()


def test_a_short_passphrase_is_explained_and_nothing_is_sealed(dialog, nets, qtbot):
    for line in (dialog.new, dialog.again):
        line.setText("short")
    dialog.lost.setChecked(True)
    dialog.yes.click()

    qtbot.waitUntil(dialog.wrong.isVisible, timeout=20_000)
    assert "at least 8" in dialog.wrong.text()
    assert sealed(nets) == {False}
    assert dialog.isVisible()


def test_ending_the_protection_takes_the_passphrase(dialog, window, nets, names, qtbot):
    before = names()
    turn_on(dialog, qtbot)
    again = ProtectionDialog(window.engine, window.tasks, window)
    again.show()
    assert not again.off.isEnabled()

    again.old.setText("wrong wrong")
    again.off.click()
    qtbot.waitUntil(again.wrong.isVisible, timeout=20_000)
    assert "not the passphrase" in again.wrong.text()
    again.old.setText(WORDS)
    with qtbot.waitSignal(again.changed, timeout=30_000):
        again.off.click()

    assert sealed(nets) == {False}
    assert vault.protection(nets.home) == "off"
    qtbot.waitUntil(lambda: names() == before, timeout=20_000)


def test_another_passphrase_can_be_chosen(dialog, window, nets, qtbot):
    turn_on(dialog, qtbot)
    again = ProtectionDialog(window.engine, window.tasks, window)
    again.show()

    again.old.setText(WORDS)
    again.new.setText("quite another one")
    again.again.setText("quite another one")
    with qtbot.waitSignal(again.changed, timeout=30_000):
        again.yes.click()

    vault.open_vault(nets.home, "quite another one")


def test_what_was_interrupted_can_be_finished(place, window, nets, qtbot):
    vault.create(nets.home, WORDS)
    dialog = ProtectionDialog(window.engine, window.tasks, window)
    dialog.show()
    assert dialog.title.text() == "Protecting was interrupted"
    assert dialog.yes.text() == "Finish"
    assert not dialog.new.isVisible()

    dialog.old.setText(WORDS)
    with qtbot.waitSignal(dialog.changed, timeout=30_000):
        dialog.yes.click()

    assert sealed(nets) == {True}
    assert vault.protection(nets.home) == "on"


def test_a_wrong_passphrase_says_so_and_goes_away_when_typing(nets, window, qtbot):
    vault.create(nets.home, WORDS)
    card = UnlockCard(window.engine, window.tasks, window)
    card.show()
    assert not card.button.isEnabled()

    card.line.setText("wrong")
    card.button.click()

    qtbot.waitUntil(card.wrong.isVisible, timeout=20_000)
    assert "not the passphrase" in card.wrong.text()
    assert card.line.echoMode() == card.line.EchoMode.Password
    card.line.setText("wrong w")
    assert not card.wrong.isVisible()


def test_the_right_passphrase_brings_the_people(dialog, window, nets, names, qtbot):
    before = names()
    turn_on(dialog, qtbot)
    window.engine.vault = None
    window.engine.load()
    qtbot.waitUntil(lambda: window.engine.state.locked, timeout=20_000)
    assert names() == {}
    card = UnlockCard(window.engine, window.tasks, window)
    card.show()

    card.line.setText(WORDS)
    with qtbot.waitSignal(card.unlocked, timeout=20_000):
        qtbot.keyClick(card.line, "\r")

    qtbot.waitUntil(lambda: names() == before, timeout=20_000)
    assert card.line.text() == ""


def test_the_live_place_says_why_nobody_is_named(nets, window, qtbot):
    offers = window.live.offers
    assert offers.text("locked") == ""
    vault.create(nets.home, WORDS)
    window.engine.load()
    qtbot.waitUntil(lambda: bool(offers.text("locked")), timeout=20_000)
    assert "passphrase" in offers.text("locked")
    assert "locked" in window.live.panel.hint.text()

    offers.button("locked", "Unlock").click()
    card = window.places.show_place("people").findChild(UnlockCard)
    card.line.setText(WORDS)
    card.button.click()

    qtbot.waitUntil(lambda: not offers.text("locked"), timeout=20_000)
    assert "locked" not in window.live.panel.hint.text()
