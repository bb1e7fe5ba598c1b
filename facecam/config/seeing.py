"""The numbers of finding, following and describing faces."""

from __future__ import annotations

from dataclasses import dataclass

from facecam.config.overrides import like
from facecam.errors import ConfigError

THRESHOLDS = (0.6, 0.7, 0.7)
"""Smallest score to survive the P-, R- and O-Net where neither the user nor the weights
say otherwise: those of the reference code."""


@dataclass(frozen=True)
class DetectorConfig:
    """The MTCNN cascade. Defaults: Zhang et al. 2016 and its reference code.

    What is None belongs to the weights: it is as the manifest of the model says.
    """

    kind: str = "mtcnn"
    """"mtcnn" or "haar"; the names in pipeline.DETECTORS."""
    model: str = "mtcnn"
    """Which nets in models/detector/ the cascade uses."""
    precision: str = "float32"
    """Of the nets on the CPU: "float32", or "int8", 1.1 to 1.35 times as fast and up to
    2 points of recall worse where few false faces are wanted."""
    min_face: int = 40
    """Smallest face to find, in pixels of the frame."""
    pyramid_factor: float = 0.709
    """Scale between two pyramid levels; 0.709 is sqrt(1/2), half the area."""
    thresholds: tuple[float, float, float] | None = like(THRESHOLDS)
    """Smallest score to survive the P-, R- and O-Net."""
    max_faces: int = 100
    """At most so many faces in one image, the best ones."""
    max_candidates: int = 1000
    """At most so many of P-Net's proposals are looked at closer, the best ones."""
    lean: float | None = like(0.0)
    """Boxes of R- and O-Net lie too far left and up by this fraction of their side; it
    is added back. 0.02 for the published nets (seen by mirroring pictures, and on
    labelled boxes); nothing where the weights do not say."""

    def __post_init__(self) -> None:
        if self.precision not in ("int8", "float32"):
            raise ConfigError('detector.precision must be "int8" or "float32".')
        if not 0 < self.pyramid_factor < 1:
            raise ConfigError("detector.pyramid_factor must lie between 0 and 1.")
        if self.min_face < 12:
            raise ConfigError("detector.min_face must be at least 12 pixels.")
        if not all(0 <= threshold <= 1 for threshold in self.thresholds or ()):
            raise ConfigError("detector.thresholds must lie between 0 and 1.")
        if self.max_faces < 1:
            raise ConfigError("detector.max_faces must be at least 1.")
        if self.max_candidates < 1:
            raise ConfigError("detector.max_candidates must be at least 1.")


@dataclass(frozen=True)
class RuntimeConfig:
    """What runs the nets."""

    device: str = "auto"
    """"auto" (a GPU if Keras sees one, else the CPU), "cpu" (LiteRT) or "gpu"."""
    precision: str = "int8"
    """Of the embedder on the CPU: "int8" (dynamic range) or "float32"."""
    threads: int = 2
    """Threads each LiteRT net uses. More than the physical cores slows it down."""

    def __post_init__(self) -> None:
        if self.device not in ("auto", "cpu", "gpu"):
            raise ConfigError('runtime.device must be "auto", "cpu" or "gpu".')
        if self.precision not in ("int8", "float32"):
            raise ConfigError('runtime.precision must be "int8" or "float32".')
        if self.threads < 1:
            raise ConfigError("runtime.threads must be at least 1.")


@dataclass(frozen=True)
class EmbedderConfig:
    """What turns faces into vectors. Defaults: FaceNet; see config.belonging."""

    model: str = "facenet-20180402"
    """Which embedder in models/embedder/ to use. While it is not installed and another
    is, that one runs; see artifacts.running."""
    stand_in: bool = True
    """Whether the embedder that ships is made ready where none is installed: seconds,
    once, without a network."""
    margin: float = 1.25
    """Crop side as a multiple of the detector's box, width and height separately."""
    offset: float = -0.02
    """Where the centre of the crop lies from that of the box, as a fraction of its
    sides. FaceNet was trained on boxes of the published MTCNN, whose lean the detector
    corrects: without this, LFW-a loses 0.3 points."""


@dataclass(frozen=True)
class QualityConfig:
    """What counts as a good view of a face."""

    smallest: float = 16.0
    """Longer side of the box from which a face says anything, pixels."""
    large: float = 80.0
    """Longer side of the box from which more pixels add nothing, pixels."""
    blurred: float = 0.05
    """Fine detail, as a share of the contrast, of a useless picture. Faces blurred by
    9 pixels of 160 have 0.06 (median of 34)."""
    sharp: float = 0.15
    """Fine detail, as a share of the contrast, of a sharp picture. Faces of 40 pixels
    have 0.15, of 160 pixels 0.20."""
    darkest: float = 20.0
    """Mean grey level of a face too dark to use."""
    brightest: float = 240.0
    """Mean grey level of a face too bright to use."""
    exposure_margin: float = 30.0
    """Grey levels away from either limit at which light no longer matters."""
    spread: float = 25.0
    """Standard deviation of the grey levels of a face with enough contrast."""


@dataclass(frozen=True)
class TrackerConfig:
    """Faces over time. Chosen on videos of one to six people."""

    min_overlap: float = 0.3
    """Smallest IoU of a detection with where its track should be."""
    max_gap: float = 0.5
    """Seconds without a detection after which a track has left."""
    same_patch: float = 0.7
    """Correlation of successive pictures of a face; below, it may be another."""
    same_face: float = 0.3
    """Cosine of a new embedding with the template; below, it is somebody else."""
    looks_until_sure: int = 3
    """Looks before a face may be called unknown and is looked at less often."""
    doubtful: float = 5.0
    """An unknown face that fewer strangers resemble somebody as much as is unsure."""
    unsure_interval: float = 0.05
    """Seconds between two looks at a face that is not yet sure."""
    look_interval: float = 1.0
    """Seconds between two looks at a face that is."""
    looks_per_frame: int = 3
    """At most so many faces are embedded in one frame; the others wait for the next."""
    memory: float = 0.8
    """What a vote still weighs when the next one comes."""
    smallest_vote: float = 0.05
    """Weight of the worst view; the best weighs 1."""
