"""Tests of what a run has brought that trained an embedder, and of its page."""

import json
import time

import pytest
from PySide6.QtCore import QObject, Signal

from facecam import artifacts
from facecam.app.training.embedder.result import EmbedderResult
from facecam.app.training.kinds import EMBEDDER
from facecam.app.training.results import history_rows as rows
from facecam.app.training.results.history import HistoryPage
from facecam.app.training.results.measures import NEW, OLD, OUTCOME
from facecam.app.training.results.rail import RunsRail
from facecam.config import chosen
from facecam.training import queue

STEPS = ("00-check", "01-index", "02-teacher", "02-pairs", "03-fit", "04-evaluate")
MEASURED = {"cosine": 0.91, "agreement": 0.94, "lfw": 0.952, "lfw_val": 0.80}


class FakeSwitching(QObject):
    """Switches when a test lets it."""

    progressed = Signal(str, float)
    ended = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self):
        super().__init__()
        self.coming, self.asked = "", []

    def begin(self, name):
        self.coming = name
        self.asked.append(name)

    def cancel(self):
        self.coming = ""
        self.cancelled.emit()


@pytest.fixture
def trained(home):
    """Write a run of an embedder, with what it has brought."""

    def trained(name, other=0.97):
        asked = {"data": ["/faces"], "loss": "distil", "start": "scratch"}
        steps = [{"name": step, "fingerprint": step} for step in STEPS]
        root = home.run(name, kind="embedder", request=asked, config={}, steps=steps)
        told = {
            "int8": MEASURED,
            "float32": {**MEASURED, "lfw": 0.954},
            "other": {"name": "facenet-20180402", "lfw": other, "lfw_val": 0.9},
            "time": {"milliseconds": 5.0, "other": 20.0, "share": 0.25},
        }
        metrics = {"01-index": {"held_out": 250}, "02-pairs": {"pairs": 600}}
        metrics["04-evaluate"] = {**MEASURED, "other_lfw": other, "time_share": 0.25}
        for step in STEPS:
            home.step(root / step, metrics.get(step))
        (root / "04-evaluate" / "evaluation.json").write_text(json.dumps(told))
        (root / "03-fit" / "int8.tflite").write_bytes(bytes(4_500_000))
        return root

    return trained


@pytest.fixture
def switching(qapp):
    return FakeSwitching()


@pytest.fixture
def open_run(qtbot, engine, runs, look, switching):
    """Show a run and wait until what it has brought is read."""

    def open_run(name):
        view = EmbedderResult(switching, engine, runs, None)
        qtbot.addWidget(view)
        view.resize(1000, 700)
        view.show()
        look()
        view.show_run(name)
        qtbot.waitUntil(lambda: view.results is not None or bool(view._problem))
        return view

    return open_run


def test_both_are_measured_side_by_side(trained, open_run):
    trained("one")

    view = open_run("one")

    said = view.card.headline.text()
    assert said.startswith("It is right about 95.2 % of the pairs, FaceNet 97.0 %.")
    assert "4.0 times as quick" in said
    assert "600 pairs" in view.card.basis.text()
    model = view.table.measures
    table = [
        [model.index(row, column).data() for column in (0, OLD, NEW, OUTCOME)]
        for row in range(model.rowCount())
    ]
    assert table[0] == ["Pairs it is right about", "97.0 %", "95.2 %", "= same"]
    assert ["Like its teacher", "–", "91.0 %", ""] in table
    assert ["Time of a face", "20.0 ms", "5.0 ms", "▲ better"] in table
    assert ["Size", "–", "4.5 MB", ""] in table
    assert not view.card.report.isVisible()


def test_much_worse_on_the_pairs_is_marked(trained, open_run):
    trained("one", other=0.995)

    model = open_run("one").table.measures

    assert model.index(0, OUTCOME).data() == "▼ worse"


def test_it_is_put_among_the_embedders_then_switched_to(
    trained, open_run, commands, switching
):
    trained("one")
    view = open_run("one")

    view.card.use.click()
    assert commands[-1].words == ("deploy", "one", "--add")
    commands[-1].answer({"name": "one", "added": True, "in_use": False})

    assert switching.asked == ["one"]
    switching.progressed.emit("Embedding pictures: 3 of 9", 0.3)
    assert "3 of 9" in view.card.notices.text("deploy")
    view.card.notices.button("deploy", "Cancel").click()
    assert switching.coming == ""
    assert view.card.notices.text("deploy") == ""


