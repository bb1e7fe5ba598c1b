"""Tests of facecam.training.runs."""

import json
import shutil
from pathlib import Path

import pytest

from facecam.errors import TrainingError
from facecam.training import runs
from facecam.training.running import carry_out
from facecam.training.runs import State, StepState, changed_numbers, read_run
from tests.training.test_running import quiet, recipe


@pytest.fixture
def run(tmp_path):
    """A finished run of two steps -> its directory."""
    root = tmp_path / "runs" / "x"
    carry_out(recipe(3, 2), root, quiet)
    return root


def journal(root, *entries):
    with (root / runs.JOURNAL).open("a") as file:
        file.writelines(json.dumps(entry) + "\n" for entry in entries)


def test_a_finished_run_shows_what_its_manifests_say(run):
    first, second = read_run(run).steps

    assert first.state is second.state is State.DONE
    assert first.metrics == {"loss": pytest.approx(1 / 3)}
    assert (second.number, second.count) == (2, 2)
    assert second.seconds >= 0


def test_a_killed_run_is_stopped_where_it_was(run):
    shutil.rmtree(run / "02-count")
    told = StepState("02-count", 2, 2, State.RUNNING, 7, 9, left=12.0)
    journal(run, {runs.BEGUN: 1.0}, runs.as_json(told))

    state = read_run(run)

    assert state.state is State.STOPPED
    halted = StepState("02-count", 2, 2, State.STOPPED, 7, 9, cut=True)
    assert state.steps[1] == halted
    assert state.cut


@pytest.mark.parametrize(
    "line", ["{", "7", "[]", "null", '{"name": "02-count", "state": "no such"}', "{}"]
)
def test_lines_that_a_kill_has_torn_are_passed_over(line, run):
    shutil.rmtree(run / "02-count")
    with (run / runs.JOURNAL).open("a") as file:
        file.write(f"{line}\n")

    assert read_run(run).steps[1].state is State.WAITING


def test_a_step_made_with_other_numbers_is_stale(run):
    record = json.loads((run / runs.RECORD).read_text())
    record["steps"][1]["fingerprint"] = "another"
    (run / runs.RECORD).write_text(json.dumps(record))

    first, second = read_run(run).steps

    assert not first.stale
    assert second.stale
    assert second.state is State.WAITING


def test_there_is_no_run_where_there_is_none(tmp_path):
    with pytest.raises(TrainingError, match=r"no training run in .*facecam train list"):
        read_run(tmp_path)


@pytest.mark.parametrize(
    "damage", ["{", "7", "{}", '{"steps": [7]}', '{"steps": 7}', '{"steps": [{}]}']
)
def test_a_damaged_record_names_the_file_and_says_what_to_do(damage, run):
    (run / runs.RECORD).write_text(damage)

    with pytest.raises(TrainingError, match=r"run.json is damaged: .*delete it"):
        read_run(run)


def test_runs_are_listed_newest_first_without_what_is_none(run, caplog):
    folder = run.parent
    carry_out(recipe(1), folder / "later", quiet)
    (folder / "photos").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / runs.RECORD).write_text("{")

    assert [state.path.name for state in runs.list_runs(folder)] == ["later", "x"]
    assert "broken" in caplog.text
    assert runs.list_runs(folder / "no such folder") == []


def test_a_deleted_run_leaves_nothing(run):
    runs.delete(run)

    assert not list(run.parent.iterdir())


def test_a_run_half_deleted_by_a_kill_is_not_listed(run):
    run.rename(run.with_name(".x.deleted"))

    assert runs.list_runs(run.parent) == []


def test_a_folder_that_is_no_run_is_not_deleted(tmp_path):
    (tmp_path / "photo.jpg").touch()

    with pytest.raises(TrainingError, match="no training run"):
        runs.delete(tmp_path)

    assert (tmp_path / "photo.jpg").exists()


def test_a_run_somebody_works_on_is_not_deleted(tmp_path):
    def delete(config, inputs, out, report):
        runs.delete(tmp_path / "x")
        return {}

    with pytest.raises(TrainingError, match=r"being worked on. Stop it first"):
        carry_out(recipe(1, run=delete), tmp_path / "x", quiet)

    assert (tmp_path / "x" / runs.RECORD).exists()


def test_changed_numbers_are_named_by_their_place():
    old = {"pnet": {"fit": {"steps": 10, "batch": (1, 2)}}, "seed": 0, "gone": 1}
    new = {"pnet": {"fit": {"steps": 20, "batch": [1, 2]}}, "seed": 0, "new": 2}

    assert changed_numbers(old, new) == {
        "pnet.fit.steps": (10, 20),
        "gone": (1, None),
        "new": (None, 2),
    }
    assert changed_numbers({}, {}) == {}


