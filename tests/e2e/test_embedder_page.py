"""Somebody trains an embedder from its page, puts it to use and takes it back."""

import numpy as np
import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from facecam import artifacts, pipeline
from facecam.app.engine import Engine
from facecam.app.settings import Settings
from facecam.app.tasks import Tasks
from facecam.app.training.embedder.runs import EmbedderRuns
from facecam.app.training.following import Runs
from facecam.config import chosen, load
from facecam.training import runs as training_runs
from facecam.vision.cohort import Cohort
from tests.embedders import FACENET, TwoEmbedders
from tests.fakes import BlobDetector, ColourEmbedder
from tests.training.embedder import made_up

SOON, LATER = 60_000, 240_000
"""Milliseconds: for what is at hand, and for training, on a busy machine."""
QUICK = {
    "fit.people": "12", "fit.pictures": "2", "fit.epochs": "1", "fit.every": "5",
    "fit.precision": "float32", "people.grown": "1.25", "people.pairs_shown": "3",
}  # fmt: skip


@pytest.fixture
def config(tmp_path):
    """A home without any embedder."""
    home = tmp_path / "home"
    home.mkdir()
    numbers = "[retraining]\nnice = 0  # other tests may go on beside\n"
    (home / "facecam.toml").write_text(numbers, "utf-8")
    return load(home)


@pytest.fixture
def page(qtbot, config, tmp_path):
    """The page by itself."""
    tasks, host = Tasks(), QWidget()
    engine, known = Engine(config, tasks, host), Runs(config, tasks, host)
    settings = Settings(tmp_path / "window.ini", 5)
    made = EmbedderRuns(engine, tasks, settings, known, host)
    QVBoxLayout(host).addWidget(made)
    host.resize(1280, 720)
    host.show()
    qtbot.addWidget(host)
    known.begin()
    made.show_page()
    yield made
    for root in config.runs.glob("*/"):
        if (root / training_runs.RECORD).is_file() and training_runs.is_running(root):
            training_runs.request_stop(root)
    tasks.close(5)


def set_up(page, qtbot, data):
    """Choose faces, a way and numbers; return once it can be started."""
    page.sheet.training.begin.click()
    setup = page.setup
    setup.add((data,))
    qtbot.waitUntil(lambda: setup.plan.folders[0].found is not None, timeout=SOON)
    setup.what.choices.ways.cards["triplet"].radio.click()
    setup.what.name.setText("mine")
    advanced = setup.what.advanced
    advanced.open.click()
    qtbot.waitUntil(lambda: bool(advanced.numbers.known), timeout=SOON)
    for name, text in QUICK.items():
        advanced.search.setText(name.rpartition(".")[2])
        (row,) = (row for row in advanced.rows if row.number.name == name)
        row.field.setText(text)
        row.typed.emit(name, text)
    setup.checking.skip()
    assert setup.bar.start.isEnabled(), setup.bar.text.text()


@pytest.mark.slow
def test_an_embedder_is_trained_put_to_use_and_taken_back(
    page, qtbot, config, tmp_path, monkeypatch
):
    data = made_up.write_people(tmp_path / "people", people=28, each=4, side=112)
    set_up(page, qtbot, data)

    page.setup.bar.start.click()
    qtbot.waitUntil(lambda: page.run.name == "mine", timeout=SOON)
    qtbot.waitUntil(lambda: page.run.result is not None, timeout=LATER)
    result = page.run.result
    qtbot.waitUntil(lambda: result.results is not None, timeout=SOON)
    assert "tells people it has not learned apart" in result.card.headline.text()

    both = TwoEmbedders(tmp_path / "catalogue", monkeypatch)
    both.nets["mine"] = ColourEmbedder("mine")
    both.cohorts["mine"] = Cohort.of(
        np.random.default_rng(0).normal(size=(500, 51)).astype("f4")
    )
    monkeypatch.setattr(pipeline, "build_detector", lambda *_: BlobDetector())
    result.card.use.click()
    qtbot.waitUntil(lambda: result.in_use, timeout=SOON)
    assert artifacts.running(result.in_use_now._config) == "mine"
    assert "mine" in [one.name for one in artifacts.embedders(config)]

    said = {"embedder": {"model": "mine"}}  # before, it only stands in
    qtbot.waitUntil(lambda: chosen.read(config.home) == said, timeout=SOON)
    both.install(config.models, FACENET)
    page.show_embedders()
    other = page.sheet.cards[FACENET].use
    qtbot.waitUntil(lambda: other.isVisible() and other.isEnabled(), timeout=SOON)
    other.click()
    qtbot.waitUntil(
        lambda: artifacts.running(load(config.home)) == FACENET, timeout=SOON
    )
    qtbot.waitUntil(lambda: not result.in_use, timeout=SOON)
