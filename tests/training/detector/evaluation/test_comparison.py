from dataclasses import replace

import pytest

from facecam.errors import TrainingError
from facecam.training.detector.evaluation import comparison
from facecam.training.detector.evaluation.comparison import Outcome, Unit
from facecam.training.detector.evaluation.figures import (
    Figures,
    Landmarks,
    Partly,
    Point,
    Trial,
)


def figures(*recalls, faces=200, precision=0.9):
    """Recall with no, a quarter, and three quarters of a false alarm per picture."""
    scores, false = (0.9, 0.7, 0.3), (0.0, 0.25, 0.75)
    points = (Point(*row) for row in zip(scores, recalls, false, strict=True))
    return Figures(faces, precision, tuple(points))


OLD = Trial(
    65,
    20,
    0.7,
    {
        "all": figures(0.5, 0.8, 0.9),
        "masked": figures(0.4, 0.7, 0.8),
        "20–40 px": figures(0.3, 0.6, 0.7, faces=40),
    },
    Partly(10, 10, 0.9),
    Landmarks(400, 0.06, 0.05, 0.1, 0.2),
    10.0,
)


def changed(group, figures, **values):
    return replace(OLD, groups={**OLD.groups, group: figures}, **values)


def outcomes(candidate, deployed=OLD):
    verdicts = comparison.compare(candidate, deployed).verdicts
    return {v.measure: v.outcome for v in verdicts if v.outcome is not Outcome.SAME}


def test_the_same_detector_is_the_same_and_no_reason_to_deploy():
    compared = comparison.compare(OLD, OLD)

    assert {v.outcome for v in compared.verdicts} == {Outcome.SAME}
    assert not compared.passes
    assert compared.reasons == ("It is better at nothing that was measured.",)


def test_a_detector_better_at_one_thing_and_worse_at_none_passes():
    better = changed("masked", figures(0.4, 0.8, 0.85))

    compared = comparison.compare(better, OLD)

    assert (compared.passes, compared.reasons) == (True, ())
    assert outcomes(better) == {
        "Recall of masked faces at 0.25 false alarms per picture": Outcome.BETTER,
        "Recall of masked faces at 0.5 false alarms per picture": Outcome.BETTER,
    }


def test_recall_is_compared_at_the_false_alarms_of_the_deployed_detector():
    # as shown the new one finds more, but with three times the false alarms
    louder = changed("all", figures(0.5, 0.75, 0.9), shown=0.3)

    assert outcomes(louder) == {
        "Recall of all faces at 0.25 false alarms per picture": Outcome.WORSE,
        "Recall of all faces at 0.5 false alarms per picture": Outcome.WORSE,
        "False alarms per picture as shown": Outcome.WORSE,
    }


def test_what_gets_worse_speaks_against_it_in_words():
    worse = changed("masked", figures(0.4, 0.6, 0.7), milliseconds=8.0)

    compared = comparison.compare(worse, OLD)

    assert not compared.passes
    assert compared.reasons[0] == (
        "Recall of masked faces at 0.25 false alarms per picture: 60.0%, "
        "deployed 70.0% (worse)."
    )


def test_groups_too_small_to_decide_do_not_gate():
    worse = changed("20–40 px", figures(0.3, 0.4, 0.5, faces=40), milliseconds=8.0)

    compared = comparison.compare(worse, OLD)

    assert compared.passes
    assert Outcome.WORSE in {v.outcome for v in compared.verdicts}


@pytest.mark.parametrize(
    ("faces", "recall", "outcome"),
    [
        (9000, 0.791, "same"),  # one percentage point is none
        (9000, 0.789, "worse"),
        (20, 0.75, "same"),  # nor is one face
        (20, 0.7, "worse"),
        (200, 0.772, "same"),  # nor the standard error, 2.8 %
        (200, 0.771, "worse"),
    ],
)
def test_small_differences_of_shares_are_none(faces, recall, outcome):
    old = changed("all", figures(0.5, 0.8, 0.9, faces=faces))
    new = changed("all", figures(0.5, recall, 0.9, faces=faces))
    measure = "Recall of all faces at 0.25 false alarms per picture"

    assert outcomes(new, old).get(measure, "same") == outcome


@pytest.mark.parametrize(("faces", "expected"), [(9, {}), (900, "worse")])
def test_landmarks_of_few_faces_say_little(faces, expected):
    old = replace(OLD, landmarks=replace(OLD.landmarks, faces=faces))
    new = replace(OLD, landmarks=replace(OLD.landmarks, faces=faces, error=0.065))

    assert outcomes(new, old) == (expected and {"Landmark error": expected})


@pytest.mark.parametrize(
    ("error", "time", "expected"),
    [
        (0.0617, 10.9, {}),
        (0.066, 12.0, {"Landmark error": "worse", "Time for a picture": "worse"}),
        (0.05, 8.0, {"Landmark error": "better", "Time for a picture": "better"}),
    ],
)
def test_landmarks_and_time_are_better_when_smaller(error, time, expected):
    points = replace(OLD.landmarks, error=error)

    assert outcomes(replace(OLD, landmarks=points, milliseconds=time)) == expected


def test_landmarks_lost_altogether_are_worse():
    compared = comparison.compare(replace(OLD, landmarks=None), OLD)

    assert "Landmark error: not measured" in compared.reasons[0]


def test_average_precision_counts_on_the_official_lists():
    old = changed("hard", figures(0.2, 0.3, 0.4, precision=0.5))
    new = changed("hard", figures(0.2, 0.3, 0.4, precision=0.6))

    assert outcomes(new, old) == {"Average precision on hard faces": "better"}


def test_fewer_faces_found_in_pictures_partly_labelled_are_worse():
    assert outcomes(replace(OLD, partly=Partly(10, 10, 0.7))) == {
        "Recall in pictures with one face labelled": "worse"
    }


def test_trials_on_pictures_not_wholly_labelled_can_be_compared():
    bare = replace(OLD, groups={})

    assert comparison.compare(replace(bare, milliseconds=5.0), bare).passes


@pytest.mark.parametrize(
    "other",
    [
        replace(OLD, pictures=64),
        replace(OLD, min_face=40),
        replace(OLD, partly=None),
        changed("all", figures(0.5, 0.8, 0.9, faces=199)),
    ],
)
def test_other_pictures_cannot_be_compared(other):
    with pytest.raises(TrainingError, match="same pictures"):
        comparison.compare(other, OLD)


def test_a_comparison_is_read_back_as_it_was_written(tmp_path):
    compared = comparison.compare(replace(OLD, landmarks=None), OLD)

    comparison.write(compared, tmp_path / "comparison.json")
    again = comparison.read(tmp_path / "comparison.json")

    assert again == compared
    assert again.verdicts[-1].unit is Unit.MILLISECONDS


@pytest.mark.parametrize("content", [b"", b"[]", b'{"verdicts": [{}]}', None])
def test_a_damaged_comparison_names_the_file(tmp_path, content):
    path = tmp_path / "comparison.json"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(TrainingError, match=r"comparison\.json"):
        comparison.read(path)


def test_groups_are_called_by_whom_they_hold():
    names = ("masked", "20–40 px", "from 80 px")

    assert [comparison.group_name(name) for name in names] == [
        "masked faces",
        "faces of 20–40 px",
        "faces from 80 px",
    ]
