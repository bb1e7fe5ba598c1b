"""The People place while people are sealed, and forgetting from it."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from facecam import vault
from facecam.app.people.forgetting import ForgetDialog
from facecam.app.people.unlocking import UnlockCard


@pytest.fixture
def sealed(nets):
    vault.create(nets.home, "a long passphrase")


def test_locked_people_ask_for_the_passphrase_in_place(sealed, window, qtbot):
    place = window.places.show_place("people")
    qtbot.waitUntil(lambda: window.engine.state.locked)
    card = place.pages.currentWidget().findChild(UnlockCard)
    assert card.isVisible()
    assert not place.segments.isEnabled()

    card.line.setText("a long passphrase")
    card.button.click()

    everyone = place.people.everyone
    qtbot.waitUntil(everyone.empty.isVisible, timeout=20_000)
    assert everyone.empty.message.title == "Nobody is enrolled yet"
    assert place.segments.isEnabled()


def test_delete_asks_before_forgetting(place, everyone, qtbot):
    asked = []

    def look():
        dialog = QApplication.activeModalWidget()
        asked.append(dialog)
        dialog.reject()

    everyone.go_to(everyone.model.lines[0].key)
    QTimer.singleShot(50, look)
    everyone.grid.delete_wanted.emit()

    assert isinstance(asked[0], ForgetDialog)
    assert [line.name for line in everyone.model.lines] == ["Ada", "Grace", "Zoë"]
