"""`python -m facecam` and the `facecam` command."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from facecam import cli

    sys.exit(cli.main())


if __name__ == "__main__":
    main()
