"""`facecam deploy RUN`: put the detector or embedder of a training run to use."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, warn
from facecam.cli.options import add_json
from facecam.config import Config
from facecam.errors import Refused, TrainingError

if TYPE_CHECKING:
    from facecam.training.detector.deploying import Deployed
    from facecam.training.detector.evaluation.comparison import Outcome, Verdict

TEXT = """\
Put the detector or embedder of a training run to use, unless the comparison made at
the end of the run says that it is worse than the one in use. The one in use is kept:
`facecam rollback detector` or `embedder` goes back to it. A window that is open takes
it over.

An embedder becomes one of those `facecam models list` shows, under the name of the run.
Everybody is embedded with it before it is used. With --add it is put among them only,
to be compared first: `facecam evaluate embedders`.
"""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "deploy",
        help="put the detector or embedder of a training run to use",
        description=TEXT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run", metavar="RUN", help="directory of a run, or its name")
    parser.add_argument(
        "--force", action="store_true", help="also if it is worse, or not compared"
    )
    parser.add_argument(
        "--add", action="store_true", help="of an embedder: add it, use it later"
    )
    add_json(parser)


def run(args: argparse.Namespace, config: Config) -> int:
    """Deploy, and say what gets better and what worse; return the exit code."""
    from facecam.training import runs

    folder = runs.find(args.run, config.runs)
    if runs.read_record(folder).get("kind") == "embedder":
        from facecam.cli import deploy_embedder

        return deploy_embedder.deploy(args, folder, config)
    if args.add:
        raise TrainingError(f"--add is for embedders; {folder} trains a detector.")
    return _deploy_detector(args, folder, config)


def _deploy_detector(args: argparse.Namespace, folder: Path, config: Config) -> int:
    from facecam.training.detector import deploying

    try:
        with Progress("Deploying") as bar:
            deployed = deploying.deploy(config, folder, args.force, bar.share)
    except Refused as refused:
        if args.json:
            print_json({"refused": refused.reasons})
        raise
    if args.json:
        print_json(_plain(deployed))
    else:
        _tell(deployed)
    _warn_of_settings(deployed, config)
    return 0


def _warn_of_settings(deployed: Deployed, config: Config) -> None:
    """Say what the user has set that keeps the detector from working as measured."""
    own = config.detector
    if own.kind != "mtcnn":
        warn(f"facecam.toml still has faces found by {own.kind}.")
    for name, value in deployed.model.origin.settings.items():
        chosen = getattr(own, name)
        if chosen is not None and chosen != _like(chosen, value):
            warn(f"facecam.toml sets detector.{name} to {chosen}, not {value}.")


def _like(chosen: Any, value: Any) -> Any:
    return tuple(value) if isinstance(chosen, tuple) else value


def _tell(deployed: Deployed) -> None:
    source = deployed.model.source
    if not deployed.changed:
        print(f"The detector of {source} is in use already.")
        return
    print(f"Faces are found by the detector of {source} from now on.")
    verdicts = deployed.comparison.verdicts if deployed.comparison else ()
    for outcome in _outcomes():
        _tell_some(outcome, [v for v in verdicts if v.outcome is outcome])
    if deployed.model.origin.note:
        print(f"It was {deployed.model.origin.note}")
    print("Back to the one before: facecam rollback detector")


def _tell_some(outcome: Outcome, verdicts: Sequence[Verdict]) -> None:
    if verdicts:
        print(f"{outcome.value.capitalize()}:")
    for verdict in verdicts:
        print(f"  {verdict}")


def _outcomes() -> Sequence[Outcome]:
    """Return what is worth telling, in its order."""
    from facecam.training.detector.evaluation.comparison import Outcome

    return Outcome.BETTER, Outcome.WORSE


def _plain(deployed: Deployed) -> dict[str, Any]:
    """Return what `--json` says."""
    compared = deployed.comparison
    return {
        "changed": deployed.changed,
        "source": deployed.model.source,
        "note": deployed.model.origin.note,
        "settings": dict(deployed.model.origin.settings),
        "folder": deployed.model.folder,
        "passes": compared.passes if compared else None,
        "verdicts": [
            {
                "measure": verdict.measure,
                "unit": verdict.unit.value,
                "candidate": verdict.candidate,
                "deployed": verdict.deployed,
                "outcome": verdict.outcome.value,
            }
            for verdict in (compared.verdicts if compared else ())
        ],
    }
