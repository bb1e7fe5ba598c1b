"""The report of a run as one HTML file: verdict, numbers, curves, pictures.

Everything is inside the file, so it can be sent and opened anywhere; it follows the
reader's choice of a light or a dark screen.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from facecam import files
from facecam.faces import Image
from facecam.media import encode_jpeg
from facecam.training.detector.evaluation.chart import Curve, chart
from facecam.training.detector.evaluation.comparison import (
    Comparison,
    Outcome,
    Verdict,
    group_name,
    wording,
)
from facecam.training.detector.evaluation.figures import Trial

JPEG_QUALITY = 82
CHARTED = ("all", "masked", "unmasked", "easy", "medium", "hard")
"""Groups of faces with a chart of their own; the others are in the table."""
NEW, DEPLOYED = "new detector", "deployed"
SIGNS = {Outcome.BETTER: "▲ better", Outcome.SAME: "same", Outcome.WORSE: "▼ worse"}


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """One or two tiles that belong together, and what they are."""

    tiles: tuple[Image, ...]
    """Two: what the new detector shows, what the deployed one shows."""
    caption: str


@dataclass(frozen=True, eq=False, slots=True)
class Gallery:
    """Pictures of one kind of mistake."""

    title: str
    total: int
    """How many there are; the page shows some."""
    pictures: Sequence[Picture]


@dataclass(frozen=True, eq=False, slots=True)
class Content:
    """What a report is about."""

    title: str
    candidate: Trial
    deployed: Trial | None
    comparison: Comparison
    galleries: Sequence[Gallery]


def write(content: Content, path: Path) -> None:
    """Write a report."""
    files.write(path, render(content).encode())


def render(content: Content) -> str:
    """Return a report as HTML."""
    body = (
        _heading(content),
        _verdict(content),
        _charts(content),
        _table(content),
        _landmarks(content),
        _keys(content.galleries),
        *map(_gallery, content.galleries),
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(content.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{''.join(body)}</main>\n</body>\n</html>\n"
    )


def _heading(content: Content) -> str:
    trial, about = content.candidate, []
    if "all" in trial.groups:
        faces = f"{trial.groups['all'].faces} faces of {trial.min_face} px or more"
        about.append(f"{trial.pictures} pictures with {faces}")
    if trial.partly:
        about.append(
            f"{trial.partly.pictures} pictures of which not every face is labelled"
        )
    return (
        f"<header><h1>{escape(content.title)}</h1>"
        f"<p>Measured on {escape(' and '.join(about))}. "
        "Nothing was learned from them.</p></header>\n"
    )


def _verdict(content: Content) -> str:
    comparison = content.comparison
    if content.deployed is None:
        return '<p class="verdict same">There is no detector to compare it with.</p>\n'
    better, worse = (
        sum(verdict.outcome is outcome for verdict in comparison.verdicts)
        for outcome in (Outcome.BETTER, Outcome.WORSE)
    )
    count = f"Of {len(comparison.verdicts)} measures, {better} better, {worse} worse."
    if comparison.passes:
        text = "It may take the place of the detector that is deployed."
        return f'<p class="verdict better"><b>{text}</b> {count}</p>\n'
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in comparison.reasons)
    text = "It should not take the place of the detector that is deployed."
    return f'<div class="verdict worse"><b>{text}</b> {count}<ul>{reasons}</ul></div>\n'


def _charts(content: Content) -> str:
    names = [name for name in CHARTED if name in content.candidate.groups]
    if not names:
        return ""
    sides = [(NEW, "new", content.candidate)]
    if content.deployed is not None:
        sides.insert(0, (DEPLOYED, "deployed", content.deployed))
    figures = []
    for name in names:
        title = group_name(name).capitalize()
        faces = content.candidate.groups[name].faces
        curves = [
            Curve(label, style, trial.groups[name], trial.shown)
            for label, style, trial in sides
        ]
        figures.append(
            f"<figure><figcaption><b>{escape(title)}</b> ({faces})</figcaption>"
            f"{chart(f'Recall: {title}', curves)}</figure>"
        )
    keys = "".join(
        f'<span><i class="key {style}"></i>{label}</span>'
        for label, style, _ in reversed(sides)
    )
    return (
        "<h2>Recall</h2>\n<p>Share of the faces found, by how many false alarms that "
        "costs. The dot is where faces are shown.</p>\n"
        f'<p class="keys">{keys}</p>\n<div class="charts">{"".join(figures)}</div>\n'
    )


def _table(content: Content) -> str:
    verdicts = content.comparison.verdicts
    if not verdicts:
        return ""
    rows = "".join(map(_row, verdicts))
    note = '<p class="note">Measures in grey do not decide: they count few faces.</p>\n'
    return (
        "<h2>Measures</h2>\n<table><thead><tr><th>Measure</th><th>New</th>"
        f"<th>Deployed</th><th></th></tr></thead><tbody>{rows}</tbody></table>\n"
        f"{'' if all(verdict.gates for verdict in verdicts) else note}"
    )


def _row(verdict: Verdict) -> str:
    new, old = (
        wording(value, verdict.unit) for value in (verdict.candidate, verdict.deployed)
    )
    style = "" if verdict.gates else ' class="aside"'
    return (
        f"<tr{style}><td>{escape(verdict.measure)}</td><td>{new}</td><td>{old}</td>"
        f'<td class="{verdict.outcome}">{SIGNS[verdict.outcome]}</td></tr>\n'
    )


def _landmarks(content: Content) -> str:
    """Say how well points lie; a net that learned nothing has the average shape."""
    trials = ((NEW, content.candidate), (DEPLOYED, content.deployed))
    rows = [
        f"<tr><td>{name}</td><td>{points.faces}</td><td>{points.error:.4f}</td>"
        f"<td>{points.median:.4f}</td><td>{points.poor:.1%}</td>"
        f"<td>{points.mean_shape:.4f}</td></tr>\n"
        for name, trial in trials
        if trial is not None and (points := trial.landmarks) is not None
    ]
    if not rows:
        return ""
    return (
        "<h2>Landmarks</h2>\n<p>Distance of the five points from the labelled ones, "
        "in distances of the eyes, on faces that were found.</p>\n"
        "<table><thead><tr><th></th><th>Faces</th><th>Mean</th><th>Median</th>"
        "<th>Above 0.1</th><th>Average shape</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>\n"
    )


def _keys(galleries: Sequence[Gallery]) -> str:
    """Say what the colours of the boxes in the galleries mean."""
    if not galleries:
        return ""
    names = {"labelled": "labelled face", "new": NEW, "deployed": DEPLOYED}
    keys = "".join(
        f'<span><i class="box {style}"></i>{name}</span>'
        for style, name in names.items()
    )
    return (
        "<h2>Pictures</h2>\n<p>What differs, then what is wrong with the new detector; "
        "large faces and high scores first. A number is the score of a false alarm.</p>"
        f'\n<p class="keys">{keys}</p>\n'
    )


def _gallery(gallery: Gallery) -> str:
    shown = len(gallery.pictures)
    count = (
        f"{gallery.total}" if shown == gallery.total else f"{shown} of {gallery.total}"
    )
    pictures = "".join(map(_picture, gallery.pictures)) or "<p>None.</p>"
    return (
        f"<h3>{escape(gallery.title)} <small>{count}</small></h3>\n"
        f'<div class="pictures">{pictures}</div>\n'
    )


def _picture(picture: Picture) -> str:
    names = (NEW, DEPLOYED) if len(picture.tiles) > 1 else ("",)
    tiles = "".join(map(_tile, picture.tiles, names))
    caption = escape(picture.caption)
    return f"<figure>{tiles}<figcaption>{caption}</figcaption></figure>\n"


def _tile(image: Image, name: str) -> str:
    height, width = image.shape[:2]
    data = base64.b64encode(encode_jpeg(image, JPEG_QUALITY)).decode()
    below = f"<span>{name}</span>" if name else ""
    return (
        f'<div class="tile"><img width="{width}" height="{height}" '
        f'alt="{name or "close-up"}" src="data:image/jpeg;base64,{data}">{below}</div>'
    )


STYLE = """
:root { --ground: #fbfbfa; --card: #fff; --ink: #1d2126; --faint: #5f6873;
  --line: #dcdfe3; --new: #0a7d55; --deployed: #3566cc; --bad: #b3261e;
  --good-ground: #e3f4ec; --bad-ground: #fbe9e7; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16181b; --card: #1f2226; --ink: #e6e8eb; --faint: #9aa3ad;
    --line: #353a41; --new: #4adea0; --deployed: #82abff; --bad: #ff8f85;
    --good-ground: #15332a; --bad-ground: #3b1f1d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 26px; margin: 8px 0 4px; }
h2 { font-size: 19px; margin: 36px 0 8px; }
h3 { font-size: 16px; margin: 24px 0 8px; }
small, .note, header p, figcaption { color: var(--faint); }
small { font-weight: 400; margin-left: 6px; }
.verdict { padding: 12px 16px; border-radius: 8px; background: var(--card);
  border: 1px solid var(--line); }
.verdict.better { background: var(--good-ground); }
.verdict.worse { background: var(--bad-ground); }
.verdict ul { margin: 6px 0 0; padding-left: 20px; }
.keys span { margin-right: 20px; }
.key { display: inline-block; width: 22px; height: 0; margin-right: 7px;
  border-top: 3px solid; vertical-align: middle; }
.key.new { border-color: var(--new); }
.key.deployed { border-color: var(--deployed); border-top-style: dashed; }
.box { display: inline-block; width: 14px; height: 14px; margin-right: 7px;
  border: 2px solid; vertical-align: -2px; background: #000; }
.box.labelled { border-color: #ffc454; } .box.new { border-color: #4adea0; }
.box.deployed { border-color: #82abff; }
.charts { display: grid; gap: 16px;
  grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); }
.charts figure { margin: 0; padding: 12px; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; max-width: 540px; }
.charts figcaption b { color: var(--ink); }
svg { display: block; width: 100%; }
.grid { stroke: var(--line); }
.axis { fill: var(--faint); font: 11px system-ui, sans-serif; }
.curve { fill: none; stroke-width: 2; }
.curve.new { stroke: var(--new); } .dot.new { fill: var(--new); }
.curve.deployed { stroke: var(--deployed); stroke-dasharray: 5 3; }
.dot.deployed { fill: var(--deployed); }
.dot { stroke: var(--card); stroke-width: 1.5; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: right; padding: 5px 10px; border-bottom: 1px solid var(--line);
  font-variant-numeric: tabular-nums; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal;
  padding-left: 0; }
th { font-weight: 600; }
td.better { color: var(--new); } td.worse { color: var(--bad); }
td.same, tr.aside td { color: var(--faint); }
.pictures { display: flex; flex-wrap: wrap; gap: 14px; }
.pictures figure { margin: 0; max-width: 310px; }
.pictures figcaption { font-size: 12px; max-width: 100%; overflow-wrap: anywhere; }
.tile { display: inline-block; position: relative; margin-right: 3px; }
.tile img { display: block; border-radius: 4px; }
.tile span { position: absolute; left: 4px; bottom: 4px; padding: 0 6px;
  border-radius: 3px; font-size: 11px; color: #fff; background: rgb(0 0 0 / .62); }
"""
