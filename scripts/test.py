"""Check everything that continuous integration checks: style, types, layers, tests.

Uses the environment of run.py plus the development requirements. Arguments that this
script does not know go to pytest, for example `-k gallery`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time

import environment

CHECKS = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "layers": ("lint-imports",),
}
MOST = 4
"""Processes that test at once: some tests take gigabytes."""
ALWAYS_COVERED = (
    "facecam/faces.py,facecam/config/*,facecam/live.py,facecam/vision/boxes.py"
)
"""Files every line of which one of their own tests must run."""
OWN_TESTS = (
    *("tests/config", "tests/test_config.py", "tests/test_faces.py"),
    *("tests/test_live.py", "tests/vision/test_boxes.py"),
)
"""The only tests that are traced, which makes them slower by a third."""


def main() -> int:
    """Run every check even after one failed, the tests last."""
    environment.require_python()
    options, passed_on = parser().parse_known_args()
    environment.prepare("requirements.txt", "requirements-dev.txt")
    environment.provide_qt()
    provide_ffmpeg()
    chosen = {} if options.only_tests else CHECKS
    failed = [name for name, command in chosen.items() if not passes(name, command)]
    whole = not passed_on and not options.fast
    if not passes("tests", pytest(passed_on, options.fast, whole)):
        failed.append("tests")
    traced = ("pytest", "-q", "--cov", "--cov-report=", *OWN_TESTS)
    if whole and not (
        passes("traced tests", traced) and passes("coverage", coverage())
    ):
        failed.append("coverage")
    if failed:
        print(f"\nNot passed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def parser() -> argparse.ArgumentParser:
    """Describe the arguments."""
    made = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--fast", action="store_true", help="skip the slow tests")
    made.add_argument("--only-tests", action="store_true", help="skip the other checks")
    return made


def passes(name: str, command: tuple[str, ...]) -> bool:
    """Run one check from the root of the repository and say how it went."""
    print(f"\n── {name}", flush=True)
    began = time.monotonic()
    tool, *arguments = command
    code = subprocess.call(
        [environment.PYTHON.with_name(tool), *arguments],
        cwd=environment.ROOT,
        env=quiet(),
    )
    if name != "tests":  # pytest says it itself, in the last line it prints
        outcome = "passed" if code == 0 else "FAILED"
        print(f"   {name} {outcome} in {time.monotonic() - began:.1f} s", flush=True)
    return code == 0


def pytest(arguments: list[str], fast: bool, whole: bool) -> tuple[str, ...]:
    """Return the command of the tests."""
    given = [argument for argument in arguments if argument != "--"]
    chosen = ["-m", "not slow"] if fast else []
    if whole or fast:  # a file at a time, so that what its tests share is made once
        chosen += ["-n", str(min(os.cpu_count() or 1, MOST)), "--dist", "loadfile"]
    return ("pytest", *chosen, *given)


def coverage() -> tuple[str, ...]:
    """Return the command that fails when a line of ALWAYS_COVERED was not run."""
    return (
        "coverage",
        "report",
        "-m",
        "--fail-under=100",
        f"--include={ALWAYS_COVERED}",
    )


def provide_ffmpeg() -> None:
    """Install ffmpeg where that needs no question; elsewhere its tests are skipped."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get") and not shutil.which("ffmpeg"):
        environment.provide_packages(["ffmpeg"], "ffmpeg, for the tests of streams")


def quiet() -> dict[str, str]:
    """Return the environment of the checks: TensorFlow without its greetings."""
    return {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONUTF8": "1"}


if __name__ == "__main__":
    sys.exit(main())
