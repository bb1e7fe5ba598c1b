"""The command line: thin commands that parse, call and print.

The modules named in `parser.COMMANDS` are one command each, with two functions:
`add_parser(subparsers)` and `run(args, config) -> int`, which returns the exit code.
The others hold what several of them share.
"""

from facecam.cli.parser import main

__all__ = ["main"]