def test_one_that_is_refused_can_be_used_nevertheless(
    trained, open_run, commands, switching
):
    trained("one")
    view = open_run("one")

    view.card.use.click()
    commands[-1].answer({"refused": ["It is worse."]}, 1, "Refused.")

    told = view.card.notices.text("deploy").splitlines()
    assert told == ["The embedder in use stays.", "It is worse."]
    view.card.notices.button("deploy", "Use it nevertheless").click()
    assert commands[-1].words == ("deploy", "one", "--add", "--force")
    assert switching.asked == []


def test_a_switch_that_failed_says_where_the_embedder_is_now(
    trained, open_run, commands, switching
):
    trained("one")
    view = open_run("one")
    view.card.use.click()
    commands[-1].answer({"name": "one", "added": True, "in_use": False})

    switching.failed.emit("The people are locked. Unlock them.")

    said = view.card.notices.text("deploy")
    assert "stands among the embedders" in said
    assert "Unlock them." in said


def test_what_is_said_of_one_run_is_not_said_of_another(
    trained, open_run, commands, switching
):
    trained("one")
    trained("two")
    view = open_run("one")
    view.card.use.click()
    commands[-1].answer({"refused": ["It is worse."]}, 1, "Refused.")

    view.show_run("two")
    assert view.card.notices.text("deploy") == ""

    view.card.use.click()
    commands[-1].answer({"name": "two", "added": True, "in_use": False})
    switching.cancel()
    switching.failed.emit("Another switch has failed.")

    assert view.card.notices.text("deploy") == ""


def test_a_run_begun_since_is_not_the_one_in_use_of_its_name(
    trained, open_run, config, qtbot
):
    root = trained("one")
    folder = config.models / "embedder" / "one"
    manifest = artifacts.find("facenet-20180402", "embedder").folder / "manifest.json"
    (folder / "installed").mkdir(parents=True)
    (folder / "manifest.json").write_bytes(manifest.read_bytes())
    origin = artifacts.Origin("training run one")
    artifacts.write_installed(folder / "installed", origin, "arrays")
    chosen.choose(config.home, "embedder", "model", "one")
    view = open_run("one")
    assert view.in_use

    record = json.loads((root / "run.json").read_text())
    record["started"] = time.time() + 60
    (root / "run.json").write_text(json.dumps(record))
    view._runs.look()

    qtbot.waitUntil(lambda: not view.in_use)


def test_a_damaged_evaluation_is_said_with_what_to_do(trained, open_run):
    root = trained("one")
    (root / "04-evaluate" / "evaluation.json").write_text("{")

    view = open_run("one")

    assert "is damaged" in view.card.headline.text()
    assert "Delete the folder 04-evaluate" in view.card.headline.text()
    assert not view.card.use.isVisible()


def test_each_kind_lists_its_own_runs(trained, home, engine, runs, look, qtbot):
    trained("mine")
    home.run("found", done=1)
    (home.run("broken", kind="embedder") / "run.json").write_text(
        '{"kind": "embedder", '
    )
    queue.enqueue(home.config.runs, "found")
    rail = RunsRail(runs, None, EMBEDDER)
    pages = [HistoryPage(engine, runs, None, EMBEDDER), HistoryPage(engine, runs, None)]
    for widget in (rail, *pages):
        qtbot.addWidget(widget)
        widget.show()
    look()
    for page in pages:
        page.show_page()

    def names(page):
        return sorted(line.name for line in page.model.lines)

    qtbot.waitUntil(lambda: names(pages[0]) == ["broken", "mine"])
    assert names(pages[1]) == ["found"]
    spoken = [row.spoken for row in rail.model.rows]
    assert spoken[:2] == ["Embedders", "History"]
    assert len(spoken) == 3
    assert spoken[2].startswith("Learned from a teacher, ")
    line = next(n for n, one in enumerate(pages[0].model.lines) if one.name == "mine")
    cells = [pages[0].model.index(line, rows.MEASURED + n).data() for n in range(4)]
    assert cells == ["95.2 %", "–", "0.910", "0.25 ×"]
