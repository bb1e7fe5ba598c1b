"""scripts/: one environment, made once, repaired when broken, failures explained."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import environment
import pytest
import run as run_script
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
STANDARD_ONLY = ["environment.py", "run.py", "steps.py", "test.py"]
LOCKS = ["requirements.txt", "requirements-dev.txt"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A repository of its own for the scripts to work in."""
    root = tmp_path / "my façecam 1"
    root.mkdir()
    python = root / ".venv" / environment.PYTHON.relative_to(environment.VENV)
    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.setattr(environment, "VENV", root / ".venv")
    monkeypatch.setattr(environment, "STAMP", root / ".venv" / "facecam.json")
    monkeypatch.setattr(environment, "PYTHON", python)
    (root / "requirements.txt").write_text("numpy==2.0\n")
    (root / "requirements-dev.txt").write_text("pytest==9.0\n")
    return root


@pytest.fixture
def done(place, monkeypatch):
    """The list of what was made and installed."""
    actions = []

    def create():
        actions.append("create")
        environment.PYTHON.parent.mkdir(parents=True)
        environment.PYTHON.touch()

    monkeypatch.setattr(environment, "_create", create)
    monkeypatch.setattr(environment, "_install", lambda names: actions.append(names))
    monkeypatch.setattr(environment, "_link_facecam", lambda: actions.append("link"))
    return actions


@pytest.mark.parametrize("name", STANDARD_ONLY)
def test_scripts_need_only_the_standard_library(name):
    tree = ast.parse((ROOT / "scripts" / name).read_text("utf-8"))

    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip

    assert imported <= {*sys.stdlib_module_names, "environment", "steps"}


@pytest.mark.parametrize("name", STANDARD_ONLY)
def test_an_old_python_can_read_the_scripts_to_say_that_it_is_old(name):
    text = (ROOT / "scripts" / name).read_text("utf-8")

    ast.parse(text, feature_version=(3, 8))

    assert "from __future__ import annotations" in text


