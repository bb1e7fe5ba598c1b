"""Tests of facecam.app.differences: what others changed, in words."""

from dataclasses import replace
from pathlib import Path

from facecam.app.differences import between, said
from facecam.faces import Identity
from facecam.gallery import Person, Portrait


def person(name, *files, negatives=()):
    return Person(
        Identity(name.casefold(), name),
        Path(name),
        tuple(Portrait(file) for file in files),
        tuple(Portrait(file) for file in negatives),
    )


ADA, BO = person("Ada", "a", "b"), person("Bo", "c")


def texts(before, after):
    return [one.text for one in between(before, after)]


def test_nobody_and_nothing_changed_is_nothing_to_tell():
    assert between((), ()) == ()
    assert between((ADA, BO), (ADA, BO)) == ()


def test_who_came_and_what_changed_is_told_person_by_person():
    more = person("Ada", "b", "d", "e", negatives=("n",))

    assert texts((ADA,), (more, BO)) == [
        "Ada has 2 pictures more",
        "Ada has 1 picture less",
        "what is not Ada changed",
        "Bo is new, with 1 picture",
    ]


def test_another_name_is_told():
    countess = replace(ADA, identity=Identity("ada", "Countess"))

    assert texts((ADA,), (countess,)) == ["Ada is now called Countess"]


def test_of_who_is_gone_only_the_number_is_told():
    (gone,) = between((ADA, BO), ())

    assert gone.text == "2 people are not there any more"
    assert gone.id == ""


def test_the_sentence_leaves_out_who_is_not_there_any_more():
    changes = between((), (ADA, BO))

    assert said(changes, (ADA, BO)) == (
        "Ada is new, with 2 pictures; Bo is new, with 1 picture"
    )
    assert said(changes, (BO,)) == "Bo is new, with 1 picture"
    assert said((), ()) == ""


def test_many_changes_are_counted():
    crowd = [person(f"P{n}", str(n)) for n in range(9)]

    assert said(between((), crowd), crowd).endswith("; 6 more changes")
