"""`facecam doctor`: check this computer: Python, Qt, cameras, models, speed."""

from __future__ import annotations

import argparse
from typing import Any

from facecam import diagnosis
from facecam.cli import console
from facecam.config import Config
from facecam.diagnosis import Finding, State

SIGNS = {State.FINE: "✓", State.NOTE: "–", State.BROKEN: "✗"}


def add_parser(subparsers: Any) -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "doctor",
        help="check this computer",
        description="Check everything facecam needs. "
        "Exit code 1 if something is broken.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace, config: Config) -> int:
    """Print findings as they are made; 1 if anything is broken."""
    findings = []
    for finding in diagnosis.diagnose(config):
        findings.append(finding)
        if not args.json:
            _show(finding)
    broken = [finding for finding in findings if finding.state is State.BROKEN]
    if args.json:
        checks = [_plain(finding) for finding in findings]
        console.print_json({"ok": not broken, "checks": checks})
    else:
        print(f"\n{_verdict(len(broken))}")
    return 1 if broken else 0


def _show(finding: Finding) -> None:
    print(f"{SIGNS[finding.state]} {finding.topic}: {finding.text}", flush=True)
    if finding.advice:
        print(f"    {finding.advice}", flush=True)


def _verdict(broken: int) -> str:
    if not broken:
        return "Everything facecam needs is here."
    return (
        f"{broken} {'thing needs' if broken == 1 else 'things need'} to be put right."
    )


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "topic": finding.topic,
        "state": finding.state.value,
        "text": finding.text,
        "advice": finding.advice,
    }
