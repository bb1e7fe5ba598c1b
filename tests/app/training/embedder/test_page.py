"""Tests of the embedder page: what it shows, switching, comparing, measuring."""

import shutil
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton

from facecam import installation
from facecam.app import renewing, theme
from facecam.config import chosen
from facecam.errors import ModelError
from tests.embedders import COMPACT, FACENET

LEFT = Qt.MouseButton.LeftButton
RESULT = {
    "accuracy": 0.994,
    "std": 0.002,
    "val_at_far_1e-3": 0.967,
    "eer": 0.008,
    "auc": 0.9991,
    "pairs": 1200,
    "folds": 2,
    "pictures": 1870,
    "without_face": 3,
    "title": "FaceNet",
    "roc": [
        {"far": 0.0, "tar": 0.9, "threshold": 0.8},
        {"far": 0.01, "tar": 0.98, "threshold": 1.0},
        {"far": 1.0, "tar": 1.0, "threshold": 2.0},
    ],
}


class Slow:
    """Lets an embedder wait at its first crop until it may go on."""

    def __init__(self, net, monkeypatch):
        self.at, self.go = threading.Event(), threading.Event()
        self.embed = net.embed
        monkeypatch.setattr(net, "embed", self.wait)

    def wait(self, crops):
        self.at.set()
        assert self.go.wait(20)
        return self.embed(crops)


@pytest.fixture
def slow(two, monkeypatch):
    return Slow(two.nets[COMPACT], monkeypatch)


def raising(error):
    def fail(crops):
        raise error

    return fail


def press(qtbot, button):
    assert button.isVisible()
    qtbot.mouseClick(button, LEFT)


def used(page):
    return [one.name for one in page.listed if one.used]


def named(window):
    """Who is named in the picture now."""
    faces = window.live.stage.view.faces
    return [f.match.identity.name for f in faces if f.match and f.match.identity]


def test_the_embedder_in_use_is_shown_with_its_facts_and_licence(page):
    card = page.cards[FACENET]

    assert card.title.text() == "FaceNet"
    assert card.accessibleName() == "FaceNet, in use"
    assert "512 numbers a face" in card.facts.text()
    assert "160 × 160 pixels" in card.facts.text()
    assert card.licence.text() == "Licence MIT, learned from VGGFace2."
    assert not any(
        button.isVisible()
        for button in (card.install, card.use, card.compare, card.back)
    )


def test_one_that_is_not_installed_can_only_be_installed(page):
    card = page.cards[COMPACT]

    assert card.accessibleName() == "Compact, not installed"
    assert card.install.isVisible()
    assert not card.use.isVisible()
    assert not page.compare.start.isVisible()
    assert "another embedder is installed" in page.compare.about.text()


def test_the_time_of_a_face_is_measured(compact, page, qtbot):
    for name in (FACENET, COMPACT):
        facts = page.cards[name].facts
        qtbot.waitUntil(lambda facts=facts: "a face" in facts.text().split("·")[-1])


def test_installing_shows_progress_and_then_offers_to_use_it(
    page, two, nets, qtbot, monkeypatch
):
    go = threading.Event()

    def install(config, name, report):
        report("Converting to int8", 0.25)
        assert go.wait(20)
        two.install(config.models, name)

    monkeypatch.setattr(installation, "install", install)
    card = page.cards[COMPACT]

    press(qtbot, card.install)
    qtbot.waitUntil(lambda: "Converting to int8" in card.doing.text.text())
    assert not card.install.isEnabled()
    go.set()

    qtbot.waitUntil(lambda: card.use.isVisible(), timeout=10_000)
    assert not card.doing.isVisible()
    assert used(page) == [FACENET]


def test_why_installing_failed_is_said_on_the_card(page, qtbot, monkeypatch):
    def install(config, name, report):
        raise ModelError("The download stopped. Try again.")

    monkeypatch.setattr(installation, "install", install)
    card = page.cards[COMPACT]
    press(qtbot, card.install)

    qtbot.waitUntil(lambda: card.wrong.isVisible())
    assert card.wrong.text() == "The download stopped. Try again."
    assert card.install.isEnabled()


