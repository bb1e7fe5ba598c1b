"""Fixtures shared by the whole suite."""

import contextlib
import hashlib
import importlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from facecam import config as settings
from facecam import installation
from facecam.config import Config, override
from facecam.faces import Image
from facecam.media import read_image

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).parents[1]
RUNNING = importlib.import_module("facecam.artifacts.running")
AT_HAND = RUNNING._at_hand
"""What says which embedder stands in."""
REFERENCE = "mtcnn"
"""The published detector: what others are measured against, not always what ships."""
DATA = Path(
    os.environ.get(
        "FACECAM_TEST_DATA", Path(__file__).parents[2] / "shared" / "data" / "dev"
    )
)


@pytest.fixture(scope="session", autouse=True)
def nobody_stands_in() -> Iterator[None]:
    """No embedder is made ready by itself, but in tests marked `stands_in`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RUNNING, "_at_hand", lambda config: "")
        yield


@pytest.fixture(autouse=True)
def somebody_stands_in(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The embedder that ships is made ready where a test is marked so."""
    if request.node.get_closest_marker("stands_in") is not None:
        monkeypatch.setattr(RUNNING, "_at_hand", AT_HAND)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real test pictures; skips the test where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"No test data in {DATA}; set FACECAM_TEST_DATA to its folder.")
    return DATA


@pytest.fixture(scope="session")
def astronaut() -> Image:
    """A public-domain portrait by NASA, 512×512, one face."""
    return read_image(ROOT / "tests" / "data" / "astronaut.jpg")


@pytest.fixture(scope="session")
def installed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the detector in use, and the reference. Read only: shared by all."""

    def install(config: Config) -> None:
        installation.ensure_detector(config)
        installation.ensure_detector(_with_reference(config))

    cached = _converted("detector", install)
    return _linked(cached, tmp_path_factory.mktemp("installed_home"))


@pytest.fixture(scope="session")
def facenet_home(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the detector and FaceNet installed. Read only."""
    weights = data / "weights" / "facenet-20180402-114759.npz"
    if not weights.is_file():
        pytest.skip(f"No FaceNet weights in {weights}.")

    def install(config: Config) -> None:
        installation.ensure_detector(config)
        installation.import_file(config, weights)

    cached = _converted("facenet", install)
    return _linked(cached, tmp_path_factory.mktemp("facenet_home"))


@pytest.fixture
def mtcnn_config(installed_home: Path, tmp_path: Path) -> Config:
    """A home of the test's own that uses the reference. Replace files, never write.

    Nobody is named in it: the embedder that ships does not stand in.
    """
    home = _linked(installed_home, tmp_path / "home")
    said = f'[detector]\nmodel = "{REFERENCE}"\n[embedder]\nstand_in = false\n'
    (home / "facecam.toml").write_text(said)
    return settings.load(home)


@pytest.fixture
def facenet_config(facenet_home: Path, tmp_path: Path) -> Config:
    """A home of the test's own, with the detector and FaceNet installed."""
    return Config(home=_linked(facenet_home, tmp_path / "home"))


def _with_reference(config: Config) -> Config:
    return override(config, {"detector": {"model": REFERENCE}})


def _converted(name: str, install: Callable[[Config], None]) -> Path:
    """Return a home kept between runs, made anew when the nets' code has changed."""
    sources = [*ROOT.glob("facecam/nets/*.py"), *ROOT.glob("models/*/*/manifest.json")]
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(sources)))
    home = ROOT / "tests" / ".models" / f"{name}-{digest.hexdigest()[:16]}"
    if not home.is_dir():
        partial = Path(tempfile.mkdtemp(dir=_made(home.parent)))
        install(Config(home=partial))
        with contextlib.suppress(OSError):  # another run was quicker
            partial.rename(home)
        for old in set(home.parent.glob(f"{name}-*")) - {home}:
            shutil.rmtree(old, ignore_errors=True)
    return home


def _linked(home: Path, copy: Path) -> Path:
    """Copy a home's models as hard links where the file system allows it."""

    def link(source: str, target: str) -> None:
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)

    shutil.copytree(home, copy, copy_function=link, dirs_exist_ok=True)
    return copy


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
