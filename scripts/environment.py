"""The environment both scripts share: .venv, locked requirements, Qt's libraries.

Standard library only, and no syntax newer than Python 3.8, so that an old Python can
still say that it is too old. A stamp in .venv, written last, names the Python and the
requirements it was made of; while it fits, nothing is installed or asked of pip.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from steps import Step, fail

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "facecam.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SUPPORTED = ((3, 11), (3, 12), (3, 13))
"""Python versions that every locked requirement has wheels for."""

QT_FILES = (
    "Qt/lib/libQt6Widgets.so.6",
    "Qt/plugins/platforms/libqxcb.so",
    "Qt/plugins/platforms/libqwayland*.so",
    "Qt/plugins/platforms/libqoffscreen.so",
    "Qt/plugins/xcbglintegrations/*.so",
    "Qt/plugins/imageformats/libqjpeg.so",
)
"""What the window loads from PySide6; each needs libraries of the system."""


def require_python() -> None:
    """End, or go on with another Python, when this one is too old or too new."""
    for stream in (sys.stdout, sys.stderr):  # a console may lack a character
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if sys.version_info[:2] in SUPPORTED:
        return
    for major, minor in reversed(SUPPORTED):
        names = (["py", f"-{major}.{minor}"], [f"python{major}.{minor}"])
        for command in names:
            if shutil.which(command[0]) and _runs(command, (major, minor)):
                print(f"Going on with Python {major}.{minor}.", flush=True)
                sys.exit(subprocess.call([*command, *sys.argv]))
    fail(
        f"facecam needs Python 3.11, 3.12 or 3.13; this is {platform.python_version()}."
        "\nInstall one of them and run this script with it."
    )


def prepare(*requirements: str) -> None:
    """Make .venv hold exactly what these requirement files lock, facecam included.

    An environment of another Python, of another place or of an interrupted run is
    made anew; one that only lacks newer requirements is brought up to date.
    """
    wanted = {name: _digest(ROOT / name) for name in requirements}
    made_of = {"python": platform.python_version(), "place": str(VENV)}
    stamp = _read_stamp()
    if {key: stamp.get(key) for key in made_of} != made_of or not PYTHON.exists():
        stamp = {}
        _require_venv()
        with Step("Making an environment in .venv"):
            _create()
    if {name: stamp.get(name) for name in wanted} == wanted:
        return
    STAMP.unlink(missing_ok=True)
    _install(requirements)
    _link_facecam()
    STAMP.write_text(json.dumps({**stamp, **made_of, **wanted}, indent=1), "utf-8")


def provide_qt() -> None:
    """See to the system libraries Qt needs: install them, or say how.

    Only Linux leaves them to the system. As root on Debian and its kin they are
    installed; otherwise the command to type is shown.
    """
    missing = missing_libraries()
    if not missing:
        return
    names = " ".join(missing)
    if shutil.which("apt-get"):
        provide_packages(sorted({debian_package(name) for name in missing}), names)
        if missing_libraries():
            fail(
                f"Qt still lacks {' '.join(missing_libraries())}. Please install them."
            )
        return
    for tool in ("dnf", "zypper"):
        if shutil.which(tool):
            quoted = " ".join(f"'{name}()(64bit)'" for name in missing)
            fail(f"The window needs {names}. Type:\n  sudo {tool} install {quoted}")
    fail(f"The window needs these libraries of your system: {names}. Install them.")


def provide_packages(packages: Sequence[str], purpose: str) -> None:
    """Install Debian packages as root, or end and show the command."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        shown = " ".join(["sudo", *command[:2], *packages])
        fail(f"Missing on this system: {purpose}. Type:\n  {shown}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with Step(f"Installing {', '.join(packages)}"):
        for step in (["apt-get", "update"], command):
            done = subprocess.run(
                step, env=environment, capture_output=True, text=True, check=False
            )
        if done.returncode:
            fail(f"{done.stderr.strip()}\napt-get could not install {purpose}.")


def missing_libraries() -> list[str]:
    """Name the system libraries that Qt's own files link to and that are absent."""
    if not sys.platform.startswith("linux") or not shutil.which("ldd"):
        return []
    qt = next(VENV.glob("lib/python*/site-packages/PySide6"), None)
    if qt is None:
        return []
    files = [str(path) for pattern in QT_FILES for path in qt.glob(pattern)]
    told = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False)
    return sorted(set(re.findall(r"(\S+) => not found", told.stdout)))


