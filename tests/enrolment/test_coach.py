"""facecam.enrolment.coach: what it asks for, when it shoots, what it refuses."""

import itertools

import numpy as np
import pytest

from facecam.enrolment import Code, Concern, Sitting, View
from facecam.faces import Identity
from facecam.vision.cohort import Cohort
from facecam.vision.identifier import Identifier
from tests.enrolment.stage import Act, Play, _vector

POSTURES = {
    "front": {},
    "left": {"yaw": 25},
    "right": {"yaw": -25},
    "up": {"pitch": 18},
    "down": {"pitch": -18},
    "nearer": {"side": 140},
}


@pytest.fixture
def identifier():
    """Knows Grace and Alan, among strangers who lie elsewhere."""
    rng = np.random.default_rng(0)
    strangers = rng.standard_normal((400, 32)).astype(np.float32)
    strangers /= np.linalg.norm(strangers, axis=1, keepdims=True)
    people = {
        Identity(f"{name.lower()}-1", name): np.stack(
            [_vector(Act(name, yaw=yaw)) for yaw in (0, 10, -10)]
        )
        for name in ("Grace", "Alan")
    }
    return Identifier.fit(people, Cohort.of(strangers))


def test_nothing_is_taken_of_an_empty_picture():
    play = Play()

    advice = play.act(3, who=None)

    assert play.coach.shots == ()
    assert advice.code is Code.NO_FACE
    assert not advice.finished
    assert advice.box is None


def test_every_wanted_view_is_taken_once_and_then_it_is_over():
    play = Play()

    for posture in POSTURES.values():
        play.act(1.5, **posture)
    advice = play.act(4)

    assert play.views == list(POSTURES)
    assert [entry.done for entry in advice.wanted] == [True] * 6
    assert advice.finished
    assert advice.taken == 6
    assert advice.code is Code.FINISHED


def test_views_may_be_shown_in_any_order():
    play = Play()

    for view in ("left", "front", "nearer", "down", "right", "up"):
        play.act(1.5, **POSTURES[view])

    assert sorted(play.views) == sorted(POSTURES)


def test_the_same_frames_give_the_same_pictures():
    plays = [Play(), Play()]

    for play in plays:
        for posture in POSTURES.values():
            play.act(1.2, **posture)

    first, second = ([s.time for s in play.coach.shots] for play in plays)
    assert first == second
    assert plays[0].said() == plays[1].said()


