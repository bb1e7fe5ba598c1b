"""Tests of facecam.app.main_window and live_tab, on stand-ins for nets and camera."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication

from facecam import installation, pipeline
from facecam.app import theme, watching
from facecam.app.main_window import MainWindow
from facecam.app.notices import Notice
from facecam.app.source_chooser import CameraChoice
from facecam.errors import CameraLost, CameraNotFound, ModelError, WeightsMissing
from facecam.faces import Identity
from facecam.gallery import Person
from facecam.recognizer import Recognizer
from tests.fakes import BlobCamera, BlobDetector

LEFT = Qt.MouseButton.LeftButton


def watch(window, qtbot):
    """Start the camera and wait for a face to be drawn."""
    window.live.start("usb-1")
    qtbot.waitUntil(lambda: bool(window.live.stage.view.faces), timeout=10_000)
    qtbot.waitUntil(window.live.tools.mirror.isEnabled)


def titles(window):
    return [row.title for row in window.live.panel.model.rows]


def test_an_empty_window_says_what_to_do_next(window, qtbot):
    qtbot.waitUntil(lambda: window.live.tools.source.cameras is not None)
    stage = window.live.stage
    assert stage.empty.isVisible()
    assert stage.empty.message.title in ("No camera found", "What shall we watch?")
    assert window.status.runtime.text() == "FaceNet · CPU · fake"
    assert window.status.people.text() == "nobody enrolled"
    assert window.live.panel.hint.isVisible()


def test_the_demo_clip_is_one_click_away(window, qtbot):
    qtbot.waitUntil(lambda: window.live.tools.source.cameras is not None)
    qtbot.mouseClick(window.live.stage.empty.button("demo"), LEFT)
    qtbot.waitUntil(window.live.stage.view.isVisible, timeout=10_000)
    assert window.status.state.text() == "Live · Demo clip"


def test_a_camera_is_shown_with_rate_and_latency(window, camera, qtbot):
    watch(window, qtbot)
    qtbot.waitUntil(lambda: "ms to name" in window.status.latency.text())
    assert window.status.rate.text().endswith("frames/s")
    assert window.live.stage.view.mirrored
    assert titles(window)[:2] == ["In view", "Unknown"]


def test_space_starts_and_stops(window, camera, qtbot):
    window.live.tools.source.show_source("usb-1")
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(window.live.stage.view.isVisible, timeout=10_000)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not window.live.stage.view.isVisible()
    assert window.live.stage.empty.message.choices[0].text == "Start usb-1"
    qtbot.waitUntil(lambda: camera.left == 0)  # released


def test_letters_switch_what_is_shown(window, camera, qtbot):
    watch(window, qtbot)
    view, panel = window.live.stage.view, window.live.panel
    before = (view.landmarks, view.timings, view.mirrored, panel.isVisible())
    for key in "LTMP":
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{key}"))
    after = (view.landmarks, view.timings, view.mirrored, panel.isVisible())
    assert after == tuple(not value for value in before)


def test_switches_are_remembered(window, camera, qtbot, nets):
    watch(window, qtbot)
    for key in "LM":
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{key}"))
    window.close()
    camera.left = 10**9

    again = MainWindow(nets)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(again.live.tools.mirror.isEnabled, timeout=10_000)
    view = again.live.stage.view
    assert again.live.tools.source.source == "usb-1"
    assert (view.landmarks, view.mirrored) == (False, False)
    again.close()


def test_a_snapshot_is_saved_and_said(window, camera, qtbot, nets):
    watch(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_S)
    toasts = window.live.stage.toasts
    qtbot.waitUntil(lambda: bool(toasts.text("snapshot")))
    (file,) = (nets.home / "snapshots").iterdir()
    assert str(file) in toasts.text("snapshot")


def test_full_screen_shows_only_the_picture_until_escape(window, camera, qtbot):
    watch(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_F)
    assert window.isFullScreen()
    assert not window.status.isVisible()
    assert not window.live.panel.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.status.isVisible()
    assert window.live.panel.isVisible()


def test_full_screen_stays_free_of_people_until_they_are_asked_for(
    window, camera, qtbot
):
    watch(window, qtbot)
    panel = window.live.panel
    qtbot.keyClick(window, Qt.Key.Key_F)
    qtbot.keyClick(window, Qt.Key.Key_L)
    assert not panel.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_P)
    assert panel.isVisible()
    assert window.live.tools.panel.isChecked()


def test_a_maximised_window_is_maximised_again_after_full_screen(window, qtbot):
    window.showMaximized()
    qtbot.keyClick(window, Qt.Key.Key_F)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.isMaximized()
    assert not window.isFullScreen()


def test_space_starts_and_stops_from_the_first_moment_and_after_a_name(
    window, camera, qtbot
):
    def press():
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Space)

    window.live.tools.source.show_source("usb-1")
    press()
    qtbot.waitUntil(lambda: bool(window.live.stage.view.faces), timeout=10_000)
    window.live.naming.ask(window.live.stage.view.faces[0])
    qtbot.keyClick(window.live.stage.card.line, Qt.Key.Key_Escape)
    press()
    assert not window.live.watching.active


def test_escape_clears_the_search_and_then_leaves_it(window, qtbot):
    search = window.live.panel.search
    window.live.panel.show_people((Person(Identity("ada-1", "Ada"), Path()),))
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert search.hasFocus()
    qtbot.keyClicks(search, "fl")
    assert search.text() == "fl"
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert (search.text(), search.hasFocus()) == ("", True)
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert window.live.hasFocus()


def test_a_camera_that_is_lost_is_told_until_it_is_back(
    window, monkeypatch, camera, qtbot
):
    class Unplugged(BlobCamera):
        def read(self):
            if self.left <= 0:
                raise CameraLost("Blob camera was unplugged. Connect it again.")
            return super().read()

    plugged = [Unplugged((60, 60, 80), frames=40)]

    def plug_in(source, config):
        if not plugged:
            raise CameraNotFound("The camera is not connected. Connect it.")
        return plugged.pop()

    monkeypatch.setattr(watching, "open_source", plug_in)
    watch(window, qtbot)
    offers, status = window.live.offers, window.status.state
    qtbot.waitUntil(lambda: "Trying again" in offers.text("source"), timeout=10_000)
    assert status.text() == "Reconnecting to usb-1…"
    assert window.live.stage.view.isVisible()
    plugged.append(BlobCamera((60, 60, 80)))
    qtbot.waitUntil(lambda: offers.text("source") == "", timeout=10_000)
    assert status.text() == "Live · usb-1"


def test_an_error_stays_while_cameras_are_looked_for(window, monkeypatch, qtbot):
    def refuse(source, config):
        raise CameraNotFound("The camera is used by another program. Close it.")

    monkeypatch.setattr(watching, "open_source", refuse)
    window.live.start("usb-1")
    empty = window.live.stage.empty
    qtbot.waitUntil(lambda: "another program" in empty.message.text, timeout=10_000)
    window.live._show_cameras([CameraChoice("usb-2", "HD Webcam")])
    assert "another program" in empty.message.text
    assert "HD Webcam" in empty.button("usb-2").text()


def test_what_is_typed_survives_a_line_that_appears_above(window, camera, qtbot):
    watch(window, qtbot)
    stage = window.live.stage
    window.live.naming.ask(stage.view.faces[0])
    stage.card.line.setText("Zo")
    window.live.offers.show_notice(Notice("source", "Trying again …", "error"))
    qtbot.waitUntil(lambda: stage.height() < 500)
    assert stage.card.isVisible()
    assert stage.rect().contains(stage.card.geometry())
    assert stage.card.line.text() == "Zo"


def test_names_on_the_last_picture_of_a_recording_follow_the_people(
    window, camera, qtbot
):
    camera.left = 20
    watch(window, qtbot)
    camera.live = False
    live = window.live
    qtbot.waitUntil(lambda: bool(live.stage.toasts.text("ended")), timeout=10_000)
    qtbot.waitUntil(lambda: not live._timer.isActive(), timeout=10_000)

    live.naming.ask(live.stage.view.faces[0])
    live.stage.card.line.setText("Ada")
    qtbot.keyClick(live.stage.card.line, Qt.Key.Key_Return)

    def names():
        faces = live.stage.view.faces
        return [f.match.identity.name for f in faces if f.match and f.match.identity]

    qtbot.waitUntil(lambda: names() == ["Ada"], timeout=10_000)
    qtbot.waitUntil(lambda: titles(window)[:2] == ["In view", "Ada"])
    (person,) = window.engine.people
    window.live.panel.renamed.emit(person.identity, "Ada L.")
    qtbot.waitUntil(lambda: names() == ["Ada L."], timeout=10_000)


def test_the_scheme_goes_round_and_is_remembered(window, qtbot):
    for expected in ("light", "dark", "auto"):
        qtbot.mouseClick(window.scheme, LEFT)
        assert window.settings.text("view/scheme") == expected
        if expected == "dark":
            assert theme.current() is theme.DARK


def test_a_click_on_a_face_gives_it_a_name(window, camera, qtbot, nets):
    watch(window, qtbot)
    qtbot.waitUntil(lambda: len(window.live.naming.views.of(1)) > 1, timeout=10_000)
    view, card = window.live.stage.view, window.live.stage.card
    middle = view.rectangle(view.faces[0]).center()
    qtbot.mouseClick(view, LEFT, pos=middle)
    assert card.isVisible()

    card.line.setText("Zoë")  # QTest types ASCII only
    qtbot.keyClick(card.line, Qt.Key.Key_Return)

    toasts = window.live.stage.toasts
    assert toasts.text("enrolled") == "Learning Zoë…"
    done = "Zoë is enrolled with "
    qtbot.waitUntil(lambda: toasts.text("enrolled").startswith(done), timeout=10_000)
    assert window.status.people.text() == "1 person"
    qtbot.waitUntil(lambda: "Zoë" in titles(window), timeout=10_000)

    qtbot.mouseClick(toasts.button("enrolled", "Undo"), LEFT)
    qtbot.waitUntil(lambda: window.status.people.text() == "nobody enrolled")
    left = [p for p in nets.people.iterdir() if not p.name.startswith(".")]
    assert [p.name for p in left] == ["gallery.json"]


def test_a_source_that_cannot_be_opened_is_explained_in_place(
    window, monkeypatch, qtbot
):
    def refuse(source, config):
        raise CameraNotFound("The camera is used by another program. Close it.")

    monkeypatch.setattr(watching, "open_source", refuse)
    window.live.start("usb-1")
    empty = window.live.stage.empty
    qtbot.waitUntil(lambda: "another program" in empty.message.text, timeout=10_000)
    assert window.status.state.text() == "No picture from usb-1"
    assert not window.live.watching.active

    monkeypatch.setattr(watching, "open_source", lambda *_: BlobCamera((60, 60, 80)))
    qtbot.mouseClick(empty.button("do:again"), LEFT)
    qtbot.waitUntil(window.live.stage.view.isVisible, timeout=10_000)


def test_a_recording_keeps_its_last_picture_and_offers_to_play_again(
    window, camera, qtbot
):
    camera.left = 20
    watch(window, qtbot)
    toasts = window.live.stage.toasts
    camera.live = False
    qtbot.waitUntil(lambda: bool(toasts.text("ended")), timeout=10_000)
    assert window.live.stage.view.isVisible()
    camera.left = 20
    qtbot.mouseClick(toasts.button("ended", "Play again"), LEFT)
    assert toasts.text("ended") == ""
    assert window.live.watching.active


def test_another_source_may_be_chosen_at_any_time(window, monkeypatch, qtbot):
    monkeypatch.setattr(watching, "open_source", lambda *_: BlobCamera((60, 60, 80)))
    for source in ("usb-1", "usb-2", "demo", "usb-3"):
        window.live.start(source)
    qtbot.waitUntil(lambda: bool(window.live.stage.view.faces), timeout=10_000)
    assert window.live.tools.source.source == "usb-3"
    assert window.settings.recent[:2] == ["usb-3", "demo"]


def test_a_dropped_file_is_watched(window, camera, qtbot, tmp_path):
    film = tmp_path / "film.mp4"
    film.touch()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(film))])
    no_keys = Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, LEFT, no_keys)
    window.dropEvent(drop)
    assert window.live.tools.source.source == str(film)


def test_an_unexpected_error_is_a_line_with_details_to_copy(window, qtbot):
    window.went_wrong.emit("Traceback: the details")
    offers = window.live.offers
    assert offers.text("crash").startswith("Something went wrong")
    qtbot.mouseClick(offers.button("crash", "Copy details"), LEFT)
    assert QGuiApplication.clipboard().text() == "Traceback: the details"


def test_the_window_closes_within_two_seconds_while_watching(window, camera, qtbot):
    watch(window, qtbot)
    began = time.monotonic()
    window.close()
    assert time.monotonic() - began < 2
    assert camera.left == 0


def test_closing_while_a_camera_is_opened_releases_it(window, camera, qtbot):
    window.live.start("usb-1")
    window.close()  # at once: nobody has been told that the session began
    names = {"capture", "recognition"}
    assert not [t for t in threading.enumerate() if t.name in names and t.is_alive()]


def test_every_control_has_a_name_for_screen_readers(window):
    tools = window.live.tools
    for button in (
        tools.source,
        tools.start,
        tools.snapshot,
        tools.landmarks,
        tools.timings,
        tools.mirror,
        tools.fullscreen,
        tools.panel,
        window.scheme,
        window.live.panel.search,
        window.live.panel.list,
        window.live.stage.view,
    ):
        assert button.accessibleName()


def test_tab_goes_in_the_order_of_reading(window):
    tools = window.live.tools
    order = [tools.source, tools.start, tools.landmarks, window.scheme]
    chain, widget = [], tools.source
    while widget not in chain:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    found = [widget for widget in chain if widget in order]
    assert found == order


def test_what_a_first_start_has_to_do_is_shown_until_it_is_done(window):
    offers = window.live.offers
    window.engine.progressed.emit("Converting the detector", 0.4)
    assert offers.text("loading").endswith("Converting the detector")
    window.engine.state_changed.emit(window.engine.state)
    assert offers.text("loading") == ""


def test_nets_that_cannot_be_loaded_are_explained_and_may_be_tried_again(
    window, monkeypatch, qtbot
):
    good = pipeline.build_recognizer

    def damaged(config):
        raise ModelError("pnet.tflite is damaged. Run: facecam models verify")

    monkeypatch.setattr(pipeline, "build_recognizer", damaged)
    window.engine.load()
    offers = window.live.offers
    qtbot.waitUntil(lambda: "is damaged" in offers.text("engine"))
    monkeypatch.setattr(pipeline, "build_recognizer", good)
    qtbot.mouseClick(offers.button("engine", "Try again"), LEFT)
    qtbot.waitUntil(lambda: window.engine.state.loaded)
    assert offers.text("engine") == ""


@pytest.mark.parametrize("size", [(1024, 640), (800, 520), (3840, 2160)])
def test_nothing_is_cut_off_at_any_size(window, qtbot, size):
    window.resize(*size)
    qtbot.wait(20)
    inside = window.rect()
    for widget in (window.scheme, window.live.tools.start, window.status.people):
        corner = widget.mapTo(window, QPoint(widget.width() - 1, widget.height() - 1))
        assert inside.contains(corner)
    for choice in window.live.stage.empty.message.choices:
        button = window.live.stage.empty.button(choice.key)
        assert window.live.stage.rect().contains(
            button.mapTo(window.live.stage, button.rect().bottomRight())
        )


class Unnamed:
    """Builds a window whose embedder is not installed until it is."""

    def __init__(self, monkeypatch):
        self.installed = False
        monkeypatch.setattr(installation, "install", self.install)
        monkeypatch.setattr(installation, "import_file", self.import_file)
        self.named = pipeline.build_recognizer
        monkeypatch.setattr(pipeline, "build_recognizer", self.build)
        monkeypatch.setattr(pipeline, "build_embedder", self.embedder)

    def build(self, config):
        if self.installed:
            return self.named(config)
        return Recognizer(BlobDetector(), None, config, "CPU · fake")

    def embedder(self, config, later):
        raise WeightsMissing("FaceNet is not installed.")

    def install(self, config, name, report):
        for k in range(1000):
            report("Downloading FaceNet…", k / 1000)
            time.sleep(0.002)
        self.installed = True

    def import_file(self, config, path, report):
        raise ModelError(f"{path.name} holds another network.")


@pytest.fixture
def unnamed(nets, monkeypatch):
    return Unnamed(monkeypatch)


def test_without_the_model_faces_are_found_and_a_banner_offers_it(
    unnamed, window, camera, qtbot
):
    offers = window.live.offers
    assert "FaceNet model (90 MB)" in offers.text("model")
    watch(window, qtbot)
    qtbot.mouseClick(offers.button("model", "Install"), LEFT)
    qtbot.waitUntil(lambda: offers.text("model") == "Downloading FaceNet…")
    qtbot.mouseClick(offers.button("model", "Cancel"), LEFT)
    assert "FaceNet model (90 MB)" in offers.text("model")
    qtbot.wait(50)
    assert "FaceNet model (90 MB)" in offers.text("model")
    assert window.live.stage.view.faces


def test_a_wrong_file_of_weights_is_refused_with_the_reason(
    unnamed, window, qtbot, tmp_path
):
    offers = window.live.offers
    window.live.model_offer.import_file(tmp_path / "other.npz")
    qtbot.waitUntil(lambda: bool(offers.text("model failed")))
    assert offers.text("model failed") == "other.npz holds another network."
    assert "FaceNet model" in offers.text("model")


def test_an_error_goes_when_the_next_deed_succeeds(window, camera, qtbot):
    refused = Notice("refused", "A person needs a name.", "error")
    window.live.offers.show_notice(refused)
    watch(window, qtbot)
    window.live.naming.ask(window.live.stage.view.faces[0])
    qtbot.keyClicks(window.live.stage.card.line, "Ada")
    qtbot.keyClick(window.live.stage.card.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.live.offers.text("refused"), timeout=10_000)


def test_the_picture_on_the_screen_is_the_cameras(window, camera, qtbot):
    watch(window, qtbot)
    view = window.live.stage.view
    drawn = view.grab().toImage()
    middle = view.rectangle(view.faces[0]).center()
    corner = view.placement().target.center().toPoint() + QPoint(0, 200)
    assert drawn.pixelColor(middle).lightness() > 100
    assert drawn.pixelColor(corner).lightness() < 20
    assert np.asarray(view.picture()).shape == (240, 320, 3)
