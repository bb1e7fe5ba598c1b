"""Tests of facecam.training.running and of the journal it keeps."""

import errno
import io
import json
import logging
import signal
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from facecam.errors import DatasetError, StepFailed, TrainingError
from facecam.training import runs
from facecam.training.apart import run_apart
from facecam.training.journal import keep_failure
from facecam.training.running import Recipe, carry_out, prepare, redone, stoppable
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


def sleep_long(report):
    """Sleep in a process of its own."""
    time.sleep(60)


@pytest.mark.parametrize(
    "wait",
    [
        lambda: time.sleep(60),
        lambda: threading.Event().wait(60),
        lambda: run_apart(sleep_long, (), quiet),
    ],
    ids=["sleeping", "waiting for a thread", "apart"],
)
def test_a_run_that_is_asked_to_stop_does_whatever_it_waits_for(wait, root):
    def waits(config, inputs, out, report):
        report(Progress("waits", 3, 7, {}))
        runs.request_stop(root)
        wait()
        return {}

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        carry_out(recipe(1, run=waits), root, quiet)

    assert time.monotonic() - begin < 30
    run = read_run(root)
    assert run.state is State.STOPPED
    assert run.steps[0].done == 3
    assert runs.stop_requested(root) is None
    assert carry_out(recipe(1), root, quiet).state is State.DONE


def test_what_was_asked_of_an_attempt_long_over_stops_no_other(root):
    prepare(recipe(2), root)
    (root / runs.STOP).write_text("1000.0")

    assert carry_out(recipe(2), root, quiet).state is State.DONE
    assert not (root / runs.STOP).exists()


def test_a_run_asked_to_stop_while_it_begins_stops(root):
    prepare(recipe(2), root)
    runs.request_stop(root)

    with pytest.raises(KeyboardInterrupt):
        carry_out(recipe(2, run=lambda *_: time.sleep(60)), root, quiet)

    assert read_run(root).state is State.STOPPED


def test_a_full_disk_can_still_be_asked_to_stop(root, monkeypatch):
    def refuse(path, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    prepare(recipe(1), root)
    monkeypatch.setattr("facecam.files.write", refuse)

    runs.request_stop(root)

    assert runs.stop_requested(root) is not None


def test_a_run_made_ready_waits_with_all_that_was_asked_for(root):
    prepared = prepare(recipe(3, 2), root)

    assert prepared.state is State.WAITING
    assert [step.state for step in prepared.steps] == [State.WAITING] * 2
    assert prepared.request == {"data": ["faces"]}
    run = carry_out(recipe(3, 2), root, quiet)
    assert run.state is State.DONE
    assert run.started == prepared.started


def test_a_run_is_not_made_ready_where_something_else_is(tmp_path):
    (tmp_path / "my-photos").mkdir()

    with pytest.raises(TrainingError, match="is no training run"):
        prepare(recipe(1), tmp_path)


def test_data_that_is_gone_is_said_rather_than_the_file_it_was_at(root, tmp_path):
    folder = tmp_path / "faces"
    folder.mkdir()

    def move(config, inputs, out, report):
        if folder.exists():
            folder.rename(tmp_path / "moved")
        raise DatasetError(f"Cannot read {folder / '1.png'}.")

    moving = replace(recipe(1, run=move), reads=(folder,))
    with pytest.raises(TrainingError, match="moved, renamed"):
        carry_out(moving, root, quiet)

    error = read_run(root).error
    assert f"is not there any more: {folder}. It was moved, renamed" in error
    (tmp_path / "moved").rename(folder)
    there = replace(recipe(1, run=count), reads=(folder,))
    assert carry_out(there, root, quiet).state is State.DONE


def test_why_a_run_could_not_begin_is_read_until_it_goes_on(root):
    prepare(recipe(1), root)

    keep_failure(root, "There is no folder faces. Check the name.")

    run = read_run(root)
    assert run.state is State.FAILED
    assert run.error == "There is no folder faces. Check the name."
    assert run.steps[0].state is State.WAITING
    assert carry_out(recipe(1), root, quiet).error == ""


def test_what_a_step_has_said_is_not_said_twice(root):
    def fails(config, inputs, out, report):
        raise DatasetError("list.txt, line 7: no number.")

    with pytest.raises(DatasetError):
        carry_out(recipe(1, run=fails), root, quiet)
    before = (root / runs.JOURNAL).read_text()

    keep_failure(root, "list.txt, line 7: no number.")

    assert (root / runs.JOURNAL).read_text() == before
    assert read_run(root).error == "list.txt, line 7: no number."


def test_a_failure_is_kept_of_runs_alone(tmp_path):
    keep_failure(tmp_path, "There is no data.")

    assert not list(tmp_path.iterdir())


def test_what_a_run_takes_of_the_computer_can_be_followed(root, monkeypatch):
    monkeypatch.setattr("facecam.training.watching.EVERY", 0.01)
    monkeypatch.setattr("facecam.training.watching.MEASURED", 0.01)
    seen = []

    def busy(config, inputs, out, report):
        (out / "crops.bin").write_bytes(bytes(5000))
        until = time.monotonic() + 30
        while not (seen and seen[-1]) and time.monotonic() < until:
            seen.append(read_run(root).uses)
        return {}

    done = carry_out(recipe(1, run=busy), root, quiet)

    uses = seen[-1]
    assert uses.memory > 1e6
    assert uses.disk >= 5000
    assert uses.free > 0
    assert uses.processor >= 0
    assert done.uses is None


def test_a_disk_that_is_full_leaves_room_for_last_words(root, monkeypatch):
    free = []

    def fills(config, inputs, out, report):
        free.append((root / ".reserve").stat().st_size)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(TrainingError):
        carry_out(recipe(2, run=fills), root, quiet)

    assert free[0] > 4096
    assert not (root / ".reserve").exists()