def test_faces_keep_their_names_while_everybody_is_embedded_anew(
    compact, page, window, camera, slow, qtbot
):
    window.live.start("usb-1")
    qtbot.waitUntil(lambda: named(window) == ["Ada"], timeout=10_000)
    before = window.engine.fingerprint

    press(qtbot, page.cards[COMPACT].use)
    qtbot.waitUntil(slow.at.is_set, timeout=10_000)
    shown = window.live.watching.session.results.peek().frame.index
    qtbot.waitUntil(
        lambda: window.live.watching.session.results.peek().frame.index > shown + 5
    )

    assert window.engine.fingerprint == before
    assert named(window) == ["Ada"]
    assert "compared by FaceNet until everybody" in page.cards[COMPACT].note.text()
    assert chosen.read(window.engine.config.home) == {}
    slow.go.set()
    qtbot.waitUntil(lambda: window.engine.fingerprint != before, timeout=10_000)
    qtbot.waitUntil(lambda: named(window) == ["Ada"], timeout=10_000)
    assert window.engine.config.identifier.real_spread == 1.5


def test_after_the_switch_the_page_shows_it_and_the_way_back(
    compact, page, window, qtbot
):
    press(qtbot, page.cards[COMPACT].use)

    qtbot.waitUntil(lambda: used(page) == [COMPACT], timeout=10_000)
    text = page.toasts.text("embedder")
    assert text == "Faces are compared by Compact from now on."
    card = page.cards[COMPACT]
    qtbot.waitUntil(lambda: card.back.isVisible())
    assert card.back.text() == "Back to FaceNet"
    qtbot.waitUntil(lambda: window.engine.state.loaded and card.back.isEnabled())
    press(qtbot, card.back)
    qtbot.waitUntil(lambda: used(page) == [FACENET], timeout=10_000)
    assert chosen.read(window.engine.config.home)["embedder"]["model"] == FACENET


def test_a_switch_that_is_cancelled_changes_nothing(compact, page, window, slow, qtbot):
    before = window.engine.fingerprint
    card = page.cards[COMPACT]
    press(qtbot, card.use)
    qtbot.waitUntil(slow.at.is_set, timeout=10_000)

    press(qtbot, card.doing.cancel)
    slow.go.set()

    assert not card.doing.isVisible()
    assert card.use.isEnabled()
    qtbot.wait(300)
    assert chosen.read(window.engine.config.home) == {}
    assert window.engine.fingerprint == before
    assert used(page) == [FACENET]


def test_why_a_switch_failed_is_said_on_the_card(
    compact, page, two, qtbot, monkeypatch
):
    broken = raising(ModelError("int8.tflite is damaged."))
    monkeypatch.setattr(two.nets[COMPACT], "embed", broken)
    card = page.cards[COMPACT]

    press(qtbot, card.use)
    qtbot.waitUntil(lambda: card.wrong.isVisible(), timeout=10_000)

    assert card.wrong.text().startswith("Nobody would be known with Compact.")
    assert card.wrong.text().endswith("int8.tflite is damaged.")
    assert card.use.isEnabled()
    assert used(page) == [FACENET]


def test_a_switch_goes_on_and_is_told_while_the_page_is_not_looked_at(
    compact, page, slow, qtbot
):
    told = []
    page.said.connect(told.append)
    press(qtbot, page.cards[COMPACT].use)
    page.hide()
    slow.go.set()

    qtbot.waitUntil(lambda: used(page) == [COMPACT], timeout=10_000)

    assert [notice.text for notice in told] == [
        "Faces are compared by Compact from now on."
    ]


def test_a_failure_is_still_there_when_the_page_is_looked_at_again(
    compact, page, two, slow, qtbot
):
    card = page.cards[COMPACT]
    press(qtbot, card.use)
    page.hide()
    qtbot.waitUntil(slow.at.is_set, timeout=10_000)
    slow.embed = raising(ModelError("int8.tflite is damaged."))
    slow.go.set()
    qtbot.waitUntil(lambda: not page.switching.coming, timeout=10_000)

    page.show()

    assert card.wrong.isVisible()
    assert not card.doing.isVisible()


