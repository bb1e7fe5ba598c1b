"""The numbers of training an embedder: crops, augmentation, fit, measurement.

Where no other origin is named, a number is a choice of this program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from facecam.errors import ConfigError

LOSSES = ("softmax+center", "triplet", "distil")
"""What an embedder can be taught by."""


@dataclass(frozen=True)
class PeopleConfig:
    """Which pictures are learned from, and which are held out."""

    held_out: float = 0.05
    """Share of the people to measure on; of the pictures where nobody has a name."""
    hold_out: str = "people"
    """"people": strangers are told apart; "pictures": of everybody a share, where
    people are few."""
    least: int = 2
    """People with fewer pictures are left out; of pictures held out, with fewer than
    twice as many."""
    grown: float = 1.5
    """Side of the pictures as a multiple of the detector's box; 1.25 of those that
    `facecam align` has cut with the margin of the live view."""
    margin: float = 1.25
    """Side of what the net is to see, as a multiple of the box; see EmbedderConfig."""
    pairs_shown: int = 12
    """Pictures of each held-out person that are measured, at most."""

    def __post_init__(self) -> None:
        _require(0 < self.held_out < 1, "people.held_out must lie between 0 and 1.")
        _require(
            self.hold_out in ("people", "pictures"),
            'people.hold_out: "people" or "pictures".',
        )
        _require(self.least >= 2, "people.least must be at least 2.")
        for name in ("grown", "margin"):
            _require(getattr(self, name) >= 1, f"people.{name} must be at least 1.")


@dataclass(frozen=True)
class AlteringConfig:
    """How a crop is altered before it is learned from, each time anew."""

    shifted: float = 0.06
    """The crop lies this share of its side away, at most: the random crop."""
    scaled: float = 0.12
    """It shows up to this share more or less."""
    stretched: float = 0.06
    """Width and height are scaled apart by up to this share."""
    turned: float = 10.0
    """It is turned by up to this, degrees, either way."""
    mirrored: float = 0.5
    """Share of the crops that are mirrored."""
    light: float = 0.35
    """Brightness, contrast and the light from a side vary by up to this share."""
    colour: float = 0.1
    """Each colour is weakened or strengthened by up to this share."""
    grey: float = 0.25
    """Share of the crops made grey."""
    reduced: float = 0.25
    """Share reduced and enlarged again, as from a poor camera."""
    blurred: float = 0.1
    """Share blurred along a line or evenly."""
    noisy: float = 0.1
    """Share given the noise of a dark room."""
    packed: float = 0.1
    """Share saved as a poor JPEG."""
    masked: float = 0.08
    """Share given a painted mask."""
    hidden: float = 0.05
    """Share of which a patch is covered."""
    mixed: float = 0.25
    """Share that shows two faces mixed; only where a teacher says what that is."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if name != "turned":
                _require(0 <= value <= 1, f"altering.{name} must lie between 0 and 1.")


@dataclass(frozen=True)
class TeacherConfig:
    """What a teacher is shown."""

    rounds: int = 12
    """How often each picture is shown, each time altered anew."""
    precision: str = "int8"
    """"int8" or "float32"; the first is five times as fast and as exact."""

    def __post_init__(self) -> None:
        _require(self.rounds >= 1, "teacher.rounds must be at least 1.")
        _require(
            self.precision in ("int8", "float32"),
            'teacher.precision: "int8" or "float32".',
        )


