"""The command line: thin commands that parse, call and print.

Each module here but `parser` and `console` is one command with two functions:
`add_parser(subparsers)` and `run(args, config) -> int`, which returns the exit code.
"""

from facecam.cli.parser import main

__all__ = ["main"]
