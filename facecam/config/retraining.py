"""The numbers of retraining the detector: samples, fits, mining, gates.

Where no other origin is named, a number is that of the reference pipeline
(AITTSMD/MTCNN-Tensorflow), which follows Zhang et al. 2016.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from facecam.config.overrides import like
from facecam.errors import ConfigError


@dataclass(frozen=True)
class IndexConfig:
    """Which pictures are learned from, and which are held out."""

    held_out: float = 0.1
    """Share of the pictures of a set that does not divide itself, to measure on."""
    share: float = 1.0
    """Share of the training pictures that is used; for learning curves."""
    box_of_points: tuple[float, float, float, float] = (0.0, 0.18, 2.15, 2.5)
    """How a face known by its points is boxed: centre right of and below the middle of
    eyes and mouth, width, height, in units of the face (the larger of eye distance and
    eyes to mouth). Median of labelled boxes of street pictures, from brow to chin."""
    conform: bool = True
    """In a run that starts from a detector: teach boxes as that one draws them."""
    smallest: float = 10.0
    """Faces with a longer side below this are ignored regions, pixels."""
    max_blur: int = 2
    """WIDER FACE's blur (0 clear … 2 heavy) up to which a face is learned from."""
    max_occlusion: int = 2
    """The same for occlusion (0 none … 2 heavy)."""
    max_pose: int = 1
    """The same for pose (0 typical, 1 atypical)."""

    def __post_init__(self) -> None:
        _require(0 < self.held_out < 1, "index.held_out must lie between 0 and 1.")
        _require(0 < self.share <= 1, "index.share must lie between 0 and 1.")


@dataclass(frozen=True)
class SamplesConfig:
    """Crops drawn around and beside labelled faces."""

    positive: float = 0.65
    """Overlap (IoU) with a face from which a crop is a positive."""
    part: float = 0.4
    """Overlap from which it is a part."""
    negative: float = 0.3
    """Overlap below which it is a negative."""
    smallest_face: float = 14.0
    """Faces with a shorter side below this give no positives, pixels."""
    smallest_landmarks: float = 20.0
    """Faces with a longer side below this give no landmark samples, pixels."""
    negatives: int = 50
    """Random squares without a face, from each picture and round."""
    near: int = 5
    """Negatives beside each face, in each round."""
    crops: int = 20
    """Crops tried around each face, in each round; they become positives and parts."""
    landmark_crops: int = 10
    """Crops tried around each face with landmarks, in each round."""
    sides: tuple[float, float] = (0.8, 1.25)
    """Side of a crop, of the shorter and of the longer side of the face."""
    shift: float = 0.2
    """The centre of a crop lies this share of the face's sides away, at most."""
    rounds: int = 0
    """How often each fully labelled picture is gone through, each time altered anew;
    0: as often as gives about `wanted` positives."""
    landmark_rounds: int = 6
    """How often a picture is gone through for its landmarks alone: sets of them are
    small, and a net soon knows their crops by heart."""
    wanted: int = 100_000
    """Positives wanted of fully labelled pictures, if `rounds` is 0."""
    most_rounds: int = 12
    """Rounds at most: altering adds less and less."""
    mirrored: float = 0.5
    """Share of the rounds' pictures that are mirrored."""
    turned: float = 15.0
    """Pictures are turned by up to this, degrees, either way."""
    grey: float = 0.15
    """Share of the pictures made grey."""
    reduced: float = 0.2
    """Share of the pictures reduced and enlarged again, as from a poor camera."""
    masked: float = 0.2
    """Share of the faces with landmarks that are given a painted mask."""

    def __post_init__(self) -> None:
        _require(
            0 < self.negative <= self.part < self.positive < 1,
            "samples: 0 < negative <= part < positive < 1 must hold.",
        )
        _require(self.rounds >= 0, "samples.rounds must not be negative.")
        for name in ("mirrored", "grey", "reduced", "masked"):
            share = getattr(self, name)
            _require(0 <= share <= 1, f"samples.{name} must lie between 0 and 1.")


