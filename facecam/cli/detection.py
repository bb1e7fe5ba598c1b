"""The detection part of `facecam evaluate`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facecam.cli.console import Progress, print_json, print_table, warn
from facecam.cli.options import positive
from facecam.cli.parts import make_ready, ready_detector
from facecam.config import THRESHOLDS, Config, override
from facecam.config.retraining import TrialConfig

if TYPE_CHECKING:
    from facecam.annotations.annotation import Annotation
    from facecam.faces import Detections
    from facecam.training.detector.evaluation.figures import Figures, Trial
    from facecam.vision.detector import Detector

TEXT = """\
Find the labelled faces of DIR, a data set as downloaded (WIDER FACE, CelebA, lists of
points, COCO, YOLO, Pascal VOC). Recall and false alarms are given for all faces, for
those from --min-face, and of these by size and by whether they are masked or covered;
easy, medium and hard ones where WIDER FACE's lists lie beside its pictures.
"""
IOU = 0.5
"""Overlap from which a face counts as found; that of the benchmarks."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command line of `evaluate detection`."""
    parser.add_argument(
        "--split",
        choices=("train", "val", "test", "all"),
        default="val",
        help="of a set that divides itself (default val)",
    )
    parser.add_argument(
        "--negatives", type=Path, metavar="DIR", help="pictures without faces to add"
    )
    parser.add_argument(
        "--run", type=Path, metavar="RUN", help="measure the detector of that run"
    )
    parser.add_argument(
        "--iou",
        type=positive,
        default=IOU,
        metavar="X",
        help=f"overlap from which a face counts as found (default {IOU})",
    )
    parser.add_argument(
        "--fddb", type=Path, metavar="FOLDER", help="write what is found as FDDB has it"
    )
    parser.add_argument(
        "--wider", type=Path, metavar="FOLDER", help="the same as WIDER FACE has it"
    )


def run_detection(args: argparse.Namespace, config: Config) -> None:
    """Measure a detector and print what it can do."""
    from facecam.annotations import reading
    from facecam.training.detector.evaluation import trial

    labelled = reading.read(args.directory)
    images, faults = reading.part(labelled, args.split), labelled.faults
    if args.negatives is not None:
        scenes = reading.without_faces(args.negatives)
        images, faults = images + scenes.annotations, faults + scenes.faults
    if faults:
        warn(f"Left out: {len(faults)}. {faults[0].where}: {faults[0].reason}")
    numbers = replace(config.retraining.trial, iou=args.iou)
    detector, shown = _detector(args.run, config, numbers)
    numbers = replace(numbers, shown=shown, min_face=config.detector.min_face)
    with Progress("Looking for faces") as progress:
        found = trial.look(detector, images, progress)
    _write_results(args, images, found)
    whole = trial.judge(images, found, replace(numbers, min_face=1, sizes=()))
    large = _judged_large(images, found, numbers)
    if args.json:
        print_json({**_answer(whole, large), "detector": config.detector.kind})
        return
    _print(whole, large, args.iou)


def _detector(
    run: Path | None, config: Config, numbers: TrialConfig
) -> tuple[Detector, float]:
    """Return a detector that goes on below the score faces are shown from; and that."""
    from facecam import pipeline
    from facecam.training.detector.evaluation.contenders import MOST_FACES, of_run

    if run is not None:
        contender = of_run(run)
        least = replace(numbers, min_face=config.detector.min_face)
        return contender.searching(least), contender.thresholds[2]
    make_ready(config, names=False)
    *early, shown = pipeline.detector_config(config).thresholds or THRESHOLDS
    thresholds = [*early, min(numbers.lowest, shown)]
    wider = {"detector": {"thresholds": thresholds, "max_faces": MOST_FACES}}
    detector = ready_detector(override(config, wider), names=False)
    return detector, shown if config.detector.kind == "mtcnn" else 0.0


def _judged_large(
    images: Sequence[Annotation], found: Sequence[Detections], numbers: TrialConfig
) -> Trial | None:
    """Return the trial on large faces; None where there are none."""
    from facecam.errors import DatasetError
    from facecam.training.detector.evaluation import trial

    try:
        return trial.judge(images, found, numbers)
    except DatasetError:
        return None