@pytest.mark.parametrize("name", ["run.py", "test.py"])
def test_help_makes_no_environment(name, tmp_path):
    for source in STANDARD_ONLY:
        (tmp_path / source).write_bytes((ROOT / "scripts" / source).read_bytes())

    told = subprocess.run(
        [sys.executable, str(tmp_path / name), "--help"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert "usage:" in told.stdout
    assert not (tmp_path.parent / ".venv").exists()


def test_a_python_without_wheels_is_refused_with_the_reason(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)

    with pytest.raises(SystemExit, match=r"needs Python 3\.11, 3\.12 or 3\.13"):
        environment.require_python()


def test_another_python_on_the_computer_takes_over(monkeypatch):
    called = []
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    monkeypatch.setattr(environment.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(environment, "_runs", lambda command, version: True)
    monkeypatch.setattr(
        environment.subprocess, "call", lambda command: called.append(command) or 7
    )

    with pytest.raises(SystemExit) as ended:
        environment.require_python()

    assert ended.value.code == 7
    assert called[0][0] in ("py", "python3.13")
    assert called[0][-len(sys.argv) :] == sys.argv


def test_the_first_run_installs_and_the_second_does_nothing(done):
    environment.prepare("requirements.txt")
    first = done.copy()
    environment.prepare("requirements.txt")

    assert first == ["create", ("requirements.txt",), "link"]
    assert done == first


def test_tests_add_their_requirements_to_the_same_environment(done):
    environment.prepare("requirements.txt")
    done.clear()

    environment.prepare(*LOCKS)
    environment.prepare("requirements.txt")

    assert done == [tuple(LOCKS), "link"]


def test_new_requirements_are_installed_into_the_environment_there_is(done, place):
    environment.prepare("requirements.txt")
    done.clear()

    (place / "requirements.txt").write_text("numpy==2.1\n")
    environment.prepare("requirements.txt")

    assert done == [("requirements.txt",), "link"]


def test_an_interrupted_install_begins_anew(done, place, monkeypatch):
    def interrupted(names):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "_install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.prepare("requirements.txt")
    done.clear()
    (place / ".venv").rename(place / "rest")

    environment.prepare("requirements.txt")

    assert done == ["create", ("requirements.txt",), "link"]


@pytest.mark.parametrize("key", ["python", "place"])
def test_another_python_or_another_folder_needs_a_new_environment(key, done, place):
    environment.prepare("requirements.txt")
    stamp = json.loads(environment.STAMP.read_text("utf-8"))
    environment.STAMP.write_text(json.dumps({**stamp, key: "another"}), "utf-8")
    environment.PYTHON.rename(place / "python")
    environment.PYTHON.parent.rmdir()
    done.clear()

    environment.prepare("requirements.txt")

    assert done[0] == "create"


def test_the_checkout_is_importable_from_a_folder_with_any_name(place):
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(place / ".venv")],
        check=True,
    )
    (place / "facecam").mkdir()
    (place / "facecam" / "__init__.py").write_text("found = True")

    environment._link_facecam()

    code = "import facecam; print(facecam.found)"
    told = subprocess.run(
        [environment.PYTHON, "-c", code],
        cwd=place.parent, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "True"
    assert next(environment.PYTHON.parent.glob("facecam*")).stat().st_size > 0


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("Failed to establish a new connection", "network"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: No matching distribution found", r"none for .*README"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", r"pip\.log"),
    ],
)
def test_a_failed_install_says_what_to_do(said, advice, place, monkeypatch):
    python = place / "python"
    python.write_text(f"#!/bin/sh\necho '{said}'\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(environment, "PYTHON", python)

    with pytest.raises(SystemExit, match=advice):
        environment._install(["requirements.txt"])


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libxcb-cursor.so.0", "libxcb-cursor0"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
        ("libdbus-1.so.3", "libdbus-1-3"),
        ("libEGL.so.1", "libegl1"),
        ("libX11-xcb.so.1", "libx11-xcb1"),
        ("libgthread-2.0.so.0", "libglib2.0-0"),
    ],
)
def test_libraries_are_found_in_the_packages_of_debian(library, package):
    assert environment.debian_package(library) == package


@pytest.mark.parametrize(
    ("tool", "advice"),
    [
        ("apt-get", "sudo apt-get install libegl1"),
        ("dnf", r"sudo dnf install 'libEGL\.so\.1\(\)\(64bit\)'"),
        ("pacman", r"libEGL\.so\.1\. Install them"),
    ],
)
def test_missing_libraries_are_named_with_the_command(tool, advice, monkeypatch):
    monkeypatch.setattr(environment, "missing_libraries", lambda: ["libEGL.so.1"])
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(
        environment.shutil, "which", lambda name: name if name == tool else None
    )

    with pytest.raises(SystemExit, match=advice):
        environment.provide_qt()


def test_an_environment_that_is_in_use_is_not_made_anew_silently(place):
    environment.VENV.write_text("in the way")

    with pytest.raises(SystemExit, match="Is facecam running"):
        environment._create()


def test_without_a_display_the_window_is_not_tried(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")

    with pytest.raises(SystemExit, match="no display"):
        run_script.require_display()


def test_models_are_readied_once_and_without_facenet_it_goes_on(
    place, monkeypatch, capsys
):
    monkeypatch.setenv("FACECAM_HOME", str(place))
    called = []

    def facecam(*arguments):
        called.append(arguments[-1])
        return int(arguments[-1] == "embedder")

    monkeypatch.setattr(run_script, "facecam", facecam)
    run_script.ready_models()
    (place / "models" / "detector" / "mtcnn" / "installed").mkdir(parents=True)
    run_script.ready_models()

    assert called == ["detector", "embedder"]
    assert "models import FILE" in capsys.readouterr().out


def test_the_embedder_that_ships_is_readied_instead_of_a_download(place, monkeypatch):
    monkeypatch.setenv("FACECAM_HOME", str(place / "home"))
    shipped = place / "models" / "embedder" / "compact-1" / "weights.npz"
    shipped.parent.mkdir(parents=True)
    shipped.touch()
    called = []
    monkeypatch.setattr(run_script, "facecam", lambda *words: called.append(words[-1]))

    run_script.ready_models()

    assert called == ["detector", "compact-1"]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_hashes_and_say_nothing_of_where_from(name):
    text = (ROOT / name).read_text("utf-8")
    pinned = re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE)

    assert len(re.findall(r"^\S", text, re.MULTILINE)) == len(pinned)
    assert text.count(" \\\n    --hash=sha256:") >= len(pinned)
    assert "://" not in text
    assert "index" not in text
    assert "+cpu" not in text


