"""Curves as SVG, read back as XML."""

import re
from xml.etree import ElementTree

from facecam.training.detector.evaluation.chart import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    WIDTH,
    Curve,
    chart,
)
from facecam.training.detector.evaluation.figures import Figures, Point

SVG = "{http://www.w3.org/2000/svg}"


def curve(style, *points, shown=0.5):
    return Curve(
        f"<{style}>", style, Figures(10, 0.5, tuple(Point(*p) for p in points)), shown
    )


def parsed(*curves):
    text = chart("Recall: faces & <masks>", curves)
    return ElementTree.fromstring(
        text.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1)
    )


def path(svg, style):
    (found,) = svg.findall(f"{SVG}path[@class='curve {style}']")
    return re.findall(r"([MHV])([-\d.,]+)", found.get("d"))


NEW = curve("new", (0.9, 0.6, 0.0), (0.8, 0.8, 0.0), (0.6, 0.8, 0.5), (0.4, 0.9, 0.5))


def test_a_curve_rises_where_false_alarms_are_spent_and_goes_on_to_the_right_end():
    steps = path(parsed(NEW), "new")

    assert [command for command, _ in steps] == ["M", "H", "V", "H"]
    middle = (LEFT + WIDTH - RIGHT) / 2
    assert steps[0][1].startswith(f"{LEFT:.1f},")
    assert steps[1][1] == f"{middle:.1f}"
    assert float(steps[2][1]) < float(steps[0][1].split(",")[1])  # upwards
    assert steps[3][1] == f"{WIDTH - RIGHT:.1f}"


def test_the_chart_begins_below_the_lowest_curve():
    low = curve("deployed", (0.9, 0.35, 0.0))
    labels = [text.text for text in parsed(NEW, low).iter(f"{SVG}text")]

    assert "40 %" in labels
    assert "20 %" not in labels
    assert "100 %" in labels
    assert labels.count("false alarms per picture") == 1


def test_the_dot_marks_the_score_faces_are_shown_from():
    (dot,) = parsed(NEW).iter(f"{SVG}circle")

    assert dot.get("cx") == f"{(LEFT + WIDTH - RIGHT) / 2:.1f}"
    (title,) = dot.iter(f"{SVG}title")
    assert (
        title.text == "<new>, as shown: recall 80.0% at 0.50 false alarms per picture"
    )


def test_points_beyond_the_right_end_are_left_out_and_the_dot_stays_inside():
    far = curve("new", (0.9, 0.5, 0.0), (0.5, 0.9, 3.0))
    svg = parsed(far)

    assert [command for command, _ in path(svg, "new")] == ["M", "H"]
    assert next(svg.iter(f"{SVG}circle")).get("cx") == f"{WIDTH - RIGHT:.1f}"


def test_a_detector_that_finds_nothing_has_an_empty_curve_on_the_ground():
    svg = parsed(curve("new"))

    assert path(svg, "new") == []
    assert next(svg.iter(f"{SVG}circle")).get("cy") == f"{HEIGHT - BOTTOM:.1f}"


def test_perfect_recall_leaves_room_for_the_curve():
    svg = parsed(curve("new", (0.9, 1.0, 0.0)))

    assert "90 %" in [text.text for text in svg.iter(f"{SVG}text")]