def _write_results(
    args: argparse.Namespace,
    images: Sequence[Annotation],
    found: Sequence[Detections],
) -> None:
    from facecam.training.detector.evaluation import result_files

    if args.fddb is not None:
        result_files.write_fddb(args.fddb, images, found)
    if args.wider is not None:
        result_files.write_wider(args.wider, images, found)


def _answer(whole: Trial, large: Trial | None) -> dict[str, Any]:
    """Return the JSON object; its first numbers are those of all faces."""
    groups = large.groups if large else {}
    return {
        **_numbers(whole),
        "min_face": large and large.min_face,
        "from_min_face": large and _numbers(large),
        "groups": {name: _of(group, whole.shown) for name, group in groups.items()},
        "landmarks": whole.landmarks and asdict(whole.landmarks),
        "shown": whole.shown,
    }


def _numbers(trial: Trial) -> dict[str, Any]:
    """Return what can be said of a trial; nothing of false alarms where none count."""
    figures, partly = trial.groups.get("all"), trial.partly
    numbers: dict[str, Any] = dict.fromkeys(
        ("recall_at_0.5_fpi", "precision", "average_precision", "false_per_image")
    )
    if figures is not None:
        point = figures.at(trial.shown)
        right, wrong = point.recall * figures.faces, point.false * trial.pictures
        numbers = _of(figures, trial.shown)
        numbers["precision"] = right / (right + wrong) if right else 0.0
        numbers["false_per_image"] = point.false
    elif partly is not None:
        numbers |= {"faces": partly.faces, "recall": partly.recall}
    numbers["landmark_error"] = trial.landmarks and trial.landmarks.error
    numbers["images"] = trial.pictures + (partly.pictures if partly else 0)
    return numbers


def _of(figures: Figures, shown: float) -> dict[str, Any]:
    return {
        "faces": figures.faces,
        "recall_at_0.5_fpi": figures.recall_at(),
        "recall": figures.at(shown).recall,
        "average_precision": figures.average_precision,
    }


def _print(whole: Trial, large: Trial | None, iou: float) -> None:
    rows = list(_rows(whole, large))
    if rows:
        heading = ("", "faces", "recall at 0.5", "recall", "average precision")
        print_table([heading, *rows], right=[1, 2, 3, 4])
        print()
    print_table([*_about(whole), ("overlap that counts as found", f"{iou:g}")])


def _rows(whole: Trial, large: Trial | None) -> Iterator[tuple[str, ...]]:
    """Yield what is said of all faces, of large ones, and of groups of these."""
    from facecam.training.detector.evaluation.comparison import group_name

    if "all" in whole.groups:
        yield _row("all faces", whole.groups["all"], whole.shown)
    if large is not None:
        for name, figures in large.groups.items():
            part = f"  {group_name(name)}"
            words = f"from {large.min_face} px" if name == "all" else part
            yield _row(words, figures, whole.shown)


def _row(words: str, figures: Figures, shown: float) -> tuple[str, ...]:
    values = _of(figures, shown)
    faces, *shares = values.values()
    return (words, str(faces), *(f"{share:.1%}" for share in shares))


def _about(trial: Trial) -> Iterator[tuple[str, str]]:
    """Yield what is not said by group."""
    yield "pictures", str(_numbers(trial)["images"])
    yield "faces are shown from a score of", f"{trial.shown:g}"
    if "all" in trial.groups:
        false = trial.groups["all"].at(trial.shown).false
        yield "false alarms per picture", f"{false:.3f}"
    if trial.partly is not None:
        some = f"{trial.partly.recall:.1%} of {trial.partly.faces} faces"
        yield "recall where not every face is labelled", some
    if trial.landmarks is not None:
        points = trial.landmarks
        yield "landmark error (eye distances)", f"{points.error:.3f}"
        yield "  of the average shape", f"{points.mean_shape:.3f}"
        yield "  faces with more than 0.1", f"{points.poor:.1%}"
