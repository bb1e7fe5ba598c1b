import pytest

from facecam.media import write_image
from tests.fakes import picture

ONE = picture((100, 80, 60))


@pytest.fixture
def ada(tmp_path, asked):
    write_image(tmp_path / "ada.png", ONE)
    return asked("enrol", "Ada", tmp_path / "ada.png")["id"]


def test_nobody_is_said_with_what_to_do(facecam, asked):
    code, out, _ = facecam("people", "list")
    assert code == 0
    assert "facecam enrol" in out
    assert asked("people", "list") == {"people": [], "problems": []}


def test_people_are_listed(facecam, asked, ada):
    code, out, err = facecam("people", "list")

    assert (code, err) == (0, "")
    assert [line.split() for line in out.splitlines()] == [
        ["name", "portraits", "id"],
        ["Ada", "1", ada],
    ]
    (person,) = asked("people", "list")["people"]
    assert (person["id"], person["name"], len(person["portraits"])) == (ada, "Ada", 1)


def test_renaming_by_name_or_id(facecam, asked, ada):
    assert facecam("people", "rename", "ada", "李小龍")[:2] == (
        0,
        "Ada is now called 李小龍.\n",
    )
    assert asked("people", "rename", ada, "Grace")["name"] == "Grace"
    assert facecam("people", "rename", ada, " ")[0] == 1


def test_forgetting_leaves_no_trace(facecam, home, ada):
    code, out, _ = facecam("people", "forget", "Ada", "--yes")

    assert code == 0
    assert out.startswith("Ada is forgotten")
    left = {path.name for path in (home / "people").rglob("*") if path.is_file()}
    assert left <= {"gallery.json", ".generation", ".lock", ".index.sqlite"}


def test_somebody_unknown_is_one_readable_line(facecam, ada):
    for action in (["forget", "Bob", "--yes"], ["rename", "Bob", "Robert"]):
        code, out, err = facecam("people", *action)
        assert (code, out) == (1, "")
        assert "There is no Bob" in err
        assert "Ada" in err


def test_a_damaged_record_is_reported_and_can_be_forgotten(facecam, home, ada):
    (home / "people" / ada / "person.json").write_text("{")

    code, _, err = facecam("people", "list")
    assert code == 0
    assert "person.json is damaged" in err

    assert facecam("people", "forget", ada, "--yes")[0] == 0
    assert not (home / "people" / ada).exists()


TWO = picture((40, 60, 90))
THREE = picture((150, 30, 120))


@pytest.fixture
def both(tmp_path, asked):
    """Ada with two pictures and Grace with one; -> their ids."""
    for name, image in (("one", ONE), ("two", TWO), ("three", THREE)):
        write_image(tmp_path / f"{name}.png", image)
    ada = asked("enrol", "Ada", tmp_path / "one.png", tmp_path / "two.png")["id"]
    return ada, asked("enrol", "Grace", tmp_path / "three.png")["id"]


def files(asked, who):
    return [picture["file"] for picture in asked("people", "show", who)["pictures"]]


def test_somebody_is_shown_with_their_pictures(facecam, asked, both):
    code, out, err = facecam("people", "show", "Ada")

    assert (code, err) == (0, "")
    first, second, heading, *rows = out.splitlines()
    assert first == f"Ada ({both[0]})"
    assert "consent not noted" in second
    assert heading.split() == ["picture", "quality", "taken"]
    assert len(rows) == 2
    assert rows[0].endswith("cover")
    shown = asked("people", "show", both[0])
    assert shown["cover"] == shown["pictures"][0]["file"]
    assert shown["pictures"][0]["taken"]


def test_merging_keeps_the_first_name(facecam, asked, both):
    code, out, _ = facecam("people", "merge", "Ada", "Grace")

    assert (code, out) == (0, "Merged Grace into Ada: 3 pictures now.\n")
    (person,) = asked("people", "list")["people"]
    assert person["id"] == both[0]


def test_pictures_are_split_off_into_a_new_person(facecam, asked, both):
    second = files(asked, "Ada")[1]

    new = asked("people", "split", "Ada", "Ada’s sister", second)

    assert new["name"] == "Ada’s sister"
    assert new["id"] not in both
    assert len(files(asked, "Ada")) == len(files(asked, new["id"])) == 1


def test_a_picture_is_named_by_how_it_begins(facecam, asked, both):
    second = files(asked, "Ada")[1]
    beginning = second.removeprefix("portraits/")[:6]

    code, out, _ = facecam("people", "move", "Ada", both[1], beginning)

    assert (code, out) == (0, "Moved 1 picture of Ada to Grace.\n")
    assert second in files(asked, "Grace")


def test_cover_and_removal(facecam, asked, both):
    first, second = files(asked, "Ada")

    assert facecam("people", "cover", "Ada", second)[0] == 0
    assert asked("people", "show", "Ada")["cover"] == second
    assert facecam("people", "remove", "Ada", second, second)[1].endswith(
        "1 picture left.\n"
    )
    assert files(asked, "Ada") == [first]
    assert asked("people", "show", "Ada")["cover"] == first


def test_every_change_can_be_undone_and_done_again(facecam, asked, both):
    assert facecam("people", "rename", "Ada", "Countess")[0] == 0

    code, out, _ = facecam("people", "undo")
    assert (code, out.split(":")[0]) == (0, "Undone")
    assert asked("people", "show", both[0])["name"] == "Ada"
    listed = asked("people", "history")["changes"]
    assert [change["undone"] for change in listed].count(True) == 1
    assert "undone" in facecam("people", "history")[1]

    assert "Countess" in asked("people", "redo")["text"]
    assert asked("people", "show", both[0])["name"] == "Countess"


def test_without_changes_there_is_nothing_to_undo(facecam):
    assert facecam("people", "history")[1] == "Nothing to undo.\n"
    code, out, err = facecam("people", "undo")
    assert (code, out) == (1, "")
    assert "othing to undo" in err


def test_a_picture_that_is_not_there_is_told_with_what_to_do(facecam, both):
    code, _, err = facecam("people", "remove", "Ada", "zzz")
    assert code == 1
    assert f"facecam people show {both[0]}" in err

    code, _, err = facecam("people", "cover", "Ada", "")
    assert code == 1
    assert "Several pictures" in err
