"""Tests of facecam.training.running and of the journal it keeps."""

import errno
import io
import json
import logging
import signal
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from facecam.errors import DatasetError, StepFailed, TrainingError
from facecam.training import runs
from facecam.training.running import Recipe, carry_out, redone, stoppable
from facecam.training.runs import State, is_running, read_run
from facecam.training.step import Progress, Step


@dataclass(frozen=True)
class Amount:
    steps: int


def count(config, inputs, out, report):
    for done in range(1, config.steps + 1):
        report(Progress("count", done, config.steps, {"loss": 1 / done}))
    return {"loss": 1 / config.steps}


def recipe(*amounts, run=count):
    steps = tuple(
        Step(f"{number:02d}-count", run, Amount(amount))
        for number, amount in enumerate(amounts, start=1)
    )
    return Recipe("counter", steps, {"data": ["faces"]}, {"amounts": amounts}, ("go",))


def quiet(state):
    """Tell nobody."""


def states(told):
    """The changes of state in what was told, in order."""
    changes = [(step.name, step.state) for step in told]
    return [
        change for k, change in enumerate(changes) if k == 0 or changes[k - 1] != change
    ]


@pytest.fixture
def root(tmp_path):
    return tmp_path / "runs" / "x"


def test_every_change_of_a_step_is_told(root):
    told = []

    carry_out(recipe(3, 2), root, told.append)

    assert states(told) == [
        ("01-count", State.RUNNING),
        ("01-count", State.DONE),
        ("02-count", State.RUNNING),
        ("02-count", State.DONE),
    ]
    assert [step.done for step in told if step.name == "01-count"] == [0, 1, 2, 3, 0]
    assert told[-1].metrics == {"loss": 0.5}
    assert (told[-1].number, told[-1].count) == (2, 2)
    assert told[-1].seconds is not None


def test_a_run_keeps_what_was_asked_for(root):
    run = carry_out(recipe(3), root, quiet)

    assert run.state is State.DONE
    assert run.kind == "counter"
    assert run.request == {"data": ["faces"]}
    assert run.config == {"amounts": [3]}
    assert run.command == ("go",)
    assert "numpy" in run.versions
    assert not run.running


def test_what_is_complete_is_not_told_again(root):
    carry_out(recipe(3), root, quiet)
    told = []

    run = carry_out(recipe(3), root, told.append)

    assert told == []
    assert run.state is State.DONE


def test_changed_numbers_say_what_is_done_again_before_it_is(root):
    first = carry_out(recipe(3, 2), root, quiet)
    changed = recipe(3, 4)
    told = []

    assert redone(changed, root) == ["02-count"]
    second = carry_out(changed, root, told.append)

    assert {step.name for step in told} == {"02-count"}
    assert second.started == first.started
    assert second.config == {"amounts": [3, 4]}
    assert redone(changed, root) == []


def test_a_run_while_it_goes_on(root):
    seen = []

    def look(config, inputs, out, report):
        report(Progress("look", 1, 2, {"loss": 0.5}, "looking"))
        seen.append(read_run(root))
        return {}

    carry_out(recipe(3, 1, 1, run=look), root, quiet)

    run = seen[1]
    assert run.running
    assert run.state is State.RUNNING
    assert [step.state for step in run.steps] == [
        State.DONE, State.RUNNING, State.WAITING,
    ]  # fmt: skip


def test_two_processes_do_not_work_on_one_run(root):
    def again(config, inputs, out, report):
        with pytest.raises(TrainingError, match="worked on by another facecam"):
            carry_out(recipe(1), root, quiet)
        return {}

    carry_out(recipe(1, run=again), root, quiet)

    assert not is_running(root)


def test_a_run_of_another_kind_is_left_alone(root):
    carry_out(recipe(1), root, quiet)

    with pytest.raises(
        TrainingError, match="run of another kind: counter, not embedder"
    ):
        carry_out(replace(recipe(1), kind="embedder"), root, quiet)


@pytest.mark.parametrize("make", [lambda x: (x / "my-photos").mkdir(parents=True),
                                  lambda x: x.write_text("a file")])  # fmt: skip
def test_a_directory_that_is_no_run_is_left_alone(make, tmp_path):
    make(tmp_path / "x")

    with pytest.raises(TrainingError, match="exists and is no training run"):
        carry_out(recipe(1), tmp_path / "x", quiet)


def test_an_empty_directory_becomes_a_run(tmp_path):
    assert carry_out(recipe(1), tmp_path, quiet).state is State.DONE


def test_a_failure_is_kept_with_its_words_and_its_traceback(root):
    def fails(config, inputs, out, report):
        report(Progress("fails", 3, 7, {"loss": 0.5}))
        raise DatasetError("list.txt, line 7: no number. Correct it.")

    told = []
    with pytest.raises(DatasetError, match="line 7"):
        carry_out(recipe(1, 1, run=fails), root, told.append)

    run = read_run(root)
    assert run.state is State.FAILED
    first, second = run.steps
    assert first.state is State.FAILED
    assert first.error == "list.txt, line 7: no number. Correct it."
    assert (first.done, first.total, first.metrics) == (3, 7, {"loss": 0.5})
    assert second.state is State.WAITING
    assert told[-1] == first
    text = (root / runs.LOG).read_text()
    assert "01-count: begun" in text
    assert 'raise DatasetError("list.txt, line 7' in text


