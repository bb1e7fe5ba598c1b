"""docs/api.md: every block runs, in the order of the page."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from facecam import installation, pipeline
from facecam.media import VideoWriter, find_images, read_image, write_image
from facecam.recognizer import Recognizer
from facecam.vision.cohort import Cohort
from tests.fakes import BlobDetector, ColourEmbedder, picture

PAGE = Path(__file__).parents[1] / "docs" / "api.md"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder to work in, and a home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FACECAM_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def stand_ins(monkeypatch):
    """A detector that finds bright blobs, an embedder that sees their colours."""
    strangers = np.random.default_rng(0).standard_normal((300, 51)).astype(np.float32)
    strangers /= np.linalg.norm(strangers, axis=1, keepdims=True)
    monkeypatch.setattr(installation, "ensure_detector", lambda *_: None)
    monkeypatch.setattr(pipeline, "build_detector", lambda *_: BlobDetector())
    monkeypatch.setattr(pipeline, "build_embedder", lambda *_: ColourEmbedder())
    monkeypatch.setattr(pipeline, "load_cohort", lambda _: Cohort.of(strangers))
    monkeypatch.setattr(
        pipeline,
        "build_recognizer",
        lambda config: Recognizer(BlobDetector(), ColourEmbedder(), config, "none"),
    )


def run(page):
    """Run the blocks as one program -> its names."""
    space = {}
    for n, block in enumerate(BLOCK.findall(page), start=1):
        line = page[: page.index(block)].count("\n")
        exec(compile("\n" * line + block, f"api.md, block {n}", "exec"), space)
    return space


def write_film(path, image):
    height, width = image.shape[:2]
    with VideoWriter(path, 10, (width, height)) as film:
        for _ in range(6):
            film.write(image)


def write_lfw(folder, people):
    """Lay out two folds of two pairs each, of four people with three pictures."""
    names = sorted(people)
    for name in names:
        for n, image in enumerate(people[name], start=1):
            write_image(folder / "lfw" / name / f"{name}_{n:04}.jpg", image)
    lines = ["2\t2"]
    for a, b in (names[:2], names[2:]):
        lines += [f"{a}\t1\t2", f"{b}\t1\t3", f"{a}\t1\t{b}\t1", f"{a}\t2\t{b}\t2"]
    (folder / "pairs.txt").write_text("\n".join(lines))


def coloured(person, photo):
    image = picture((90, 60, 80 + photo)).astype(np.float32)
    tint = np.random.default_rng(person).uniform(0.3, 1, 3) * 1.3
    return np.clip(image * tint, 0, 255).astype(np.uint8)


def assert_all_is_there(place, space):
    assert space["outcome"].aligned == 12
    assert len(space["again"].embeddings) == len(space["gathered"].embeddings) == 12
    assert np.allclose(
        space["again"].embeddings, space["gathered"].embeddings, atol=0.2
    )
    assert space["summary"].frames == 6
    assert space["result"]["pairs"] == 8
    assert len(space["everybody"].names) == 12
    for name in (
        "named.avi",
        "faces.csv",
        "roc.png",
        "sheet.png",
        "sorted",
        "exported",
    ):
        assert (place / name).exists(), name


def test_every_block_runs_on_small_data(place, stand_ins, capsys):
    people = {f"P{n}": [coloured(n, photo) for photo in range(3)] for n in range(4)}
    for name, images in people.items():
        for n, image in enumerate(images, start=1):
            write_image(place / "pictures" / name / f"{n}.png", image)
    write_image(place / "party.jpg", picture((20, 20, 60), (150, 90, 80)))
    write_film(place / "film.avi", people["P0"][0])
    write_lfw(place / "lfw", people)

    space = run(PAGE.read_text("utf-8"))

    assert_all_is_there(place, space)
    assert len(space["faces"].names) == 12
    assert "Cannot read no-such-picture.jpg" in capsys.readouterr().out


@pytest.mark.slow
def test_every_block_runs_on_real_faces(data, facenet_home, place, capsys):
    shutil.copytree(facenet_home, place / "home")
    source = data / "videos" / "friends"
    shutil.copytree(source, place / "pictures")
    people = {
        folder.name: [read_image(path) for path in find_images(folder)]
        for folder in sorted(source.iterdir())
    }
    shutil.copyfile(data / "samples" / "multiface.jpg", place / "party.jpg")
    write_film(place / "film.avi", people["Ross"][0])
    write_lfw(place / "lfw", people)

    space = run(PAGE.read_text("utf-8"))

    assert_all_is_there(place, space)
    assert space["same_person"]
    assert [seen.name for seen in space["summary"].people] == ["Ross"]
    assert space["result"]["accuracy"] == 1
    assert "f1=1.0" in capsys.readouterr().out
