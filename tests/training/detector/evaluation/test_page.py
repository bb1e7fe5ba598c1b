"""The report, read back as HTML."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from facecam.media import decode_image
from facecam.training.detector.evaluation import comparison, page
from facecam.training.detector.evaluation.figures import (
    Figures,
    Landmarks,
    Partly,
    Point,
    Trial,
)
from facecam.training.detector.evaluation.page import Content, Gallery, Picture

VOID = {"meta", "img"}


def trial(recall, **values):
    points = (Point(0.9, recall - 0.2, 0.1), Point(0.7, recall, 0.3))
    figures = Figures(200, recall, points)
    groups = {"all": figures, "masked": figures, "20–40 px": figures}
    return Trial(65, 20, 0.7, groups, **values)


GREEN = np.full((150, 150, 3), (40, 200, 120), np.uint8)


def content(new=0.9, old=0.8, galleries=()):
    candidate, deployed = trial(new), trial(old)
    compared = comparison.compare(candidate, deployed)
    return Content("The detector of <run>", candidate, deployed, compared, galleries)


class Structure(HTMLParser):
    """Notes elements and texts; fails where a tag is closed that is not open."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.texts = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data.strip())

    def count(self, tag):
        return sum(name == tag for name, _ in self.tags)


def test_a_report_is_well_formed_and_holds_everything_itself():
    text = page.render(
        content(galleries=[Gallery("Missed", 1, [Picture((GREEN,), "a.jpg")])])
    )
    structure = Structure(text)

    assert structure.count("svg") == 2  # all and masked; sizes are in the table
    assert not re.search(r"(src|href)=\"(?!data:)", text)
    assert "url(" not in text
    assert "prefers-color-scheme: dark" in text
    assert "The detector of <run>" in structure.texts


@pytest.mark.parametrize(
    ("new", "style", "words"),
    [(0.9, "better", "It may take the place"), (0.7, "worse", "It should not take")],
)
def test_the_verdict_comes_first_with_its_reasons(new, style, words):
    structure = Structure(page.render(content(new=new)))

    styles = [attrs.get("class") for _, attrs in structure.tags]
    assert f"verdict {style}" in styles
    assert any(text.startswith(words) for text in structure.texts)
    reasons = content(new=new).comparison.reasons
    assert structure.count("li") == len(reasons)
    assert set(reasons) <= set(structure.texts)


def test_every_measure_is_a_row_and_those_that_do_not_decide_are_marked():
    made = content()
    structure = Structure(page.render(made))

    assert structure.count("tr") == 1 + len(made.comparison.verdicts)
    aside = [attrs for tag, attrs in structure.tags if attrs.get("class") == "aside"]
    assert len(aside) == sum(not v.gates for v in made.comparison.verdicts) == 2
    assert "Measures in grey do not decide: they count few faces." in structure.texts


def test_landmarks_stand_beside_those_of_the_average_shape():
    points = Landmarks(7, 0.06, 0.05, 0.125, 0.3)
    first = Content("x", trial(0.9, landmarks=points), trial(0.9), made_alone(), ())

    structure = Structure(page.render(first))

    assert {"Landmarks", "0.0600", "0.0500", "12.5%", "0.3000"} <= set(structure.texts)
    assert structure.count("table") == 1  # there is no comparison
    assert structure.count("tr") == 2  # and only one of the two knows landmarks


def made_alone():
    return comparison.compare(trial(0.9), None)


def test_pictures_are_inside_and_pairs_say_which_is_which():
    pair = Picture((GREEN, GREEN), "b & c.jpg")
    gallery = Gallery("Faces only the new detector finds", 30, [pair])

    text = page.render(content(galleries=[gallery, Gallery("Missed", 0, [])]))
    structure = Structure(text)

    images = [attrs for tag, attrs in structure.tags if tag == "img"]
    assert [image["alt"] for image in images] == ["new detector", "deployed"]
    data = base64.b64decode(images[0]["src"].removeprefix("data:image/jpeg;base64,"))
    assert np.abs(decode_image(data).astype(int) - GREEN).max() < 8
    assert {"1 of 30", "b & c.jpg", "None."} <= set(structure.texts)


def test_without_a_deployed_detector_there_is_nothing_to_compare():
    made = Content("First", trial(0.9), None, made_alone(), ())

    structure = Structure(page.render(made))

    assert "There is no detector to compare it with." in structure.texts
    assert (structure.count("table"), structure.count("svg")) == (0, 2)
    assert "deployed" not in structure.texts


def test_pictures_not_wholly_labelled_alone_have_no_charts():
    partly = replace(trial(0.9), groups={}, pictures=0, partly=Partly(7, 7, 0.9))
    made = Content("Points", partly, partly, comparison.compare(partly, partly), ())

    structure = Structure(page.render(made))

    assert structure.count("svg") == 0
    assert any("7 pictures of which not every face" in text for text in structure.texts)


def test_a_report_is_written_as_a_whole_file(tmp_path):
    page.write(content(), tmp_path / "report.html")

    text = (tmp_path / "report.html").read_text("utf-8")
    assert text == page.render(content())
    assert text.endswith("</html>\n")
