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
