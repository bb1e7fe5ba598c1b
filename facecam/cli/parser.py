"""The frame around the commands: finds the one asked for, runs it, explains failures.

Only the module of the command asked for is imported, so that `--help` is quick.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

import facecam
from facecam.artifacts import fitted
from facecam.config import Config, load
from facecam.errors import FacecamError

COMMANDS = {
    "run": "open the window",
    "label": "write names over the faces of a video",
    "detect": "find the faces in pictures, and name them",
    "enrol": "add people from pictures, folders or a camera",
    "people": "list and change people, undo changes",
    "correct": "say that a picture does not show a person",
    "inbox": "strangers who were seen: name, ignore, delete them",
    "events": "who was seen when; watch without a window",
    "audit": "find wrong pictures, people enrolled twice, look-alikes",
    "report": "say what the people enrolled can promise",
    "forget": "delete everything about somebody, and prove it",
    "vault": "protect the people with a passphrase",
    "compare": "say whether pictures show the same person",
    "align": "cut the faces out of folders of pictures",
    "cluster": "group pictures by person, without names",
    "export": "write embeddings for other programs",
    "evaluate": "measure accuracy on a data set",
    "train": "retrain the face detector on anybody's pictures",
    "deploy": "put the detector of a training run to use",
    "rollback": "go back to the detector, or another model, used before",
    "models": "install, import and check the networks",
    "doctor": "check this computer: cameras, models, speed",
}
"""What each module of this package does, in the order of the help."""

EXIT_CODES = """\
exit codes:
  0  done
  1  it failed; the reason is on the standard error output
  2  the command line is not understood
  3  done, and the answer is no: nothing found, not the same person
"""
log = logging.getLogger(__name__)

CANCELLED = 130
"""Ctrl+C: 128 + SIGINT, as shells have it."""
NOBODY_READS = 141
"""The reader of the output has gone: 128 + SIGPIPE."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Args:
        argv: the arguments; those of the process if None.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    _write_any_name()
    try:
        return _run(words)
    except FacecamError as error:
        print(f"facecam: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nfacecam: stopped.", file=sys.stderr)
        return CANCELLED
    except BrokenPipeError:
        # Python flushes once more at exit and would complain: give it another output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except OSError as error:  # a full disk, a name too long, no rights
        log.debug("The system refused something.", exc_info=True)
        print(
            f"facecam: {error}. Check the path, its rights and its disk.",
            file=sys.stderr,
        )
        return 1


def build_parser(name: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows all commands by name and one of them in full."""
    parser = argparse.ArgumentParser(
        prog="facecam",
        description="Recognise faces: camera, videos, pictures.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=f"facecam {facecam.__version__}"
    )
    _add_verbose(parser, default=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command, summary in COMMANDS.items():
        if command == name:
            _module(command).add_parser(commands)
            _add_verbose(commands.choices[command], default=argparse.SUPPRESS)
        else:
            commands.add_parser(command, help=summary)
    return parser


def _run(words: Sequence[str]) -> int:
    name = next((word for word in words if word in COMMANDS), None)
    try:
        args = build_parser(name).parse_args(words)
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    logging.basicConfig(
        level=logging.DEBUG if args.verbose else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
        force=True,
    )
    with _told_as_asked(args):
        config = fitted(load())
        _remind(args.command, config)
        code = _module(args.command).run(args, config)
        sys.stdout.flush()
    return code


@contextmanager
def _told_as_asked(args: argparse.Namespace) -> Iterator[None]:
    """Let progress be told in JSON if that is what the command line says."""
    from facecam.cli import console

    asked = getattr(args, "json", False) and getattr(args, "progress", False)
    console.tell_in_lines(asked)
    try:
        yield
    finally:
        console.tell_in_lines(False)


def _remind(command: str, config: Config) -> None:
    """Say that a forgetting was interrupted; the window finishes it by itself."""
    if command in ("run", "forget") or not any(config.home.glob("forgetting/*.npz")):
        return
    text = "Forgetting somebody was interrupted. Finish it: facecam forget --finish"
    print(f"facecam: {text}", file=sys.stderr)


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"facecam.cli.{command}")


def _add_verbose(parser: argparse.ArgumentParser, default: bool | str) -> None:
    parser.add_argument(
        "--verbose",
        action="store_true",
        default=default,
        help="say what happens on the standard error output",
    )


def _write_any_name() -> None:
    """Let names be printed that the terminal's character set does not have."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
