import pytest

from facecam.errors import DatasetError
from facecam.training import datasets


def touch(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


PAIRS = "2\t1\nAda\t1\t2\nAda\t1\tGrace\t1\nGrace\t1\t2\nAda\t2\tGrace\t2\n"
PICTURES = [f"{n}/{n}_000{k}.jpg" for n in ("Ada", "Grace") for k in (1, 2)]


@pytest.mark.parametrize("below", ["", "lfw/", "lfw-deepfunneled/"])
def test_pairs_are_read_with_their_folds(tmp_path, below):
    touch(tmp_path, *(below + name for name in PICTURES))
    (tmp_path / "pairs.txt").write_text(PAIRS)

    pairs = datasets.read_pairs(tmp_path)

    assert [(p.same, p.fold) for p in pairs] == [
        (True, 0),
        (False, 0),
        (True, 1),
        (False, 1),
    ]
    assert pairs[3].first.name == "Ada_0002.jpg"
    assert pairs[3].second.name == "Grace_0002.jpg"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("Ada 1 2\n", "must begin"),
        ("2 1\nAda 1 2\n", "announces"),
        (PAIRS.replace("Ada\t1\t2\n", "Ada\tx\t2\n"), "line 2"),
        (PAIRS.replace("Grace\t1\t2", "Grace\t1\t3"), "line 4.*missing"),
    ],
)
def test_what_is_wrong_with_pairs_is_said(tmp_path, text, reason):
    touch(tmp_path, *PICTURES)
    (tmp_path / "pairs.txt").write_text(text)

    with pytest.raises(DatasetError, match=reason):
        datasets.read_pairs(tmp_path)


def test_a_folder_without_pairs_says_so(tmp_path):
    with pytest.raises(DatasetError, match=r"pairs\.txt"):
        datasets.read_pairs(tmp_path)


def test_people_are_folders(tmp_path):
    touch(tmp_path, *PICTURES, "stray.jpg")

    people = datasets.read_people(tmp_path)

    assert {name: len(paths) for name, paths in people.items()} == {
        "Ada": 2,
        "Grace": 2,
    }
    for empty in (tmp_path / "nothing", tmp_path / "Ada"):
        with pytest.raises(DatasetError):
            datasets.read_people(empty)


def test_the_real_set_is_read(data):
    pairs = datasets.read_pairs(data / "lfw_a")
    assert (len(pairs), sum(p.same for p in pairs)) == (1200, 600)
    assert len(datasets.read_names(data / "lfw_a" / datasets.PEOPLE)) == 24
