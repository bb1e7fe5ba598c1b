"""Open facecam: from a fresh clone, with nothing but Python 3.11, 3.12 or 3.13.

The first run makes an environment in .venv, installs the locked requirements into it
and readies the models; later runs open the window at once. Arguments that this script
does not know go to `facecam run`, for example `--source film.mp4`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import environment
from steps import Step, fail

NO_DISPLAY = """There is no display to open a window on.
Start this in a desktop session, over ssh -X, or under xvfb-run. The command line needs
none: {command} --help"""

NO_EMBEDDER = """Without an embedder the window finds faces, but names nobody.
With a network:         {command} models install embedder
With a file you have:   {command} models import FILE"""


def main() -> int:
    """Ready everything, then open the window."""
    environment.require_python()
    options, passed_on = parser().parse_known_args()
    environment.prepare("requirements.txt")
    environment.provide_qt()
    ready_models()
    if options.prepare:
        return 0
    require_display()
    given = [argument for argument in passed_on if argument != "--"]
    return facecam("run", *given)


def parser() -> argparse.ArgumentParser:
    """Describe the arguments."""
    made = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument(
        "--prepare",
        action="store_true",
        help="make everything ready, but open no window",
    )
    return made


def ready_models() -> None:
    """Install the models when there are none yet; without names it still goes on.

    The embedder that ships needs no network; the window offers FaceNet.
    """
    home = Path(os.environ.get("FACECAM_HOME") or environment.ROOT).expanduser()
    if next(home.glob("models/detector/*/installed"), None):
        return
    with Step("Readying the face detector", ticking=False):
        if facecam("models", "install", "detector"):
            fail("The face detector could not be made ready, see above.")
    if next(home.glob("models/embedder/*/installed"), None):
        return
    shipped = sorted(environment.ROOT.glob("models/embedder/*/weights.npz"))
    name = shipped[0].parent.name if shipped else "embedder"
    text = "Readying names" if shipped else "Downloading FaceNet, some 90 MB"
    with Step(text, ticking=False):
        if facecam("models", "install", name):
            print(f"\n{NO_EMBEDDER.format(command=command())}\n", flush=True)


def require_display() -> None:
    """End with an explanation where no window can open."""
    shown_on = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in shown_on):
        fail(NO_DISPLAY.format(command=command()))


def facecam(*arguments: str) -> int:
    """Run a facecam command to its end; its exit code."""
    try:
        return subprocess.call([environment.PYTHON, "-m", "facecam", *arguments])
    except KeyboardInterrupt:
        return 130


def command() -> str:
    """Say how to type `facecam` here."""
    path = environment.PYTHON.with_name("facecam")
    here = Path.cwd()
    shown = str(path.relative_to(here) if here in path.parents else path)
    return f'"{shown}"' if " " in shown else shown


if __name__ == "__main__":
    sys.exit(main())