def debian_package(library: str) -> str:
    """Name the package of a library: libxcb-cursor.so.0 is in libxcb-cursor0."""
    if library.startswith(("libglib-", "libgthread-")):
        return "libglib2.0-0"
    stem, _, version = library.partition(".so.")
    dash = "-" if stem[-1].isdigit() else ""
    return f"{stem}{dash}{version}".lower().replace("_", "-")


def _require_venv() -> None:
    try:
        import ensurepip  # noqa: F401  (Debian keeps it in a package of its own)
    except ImportError:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if not shutil.which("apt-get"):
            fail("This Python cannot make environments: its module venv is missing.")
        provide_packages([package], "Python's module venv")


def _create() -> None:
    import venv

    try:
        builder = venv.EnvBuilder(clear=True, symlinks=os.name != "nt")
        builder.create(VENV)
    except OSError as error:
        fail(f"{error}\nThe folder .venv cannot be made anew. Is facecam running?")
    made = subprocess.run(
        [str(PYTHON), "-m", "ensurepip", "--default-pip"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        fail(f"{made.stderr.strip()}\nThe environment in .venv could not be made.")


def _install(requirements: Sequence[str]) -> None:
    files = [part for name in requirements for part in ("-r", str(ROOT / name))]
    command = [
        str(PYTHON), "-m", "pip", "install", "--no-input", "--require-hashes",
        "--only-binary", ":all:", "--disable-pip-version-check",
        "--log", str(VENV / "pip.log"), *files,
    ]  # fmt: skip
    settings = {**os.environ, "PIP_USER": "0", "PYTHONUTF8": "1"}
    said = []
    with Step("Installing the packages (TensorFlow alone is 600 MB)") as step:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace", env=settings,
        ) as process:  # fmt: skip
            for line in process.stdout or ():
                said.append(line.rstrip())
                if told := re.match(
                    r"\s*(Downloading \S+ \(.*\)|Installing coll)", line
                ):
                    step.note("Unpacking" if told[1].endswith("coll") else told[1])
        if process.returncode:
            fail(_explain(said))


def _explain(said: Sequence[str]) -> str:
    everything = "\n".join(said)
    if re.search(r"connection|resolve|retries|timed out", everything, re.I):
        advice = "Is this computer connected to the network? Run the script again."
    elif "No space left" in everything:
        advice = "The disk is full: some 4 GB are needed. Make room and run it again."
    elif "No matching distribution" in everything:
        advice = (
            f"There may be none for {platform.platform()}; README.md says for what."
        )
    else:
        advice = "Run the script again; .venv/pip.log holds everything pip said."
    last = "\n".join(said[-12:])
    return f"{last}\n\nThe packages could not be installed. {advice}"


def _link_facecam() -> None:
    """Make the checkout importable, and `facecam` a command, in .venv.

    The path is written as an escaped literal: a plain .pth line would be read in the
    encoding of the locale.
    """
    told = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, encoding="utf-8", check=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    line = f"import sys; sys.path.append({str(ROOT)!a})\n"
    (Path(told.stdout.strip()) / "facecam.pth").write_text(line, "ascii")
    if os.name == "nt":
        text = '@"%~dp0python.exe" -m facecam %*\r\n'
        (PYTHON.parent / "facecam.cmd").write_text(text, "ascii")
        return
    command = PYTHON.parent / "facecam"
    text = '#!/bin/sh\nexec "$(dirname "$(realpath "$0")")/python" -m facecam "$@"\n'
    command.write_text(text, "ascii")
    command.chmod(0o755)


def _read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _runs(command: Sequence[str], version: Sequence[int]) -> bool:
    code = f"import sys; sys.exit(sys.version_info[:2] != {tuple(version)})"
    try:
        return subprocess.call([*command, "-c", code], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False
