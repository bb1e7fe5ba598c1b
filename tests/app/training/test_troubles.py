"""What goes wrong under a run that a window has begun: it is said, and the run goes on.

The processes are real: the window starts a worker, which starts the run, which looks at
drawn pictures and cuts samples out of them. No net is made, which would take longest.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from facecam.config.presets import NETS
from facecam.training import queue
from facecam.training.detector import asking
from facecam.training.running import prepare
from facecam.training.runs import State
from tests.app.training.lone_window import LoneWindow
from tests.training import made_up

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[3]
SETTINGS = [
    "preflight.steps=0",
    *(f"{net}.samples.{key}" for net in NETS for key in ("rounds=1", "crops=2")),
]
EARLY, INDEX, SAMPLES = "00-check", "01-index", "02-pnet-samples"
"""Where trouble comes, and what is done in the end."""
MOUNT = "mount -t tmpfs -o size=24m none"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A few drawn pictures."""
    folder = tmp_path_factory.mktemp("drawn")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(made_up, "SPLITS", {"train": 8, "val": 3})
        patch.setattr(made_up, "PORTRAITS", 12)
        patch.setattr(made_up, "SCENES", 3)
        made_up.write(folder)
    return folder


@pytest.fixture
def pictures(drawn, tmp_path):
    """Pictures that a test may move."""
    return shutil.copytree(drawn, tmp_path / "pictures")


@pytest.fixture
def config(mtcnn_config):
    """A home; whatever still works in it in the end is ended."""
    mtcnn_config.runs.mkdir()
    yield mtcnn_config
    while processes := working(mtcnn_config):  # a worker may just begin another run
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, 10)


@pytest.fixture
def ready(config, pictures):
    """Return a function that makes a run ready, begun by nobody."""

    def make(name="run", folder=config.runs):
        asked = asking.Asked(
            (pictures / "boxed", pictures / "marked"), negatives=(pictures / "scenes",)
        )
        numbers = asking.numbers(config.retraining, "full", SETTINGS)
        recipe = asking.recipe(asked, numbers, folder / name, config)
        return prepare(recipe, folder / name).path

    return make


@pytest.fixture
def window(qtbot, config, ready):
    """A window on a run that is ready."""
    ready()
    opened = LoneWindow(config, "run")
    yield opened
    opened.close()


def test_a_training_process_that_is_killed(window, config):
    window.begins("start", EARLY)
    window.until(lambda: window.stands == "Running")

    kill(config, "detector")

    window.until(lambda: window.stands == "Stopped")
    assert [run.state for run in window.ended] == [State.STOPPED]
    assert "was cut off in the middle" in window.trouble
    window.resumes("resume", SAMPLES)
    assert window.trouble == ""


def test_a_worker_that_is_killed(window, config, ready):
    ready("next")
    queue.enqueue(config.runs, "next")
    window.begins("start", EARLY)

    kill(config, "work")

    window.until(lambda: window.step(INDEX) is State.DONE)  # it goes on alone
    window.press("stop")
    window.until(lambda: window.stands == "Stopped")
    assert window.trouble == ""
    window.page.show_run("next")
    window.name = "next"
    window.until(lambda: window.stands == "Running")  # another worker has seen to it


def test_a_window_that_is_killed(qtbot, config, ready):
    ready()
    begun = subprocess.Popen(
        [*lone_window("begin"), str(config.home), "run", EARLY],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert begun.stdout.readline().strip() == b"begun"
    begun.kill()
    begun.communicate()

    window = LoneWindow(config, "run")

    window.until(lambda: window.step(INDEX) is State.DONE)
    window.until(lambda: window.stands == "Running")
    assert window.trouble == ""
    window.press("stop")
    window.until(lambda: window.stands == "Stopped")
    window.close()


def test_data_renamed_under_a_run(window, pictures):
    window.begins("start", SAMPLES)

    pictures.rename(pictures.with_name("moved"))

    window.until(lambda: window.stands == "Failed")
    assert f"is not there any more: {pictures}" in window.trouble
    assert "was moved, renamed or deleted" in window.trouble
    pictures.with_name("moved").rename(pictures)
    window.resumes("again", SAMPLES)
    assert window.trouble == ""


def test_the_folder_of_a_run_renamed_under_it(window, config, qtbot):
    window.begins("start", SAMPLES)

    (config.runs / "run").rename(config.runs / "best")

    window.until(lambda: window.page.empty.isVisible())
    window.page.show_run("best")
    window.name = "best"
    window.until(lambda: window.stands == "Failed")
    assert "was moved or renamed meanwhile" in window.trouble
    window.resumes("again", SAMPLES)


def test_a_disk_filled_under_a_run(config, ready):
    probe = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    mount = f"{MOUNT} {config.runs}"
    if (
        not shutil.which("unshare")
        or subprocess.run([*probe, mount], capture_output=True, check=False).returncode
    ):
        pytest.skip("This system does not let us mount a disk.")
    made = ready(folder=config.home / "elsewhere")
    program = " ".join([*lone_window("fill"), str(config.home), "run", EARLY])

    done = subprocess.run(
        [*probe, f"{mount} && cp -r {made} {config.runs} && exec {program}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["full"].startswith("The disk is full: ")
    assert "is kept. Free about 100 MB and press Try again" in told["full"]
    assert told["end"] == ["Stopped", "", State.DONE]


def lone_window(what):
    return [sys.executable, "-m", "tests.app.training.lone_window", what]


def working(config, *words):
    """Return the processes that train in a home, and those they have started."""
    found = []
    for process in psutil.process_iter():
        try:
            said = process.cmdline()  # of one that has ended: none
            ours = process.environ().get("FACECAM_HOME") == str(config.home)
        except (psutil.Error, OSError):
            continue
        if ours and said and set(words) <= set(said):
            found.append(process)
    return found


def kill(config, word):
    """Kill the worker ("work"), or the process of the run ("detector")."""
    (one,) = working(config, "facecam", "train", word)
    one.kill()
    psutil.wait_procs([one], 10)
