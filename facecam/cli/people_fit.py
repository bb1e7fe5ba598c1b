"""`facecam people fit`: learn whatever changed, and say what that did."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, warn
from facecam.cli.options import add_json
from facecam.config import Config

if TYPE_CHECKING:
    from facecam.gallery import Gallery
    from facecam.gallery.refits import Fit, Refitted

HELP = "learn whatever changed, such as pictures put into a folder by hand"
ABOUT = """\
Fit the classifiers of the people again: of everybody whose pictures changed, and of
those who resemble them; the others are kept. Then say what that changed. Every program
that names faces does the same when it begins.
"""
REASONS = {
    "new": "new",
    "pictures": "other pictures",
    "not them": "what is not them changed",
    "near": "somebody who resembles them changed",
    "asked": "from nothing",
}


def add_parser(actions: Any) -> None:
    """Describe the action."""
    fit = actions.add_parser("fit", help=HELP, description=ABOUT)
    fit.add_argument(
        "--anew",
        action="store_true",
        help="everybody from nothing; it comes out the same and takes longer",
    )
    add_json(fit)


def run(args: argparse.Namespace, config: Config) -> int:
    """Fit, and say what changed; return the exit code."""
    gallery, fit = _fit(args, config)
    problems = gallery.problems  # of what was learned, not of what is listed next
    names = {p.identity.id: p.identity.name for p in gallery.people()}
    if args.json:
        print_json(_described(fit, names))
    else:
        _tell(fit, names)
    for problem in problems:
        warn(problem)
    return 0


def _fit(args: argparse.Namespace, config: Config) -> tuple[Gallery, Fit]:
    from facecam import pipeline
    from facecam.cli.parts import make_ready
    from facecam.cli.unlocking import unlocked

    vault = unlocked(config)
    make_ready(config)
    embedder = pipeline.build_embedder(config, True)
    gallery = pipeline.open_gallery(config, embedder, vault)
    with Progress("Fitting") as progress:

        def tell(share: float) -> None:
            progress.share("Fitting", share)

        _, fit = pipeline.fit_people(config, gallery, tell, args.anew)
    return gallery, fit


def _described(fit: Fit, names: dict[str, str]) -> dict[str, Any]:
    """Return what `--json` says."""
    return {
        "when": fit.when,
        "seconds": round(fit.seconds, 3),
        "people": fit.people,
        "pictures": fit.pictures,
        "kept": fit.kept,
        "gone": fit.gone,
        "first": fit.first,
        "same": fit.same,
        "fitted": [
            {
                "id": one.id,
                "name": names.get(one.id),
                "why": one.why.value,
                "pictures": one.pictures,
                "added": one.added,
                "removed": one.removed,
            }
            for one in fit.refitted
        ],
    }


def _tell(fit: Fit, names: dict[str, str]) -> None:
    anew = len(fit.refitted)
    print(
        f"Fitted {_count(fit.people, 'person', 'people')} with "
        f"{_count(fit.pictures, 'picture', 'pictures')} in {fit.seconds:.2f} s: "
        f"{anew:,} anew, {fit.kept:,} kept."
    )
    for one in fit.refitted:
        print(f"  {names.get(one.id, one.id)}: {_why(one)}")
    if fit.gone:
        print(f"  {_count(fit.gone, 'person', 'people')} not there any more")
    if fit.same:
        print("Every classifier is as it was before.")


def _why(one: Refitted) -> str:
    counts = [f"+{one.added}" * (one.added > 0), f"-{one.removed}" * (one.removed > 0)]
    said = ", ".join(filter(None, counts))
    reason = REASONS[one.why.value]
    return f"{reason} ({said})" if said else reason


def _count(amount: int, one: str, many: str) -> str:
    return f"1 {one}" if amount == 1 else f"{amount:,} {many}"
