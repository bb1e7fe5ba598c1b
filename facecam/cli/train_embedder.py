"""`facecam train embedder`: carry out a run, go on with it, or let it wait."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.train_run import add_run, given, train
from facecam.config import Config
from facecam.errors import TrainingError

if TYPE_CHECKING:
    from facecam.config import EmbeddingTrainingConfig
    from facecam.training.embedder.asking import Asked
    from facecam.training.running import Recipe
    from facecam.training.step import Progress as Told

OPTIONS = ("data", "loss", "pairs", "teacher", "start", "cluster")

EMBEDDER = """\
Train an embedder: crops, then a fit, then a comparison with the embedder in use. It may
be stopped at any moment, even by a power cut: the same command, or `facecam train
embedder --run RUN`, goes on. A changed number redoes only what depends on it.

  softmax+center, triplet   DIR holds one folder of pictures per person, as
                            `facecam align` makes them (--set people.grown=1.25)
  distil                    DIR holds crops of faces, names or not; the net learns to
                            say what the teacher, an installed embedder, says of them
"""


def add_parser(kinds: Any) -> None:
    """Describe the command line."""
    from facecam.config.embedding_training import LOSSES

    parser = kinds.add_parser(
        "embedder",
        help="crops, fit, evaluate: from people, or from a teacher",
        description=EMBEDDER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--data",
        nargs="+",
        action="extend",
        type=Path,
        default=[],
        metavar="DIR",
        help="pictures of faces",
    )
    parser.add_argument("--loss", choices=LOSSES, help="what teaches the net")
    parser.add_argument(
        "--teacher",
        metavar="NAME",
        help="an installed embedder; usual: the one in use",
    )
    parser.add_argument(
        "--pairs", type=Path, metavar="DIR", help="LFW, to verify now and then"
    )
    parser.add_argument(
        "--from",
        dest="start",
        metavar="START",
        help="scratch (usual), a run, an installed embedder, or a file of weights",
    )
    _add_numbers(parser)
    parser.add_argument(
        "--check",
        action="store_true",
        help="look at the data and say what the run will cost; train nothing",
    )
    _add_workers(parser)
    add_run(parser)


def _add_numbers(parser: argparse.ArgumentParser) -> None:
    """Let the numbers of a run be other than usual."""
    from facecam.config.embedding_presets import EMBEDDING_PRESETS

    purposes = "; ".join(
        f"{name}: {preset.purpose}" for name, preset in EMBEDDING_PRESETS.items()
    )
    parser.add_argument("--preset", choices=EMBEDDING_PRESETS, help=purposes)
    parser.add_argument(
        "--schedule",
        type=Path,
        metavar="FILE",
        help="learning rates: lines such as 60: 0.005, from that epoch on",
    )
    parser.add_argument(
        "--set",
        dest="settings",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME=VALUE",
        help="single numbers, such as fit.epochs=10 or network=facenet",
    )


def _add_workers(parser: argparse.ArgumentParser) -> None:
    """Let several processes fit together."""
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="fit with N processes on this machine, each with a batch of its own",
    )
    parser.add_argument(
        "--cluster",
        metavar="HOST:PORT,…",
        help="fit on several machines: the same command on each, with all addresses",
    )
    parser.add_argument(
        "--rank",
        type=int,
        metavar="K",
        help="which address is this machine's; 0 keeps what is learned",
    )


def run(args: argparse.Namespace, config: Config) -> int:
    """Train, or let it wait, or look at the data only; return the exit code."""
    if args.check:
        return _check(args, config)

    def make(root: Path) -> Recipe:
        from facecam.cli.parts import make_ready
        from facecam.training.embedder import asking

        asked, training = _asked(args, root, config)
        if asked.pairs is not None:
            make_ready(config, names=False)
        return asking.recipe(asked, training, root, config)

    return train(args, config, make)


def _asked(
    args: argparse.Namespace, root: Path, config: Config
) -> tuple[Asked, EmbeddingTrainingConfig]:
    """Return data and numbers; a run gone on with remembers what is not given."""
    from facecam.training.embedder import asking

    options = given(args, *OPTIONS)
    if "data" in options:
        options["data"] = tuple(options["data"])
    if "cluster" in options:
        options["cluster"] = tuple(options["cluster"].split(","))
    if args.rank is not None:
        options["rank"] = args.rank
    if args.data and args.loss:
        asked, numbers = asking.Asked(**options), config.embedding_training
    elif args.run is not None and root.exists():
        asked, numbers = asking.remembered(root)
        asked = replace(asked, **options)
    else:
        raise TrainingError(
            "Say what to learn from, and how: facecam train embedder --data DIR "
            "--loss distil"
        )
    settings = [] if args.workers is None else [f"fitters={args.workers}"]
    return asked, asking.numbers(
        numbers, [*args.settings, *settings], args.schedule, args.preset or ""
    )


def _check(args: argparse.Namespace, config: Config) -> int:
    """Look at the data; return 1 if training on it cannot work."""
    from facecam.cli.console import Progress, print_json
    from facecam.cli.train_check import OUT, tell_findings
    from facecam.training.embedder import asking, expecting

    out = args.run or config.runs / OUT
    asked, training = _asked(args, out, config)
    with Progress("Looking at the data") as progress:

        def tell(told: Told) -> None:
            progress.share(told.text, told.done / told.total)

        seen = expecting.look(asking.meant(asked, training, config), out, tell)
    if args.json:
        print_json({**seen, "folder": out})
    else:
        tell_findings(seen)
    return int(any(one["severity"] == "error" for one in seen["findings"]))