def test_a_step_as_json_leaves_out_what_says_nothing():
    plain = runs.as_json(StepState("01-index", 1, 2))
    failed = runs.as_json(StepState("01-index", 1, 2, State.FAILED, error="no faces"))

    assert plain == {"name": "01-index", "number": 1, "count": 2, "state": "waiting"}
    assert failed == plain | {"state": "failed", "error": "no faces"}


def test_a_run_copied_without_its_journal_still_shows_what_is_done(run):
    (run / runs.JOURNAL).unlink()
    (run / runs.LOCK).unlink(missing_ok=True)
    shutil.rmtree(run / "02-count")

    first, second = read_run(run).steps

    assert first.state is State.DONE
    assert second.state is State.WAITING


def test_a_note_is_kept_whole_and_can_be_taken_back(run):
    runs.write_note(run, "  Masks, second try.\n")
    assert read_run(run).note == "Masks, second try."

    runs.write_note(run, " ")
    assert read_run(run).note == ""
    assert not (run / runs.NOTE).exists()


def test_a_note_needs_a_run(tmp_path):
    with pytest.raises(TrainingError, match="no training run"):
        runs.write_note(tmp_path, "Masks.")


def test_a_damaged_run_can_be_deleted(run):
    (run / runs.RECORD).write_text("{")

    runs.delete(run)

    assert not run.exists()


class TestReader:
    """Reading again and again."""

    @pytest.fixture
    def reader(self, run):
        return runs.RunReader(run.parent)

    def test_what_did_not_change_is_the_same_object(self, reader):
        assert reader.read()[0] is reader.read()[0]

    def test_changes_are_seen(self, reader, run):
        reader.read()
        shutil.rmtree(run / "02-count")
        told = StepState("02-count", 2, 2, State.RUNNING, 7, 9)
        journal(run, {runs.BEGUN: 1.0}, runs.as_json(told))
        assert reader.read()[0].steps[1].done == 7

        journal(run, runs.as_json(StepState("02-count", 2, 2, State.RUNNING, 8, 9)))
        assert reader.read()[0].steps[1].done == 8

        runs.write_note(run, "Masks.")
        assert reader.read()[0].note == "Masks."

    def test_only_what_was_added_to_a_journal_is_read(self, reader, run, monkeypatch):
        shutil.rmtree(run / "02-count")
        steps = [StepState("02-count", 2, 2, State.RUNNING, n, 99) for n in range(50)]
        journal(run, {runs.BEGUN: 1.0}, *map(runs.as_json, steps))
        reader.read()
        parsed = []
        loads = json.loads
        monkeypatch.setattr(json, "loads", lambda text: parsed.append(1) or loads(text))

        journal(run, runs.as_json(StepState("02-count", 2, 2, State.RUNNING, 60, 99)))

        assert reader.read()[0].steps[1].done == 60
        assert len(parsed) == 1

    def test_half_a_line_is_read_once_it_is_whole(self, reader, run):
        shutil.rmtree(run / "02-count")
        line = json.dumps(runs.as_json(StepState("02-count", 2, 2, State.FAILED, 5, 9)))
        with (run / runs.JOURNAL).open("a") as file:
            file.write(line[:20])
        assert reader.read()[0].steps[1].state is State.WAITING

        with (run / runs.JOURNAL).open("a") as file:
            file.write(line[20:] + "\n")
        assert reader.read()[0].steps[1].done == 5

    def test_a_journal_begun_anew_is_read_from_its_start(self, reader, run):
        shutil.rmtree(run / "02-count")
        long = StepState("02-count", 2, 2, State.STOPPED, 7, 9, "the longer line")
        journal(run, runs.as_json(long))
        assert reader.read()[0].steps[1].done == 7

        (run / runs.JOURNAL).write_text("")
        assert reader.read()[0].steps[1].state is State.WAITING
        (run / runs.JOURNAL).unlink()
        assert reader.read()[0].steps[1].state is State.WAITING

    def test_a_run_that_is_deleted_is_gone_and_another_comes(self, reader, run):
        reader.read()
        runs.delete(run)
        carry_out(recipe(1), run.parent / "y", quiet)

        assert [state.path.name for state in reader.read()] == ["y"]

    def test_damaged_runs_are_told_and_logged_once(self, reader, run, caplog):
        (run / runs.RECORD).write_text("{")

        assert reader.read() == reader.read() == []

        assert len(reader.damaged) == 1
        assert "run.json is damaged" in reader.damaged[0]
        assert len(caplog.records) == 1

    def test_thirty_finished_runs_are_looked_at_in_no_time(self, run, monkeypatch):
        for number in range(29):
            shutil.copytree(run, run.with_name(f"copy-{number}"))
        reader = runs.RunReader(run.parent)
        reader.read()
        opened = []
        open_file = Path.open

        def counted(path, *mode, **more):
            opened.append(path)
            return open_file(path, *mode, **more)

        monkeypatch.setattr(Path, "open", counted)

        assert len(reader.read()) == 30
        assert opened == []