def test_an_embedder_chosen_elsewhere_is_taken_over(
    compact, people, nets, monkeypatch, window, qtbot
):
    monkeypatch.setattr(renewing, "EVERY", 20)
    watcher = next(c for c in window.children() if isinstance(c, renewing.Renewing))
    before = window.engine.fingerprint

    chosen.choose(nets.home, "embedder", "model", COMPACT, FACENET)
    watcher.look()
    watcher.look()

    qtbot.waitUntil(lambda: window.engine.fingerprint != before, timeout=10_000)
    toast = window.live.stage.toasts.text("embedder")
    assert toast == "Faces are compared by Compact now."
    watcher.look()
    watcher.look()
    assert window.engine.embedder[0] == COMPACT


def test_the_last_embedder_removed_elsewhere_goes_on_in_an_open_window(
    people, nets, window, qtbot
):
    watcher = next(c for c in window.children() if isinstance(c, renewing.Renewing))
    before = window.engine.fingerprint

    (nets.models / "embedder" / FACENET / "installed" / "manifest.json").unlink()
    watcher.look()
    watcher.look()
    qtbot.wait(200)

    assert window.engine.fingerprint == before


def test_embedders_are_compared_in_a_table(compact, page, qtbot):
    press(qtbot, page.cards[COMPACT].compare)

    qtbot.waitUntil(lambda: page.compare.table.isVisible(), timeout=20_000)
    table = page.compare.table
    heads = [table.horizontalHeaderItem(n).text() for n in range(3)]
    assert heads == ["", "FaceNet (in use)", "Compact"]
    assert table.item(1, 0).text() == "Recognised, one picture left out"
    assert "of 6" in table.item(1, 1).text()
    assert "left out at a time" in table.item(1, 0).toolTip()
    assert "too few pictures" in page.compare.verdict.text()
    assert page.compare.basis.text() == "Tried with 3 people, 6 pictures."
    assert used(page) == [FACENET]


def test_comparing_can_be_cancelled(compact, page, slow, qtbot):
    press(qtbot, page.compare.start)
    qtbot.waitUntil(slow.at.is_set, timeout=10_000)

    press(qtbot, page.compare.doing.cancel)
    slow.go.set()

    assert not page.compare.doing.isVisible()
    assert page.compare.start.isEnabled()
    qtbot.wait(200)
    assert not page.compare.table.isVisible()


def test_another_embedder_that_stands_in_is_said_with_the_one_to_install(
    nets, two, people, qtbot, request, looked_at
):
    two.install(nets.models, COMPACT)
    (nets.models / "embedder" / FACENET / "installed" / "manifest.json").unlink()
    window = request.getfixturevalue("window")
    page = looked_at(window)
    qtbot.waitUntil(lambda: used(page) == [COMPACT], timeout=10_000)

    note = page.cards[COMPACT].note.text()
    assert note.startswith("FaceNet is chosen but not installed (90 MB); Compact")
    assert page.cards[FACENET].install.isVisible()
    offers = window.live.offers
    offer = "Compact compares the faces. FaceNet, a download of 90 MB,"
    assert offers.text("model").startswith(offer)
    assert window.status.runtime.text() == "Compact · CPU · fake"
    assert window.engine.config.identifier.real_spread == 1.5


def test_the_one_that_stands_in_may_be_kept(nets, two, people, qtbot, request):
    two.install(nets.models, COMPACT)
    (nets.models / "embedder" / FACENET / "installed" / "manifest.json").unlink()
    window = request.getfixturevalue("window")
    offers = window.live.offers
    qtbot.waitUntil(lambda: bool(offers.text("model")))

    qtbot.mouseClick(offers.button("model", "Keep Compact"), LEFT)

    assert offers.text("model") == ""
    assert chosen.read(nets.home)["embedder"]["model"] == COMPACT
    window.engine.load()
    qtbot.waitUntil(lambda: window.engine.config.embedder.model == COMPACT)
    assert offers.text("model") == ""


