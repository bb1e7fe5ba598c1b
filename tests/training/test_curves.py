"""Curves are read while somebody writes them, whatever a kill has left."""

import json

import pytest

from facecam.training.board import Curves
from facecam.training.curves import FitCurves, Losses, Series, thinned

STEP = "03-pnet-fit"


def fit_folder(root, name=f"{STEP}.partial"):
    (root / name).mkdir()
    return root / name


def add(path, *entries):
    with path.open("a") as file:
        file.writelines(json.dumps(entry) + "\n" for entry in entries)


def test_a_fit_that_has_not_begun_has_no_curves(tmp_path):
    assert FitCurves(tmp_path, STEP).read() == {}
    assert Losses(tmp_path).read() == {}


def test_what_is_added_is_read_and_what_was_read_is_kept(tmp_path):
    reader = FitCurves(tmp_path, STEP)
    with Curves(fit_folder(tmp_path)) as written:
        written.add(10, {"recall": 0.5, "box": 0.1})
        first = reader.read()
        again = reader.read()
        written.add(20, {"recall": 0.75})
        more = reader.read()

    assert first == {"recall": Series((10,), (0.5,)), "box": Series((10,), (0.1,))}
    assert again is first
    assert more["recall"] == Series((10, 20), (0.5, 0.75))


def test_a_torn_last_line_waits_for_its_end(tmp_path):
    lines = fit_folder(tmp_path) / "metrics.jsonl"
    reader = FitCurves(tmp_path, STEP)
    whole = json.dumps({"step": 10, "time": 0, "values": {"recall": 0.5}}) + "\n"
    lines.write_text(whole + whole[:20])

    assert len(reader.read()["recall"]) == 1
    lines.write_text(whole + whole.replace("10", "20"))
    assert reader.read()["recall"].steps == (10, 20)


@pytest.mark.parametrize("line", ["nonsense", "[]", "{}", '{"values": {"a": 1}}'])
def test_lines_that_say_nothing_are_passed_over(line, tmp_path):
    lines = fit_folder(tmp_path) / "metrics.jsonl"
    lines.write_text(line + "\n")
    add(lines, {"step": 5, "values": {"box": 2}})

    assert FitCurves(tmp_path, STEP).read()["box"] == Series((5,), (2.0,))


def test_values_that_are_no_finite_number_are_left_out(tmp_path):
    add(
        fit_folder(tmp_path) / "metrics.jsonl",
        {"step": 1, "values": {"box": float("nan"), "recall": 0.5}},
        {"step": 2, "values": {"box": float("inf"), "recall": "high"}},
        {"step": 3, "values": {"box": 0.25, "recall": None}},
    )

    curves = FitCurves(tmp_path, STEP).read()

    assert curves["box"] == Series((3,), (0.25,))
    assert curves["recall"] == Series((1,), (0.5,))


def test_a_fit_gone_on_with_replaces_what_came_after(tmp_path):
    add(
        fit_folder(tmp_path) / "metrics.jsonl",
        *({"step": n, "values": {"box": n / 10}} for n in (1, 2, 3, 4)),
        {"step": 2, "values": {"box": 9.0}},
    )

    assert FitCurves(tmp_path, STEP).read()["box"] == Series((1, 2), (0.1, 9.0))


def test_a_file_that_was_replaced_is_read_anew(tmp_path):
    out = fit_folder(tmp_path)
    reader = FitCurves(tmp_path, STEP)
    with Curves(out) as written:
        written.add(10, {"box": 1.0})
        written.add(20, {"box": 2.0})
    assert len(reader.read()["box"]) == 2

    with Curves(out) as written:
        written.truncate(10)

    assert reader.read()["box"] == Series((10,), (1.0,))


def test_a_fit_that_is_published_goes_on_being_read(tmp_path):
    out = fit_folder(tmp_path)
    reader = FitCurves(tmp_path, STEP)
    add(out / "metrics.jsonl", {"step": 1, "values": {"box": 1.0}})
    before = reader.read()

    out.rename(tmp_path / STEP)
    assert reader.read() == before
    add(
        fit_folder(tmp_path) / "metrics.jsonl",
        {"step": 7, "values": {"box": 7.0}},
    )
    assert reader.read()["box"] == Series((7,), (7.0,))


def test_the_journal_tells_the_loss_of_each_fit(tmp_path):
    journal = tmp_path / "progress.jsonl"
    reader = Losses(tmp_path)
    add(
        journal,
        {"begun": 1.0},
        {"name": STEP, "done": 20, "metrics": {"loss": 0.5}},
        {"name": STEP, "done": 40, "metrics": {"recall": 0.5}},
        {"name": "02-pnet-samples", "done": 3},
        {"name": "06-rnet-fit", "done": 20, "metrics": {"loss": 0.75}},
    )
    first = reader.read()
    add(journal, {"name": STEP, "done": 10, "metrics": {"loss": 0.25}})

    assert first[STEP] == Series((20,), (0.5,))
    assert reader.read()[STEP] == Series((10,), (0.25,))
    assert reader.read()["06-rnet-fit"] == Series((20,), (0.75,))
    assert reader.read() is reader.read()


def test_a_run_that_is_deleted_has_no_curves_any_more(tmp_path):
    out = fit_folder(tmp_path)
    add(out / "metrics.jsonl", {"step": 1, "values": {"box": 1.0}})
    reader = FitCurves(tmp_path, STEP)
    assert reader.read()

    (out / "metrics.jsonl").unlink()

    assert reader.read() == {}


def test_thinning_keeps_peaks_and_the_order(tmp_path):
    values = [0.0] * 10_000
    values[1234], values[7777] = 5.0, -3.0
    long = Series(tuple(range(10_000)), tuple(values))

    short = thinned(long, 200)

    assert len(short) <= 200
    assert {5.0, -3.0} <= set(short.values)
    assert list(short.steps) == sorted(set(short.steps))
    assert thinned(short, 200) is short


def test_the_value_at_a_place_is_the_one_measured_nearest():
    series = Series((10, 20, 40), (1.0, 2.0, 4.0))

    assert [series.at(step) for step in (0, 14, 16, 29, 31, 99)] == [1, 1, 2, 2, 4, 4]
    assert Series().at(3) is None
