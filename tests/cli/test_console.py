import io
import json
import sys
from pathlib import Path

import numpy as np

from facecam.cli import console


def test_json_holds_arrays_paths_and_no_nan(capsys):
    console.print_json(
        {"a": np.float32(0.5), "b": np.eye(2), "c": Path("x"), "d": float("nan")}
    )

    assert json.loads(capsys.readouterr().out) == {
        "a": 0.5,
        "b": [[1, 0], [0, 1]],
        "c": "x",
        "d": None,
    }


def test_json_is_ascii_where_the_output_is_not_unicode(monkeypatch):
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer, "cp1252"))

    console.print_json({"name": "李"})

    sys.stdout.flush()
    assert json.loads(buffer.getvalue()) == {"name": "李"}


def test_tables_are_aligned_whatever_the_script(capsys):
    console.print_table([("李小龍", "1"), ("Zoe\u0308", "12")], right=[1])

    assert capsys.readouterr().out == "李小龍   1\nZoe\u0308     12\n"


def test_an_empty_table_is_nothing(capsys):
    console.print_table([])
    assert capsys.readouterr().out == ""


def test_progress_is_drawn_on_a_terminal_only(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    for stream, drawn in ((io.StringIO(), False), (terminal, True)):
        monkeypatch.setattr(sys, "stderr", stream)
        with console.Progress("Embedding") as report:
            report(1, 2)
        assert ("1/2" in stream.getvalue()) == drawn


def test_clock():
    assert console.clock(125.2) == "2:05"


def test_a_program_is_told_progress_in_lines_and_the_answer_in_the_last(
    capsys, monkeypatch
):
    monkeypatch.setattr(console, "SPACING", 0.0)
    console.tell_in_lines(True)
    try:
        with console.Progress("Embedding") as report:
            report(1, 3)
            report(2, 3, "the last ones")
        console.print_json({"faces": [1, 2]})
    finally:
        console.tell_in_lines(False)

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told == [
        {"progress": 0.0, "text": "Embedding"},
        {"progress": 0.3333, "text": "Embedding"},
        {"progress": 0.6667, "text": "the last ones"},
        {"faces": [1, 2]},
    ]


def test_lines_of_progress_about_one_thing_are_few(capsys):
    console.tell_in_lines(True)
    try:
        with console.Progress("Embedding") as report:
            for done in range(1000):
                report(done, 1000)
    finally:
        console.tell_in_lines(False)

    assert len(capsys.readouterr().out.splitlines()) < 10