@pytest.mark.parametrize(
    ("how", "code", "text"),
    [
        ({"side": 40}, Code.TOO_SMALL, "Come closer."),
        ({"side": 210}, Code.TOO_LARGE, "Move back a little."),
        ({"x": 20}, Code.AT_THE_EDGE, "Move into the middle of the picture."),
        ({"light": 42, "around": 30}, Code.TOO_DARK, "It is too dark"),
        ({"light": 50, "around": 200}, Code.BACKLIT, "The light comes from behind"),
        ({"light": 250}, Code.TOO_BRIGHT, "It is too bright"),
        ({"second": 80}, Code.SEVERAL, "Two faces: only one person, please."),
        ({"sharp": False}, Code.BLURRED, "The picture is blurred"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_nothing_is_taken(how, code, text):
    play = Play()

    advice = play.act(3, **how)

    assert play.coach.shots == ()
    assert advice.code is code
    assert code.wrong
    assert advice.text.startswith(text)


def test_a_small_face_far_behind_is_not_in_the_way():
    play = Play()

    play.act(1.5, second=30)

    assert play.views == ["front"]


def test_a_face_that_moves_is_not_taken_until_it_is_still():
    play = Play()

    for step in range(30):
        play.act(1 / 30, x=130 + 4 * step % 60)
    moving = play.coach.shots
    play.act(1)

    assert moving == ()
    assert play.views == ["front"]


def test_a_face_without_landmarks_can_still_be_enrolled():
    play = Play()

    advice = play.act(60, landmarks=False)

    assert play.views == ["other"]
    assert advice.finished


def test_words_do_not_flicker_at_the_edge_of_what_is_good_enough():
    play = Play()
    play.act(2, light=50)

    for step in range(120):
        play.act(1 / 30, light=54 if step % 2 else 56)  # 34 and 36 on average

    changes = [a.text for a in play.heard[60:]]
    assert sum(a != b for a, b in itertools.pairwise(changes)) <= 1


def test_something_wrong_for_a_moment_is_not_worth_a_word():
    play = Play()
    play.act(2, yaw=7)

    play.act(0.1, second=90)
    play.act(1, yaw=7)

    assert not any("Two faces" in text for text in play.said())


def test_left_and_right_are_those_of_the_person():
    play = Play()
    play.act(1.5)

    advice = play.act(1.5, yaw=8)

    assert advice.now is View.LEFT
    assert advice.direction == "left"
    assert advice.text == "Turn your head a little more to the left."
    assert play.act(1.5, yaw=25).taken == 2
    assert play.coach.shots[-1].landmarks[2, 0] > play.coach.shots[-1].box[0] + 50


@pytest.mark.parametrize("pitch", [-15, 15])
def test_the_first_straight_look_is_the_front_view_however_high_the_camera_is(pitch):
    play = Play()

    play.act(pitch=pitch)
    play.act(2, pitch=pitch)

    assert play.views == ["front"]


def test_angles_count_from_the_persons_own_front_view():
    play = Play()
    play.act(1.5, pitch=10)  # the camera stands below the eyes

    up = play.act(1.5, pitch=12)
    play.act(1.5, pitch=22)

    assert up.taken == 1
    assert play.views == ["front", "up"]


def test_a_view_that_cannot_be_had_does_not_hold_up_the_rest():
    play = Play(patience=2.0)

    play.act(1.5)
    for view in ("left", "right", "nearer"):
        play.act(2.5, **POSTURES[view])
    advice = play.act(10)

    assert advice.finished
    passed = [entry.view for entry in advice.wanted if entry.passed]
    assert passed == [View.UP, View.DOWN]
    assert play.views == ["front", "left", "right", "nearer"]


def test_nobody_in_view_uses_up_no_patience():
    play = Play(patience=2.0)
    play.act(1.5)

    advice = play.act(20, who=None)

    assert advice.now is View.LEFT
    assert not advice.finished


def test_a_view_passed_over_is_taken_if_it_comes_later():
    play = Play(patience=1.0)
    play.act(3)

    play.act(1.5, yaw=25)

    assert "left" in play.views


def test_it_stops_when_nothing_new_comes():
    play = Play(patience=0.5, pictures=50)

    advice = play.act(20)

    assert play.views == ["front"]
    assert advice.finished


def test_something_new_is_taken_though_nobody_asked_for_it():
    play = Play(patience=0.5)
    play.act(4.5)
    before = play.coach.shots

    play.act(2, yaw=13, pitch=8, glasses=True)

    assert len(before) == 1
    assert play.views == ["front", "other"]


def test_no_more_pictures_are_taken_than_wanted():
    play = Play(pictures=3)

    for posture in POSTURES.values():
        play.act(1.5, **posture)

    assert play.views == ["front", "left", "right"]
    assert play.heard[-1].finished
    assert play.heard[-1].about == 3


def test_the_best_frame_of_a_burst_is_kept():
    play = Play()
    play.act(0.3, side=70)

    play.act(0.1, side=72)
    play.act(0.1, side=74)
    play.act(1, side=76)

    [shot] = play.coach.shots
    assert shot.side == pytest.approx(76, abs=1)


def test_glasses_are_asked_for_only_when_wanted_and_last():
    play = Play(Sitting(glasses=True))
    for posture in POSTURES.values():
        play.act(1.5, **posture)
    asked = play.act(1)

    play.act(2, glasses=True)

    assert asked.now is View.GLASSES
    assert "glasses" in asked.text
    assert play.views[-1] == "glasses"
    assert View.GLASSES not in [w.view for w in Play().act(0.1).wanted]


def test_the_same_look_is_not_taken_for_the_one_with_glasses():
    play = Play(Sitting(glasses=True))
    for posture in POSTURES.values():
        play.act(1.5, **posture)

    advice = play.act(5)

    assert advice.now is View.GLASSES
    assert "glasses" not in play.views


def test_somebody_else_stepping_in_is_not_taken_until_the_first_is_back():
    play = Play()
    play.act(1.5)

    away = play.act(3, who="Grace", yaw=25)
    taken = play.views
    back = play.act(3, yaw=25)

    assert away.warning.concern is Concern.SOMEBODY_ELSE
    assert away.code is Code.SOMEBODY_ELSE
    assert taken == ["front"]
    assert back.warning is None
    assert play.views == ["front", "left"]


def test_before_the_first_picture_whoever_comes_is_the_person():
    play = Play()
    play.act(3, who="Grace", sharp=False)

    advice = play.act(4, who="Ada")

    assert advice.warning is None
    assert play.views == ["front"]


def test_somebody_enrolled_under_another_name_is_said_before_saving(identifier):
    play = Play(Sitting(identifier))

    advice = play.act(3, who="Grace")

    assert advice.warning.concern is Concern.ENROLLED
    assert advice.warning.identity.name == "Grace"
    assert "Grace" in advice.warning.text
    assert play.views == ["front"]


def test_somebody_new_is_nobody_who_is_enrolled(identifier):
    play = Play(Sitting(identifier))

    advice = play.act(3, who="Ada")

    assert advice.warning is None


def test_more_pictures_of_somebody_enrolled_are_no_duplicate(identifier):
    grace = identifier.identities[0]
    play = Play(Sitting(identifier, enrolling=grace))

    assert play.act(3, who="Grace").warning is None
    assert play.act(0.1, who="Grace").taken == 1


def test_pictures_for_somebody_who_looks_different_are_doubted(identifier):
    grace = identifier.identities[0]
    play = Play(Sitting(identifier, enrolling=grace))

    advice = play.act(3, who="Ada")

    assert advice.warning.concern is Concern.NOT_THEM


def test_space_takes_a_picture_that_the_coach_would_not():
    play = Play()

    play.coach.shoot()
    advice = play.act(1 / 30, yaw=50)

    assert play.views == ["other"]
    assert advice.code is Code.TAKEN


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"who": None}, "there is no face"),
        ({"second": 90}, "several faces"),
        ({"side": 15}, "cannot be seen well"),
    ],
)
def test_space_says_why_it_takes_nothing(how, why):
    play = Play()

    play.coach.shoot()
    advice = play.act(1 / 30, **how)

    assert advice.code is Code.REFUSED
    assert why in advice.text
    assert play.coach.shots == ()


