"""Tests of facecam.app.people.forgetting: the question, the progress, the proof."""

import json
import shutil

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from facecam import forgetting
from facecam.app.engine import Engine
from facecam.app.main_window import MainWindow
from facecam.app.people.forgetting import ForgetDialog
from facecam.gallery import Gallery
from tests.fakes import ColourEmbedder


@pytest.fixture
def dialog(place, window, qtbot):
    """The dialog about Ada, shown but not modal."""
    person = next(p for p in window.engine.people if p.identity.name == "Ada")
    dialog = ForgetDialog(window.engine, window.tasks, person, window)
    dialog.show()
    return dialog


def finished(dialog, qtbot):
    with qtbot.waitSignal(dialog.forgotten, timeout=30_000) as caught:
        dialog.forget.click()
    return caught.args[0]


def test_it_asks_once_in_a_clear_sentence_and_keeping_is_the_default(dialog):
    assert dialog.title.text() == "Forget Ada?"
    assert "cannot be undone" in dialog.text.text()
    assert dialog.keep.isDefault()
    assert dialog.keep.hasFocus() or dialog.focusWidget() is dialog.keep
    assert dialog.forget.property("danger")
    assert not dialog.open_receipt.isVisible()


def test_keeping_or_escape_changes_nothing(dialog, window, qtbot):
    before = len(window.engine.people)

    qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()
    assert len(window.engine.people) == before


def test_the_proof_is_shown_in_words(dialog, window, enrolled, qtbot):
    outcome = finished(dialog, qtbot)

    assert outcome.clean
    assert dialog.title.text() == "Ada is forgotten"
    assert any("2 portraits" in line for line in dialog.said())
    assert any("nothing of them is left" in line for line in dialog.said())
    assert not (window.engine.config.people / enrolled["Ada"]).exists()
    assert [p.identity.name for p in window.engine.people] == ["Grace", "Zoë"]
    assert dialog.open_receipt.isVisible()
    assert dialog.close_button.isVisible()
    assert not dialog.forget.isVisible()


def test_the_receipt_can_be_opened(dialog, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    outcome = finished(dialog, qtbot)

    dialog.open_receipt.click()

    assert opened[0].toLocalFile() == outcome.receipt.as_posix()
    assert "Ada" not in json.dumps(json.loads(outcome.receipt.read_text()))


def test_what_is_left_in_the_users_own_files_is_told(
    dialog, window, enrolled, qtbot, nets
):
    portraits = nets.people / enrolled["Ada"] / "portraits"
    (nets.home / "snapshots").mkdir()
    shutil.copy(next(portraits.iterdir()), nets.home / "snapshots" / "mine.jpg")

    outcome = finished(dialog, qtbot)

    assert not outcome.clean
    assert any("snapshots/mine.jpg" in line for line in dialog.said())


def test_it_cannot_be_closed_in_the_middle(dialog, qtbot):
    with qtbot.waitSignal(dialog.forgotten, timeout=30_000):
        dialog.forget.click()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        dialog.close()
        assert dialog.isVisible()
        assert dialog.bar.isVisible()

    dialog.close_button.click()
    assert not dialog.isVisible()


def test_a_failure_says_what_to_do(dialog, window, qtbot, monkeypatch):
    from facecam.errors import GalleryError

    def refuse(*_):
        raise GalleryError("The disk is full. Make room.")

    monkeypatch.setattr(Gallery, "forget", refuse)
    dialog.forget.click()

    qtbot.waitUntil(dialog.close_button.isVisible, timeout=20_000)
    assert dialog.text.text() == "The disk is full. Make room."
    assert "could not be forgotten" in dialog.title.text()
    assert not forgetting.pending(window.engine.config.home)


@pytest.mark.parametrize("name", ["王小明 🙂", "x" * 200, "<b>Ada</b> & co"])
def test_any_name_fits(place, window, qtbot, name):
    person = window.engine.people[0]
    renamed = []
    window.engine.change(
        lambda gallery: gallery.rename(person.identity.id, name),
        renamed.append,
        renamed.append,
    )
    qtbot.waitUntil(lambda: bool(renamed), timeout=20_000)

    dialog = ForgetDialog(window.engine, window.tasks, renamed[0], window)
    dialog.show()

    assert name[:5] in dialog.title.text()
    assert dialog.title.textFormat() == Qt.TextFormat.PlainText
    assert dialog.width() <= 520


def test_what_was_interrupted_is_finished_at_the_next_start(
    nets, enrolled, qtbot, monkeypatch
):
    gallery = Gallery(nets.people, None, ColourEmbedder(), nets.gallery)
    with monkeypatch.context() as patched:
        patched.setattr(forgetting.deed, "_forget_elsewhere", _crash)
        with pytest.raises(KeyboardInterrupt):
            forgetting.forget(nets, gallery, enrolled["Ada"])
    assert forgetting.pending(nets.home)

    window = MainWindow(nets, start=False)
    qtbot.addWidget(window)
    window.show()

    toasts = window.live.stage.toasts
    qtbot.waitUntil(lambda: bool(toasts.text("forgotten")), timeout=30_000)
    assert "finished now" in toasts.text("forgotten")
    assert not forgetting.pending(nets.home)
    assert isinstance(window.engine, Engine)
    window.close()


def _crash(*_):
    raise KeyboardInterrupt


def test_the_list_beside_the_picture_asks_in_the_same_way(enrolled, window, qtbot):
    panel = window.live.panel
    qtbot.waitUntil(lambda: len(window.engine.people) == 3, timeout=20_000)
    ada = next(p for p in window.engine.people if p.identity.name == "Ada")
    asked = []

    def agree():
        dialog = QApplication.activeModalWidget()
        asked.append(dialog.title.text())
        dialog.forgotten.connect(lambda _: dialog.accept())
        dialog.forget.click()

    QTimer.singleShot(50, agree)
    panel.forget_wanted.emit(ada.identity)

    assert asked == ["Forget Ada?"]
    assert [p.identity.name for p in window.engine.people] == ["Grace", "Zoë"]
