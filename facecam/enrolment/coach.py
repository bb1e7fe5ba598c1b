"""The coach: looks at a person through a camera and takes the pictures worth having.

    frame -> one face? large, lit, sharp, still? -> which wanted view is it?
          -> the best frame of a short burst -> shots

It says in words what is wrong, goes on without a view that cannot be had, takes nothing
of somebody else, and stops when nothing new comes. Time is that of the frames, so the
same frames always give the same pictures. Nothing is written: whoever owns the coach
saves `shots` at the end, or drops them.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from facecam.camera.latest import Latest
from facecam.config import Config
from facecam.enrolment import words
from facecam.enrolment.advice import Advice, Code, Meters, Taken, View
from facecam.enrolment.burst import Burst, novelty
from facecam.enrolment.checklist import Checklist
from facecam.enrolment.moment import Moment, meters
from facecam.enrolment.reading import Reading, read, wrong_with
from facecam.enrolment.speaker import Saying, Speaker
from facecam.enrolment.stillness import Stillness
from facecam.enrolment.views import Front, shows, way_to
from facecam.enrolment.watch import Sitting, Watch
from facecam.faces import Detections, Face, Floats, Frame, Recognition
from facecam.vision.detector import Detector
from facecam.vision.embedder import Embedder
from facecam.vision.tracker import Track, Tracker

LONGEST_STEP = 0.5
"""Seconds between two frames that count as time given to a view, at most: a camera that
was away for a minute has not asked for anything."""


class Coach:
    """Takes pictures of one person. `process` belongs to one thread.

    `shoot` and `undo` may be called from any thread, and `advice`, `shots` and
    `sitting` be read from any; `sitting` may be replaced, as when a name is chosen.
    """

    def __init__(
        self,
        detector: Detector,
        embedder: Embedder,
        config: Config,
        sitting: Sitting | None = None,
    ) -> None:
        self.advice: Latest[Advice] = Latest()
        self.sitting = sitting or Sitting()
        self._detector, self._embedder, self._config = detector, embedder, config
        self._shots: tuple[Taken, ...] = ()
        self._wishes: deque[str] = deque()
        own = config.enrolment
        self._about = self.sitting.pictures or own.pictures
        self._list = Checklist(own, self.sitting.glasses, self._about)
        self._tracker, self._watch = Tracker(config.tracker), Watch(own)
        self._still, self._speaker = Stillness(own), Speaker(own)
        self._front = Front()
        self._burst: Burst | None = None
        self._meters = Meters()
        self._time = self._looked = self._quiet_until = -np.inf
        self._novel = 0.0
        """How new the newest look was."""
        self._new_since: float | None = None
        self._event: tuple[Saying, float] | None = None
        self._finished = False

    @property
    def shots(self) -> tuple[Taken, ...]:
        """The pictures taken so far, oldest first."""
        return self._shots

    def shoot(self) -> None:
        """Take a picture now; the next advice says why not if that is refused."""
        self._wishes.append("shoot")

    def undo(self) -> None:
        """Drop the last picture; its view is wanted again."""
        self._wishes.append("undo")

    def process(self, frame: Frame) -> Recognition:
        """Look at a frame, perhaps take it; times must not go back."""
        found = self._detector.detect(frame.image)
        tracks = self._tracker.update(frame.image, found, frame.time)
        step = float(np.clip(frame.time - self._time, 0, LONGEST_STEP))
        self._time = frame.time
        reading = read(frame, found, self._embedder, self._config)
        moment = self._understand(frame, reading)
        self._obey(moment)
        self._work(moment, step)
        self._end_if_nothing_new()
        self._advise(moment, step)
        return Recognition(frame, _faces(found, tracks))

    # What is seen -------------------------------------------------------------------

    def _understand(self, frame: Frame, reading: Reading | None) -> Moment | None:
        if reading is None:
            self._still.forget()
            return None
        said = self._speaker.said
        return Moment(
            frame,
            reading,
            self._front.compare(reading, self._config.enrolment),
            wrong_with(reading, self._config.enrolment, said.code if said else None),
            self._still.follow(reading.points, reading.side, frame.time),
        )

    def _look(self, reading: Reading) -> tuple[Floats, bool]:
        """Embed the face; return that and whether it may be the person's."""
        [embedding] = self._embedder.embed(reading.crop[None])
        same = self._watch.look(embedding, reading.quality, self._shots)
        self._looked = self._time
        self._novel = novelty(embedding, self._shots) if same else 0.0
        return embedding, same

    def _view(self, moment: Moment) -> View | None:
        """Return which view that is wanted a moment shows; None if none."""
        config = self._config.enrolment
        for view in self._list.open:
            if self._may_come(view) and shows(view, moment.posture, config):
                return view
        if self._novel >= config.novelty and self._room():
            return View.OTHER if shows(View.OTHER, moment.posture, config) else None
        return None

    def _may_come(self, view: View) -> bool:
        """Say whether a view may be taken: glasses only in their turn, if they show."""
        if view is not View.GLASSES:
            return True
        shown = self._novel >= self._config.enrolment.novelty
        return shown and view is self._list.now

    def _room(self) -> bool:
        """Say whether a picture that nobody asked for leaves room for the wanted."""
        wanted = sum(not (entry.done or entry.passed) for entry in self._list.wanted)
        return len(self._shots) + wanted < self._about

    # What is taken ------------------------------------------------------------------

    def _work(self, moment: Moment | None, step: float) -> None:
        """Run the shutter, keep an eye on who it is, count the waiting."""
        if moment is None or moment.problem is not None:
            self._close_burst()
        else:
            if not self._watch.away:
                self._list.wait(step)
            self._shutter(moment)
        late = self._time - self._looked >= self._config.enrolment.look_interval
        if late and moment is not None and moment.readable:
            self._look(moment.reading)

    def _shutter(self, moment: Moment) -> None:
        """Open a burst when all is right, feed it, close it in time."""
        config = self._config.enrolment
        view = self._view(moment)
        burst = self._burst
        if burst and (
            burst.view is not view or self._time - burst.began > config.burst_seconds
        ):
            self._close_burst()
            return
        ready = moment.still >= 1 and moment.reading.sharpness >= config.sharpness
        if (
            view is None
            or not ready
            or self._finished
            or self._time < self._quiet_until
        ):
            return
        if burst is None:
            burst = self._burst = Burst(view, self._time)
        if burst.promises(moment.reading.quality):
            embedding, same = self._look(moment.reading)
            if same:
                burst.offer(moment.taken(view, embedding), self._shots)

    def _close_burst(self) -> None:
        """Keep the best of the burst, if it adds something."""
        burst, self._burst = self._burst, None
        if burst is None or burst.best is None or self._watch.away:
            return
        config, free = self._config.enrolment, burst.view in (View.OTHER, View.GLASSES)
        least = config.novelty if free else config.least_novelty
        if novelty(burst.best.embedding, self._shots) >= least:
            self._keep(burst.best)
        else:
            self._novel, self._quiet_until = 0.0, self._time + config.pause
            if not free:  # as good as there
                self._list.tick(burst.view)

    def _keep(self, shot: Taken) -> None:
        self._shots = (*self._shots, shot)
        self._list.tick(shot.view)
        if shot.view is View.FRONT:
            self._front = Front.of(shot.landmarks, shot.side)
        self._quiet_until = self._time + self._config.enrolment.pause
        self._novel, self._new_since = 0.0, None
        self._event = Saying(Code.TAKEN, words.TAKEN), self._time

    # What is asked for by hand --------------------------------------------------------

    def _obey(self, moment: Moment | None) -> None:
        while self._wishes:
            if self._wishes.popleft() == "undo":
                self._drop_last()
            else:
                self._shoot_now(moment)

    def _drop_last(self) -> None:
        if not self._shots:
            return
        *left, last = self._shots
        self._shots = tuple(left)
        if all(shot.view is not last.view for shot in left):
            self._list.untick(last.view)
        fronts = [shot for shot in left if shot.view is View.FRONT]
        self._front = (
            Front.of(fronts[-1].landmarks, fronts[-1].side) if fronts else Front()
        )
        self._burst, self._new_since, self._finished = None, None, False
        self._quiet_until = self._time + self._config.enrolment.pause_after_undo

    def _shoot_now(self, moment: Moment | None) -> None:
        """Take this frame unless it could do harm."""
        code = Code.NO_FACE if moment is None else moment.problem
        if moment is None or not moment.readable:
            self._refuse(code or Code.BLURRED)
            return
        embedding, same = self._look(moment.reading)
        if not same:
            self._refuse(Code.SOMEBODY_ELSE)
            return
        view = self._view(moment) or View.OTHER
        self._burst = None
        self._keep(moment.taken(view, embedding))

    def _refuse(self, code: Code) -> None:
        saying = Saying(Code.REFUSED, words.refusal(code))
        self._event = saying, self._time

    # What is said -------------------------------------------------------------------

    def _end_if_nothing_new(self) -> None:
        """Finish when enough is taken, or nothing new came for a while."""
        if self._finished or not self._shots:
            return
        if len(self._shots) >= self._about and View.GLASSES not in self._list.open:
            self._finished = True
        elif self._list.now is None:
            since = self._new_since = self._new_since or self._time
            self._finished = self._time - since >= self._config.enrolment.nothing_new

    def _advise(self, moment: Moment | None, step: float) -> None:
        self._meters = meters(moment, self._meters, step, self._config.enrolment)
        saying = self._speaker.say(self._judge(moment), self._time)
        self.advice.put(
            Advice(
                text=saying.text,
                code=saying.code,
                wanted=self._list.wanted,
                taken=len(self._shots),
                about=max(self._about, len(self._shots)),
                now=None if self._finished else self._list.now,
                direction=saying.direction,
                box=moment.reading.box if moment else None,
                warning=self._watch.caution(self.sitting),
                finished=self._finished,
                meters=self._meters,
            )
        )

    def _judge(self, moment: Moment | None) -> Saying:
        """Return what is to be said of this frame, the most urgent thing."""
        if self._event and self._time - self._event[1] <= words.EVENT_SECONDS:
            return self._event[0]
        if self._watch.away:
            return Saying(Code.SOMEBODY_ELSE, words.COMPLAINTS[Code.SOMEBODY_ELSE])
        if self._finished:
            return Saying(Code.FINISHED, words.FINISHED)
        if moment is None:
            return Saying(Code.NO_FACE, words.COMPLAINTS[Code.NO_FACE])
        if moment.problem is not None:
            return words.complaint(moment.problem, moment.reading, moment.frame.image)
        return self._guide(moment)

    def _guide(self, moment: Moment) -> Saying:
        """Return how to get to the view that is asked for."""
        config = self._config.enrolment
        view = self._view(moment)
        if view is not None and view is not View.OTHER:
            blurred = moment.reading.sharpness < config.sharpness
            if moment.still >= 1 and blurred:
                return Saying(Code.BLURRED, words.COMPLAINTS[Code.BLURRED])
            return Saying(Code.HOLD, words.HOLD)
        now = self._list.now
        if now is None:
            return Saying(Code.MORE, words.MORE)
        text, direction = way_to(now, moment.posture, config)
        code = Code.GLASSES if now is View.GLASSES else Code.TURN
        return Saying(code, text, direction)


def _faces(found: Detections, tracks: list[Track]) -> tuple[Face, ...]:
    return tuple(
        Face(box, landmarks, float(score), track.id, None)
        for box, landmarks, score, track in zip(
            found.boxes, found.landmarks, found.scores, tracks, strict=True
        )
    )
