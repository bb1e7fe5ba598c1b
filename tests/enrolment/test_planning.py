"""facecam.enrolment.planning: whose pictures files and folders hold."""

import pytest

from facecam.enrolment.planning import plan, plan_tree
from facecam.enrolment.screening import Reason
from facecam.errors import ImageError
from facecam.media import write_image
from tests.fakes import picture


@pytest.fixture
def tree(tmp_path):
    """Two people, a hidden folder, an empty one, and a picture beside them."""
    root = tmp_path / "photos"
    for file in ("Zoë 王/1.jpg", "Zoë 王/old/2.jpg", "Ada/a.PNG", ".trash/x.jpg"):
        write_image(root / file, picture((100, 80, 60)))
    write_image(root / "beside.jpg", picture())
    (root / "Nobody").mkdir()
    (root / "notes.txt").write_text("no picture")
    return root


def named(found):
    return {batch.name: [file.name for file in batch.files] for batch in found.people}


def test_a_tree_has_one_person_per_folder(tree):
    found = plan_tree(tree)

    assert named(found) == {"Ada": ["a.PNG"], "Zoë 王": ["1.jpg", "2.jpg"]}
    [beside] = found.skipped
    assert (beside.path.name, beside.reason) == ("beside.jpg", Reason.NOBODY)
    assert found.files == 3


def test_with_a_name_everything_shows_that_person(tree):
    found = plan([tree / "Ada", tree / "beside.jpg", tree / "beside.jpg"], "Grace")

    assert named(found) == {"Grace": ["a.PNG", "beside.jpg"]}


def test_without_a_name_folders_are_named_and_loose_pictures_wait_for_one(tree):
    found = plan([tree / "Ada", tree / "Zoë 王", tree / "beside.jpg"])

    assert named(found) == {
        "": ["beside.jpg"],
        "Ada": ["a.PNG"],
        "Zoë 王": ["1.jpg", "2.jpg"],
    }


def test_a_folder_of_folders_is_taken_for_a_tree(tree):
    (tree / "beside.jpg").unlink()

    assert set(named(plan([tree]))) == {"Ada", "Zoë 王"}


@pytest.mark.parametrize("name", ["", "Ada"])
@pytest.mark.parametrize("wrong", ["absent", "Nobody"])
def test_nothing_to_enrol_from_is_an_error_that_names_it(tree, name, wrong):
    with pytest.raises(ImageError, match=wrong):
        plan([tree / wrong], name)


def test_a_tree_without_people_is_an_error_that_says_what_was_expected(tree):
    with pytest.raises(ImageError, match="one folder per person"):
        plan_tree(tree / "Ada")
    with pytest.raises(ImageError, match="no folder"):
        plan_tree(tree / "absent")
