"""A person opens the window on a video, sees names, and names somebody with a click."""

import pytest
from PySide6.QtCore import Qt

from facecam import pipeline
from facecam.app.main import application
from facecam.app.main_window import MainWindow
from facecam.gallery import Shot
from facecam.media import find_images, read_image

SOON = 60_000
"""Milliseconds; a busy machine takes long to load the nets."""


@pytest.fixture
def opened(qtbot, facenet_config, data):
    """Open a window on the clip; a function, since people are enrolled before."""
    application()
    windows = []

    def open_window():
        source = str(data / "videos" / "friends.mp4")
        window = MainWindow(facenet_config, source)
        qtbot.addWidget(window)
        window.resize(1280, 800)
        window.show()
        windows.append(window)
        return window

    yield open_window
    for window in windows:
        window.close()


def enrol(config, folder):
    """Enrol somebody from a folder of photos, as `facecam enrol` does."""
    embedder = pipeline.build_embedder(config)
    gallery = pipeline.open_gallery(config, embedder)
    shots = [Shot(read_image(path)) for path in find_images(folder)]
    gallery.enrol(folder.name, shots)


def names(window):
    """The names drawn on the picture now."""
    matches = [face.match for face in window.live.stage.view.faces if face.match]
    return {match.identity.name for match in matches if match.identity}


def in_view(window):
    return [row.title for row in window.live.panel.model.rows if row.track is not None]


def test_people_enrolled_before_are_named_on_the_video(
    opened, qtbot, facenet_config, data
):
    people = [p for p in (data / "videos" / "friends").iterdir() if p.is_dir()]
    for folder in people:
        enrol(facenet_config, folder)
    window = opened()

    found = set()
    qtbot.waitUntil(lambda: found.update(names(window)) or len(found) > 1, timeout=SOON)
    named = [face for face in window.live.stage.view.faces if face.match]
    qtbot.waitUntil(lambda: bool(found & set(in_view(window))), timeout=SOON)

    assert found <= {folder.name for folder in people}
    assert named
    assert window.status.people.text() == f"{len(people)} people"
    assert "LiteRT" in window.status.runtime.text()
    assert "Live · friends.mp4" in window.status.state.text()


def test_a_click_on_an_unknown_face_enrols_it_and_its_name_appears(opened, qtbot):
    window = opened()
    live = window.live

    def asked():
        """Click the first face that has enough good views."""
        for face in live.stage.view.faces:
            if face.match and len(live.naming.views.of(face.track)) > 1:
                place = live.stage.view.rectangle(face).center()
                qtbot.mouseClick(live.stage.view, Qt.MouseButton.LeftButton, pos=place)
                return live.stage.card.isVisible()
        return False

    qtbot.waitUntil(asked, timeout=SOON)
    qtbot.keyClicks(live.stage.card.line, "Somebody")
    qtbot.keyClick(live.stage.card.line, Qt.Key.Key_Return)

    toasts = live.stage.toasts
    done = "Somebody is enrolled with "
    qtbot.waitUntil(lambda: toasts.text("enrolled").startswith(done), timeout=SOON)
    if live.watching.active is False:
        live.start(live.watching.source)
    qtbot.waitUntil(lambda: names(window) == {"Somebody"}, timeout=SOON)
    assert window.status.people.text() == "1 person"
