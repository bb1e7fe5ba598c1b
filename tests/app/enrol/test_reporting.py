"""Tests of facecam.app.enrol.reporting."""

from pathlib import Path

from facecam.app.enrol import reporting
from facecam.enrolment.importing import Imported, Outcome
from facecam.enrolment.planning import Batch, Plan
from facecam.enrolment.screening import Reason, Skipped

FILES = tuple(Path(f"{n}.jpg") for n in range(4))


def outcome(name, kept=0, known=0, skipped=()):
    return Outcome(name, None, True, FILES[:kept], FILES[:known], tuple(skipped))


def test_an_import_that_did_nothing_says_so():
    assert reporting.summary(Imported((), ())) == ("Nothing new was added", "")


def test_one_person_is_named_and_several_are_counted():
    one = Imported((outcome("Ada", kept=1), outcome("Grace", known=2)), ())
    two = Imported((outcome("Ada", kept=4), outcome("Grace", kept=1)), ())
    assert reporting.summary(one) == (
        "1 picture added to Ada",
        "2 pictures were there already.",
    )
    assert reporting.summary(two)[0] == "5 pictures added to 2 people"


def test_pictures_left_out_are_counted_and_each_has_its_reason():
    path = Path("/home/album/Ada/9.jpg")
    skipped = Skipped(path, Reason.UNREADABLE, f"{path} is damaged. Delete it.")
    imported = Imported((outcome("Ada", kept=2, skipped=[skipped]),), ())
    (row,) = reporting.left_out(imported.left_out)
    assert reporting.summary(imported)[1] == "1 picture was left out."
    assert (row.title, row.text) == ("9.jpg", "It is damaged. Delete it.")
    assert row.about == str(path)


def test_what_was_stopped_says_how_to_go_on():
    title, text = reporting.summary(Imported((), (), cancelled=True))
    assert title == "Nothing new was added"
    assert text == "Stopped. Drop the same folder again to go on."


def test_a_plan_counts_people_and_pictures():
    plan = Plan((Batch("Ada", FILES), Batch("Grace", FILES[:1])))
    assert reporting.found(plan)[0] == "2 people in 5 pictures"
    assert [row.text for row in reporting.batches(plan)] == ["4 pictures", "1 picture"]


def test_pictures_without_a_name_are_asked_about():
    assert reporting.found(Plan((Batch("", FILES),)))[0] == "Whose 4 pictures?"
    assert reporting.found(Plan((Batch("", FILES[:1]),)))[0] == "Whose picture?"


def test_only_a_folder_with_pictures_and_folders_can_be_read_in_two_ways(tmp_path):
    (tmp_path / "Ada").mkdir()
    alone = reporting.mixed(tmp_path)
    (tmp_path / "loose.JPG").touch()
    assert not alone
    assert reporting.mixed(tmp_path)
    assert not reporting.mixed(tmp_path / "loose.JPG")