@dataclass(frozen=True)
class MiningConfig:
    """What the nets trained so far get wrong, over whole pictures."""

    thresholds: tuple[float, float, float] = (0.3, 0.1, 0.7)
    """Smallest score to survive the P-, R- and O-Net while mining and while a stage is
    checked."""
    min_face: int = 20
    """Smallest face looked for, pixels."""
    negatives: int = 60
    """At most so many negatives of each picture and round."""
    candidates: int = 1000
    """At most so many proposals of a picture are looked at."""

    def __post_init__(self) -> None:
        _require(self.min_face >= 12, "mining.min_face must be at least 12 pixels.")
        _require(self.negatives >= 1, "mining.negatives must be at least 1.")


@dataclass(frozen=True)
class FitConfig:
    """How one net is fitted."""

    steps: int = 8000
    """Batches learned from, at most."""
    batch: tuple[int, int, int, int] = (64, 64, 192, 64)
    """Positives, parts, negatives and landmark samples of a batch."""
    weights: tuple[float, float, float] = (1.0, 0.5, 0.5)
    """Of the losses of classification, box and landmarks; Zhang et al. 2016."""
    landmarks_in_eyes: bool = False
    """Measure landmarks in distances of the eyes, as their error is reported; sides of
    the crop, as Zhang et al. do, make that loss six times as light."""
    hardest: float = 0.7
    """Share of the classification losses that count, the largest; the same."""
    optimiser: str = "adamw"
    """"adamw", or "sgd" with momentum 0.9."""
    rate: float = 3e-3
    """Learning rate after warming up."""
    warm_up: float = 0.03
    """Share of the steps over which the rate rises from nothing."""
    schedule: str = "cosine"
    """"cosine" falls to nothing; "steps" falls to a tenth at each of `falls`."""
    falls: tuple[float, ...] = (0.2, 0.467, 0.667)
    """Shares of the steps at which the rate falls: epochs 6, 14 and 20 of 30."""
    decay: float = 0.01
    """Weight decay, apart from the gradient; the reference has an L2 term of 5e-4."""
    clip: float = 5.0
    """Longest gradient of one array; "adamw" only."""
    average: float = 0.995
    """Momentum of the running average of the weights that is kept; 0 for none."""
    jitter: float = 0.3
    """Brightness, contrast and saturation vary by up to this share."""
    hue: float = 0.05
    """Hue turns by up to this share of the circle."""
    every: int = 500
    """Steps between two measurements on held-out samples, and two checkpoints."""
    false_shares: tuple[float, ...] = (0.003, 0.01, 0.03)
    """Recall is measured where such shares of the held-out negatives pass, and
    averaged: mined negatives are few."""
    patience: int = 6
    """Measurements without better recall after which the fit ends early."""
    keep: int = 2
    """Checkpoints kept, the newest ones; the best one beside them."""
    precision: str = "float32"
    """"float32", or "mixed_bfloat16" where the processor is faster with it."""
    anchor: float = 0.0
    """Weight of staying near the answers of the nets started from."""

    def __post_init__(self) -> None:
        _require(self.optimiser in ("adamw", "sgd"), 'fit.optimiser: "adamw" or "sgd".')
        _require(
            self.schedule in ("cosine", "steps"), 'fit.schedule: "cosine" or "steps".'
        )
        _require(
            self.precision in ("float32", "mixed_bfloat16"),
            'fit.precision: "float32" or "mixed_bfloat16".',
        )
        _require(0 < self.hardest <= 1, "fit.hardest must lie between 0 and 1.")
        for name in ("steps", "every", "patience", "keep"):
            _require(getattr(self, name) >= 1, f"fit.{name} must be at least 1.")
        _require(self.rate > 0, "fit.rate must be more than 0.")
        _require(0 <= self.average < 1, "fit.average must lie between 0 and 1.")
        _require(min(self.batch) >= 0, "fit.batch must hold no negative number.")
        _require(self.batch[0] > 0, "fit.batch needs positives.")
        _require(self.batch[2] > 0, "fit.batch needs negatives.")


@dataclass(frozen=True)
class GateConfig:
    """What a stage must reach for the run to go on."""

    recall: tuple[float, float, float] = (0.8, 0.7, 0.5)
    """Share of the held-out faces the cascade still has after P-, R- and O-Net, at the
    mining thresholds. The reference pipeline goes on from about 0.97 after P-Net."""
    iou: float = 0.4
    """Overlap from which a face counts as found."""

    def __post_init__(self) -> None:
        _require(0 < self.iou < 1, "gate.iou must lie between 0 and 1.")


