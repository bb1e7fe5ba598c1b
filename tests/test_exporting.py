import csv
import json
import re

import numpy as np
import pytest

from facecam.errors import ImageError
from facecam.exporting import SPRITE, Collection, export
from facecam.media import read_image


def faces(names, side=64, d=4):
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((len(names), d)).astype(np.float32)
    shown = np.full((len(names), side, side, 3), 7, np.uint8)
    shown += np.arange(len(names), dtype=np.uint8)[:, None, None, None]
    pictures = [f"{n}.jpg" for n in range(len(names))]
    return Collection(rows, names, pictures, shown)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def test_arrays_and_tables_hold_the_same(out):
    given = faces(["Zoë", "王, 'x'", "Zoë"])

    written = export(out, given, {"model": "m"})

    assert written == sorted(path.name for path in out.iterdir())
    rows = np.load(out / "embeddings.npy")
    assert np.array_equal(rows, given.embeddings)
    assert np.load(out / "names.npy").tolist() == list(given.names)
    assert np.load(out / "labels.npy").tolist() == [0, 1, 0]
    with (out / "embeddings.csv").open(encoding="utf-8", newline="") as file:
        head, *table = csv.reader(file)
    assert head == ["name", "picture", "e0", "e1", "e2", "e3"]
    assert [row[0] for row in table] == list(given.names)
    assert np.allclose(np.array([row[2:] for row in table], float), rows, rtol=1e-5)
    assert json.loads((out / "about.json").read_text()) == {
        "faces": 3, "dimensions": 4, "model": "m",
    }  # fmt: skip


def test_the_projector_gets_a_line_per_face_and_a_sprite_row_by_row(out):
    export(out, faces(["a\tb", "", "c\nd", "e", "f"]), {})

    tensors = np.loadtxt(out / "tensors.tsv", delimiter="\t")
    lines = (out / "metadata.tsv").read_text("utf-8").splitlines()
    assert tensors.shape == (5, 4)
    assert lines[0] == "name\tpicture"
    assert [line.split("\t")[0] for line in lines[1:]] == ["a b", "?", "c d", "e", "f"]
    sprite = read_image(out / "sprite.png")
    assert sprite.shape == (128, 192, 3)
    assert sprite[::64, ::64, 0].tolist() == [[7, 8, 9], [10, 11, 0]]
    config = (out / "projector_config.pbtxt").read_text()
    assert config.count("{") == config.count("}") == 2
    named = re.findall(r'_path: "(.*)"', config)
    assert named == ["tensors.tsv", "metadata.tsv", "sprite.png"]
    assert all((out / name).is_file() for name in named)


def test_faces_become_small_where_there_are_many(out, monkeypatch):
    monkeypatch.setattr("facecam.exporting.SPRITE", 60)
    export(out, faces(["a"] * 10), {})

    assert read_image(out / "sprite.png").shape == (45, 60, 3)
    assert "single_image_dim: 15" in (out / "projector_config.pbtxt").read_text()
    assert SPRITE == 8192


def test_more_faces_than_a_sprite_holds_have_none(out, monkeypatch):
    monkeypatch.setattr("facecam.exporting.SPRITE", 20)
    export(out, faces(["a"] * 10), {})

    assert not (out / "sprite.png").exists()
    assert "sprite" not in (out / "projector_config.pbtxt").read_text()


def test_what_fails_leaves_nothing(out, monkeypatch, tmp_path):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savetxt", full)
    with pytest.raises(ImageError, match="No space left"):
        export(out, faces(["a"]), {})

    assert list(tmp_path.iterdir()) == []


def test_nobody_and_a_folder_in_use_are_refused(out):
    with pytest.raises(ImageError, match="no face"):
        export(out, faces([]), {})
    export(out, faces(["a"]), {})
    with pytest.raises(ImageError, match="not empty"):
        export(out, faces(["a"]), {})