@pytest.mark.parametrize("name", ["numpy", "tensorflow", "opencv-python-headless"])
def test_locks_hold_the_hashes_of_all_three_systems(name):
    text = (ROOT / "requirements.txt").read_text("utf-8")

    block = re.search(rf"^{name}==.*(?:\n +--hash.*)+", text, re.MULTILINE)

    assert block
    assert block[0].count("--hash") >= 7


def test_locks_hold_what_the_project_declares():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = declared["project"]["dependencies"] + declared["dependency-groups"]["dev"]
    text = "".join((ROOT / name).read_text("utf-8") for name in LOCKS)
    pinned = dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))

    for requirement in map(Requirement, wanted):
        version = Version(pinned[requirement.name.lower().replace("_", "-")])
        assert version in requirement.specifier, requirement.name


@pytest.mark.slow
def test_a_wheel_installs_and_holds_no_models_and_people_of_this_computer(tmp_path):
    source = copy_of_the_repository(tmp_path / "source")
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index"]
    subprocess.run(
        [*build, "--no-build-isolation", "-w", str(tmp_path), str(source)], check=True
    )
    wheel = next(tmp_path.glob("facecam-*.whl"))
    names = zipfile.ZipFile(wheel).namelist()

    assert any(name.startswith("facecam/_models/detector/") for name in names)
    assert any(name.endswith("/cohort.npz") for name in names)
    assert "facecam/_models/detector/mtcnn/weights.npz" in names
    assert "facecam/app/demo/astronaut.jpg" in names
    assert any(name.startswith("facecam/app/icons/") for name in names)
    assert "facecam/app/people/place.py" in names
    for private in ("/installed/", "/download/", "/ada/"):
        assert not [name for name in names if private in name]
    listed = run_installed(wheel, tmp_path / "venv", "models", "list")
    assert "mtcnn" in listed
    assert "facenet" in listed


def copy_of_the_repository(target):
    """What a wheel is made of, and a model and a person that it must never hold."""
    ours = shutil.ignore_patterns("__pycache__", "installed*", "download")
    for name in ("facecam", "models"):
        shutil.copytree(ROOT / name, target / name, ignore=ours)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, target)
    models = "models/detector/mtcnn"
    (target / models / "weights.npz").write_bytes(b"as those of a detector of our own")
    for private in (
        f"{models}/installed/x.npz", f"{models}/download/x.part", "people/ada/1.jpg"
    ):  # fmt: skip
        (target / private).parent.mkdir(parents=True, exist_ok=True)
        (target / private).write_bytes(b"private")
    return target


def run_installed(wheel, place, *arguments):
    """Install a wheel in an environment of its own -> what `facecam …` says."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    python = place / environment.PYTHON.relative_to(environment.VENV)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    packages = next(place.glob("[Ll]ib*/**/site-packages"))
    borrowed = Path(pytest.__file__).parents[1]
    (packages / "borrowed.pth").write_text(str(borrowed), "utf-8")
    told = subprocess.run(
        [python.with_name("facecam"), *arguments],
        cwd=place, capture_output=True, text=True, check=True,
        env={**os.environ, "FACECAM_HOME": str(place / "home")},
    )  # fmt: skip
    return told.stdout