@dataclass(frozen=True)
class TrialConfig:
    """How the finished detector is measured."""

    min_face: int = 20
    """Faces with a longer side from this are asked for, pixels."""
    iou: float = 0.4
    """Overlap from which a face counts as found; the boxes of masks lie loosely."""
    lowest: float = 0.01
    """Score of O-Net down to which the curves go."""
    shown: float = 0.7
    """Score of O-Net from which a face is shown."""
    passing: tuple[float, float] | None = like((0.6, 0.7))
    """Smallest score to survive the new P- and R-Net; unless given, such that they keep
    the most faces for about the deployed detector's work."""
    sizes: tuple[float, ...] = (40.0, 80.0)
    """Longer sides at which faces are divided into groups by size, pixels."""

    def __post_init__(self) -> None:
        _require(0 < self.iou < 1, "trial.iou must lie between 0 and 1.")
        _require(0 < self.lowest < 1, "trial.lowest must lie between 0 and 1.")
        _require(
            all(0 < score < 1 for score in self.passing or ()),
            "trial.passing must lie between 0 and 1.",
        )


@dataclass(frozen=True)
class PreflightConfig:
    """How data is looked at before it is learned from."""

    decoded: int = 200
    """Pictures of each set decoded in full, with faces and as many without; of others,
    head and end are read."""
    pictures: int = 24
    """Pictures of each set on a contact sheet; samples are cut from as many."""
    samples: int = 12
    """Samples of each kind and size on a contact sheet."""
    steps: int = 150
    """Steps in which each net has to learn one batch, at most; 0 leaves that out, and
    the estimates with it."""
    rate: float = 2e-3
    """Learning rate on that batch, of AdamW whatever the fit uses."""
    fall: float = 0.5
    """Share of its first value that the loss must fall below."""
    separation: float = 0.8
    """Chance that a face of the batch then scores above a background. P-Net is too
    small to learn 384 crops by heart: with their labels shuffled it stays near 0.6."""
    faces: int = 500
    """Faces to learn from below which a warning says that they are few."""
    landmarks: int = 500
    """The same for faces with five points."""

    def __post_init__(self) -> None:
        _require(self.pictures >= 1, "preflight.pictures must be at least 1.")
        _require(self.samples >= 1, "preflight.samples must be at least 1.")
        _require(0 < self.fall < 1, "preflight.fall must lie between 0 and 1.")


@dataclass(frozen=True)
class StageConfig:
    """Samples and fit of one net."""

    samples: SamplesConfig = field(default_factory=SamplesConfig)
    fit: FitConfig = field(default_factory=FitConfig)


@dataclass(frozen=True)
class RetrainingConfig:
    """A whole run that retrains the detector."""

    seed: int = 0
    """Of every random choice."""
    workers: int = 2
    """Processes that sample and mine."""
    nice: int = 10
    """How far a run that the queue begins steps back behind other programs, from 0 (not
    at all) to 19; on Windows, any but 0 is below normal."""
    index: IndexConfig = field(default_factory=IndexConfig)
    pnet: StageConfig = field(
        default_factory=lambda: StageConfig(fit=FitConfig(every=1000))
    )
    rnet: StageConfig = field(
        default_factory=lambda: StageConfig(fit=FitConfig(steps=4000, rate=2e-3))
    )
    onet: StageConfig = field(
        default_factory=lambda: StageConfig(
            fit=FitConfig(
                steps=3500,
                rate=2e-3,
                weights=(1.0, 0.5, 1.0),
                landmarks_in_eyes=True,
                every=250,
                precision="mixed_bfloat16",
            )
        )
    )
    mining: MiningConfig = field(default_factory=MiningConfig)
    gate: GateConfig = field(default_factory=GateConfig)
    trial: TrialConfig = field(default_factory=TrialConfig)
    preflight: PreflightConfig = field(default_factory=PreflightConfig)

    def __post_init__(self) -> None:
        _require(self.seed >= 0, "retraining.seed must not be negative.")
        _require(self.workers >= 1, "retraining.workers must be at least 1.")
        _require(0 <= self.nice <= 19, "retraining.nice must lie between 0 and 19.")


def _require(fine: bool, text: str) -> None:
    if not fine:
        raise ConfigError(text)