@dataclass(frozen=True)
class EmbedderFitConfig:
    """How an embedder is fitted."""

    epochs: int = 40
    """How often the crops are gone through."""
    people: int = 30
    """People of a batch; not where nobody has a name. Of several workers, each has as
    many."""
    pictures: int = 4
    """Pictures of each person in a batch."""
    batch: int = 128
    """Crops of a batch where nobody has a name; see people."""
    optimiser: str = "adamw"
    """"adamw", or "sgd" with momentum 0.9."""
    rate: float = 1e-3
    """Learning rate after warming up."""
    rates: str = ""
    """Schedule instead of the cosine: "0: 0.05, 60: 0.005, 80: 0.0005, 91: -1" is the
    rate from each epoch on; -1 ends the fit, if `epochs` does not before. What
    --schedule FILE says, which sets both."""
    warm_up: float = 0.02
    """Share of the steps over which the rate rises from nothing; cosine only."""
    decay: float = 0.02
    """Weight decay of kernels, apart from the gradient; facenet has an L2 term of
    5e-4."""
    keep_probability: float = 1.0
    """Share of what the last layer sees that is kept in each step; facenet took 0.4."""
    clip: float = 5.0
    """Longest gradient of one array; "adamw" only."""
    average: float = 0.999
    """Momentum of the running average of the weights that is kept; 0 for none."""
    center: float = 3e-3
    """Weight of the center loss; Wen et al. 2016."""
    alpha: float = 0.5
    """Rate at which the centres follow; Wen et al. 2016."""
    margin: float = 0.2
    """Of the triplet loss; Schroff et al. 2015."""
    relations: float = 10.0
    """Weight of the cosines between the faces of a batch, distilling."""
    every: int = 500
    """Steps between two checkpoints and measurements on what is held out."""
    keep: int = 2
    """Checkpoints kept, the newest ones."""
    precision: str = "mixed_bfloat16"
    """"float32", or "mixed_bfloat16": twice as fast where the processor has it."""

    def __post_init__(self) -> None:
        for name in ("epochs", "batch", "every", "keep"):
            _require(getattr(self, name) >= 1, f"fit.{name} must be at least 1.")
        for name in ("people", "pictures"):
            _require(getattr(self, name) >= 2, f"fit.{name} must be at least 2.")
        _require(self.optimiser in ("adamw", "sgd"), 'fit.optimiser: "adamw" or "sgd".')
        _require(
            self.precision in ("float32", "mixed_bfloat16"),
            'fit.precision: "float32" or "mixed_bfloat16".',
        )
        _require(self.rate > 0, "fit.rate must be more than 0.")
        _require(
            0 < self.keep_probability <= 1,
            "fit.keep_probability must lie between 0 and 1.",
        )
        _require(0 <= self.average < 1, "fit.average must lie between 0 and 1.")
        _require(0 < self.alpha <= 1, "fit.alpha must lie between 0 and 1.")
        parse_rates(self.rates)


@dataclass(frozen=True)
class EmbeddingTrainingConfig:
    """A whole run that trains an embedder."""

    seed: int = 0
    """Of every random choice."""
    workers: int = 2
    """Processes that cut crops and ask the teacher."""
    fitters: int = 1
    """Processes that fit together, each with a batch of its own; what --workers N
    says."""
    network: str = "compact"
    """"compact", or "facenet": Inception-ResNet-v1."""
    people: PeopleConfig = field(default_factory=PeopleConfig)
    altering: AlteringConfig = field(default_factory=AlteringConfig)
    teacher: TeacherConfig = field(default_factory=TeacherConfig)
    fit: EmbedderFitConfig = field(default_factory=EmbedderFitConfig)

    def __post_init__(self) -> None:
        _require(self.seed >= 0, "embedding_training.seed must not be negative.")
        for name in ("workers", "fitters"):
            enough = getattr(self, name) >= 1
            _require(enough, f"embedding_training.{name} must be at least 1.")
        _require(
            self.network in ("compact", "facenet"),
            'embedding_training.network: "compact" or "facenet".',
        )


def parse_rates(text: str) -> tuple[tuple[int, float], ...]:
    """Return a schedule as epochs and the rates from them on, in their order.

    Args:
        text: "0: 0.05, 60: 0.005"; each on a line of its own in a file, # begins a
            comment, and "-" or -1 ends the fit there (davidsandberg/facenet, data/
            learning_rate_schedule_classifier_vggface2.txt).

    Raises:
        ConfigError: it is no schedule.
    """
    rates: list[tuple[int, float]] = []
    for line in re.split(r"[,\n]", re.sub(r"#[^\n]*", "", text)):
        if not line.strip():
            continue
        epoch, colon, rate = (part.strip() for part in line.partition(":"))
        try:
            one = int(epoch), -1.0 if rate == "-" else float(rate)
        except ValueError:
            colon = ""
            one = 0, 0.0
        rising = not rates or one[0] > rates[-1][0]
        _require(
            bool(colon) and rising and one[0] >= 0 and one[1] == one[1],
            f"{line.strip()!r} is no line of a schedule. Write epochs that rise, each "
            "with its rate: 0: 0.05, 60: 0.005, 91: -1",
        )
        rates.append(one)
    _require(
        not rates or (rates[0][0] == 0 and rates[0][1] > 0),
        "A schedule begins with the rate of epoch 0.",
    )
    return tuple(rates)


def _require(fine: bool, text: str) -> None:
    if not fine:
        raise ConfigError(text)
