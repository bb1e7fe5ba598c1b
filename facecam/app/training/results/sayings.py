"""What the two detectors do, in sentences; every number with its meaning."""

from __future__ import annotations

from facecam.app.training.results.outcome import Results
from facecam.training.detector.evaluation.comparison import (
    Kind,
    Outcome,
    Unit,
    Verdict,
    group_name,
)
from facecam.training.detector.evaluation.figures import FPI, Trial

SIGNS = {Outcome.BETTER: "▲ better", Outcome.SAME: "= same", Outcome.WORSE: "▼ worse"}
OUTCOMES = {
    Outcome.BETTER: "The new one is better by more than chance would bring.",
    Outcome.SAME: "They differ by no more than chance would bring.",
    Outcome.WORSE: "The new one is worse by more than chance would bring.",
}
ASIDE = "Too few such faces to decide by; for information."
NAMES = {
    Kind.PRECISION: "Average precision",
    Kind.FALSE_ALARMS: "False alarms as shown",
    Kind.PARTLY: "Faces found, one in a picture",
    Kind.LANDMARKS: "Five points off, by eye distance",
    Kind.TIME: "Time for a picture",
}
NOT_MEASURED = "not measured"


def headline(results: Results, used: bool) -> str:
    """Return the verdict as one sentence.

    Args:
        results: of the run.
        used: whether its detector is the one in use now.
    """
    recall = results.verdict(Kind.RECALL)
    if results.deployed is None:
        return f"It finds {_found(results.trial)}. There was no other to compare with."
    other = "the one before" if used else "the detector in use"
    if recall is None or recall.candidate is None:
        return _without_recall(results, other)
    share, before = percent(recall.candidate), percent(recall.deployed)
    found = f"it finds {share} of the faces, {other} {before}"
    if results.worse:
        return f"Not better: {found}. {_measures(results.worse)} worse."
    if not results.comparison.passes:
        return f"No better than {other}: what differs is no more than chance brings."
    if recall.outcome is Outcome.BETTER:
        return f"Better: {found}{_also(results)}."
    return f"Better than {other}: {_listed(_better(results))}."


def basis(results: Results) -> str:
    """Say on what the two were measured."""
    trial = results.trial
    faces = trial.groups["all"].faces if "all" in trial.groups else 0
    parts = []
    if faces:
        parts.append(
            f"{_count(trial.pictures, 'picture')} with {_count(faces, 'face')}"
        )
    if trial.partly:
        more = "more " if faces else ""
        parts.append(f"{_count(trial.partly.pictures, f'{more}picture')} of one face")
    both = "Both were" if results.deployed else "It was"
    return f"{both} measured on {' and '.join(parts)} that nothing was learned from."


def name(verdict: Verdict) -> str:
    """Return what a row is about, in a few words."""
    if verdict.kind is None:
        return verdict.measure
    if verdict.kind is not Kind.RECALL and verdict.group in ("", "all"):
        return NAMES[verdict.kind]
    faces = group_name(verdict.group)
    if verdict.kind is Kind.PRECISION:
        return f"{NAMES[verdict.kind]}, {faces}"
    assert verdict.false is not None
    return f"{faces[0].upper()}{faces[1:]} found, {_alarms(verdict.false)}"


def sentence(verdict: Verdict) -> str:
    """Return a row of the table as a sentence."""
    new = value(verdict.candidate, verdict.unit)
    old = value(verdict.deployed, verdict.unit)
    return f"{name(verdict)}: {new} instead of {old}."


def value(number: float | None, unit: Unit) -> str:
    """Return a number as the table shows it."""
    if number is None:
        return NOT_MEASURED
    return {
        Unit.SHARE: f"{100 * number:.1f} %",
        Unit.PER_PICTURE: f"{number:.2f}",
        Unit.EYE_DISTANCES: f"{100 * number:.1f} %",
        Unit.MILLISECONDS: f"{number:.1f} ms",
    }[unit]


def tip(verdict: Verdict) -> str:
    """Return a sentence that explains the number of a row."""
    count = f"{verdict.faces:,} " if verdict.faces else ""
    faces = f"{count}{group_name(verdict.group or 'all')}".replace("all faces", "faces")
    if verdict.kind is Kind.RECALL:
        assert verdict.false is not None
        usual = verdict.false == FPI
        where = (
            "when it may take something else for a face once in two pictures"
            if usual
            else "at as many false alarms as the detector it is compared with gives as "
            "it is used"
        )
        return f"Of {faces} labelled, so many are found {where}. More is better."
    sentences = {
        Kind.PRECISION: f"One number for the whole curve on {faces}: 100 % would find "
        "every face before the first false alarm. More is better.",
        Kind.FALSE_ALARMS: "How often something else is taken for a face, per picture, "
        "as the detector would be used. Less is better.",
        Kind.PARTLY: f"Of {count}pictures in which one face is labelled: in how many "
        "it is found, as the detector would be used. More is better.",
        Kind.LANDMARKS: f"How far eyes, nose and mouth lie from where people put them "
        f"on {count}faces, on average, by the distance of the eyes. Less is better.",
        Kind.TIME: "Median time for one picture on one core; only the relation of the "
        "two counts. Less is better.",
    }
    return (
        sentences.get(verdict.kind, verdict.measure) if verdict.kind else str(verdict)
    )


def percent(share: float) -> str:
    """Return a share without what chance decides, "93 %"."""
    return f"{100 * share:.0f} %"


def _found(trial: Trial) -> str:
    if "all" in trial.groups:
        share = percent(trial.groups["all"].recall_at())
        return f"{share} of the faces at half a false alarm per picture"
    assert trial.partly is not None
    return f"{percent(trial.partly.recall)} of the faces"


def _without_recall(results: Results, other: str) -> str:
    if results.worse:
        return f"Not better than {other}: {_listed(results.worse)}."
    if results.comparison.passes:
        return f"Better than {other}: {_listed(_better(results))}."
    return f"No better than {other}: what differs is no more than chance brings."


def _better(results: Results) -> tuple[Verdict, ...]:
    return tuple(
        one for one in results.comparison.verdicts if one.outcome is Outcome.BETTER
    )


def _also(results: Results) -> str:
    """Say whether false alarms, too, are fewer."""
    alarms = results.verdict(Kind.FALSE_ALARMS)
    if alarms is not None and alarms.outcome is Outcome.BETTER:
        return ", with fewer false alarms"
    return ""


def _listed(verdicts: tuple[Verdict, ...]) -> str:
    """Name the first of some measures with both numbers, and count the others."""
    if not verdicts:
        return "see below"
    first = verdicts[0]
    new, old = value(first.candidate, first.unit), value(first.deployed, first.unit)
    label = name(first)
    text = f"{label[0].lower()}{label[1:]}: {new} instead of {old}"
    rest = len(verdicts) - 1
    return f"{text}, and {_count(rest, 'more measure')}" if rest else text


def _measures(verdicts: tuple[Verdict, ...]) -> str:
    count = len(verdicts)
    return "1 measure is" if count == 1 else f"{count} measures are"


def _alarms(false: float) -> str:
    if false == FPI:
        return "at ½ false alarm"
    return f"at {false:.2g} false alarms"


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"
