"""`facecam models`: list, install, use, import, verify, remove, delete networks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from facecam import artifacts
from facecam.cli.console import Progress, print_json, print_table
from facecam.cli.options import add_json
from facecam.config import Config
from facecam.errors import WeightsCorrupt

VERDICT_NO = 3
"""Exit code of `verify` if something is damaged; see `facecam --help`."""


def add_parser(subparsers: Any) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "models",
        help="list, install, use, import, verify, remove or delete the networks",
        description="The networks: what there is, what is installed, what is used.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="what there is and what is installed")
    install = actions.add_parser(
        "install", help="fetch and convert; a broken download is resumed"
    )
    install.add_argument(
        "name", nargs="*", help="models or kinds (default: what is used and missing)"
    )
    using = actions.add_parser(
        "use",
        help="compare faces with another embedder: everybody is embedded with it first",
    )
    using.add_argument("name", help="an installed embedder")
    importing = actions.add_parser(
        "import", help="take the embedder's weights from a file you have"
    )
    importing.add_argument(
        "file",
        type=Path,
        help="Keras .h5, TensorFlow .pb, torch .pt, .npz, or a folder of .npy",
    )
    verify = actions.add_parser("verify", help="check every installed file")
    remove = actions.add_parser("remove", help="delete what is installed of a model")
    remove.add_argument("name", help="a model or kind")
    deleting = actions.add_parser(
        "delete", help="delete an embedder of your own for good"
    )
    deleting.add_argument("name", help="one that `facecam deploy` has added")
    for action in (listing, install, using, importing, verify, remove, deleting):
        add_json(action)


def run(args: argparse.Namespace, config: Config) -> int:
    """Do what the command line says; return the exit code."""
    actions = {
        "list": _list,
        "install": _install,
        "use": _use,
        "import": _import,
        "verify": _verify,
        "remove": _remove,
        "delete": _delete,
    }
    return actions[args.action](args, config)


def _list(args: argparse.Namespace, config: Config) -> int:
    rows = [_described(manifest, config) for manifest in artifacts.catalogue(config)]
    if args.json:
        print_json({"models": rows})
        return 0
    heading = ["KIND", "NAME", "USED", "SIZE", "LICENCE", "STATE"]
    print_table([heading, *map(_cells, rows)], right=[3])
    return 0


def _cells(row: dict[str, Any]) -> list[str]:
    used, size = "yes" if row["used"] else "", f"{row['size'] / 1e6:.0f} MB"
    state, earlier = row["state"], row["earlier"]
    if earlier:
        state += f"; before that from {earlier}"
    return [row["kind"], row["name"], used, size, row["licence"], state]


def _install(args: argparse.Namespace, config: Config) -> int:
    from facecam import installation

    used = [installation.meant(config, kind).name for kind in artifacts.KINDS]
    intact = {name for name, bad in installation.verify(config).items() if not bad}
    for name in args.name or [name for name in used if name not in intact]:
        with Progress(name) as bar:
            installation.install(config, name, bar.share)
    manifests = [installation.meant(config, name) for name in args.name or used]
    return _tell(args, [_described(manifest, config) for manifest in manifests])


def _use(args: argparse.Namespace, config: Config) -> int:
    from facecam.cli.switching import switch, tell

    return tell(args, switch(config, args.name))


def _import(args: argparse.Namespace, config: Config) -> int:
    from facecam import installation

    with Progress(args.file.name) as bar:
        model = installation.import_file(config, args.file, bar.share)
    manifest = artifacts.find(model.folder.parent.name, "embedder", config)
    return _tell(args, [_described(manifest, config)])


def _verify(args: argparse.Namespace, config: Config) -> int:
    from facecam import installation

    findings = installation.verify(config)
    bad = {name: text for name, text in findings.items() if text}
    if args.json:
        print_json({"good": sorted(findings.keys() - bad.keys()), "bad": bad})
    elif not findings:
        print("No model is installed. Run: facecam models install")
    else:
        for name, text in findings.items():
            print(f"{name}: {text or 'every file is as installed'}")
    return VERDICT_NO if bad or not findings else 0


def _remove(args: argparse.Namespace, config: Config) -> int:
    from facecam import installation

    installation.remove(config, args.name)
    manifest = installation.meant(config, args.name)
    return _tell(args, [_described(manifest, config)])


def _delete(args: argparse.Namespace, config: Config) -> int:
    manifest = artifacts.delete(config, args.name)
    if args.json:
        print_json({"deleted": manifest.name})
    else:
        print(f"{manifest.name}: deleted")
    return 0


def _tell(args: argparse.Namespace, rows: list[dict[str, Any]]) -> int:
    """Print the models that were changed."""
    if args.json:
        print_json({"models": rows})
    else:
        for row in rows:
            print(f"{row['name']}: {row['state']}")
    return 0


def _described(manifest: artifacts.Manifest, config: Config) -> dict[str, Any]:
    """Return what `--json` says about a model."""
    where = config.models, manifest.kind, manifest.name
    try:
        found = artifacts.installed(*where)
        state = f"installed from {found.source}" if found else "not installed"
    except WeightsCorrupt:
        found, state = None, "damaged"
    return {
        "kind": manifest.kind,
        "name": manifest.name,
        "title": manifest.called,
        "purpose": manifest.purpose,
        "url": manifest.url,
        "sha256": manifest.sha256,
        "size": manifest.size,
        "licence": manifest.licence,
        "training_set": manifest.training_set,
        "own": manifest.own,
        "state": state,
        "used": manifest.name in (config.detector.model, artifacts.running(config)),
        "earlier": _earlier(*where),
        "installed": found is not None,
        "when": found.when if found else None,
        "note": found.origin.note if found else "",
        "settings": dict(found.origin.settings) if found else {},
        "folder": found.folder if found else None,
    }


def _earlier(models: Path, kind: str, name: str) -> str | None:
    """Return what `facecam rollback` would go back to, None if to nothing."""
    try:
        found = artifacts.before(models, kind, name)
    except WeightsCorrupt:
        return None
    return found.source if found else None