def test_a_failure_is_history_once_the_run_goes_on(root):
    seen = []

    def fails_once(config, inputs, out, report):
        seen.append(read_run(root).steps[1].state)
        if config.steps == 2 and len(seen) == 2:
            raise StepFailed("power cut")
        return {}

    with pytest.raises(StepFailed):
        carry_out(recipe(1, 2, run=fails_once), root, quiet)
    assert read_run(root).steps[1].state is State.FAILED
    run = carry_out(recipe(5, 2, run=fails_once), root, quiet)

    assert seen[2:] == [State.WAITING, State.RUNNING]
    assert run.state is State.DONE
    assert run.steps[1].error == ""
    assert "gone on with" in (root / runs.LOG).read_text()


def test_ctrl_c_stops_and_the_run_goes_on(root):
    marks = [KeyboardInterrupt]

    def waits(config, inputs, out, report):
        report(Progress("waits", 3, 7, {}))
        if marks:
            raise marks.pop()
        return {}

    with pytest.raises(KeyboardInterrupt):
        carry_out(recipe(1, run=waits), root, quiet)

    run = read_run(root)
    assert run.state is State.STOPPED
    assert run.steps[0].done == 3
    assert carry_out(recipe(1, run=waits), root, quiet).state is State.DONE


@pytest.mark.skipif(not hasattr(signal, "raise_signal"), reason="no signals")
def test_being_asked_to_end_is_as_ctrl_c():
    before = signal.getsignal(signal.SIGTERM)

    with pytest.raises(KeyboardInterrupt), stoppable():
        signal.raise_signal(signal.SIGTERM)

    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no terminal hangs up")
def test_a_run_begun_with_nohup_outlives_its_terminal():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)

    try:
        with stoppable():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_thread_of_a_window_may_run_a_recipe_too(root):
    done = []

    thread = threading.Thread(
        target=lambda: done.append(carry_out(recipe(2), root, quiet))
    )
    thread.start()
    thread.join()

    assert done[0].state is State.DONE


def test_a_disk_full_while_the_journal_is_written_is_a_full_disk(root, monkeypatch):
    class FullFile(io.StringIO):
        """A file on a full disk."""

        def flush(self):
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self):
            super().close()
            self.flush()

    open_file = Path.open
    monkeypatch.setattr(
        Path,
        "open",
        lambda path, mode="r", **more: (
            FullFile() if mode == "a" else open_file(path, mode, **more)
        ),
    )

    with pytest.raises(TrainingError, match="The disk is full"):
        carry_out(recipe(2), root, quiet)

    monkeypatch.undo()
    assert carry_out(recipe(2), root, quiet).state is State.DONE


def test_a_disk_that_fills_while_a_step_runs_is_a_full_disk(root, monkeypatch):
    def fills(config, inputs, out, report):
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(TrainingError, match="The disk is full"):
        carry_out(recipe(2, run=fills), root, quiet)

    assert "The disk is full" in read_run(root).steps[0].error


def test_other_troubles_of_the_system_stay_what_they_are(root, monkeypatch):
    def refuse(path, data):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("facecam.files.write", refuse)

    with pytest.raises(PermissionError):
        carry_out(recipe(2), root, quiet)


def test_warnings_of_a_step_are_in_the_log(root):
    def warns(config, inputs, out, report):
        logging.getLogger("facecam.media").warning("7.png is truncated.")
        return {}

    handlers = list(logging.getLogger().handlers)
    carry_out(recipe(1, run=warns), root, quiet)

    assert "WARNING facecam.media: 7.png is truncated." in (root / runs.LOG).read_text()
    assert logging.getLogger().handlers == handlers


def test_the_journal_is_json_lines_and_mends_a_torn_one(root):
    carry_out(recipe(1), root, quiet)
    with (root / runs.JOURNAL).open("a") as file:
        file.write('{"name": "01-cou')

    carry_out(recipe(1, 1), root, quiet)

    lines = (root / runs.JOURNAL).read_text().splitlines()
    broken = [line for line in lines if not line.endswith("}")]
    assert broken == ['{"name": "01-cou']
    assert json.loads(lines[-1])["name"] == "02-count"
    assert read_run(root).state is State.DONE


def test_the_journal_keeps_progress_for_those_who_look_later(root, monkeypatch):
    monkeypatch.setattr("facecam.training.journal.SPACING", 0.0)

    carry_out(recipe(3), root, quiet)

    lines = map(json.loads, (root / runs.JOURNAL).read_text().splitlines())
    assert [line.get("done", 0) for line in lines if "name" in line] == [0, 1, 2, 3, 0]