def test_what_was_wanted_takes_over_once_it_is_installed(
    nets, two, people, qtbot, request, monkeypatch
):
    two.install(nets.models, COMPACT)
    final = nets.models / "embedder" / FACENET / "installed"
    shutil.rmtree(final)
    window = request.getfixturevalue("window")
    offers = window.live.offers
    qtbot.waitUntil(lambda: bool(offers.text("model")))
    install = lambda config, name, report: two.install(nets.models, name)  # noqa: E731
    monkeypatch.setattr("facecam.installation.install", install)

    qtbot.mouseClick(offers.button("model", "Install"), LEFT)

    qtbot.waitUntil(lambda: "by FaceNet from now on" in offers.text("installed"))
    assert window.status.runtime.text() == "FaceNet · CPU · fake"
    assert window.engine.config.identifier.real_spread == 1.1


def test_pairs_are_told_in_numbers_with_a_sentence_each_and_drawn(page, qtbot):
    page.pairs.show_result(RESULT)

    texts = [label.text() for labels in page.pairs.measures._labels for label in labels]
    assert texts[:2] == ["Accuracy", "99.4 % ± 0.2"]
    assert "96.7 %" in texts
    assert all(len(text) > 30 for text in texts[2::3])
    assert "no face found in 3" in page.pairs.basis.text()
    assert list(page.pairs.roc.results) == ["FaceNet"]
    page.pairs.roc.tell(-2.0)
    assert page.pairs.roc.said.text() == "1 % taken wrongly\nFaceNet: 98.0 %"
    page.pairs.roc.tell(-3.0)
    assert page.pairs.roc.said.text().endswith("FaceNet: 90.0 %")


def test_the_curves_of_two_embedders_stand_beside_each_other(page):
    page.pairs.show_result(RESULT)
    page.pairs.show_result({**RESULT, "title": "Compact", "accuracy": 0.9})

    assert list(page.pairs.roc.results) == ["FaceNet", "Compact"]
    description = page.pairs.roc.accessibleDescription()
    assert "FaceNet: 90.0 %; Compact: 90.0 %" in description


def test_a_folder_without_pairs_is_said_with_what_it_should_hold(page, qtbot, tmp_path):
    page.pairs.measure(str(tmp_path))
    assert page.pairs.doing.isVisible()
    assert not page.pairs.choose.isEnabled()

    qtbot.waitUntil(lambda: page.pairs.wrong.isVisible(), timeout=20_000)

    assert "pairs.txt" in page.pairs.wrong.text()
    assert page.pairs.choose.isEnabled()


def test_measuring_pairs_can_be_cancelled(page, qtbot, tmp_path):
    page.pairs.measure(str(tmp_path))

    press(qtbot, page.pairs.doing.cancel)

    assert not page.pairs.running
    assert not page.pairs.doing.isVisible()
    assert not page.pairs.wrong.isVisible()


def test_tab_goes_through_the_page_in_the_order_of_reading(compact, page, qtbot):
    qtbot.waitUntil(lambda: page.cards[COMPACT].use.isVisible())
    places, widget = [], page.cards[FACENET].compare.previousInFocusChain()
    for _ in range(200):
        widget = widget.nextInFocusChain()
        tabbed = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if page.isAncestorOf(widget) and widget.isVisible() and tabbed:
            place = widget.mapTo(page, widget.rect().center())
            if isinstance(widget, (QPushButton, QComboBox)):
                assert widget.accessibleName() or widget.text()
                places.append((round(place.y() / 20), place.x()))

    first = places[: len(set(places))]
    assert len(first) == 6  # Compare, Use; Compare; Choose a folder, which; Train
    assert first == sorted(first)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_curve_follows_the_colours(page, scheme):
    page.pairs.show_result(RESULT)

    theme.choose(scheme)

    drawn = page.pairs.roc.grab().toImage().pixelColor(4, 4)
    assert drawn.name() == theme.current().surface
