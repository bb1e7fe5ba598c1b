"""Tests of facecam.app.people_panel."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from facecam.app.people_panel import PeoplePanel
from facecam.app.presence import Seen
from facecam.app.tasks import Tasks
from facecam.app.thumbnails import Thumbnails, small
from facecam.config import WindowConfig
from facecam.faces import Face, Identity, Match
from facecam.gallery import Person, Portrait

ADA, ZOE = Identity("ada-1", "Ada"), Identity("zoe-1", "Zoë")


@pytest.fixture
def panel(qtbot, tmp_path):
    tasks = Tasks()
    portrait = np.full((100, 80, 3), 90, np.uint8)
    thumbnails = Thumbnails(tasks, lambda person: portrait)
    panel = PeoplePanel(WindowConfig(), thumbnails)
    qtbot.addWidget(panel)
    panel.resize(264, 600)
    panel.show()
    zoe = Person(ZOE, tmp_path, (Portrait("portraits/1.jpg"),))
    panel.show_people((Person(ADA, tmp_path), zoe))
    yield panel
    tasks.close(5.0)


def seen(identity=None, track=1):
    match = Match(identity, 1e5 if identity else 1)
    face = Face(np.zeros(4, "f4"), np.zeros((5, 2), "f4"), 0.9, track, match)
    key = identity.id if identity else f"track {track}"
    return Seen(key, face, identity, 0.0, 42.0)


def texts(panel):
    return [(row.title, row.subtitle) for row in panel.model.rows]


def row_middle(panel, key):
    return panel.list.visualRect(panel.model.position(key)).center()


def test_nobody_enrolled_is_a_hint_not_an_empty_list(panel):
    assert not panel.hint.isVisible()
    panel.show_people(())
    assert panel.hint.isVisible()
    assert "click a face" in panel.hint.text()


def test_the_hint_makes_room_for_whoever_is_in_view(panel):
    panel.show_people(())
    panel.show_seen([seen(None, 5)], {})
    assert not panel.hint.isVisible()
    panel.show_seen([], {})
    assert panel.hint.isVisible()


def test_whoever_was_renamed_or_forgotten_is_so_in_view_at_once(panel):
    panel.show_seen([seen(ADA), seen(ZOE, 2)], {})
    panel.show_people((Person(Identity("ada-1", "Ada L."), Path()),))
    assert texts(panel)[1:3] == [
        ("Ada L.", "certain · 0:42"),
        ("Unknown", "Who is this?"),
    ]


def test_who_is_in_view_comes_first(panel):
    panel.show_seen([seen(ZOE), seen(None, 5)], {})
    assert texts(panel) == [
        ("In view", "2"),
        ("Zoë", "certain · 0:42"),
        ("Unknown", "Who is this?"),
        ("Others", "1"),
        ("Ada", "0 pictures"),
    ]


def test_finding_ignores_case_and_accents(panel, qtbot):
    panel.show_seen([seen(ADA)], {})
    qtbot.keyClicks(panel.search, "zoe")
    assert texts(panel) == [("People", "1"), ("Zoë", "1 picture")]
    panel.search.setText("nobody")
    assert texts(panel) == [("Nobody has that name", "")]


def test_a_click_on_somebody_in_view_asks_who_it_is(panel, qtbot):
    panel.show_seen([seen(None, 5)], {})
    with qtbot.waitSignal(panel.seen_clicked) as clicked:
        qtbot.mouseClick(
            panel.list.viewport(),
            Qt.MouseButton.LeftButton,
            pos=row_middle(panel, "seen track 5"),
        )
    assert clicked.args == [5]


def test_a_name_is_edited_in_place(panel, qtbot):
    panel.list.setCurrentIndex(panel.model.position("ada-1"))
    with qtbot.waitSignal(panel.renamed) as renamed:
        qtbot.keyClick(panel.list, Qt.Key.Key_F2)
        editor = panel.list.findChild(QLineEdit)
        panel.show_seen([seen(ZOE)], {})  # must not close the editor
        editor.setText("Ada Lovelace")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == [ADA, "Ada Lovelace"]


def test_delete_wants_somebody_forgotten(panel, qtbot):
    panel.list.setCurrentIndex(panel.model.position("ada-1"))
    with qtbot.waitSignal(panel.forget_wanted) as wanted:
        qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert wanted.args == [ADA]


def test_the_chosen_row_stays_chosen_when_the_list_fills(panel):
    panel.list.setCurrentIndex(panel.model.position("ada-1"))
    panel.show_seen([seen(None, 3), seen(None, 4)], {})
    assert panel.list.currentIndex().data() == "Ada"


def test_thumbnails_are_read_in_the_background(panel, qtbot):
    def picture():
        index = panel.model.position("zoe-1")
        return panel.model.rows[index.row()].picture

    qtbot.waitUntil(lambda: picture() is not None)
    assert picture().pixelColor(60, 60).red() in range(85, 95)


def test_an_unreadable_portrait_has_no_thumbnail(qapp):
    assert small(None).isNull()