def test_space_takes_nobody_else():
    play = Play()
    play.act(1.5)

    play.coach.shoot()
    advice = play.act(1 / 30, who="Grace")

    assert advice.code is Code.REFUSED
    assert "somebody else" in advice.text
    assert len(play.coach.shots) == 1


def test_undo_drops_the_last_picture_and_wants_its_view_again():
    play = Play()
    play.act(1.5)
    play.act(1.5, yaw=25)

    play.coach.undo()
    advice = play.act(1, yaw=25)
    again = play.act(3, yaw=25)

    assert advice.taken == 1
    assert advice.now is View.LEFT
    assert again.taken == 2


def test_undo_of_the_front_view_and_of_nothing():
    play = Play()
    play.act(1.5)

    for _ in range(3):
        play.coach.undo()
    advice = play.act(0.5)

    assert advice.taken == 0
    assert advice.now is View.FRONT


def test_undo_after_the_end_goes_on():
    play = Play(pictures=2)
    play.act(1.5)
    play.act(1.5, yaw=25)
    assert play.heard[-1].finished

    play.coach.undo()

    assert not play.act(0.5, yaw=25).finished
    assert play.act(3, yaw=25).finished


def test_a_time_that_stands_still_is_no_trouble():
    play = Play()
    frame = play.stage.frame(Act())

    for _ in range(100):
        play.coach.process(frame)

    assert play.coach.shots == ()


def test_faces_are_returned_for_drawing_with_their_tracks():
    play = Play()
    play.act(0.2)

    recognition = play.coach.process(play.stage.frame(Act(second=60)))

    assert [face.track for face in recognition.faces] == [1, 2]
    assert all(face.match is None for face in recognition.faces)


def test_most_frames_are_not_embedded():
    play = Play()

    for posture in POSTURES.values():
        play.act(1.5, **posture)

    assert play.stage.embedded < len(play.stage.acts) / 5


def test_meters_tell_how_good_the_view_is():
    play = Play()

    meters = play.act(1, yaw=20).meters

    assert meters.light == meters.sharpness == meters.still == 1
    assert meters.size == pytest.approx(100 / 128)
    assert meters.yaw == pytest.approx(20, abs=1)
    assert np.isnan(play.act(0.1, who=None).meters.yaw)
