"""Every number facecam uses, in one tree of frozen dataclasses.

`load` reads facecam.toml, which holds only what differs from the defaults below:

    [detector]
    min_face = 60

A part of the program receives its own branch (`DetectorConfig`), never the tree.
"""

from __future__ import annotations

import math
import os
import tomllib
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from facecam.errors import ConfigError

C = TypeVar("C")


@dataclass(frozen=True)
class DetectorConfig:
    """The MTCNN cascade. Defaults: Zhang et al. 2016 and its reference code."""

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
    thresholds: tuple[float, float, float] = (0.6, 0.7, 0.7)
    """Smallest score to survive the P-, R- and O-Net."""
    max_faces: int = 100
    """At most so many faces in one image, the best ones."""
    max_candidates: int = 1000
    """At most so many of P-Net's proposals are looked at closer, the best ones."""
    lean: float = 0.02
    """Boxes of the published R- and O-Net lie too far left and up by this fraction of
    their side (seen by mirroring pictures, and on labelled boxes); it is added back."""

    def __post_init__(self) -> None:
        if self.precision not in ("int8", "float32"):
            raise ConfigError('detector.precision must be "int8" or "float32".')
        if not 0 < self.pyramid_factor < 1:
            raise ConfigError("detector.pyramid_factor must lie between 0 and 1.")
        if self.min_face < 12:
            raise ConfigError("detector.min_face must be at least 12 pixels.")
        if not all(0 <= threshold <= 1 for threshold in self.thresholds):
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
    """FaceNet."""

    model: str = "facenet-20180402"
    """Which embedder in models/embedder/ to use."""
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


@dataclass(frozen=True)
class IdentifierConfig:
    """When a face gets a name."""

    strangers_per_wrong_name: float = 500.0
    """A name is given where about one stranger in so many would get one, too."""
    hysteresis: float = 10.0
    """A name once given stays until the evidence is so many times weaker."""
    cohort: int = 1500
    """Synthetic strangers each person's SVM is fitted against."""
    penalty: float = 0.1
    """C of the SVM. On LFW-a 0.03 to 0.1 beat 1 by 0.3 points of DIR at 1 %."""
    typical_stranger: float = -3.5
    """Mean SVM decision for strangers over its standard deviation: between -3.9 with
    one portrait and -3.4 with ten on LFW-a, ±0.2 over people."""
    real_spread: float = 1.2
    """Standard deviations of real strangers' scores over those of synthetic ones:
    1.17 to 1.20 for the rarest 1 % to 0.01 % of LFW-a."""


@dataclass(frozen=True)
class GalleryConfig:
    """The people folder and what is kept of a picture."""

    region: float = 2.5
    """Side of a portrait as a multiple of the face's box: room for other crops."""
    longest_side: int = 1024
    """Larger portraits are reduced to this, pixels."""
    least_score: float = 0.95
    """Nobody is enrolled from a face the detector believes in less, 0…1. Of 160 LFW-a
    pictures the least sure face scored 0.958, false ones in scenes without any 0.82."""
    clearly: float = 2.0
    """How much more prominent (larger, more central) than every other face the one
    to enrol must be."""
    same_distance: float = 1.06
    """Two pictures nearer than this (Euclidean distance of unit vectors, 0…2) count
    as the same person's: the distance the seed projects quote. On LFW-a the best is
    1.06 to 1.10, depending on the fold."""


@dataclass(frozen=True)
class CameraConfig:
    """Reading cameras, streams and files."""

    width: int = 640
    """Asked of a webcam, pixels; it may answer with another size."""
    height: int = 480
    """Asked of a webcam, pixels."""
    fps: float = 30.0
    """Asked of a webcam."""
    picture_seconds: float = 2.0
    """How long each picture of a folder is shown."""
    open_timeout: float = 10.0
    """Seconds until an opening camera or stream counts as not answering."""
    read_timeout: float = 5.0
    """Seconds without a frame until a camera counts as lost."""
    retry_first: float = 0.5
    """Seconds before the first attempt to reconnect; doubled after each failure."""
    retry_longest: float = 8.0
    """Longest pause between two attempts to reconnect, seconds."""


@dataclass(frozen=True)
class WindowConfig:
    """How the window shows and remembers."""

    frame_rate: float = 60.0
    """How often the picture and the boxes are looked at, 1/s; the usual screen."""
    certain_strangers: float = 10_000.0
    """A match that one stranger in this many would reach is called certain."""
    box_lag: float = 0.05
    """Time constant with which a drawn box follows the found one, seconds."""
    box_lead: float = 0.15
    """Longest time a box is carried on along its movement, seconds."""
    fade: float = 0.15
    """Time a box takes to appear or to vanish, seconds."""
    linger: float = 1.5
    """Time somebody stays listed as in view after leaving, seconds."""
    views: int = 5
    """Good views of a track kept in memory for "Who is this?"."""
    view_spacing: float = 0.4
    """Shortest time between two views kept of one track, seconds."""
    recent: int = 6
    """Sources remembered in the source menu."""


@dataclass(frozen=True)
class Config:
    """The whole configuration."""

    detector: DetectorConfig = field(default_factory=DetectorConfig)
    runtime: RuntimeConfig = field(default_factory=RuntimeConfig)
    embedder: EmbedderConfig = field(default_factory=EmbedderConfig)
    quality: QualityConfig = field(default_factory=QualityConfig)
    tracker: TrackerConfig = field(default_factory=TrackerConfig)
    identifier: IdentifierConfig = field(default_factory=IdentifierConfig)
    gallery: GalleryConfig = field(default_factory=GalleryConfig)
    camera: CameraConfig = field(default_factory=CameraConfig)
    window: WindowConfig = field(default_factory=WindowConfig)
    home: Path = Path()
    """Where people, models, runs and settings live; see `find_home`."""

    @property
    def people(self) -> Path:
        """The folder with one folder per enrolled person."""
        return self.home / "people"

    @property
    def models(self) -> Path:
        """The folder with the installed models."""
        return self.home / "models"


def find_home() -> Path:
    """Return the folder facecam keeps its state in.

    `FACECAM_HOME` if it is set; the repository when run from a checkout; else the
    user data folder of the platform.
    """
    if chosen := os.environ.get("FACECAM_HOME"):
        return Path(chosen).expanduser().resolve()
    checkout = Path(__file__).resolve().parents[1]
    if (checkout / "pyproject.toml").is_file() and (checkout / "models").is_dir():
        return checkout
    import platformdirs

    return Path(platformdirs.user_data_dir("facecam", appauthor=False))


def load(home: Path | None = None) -> Config:
    """Read facecam.toml in `home` on top of the defaults."""
    home = home or find_home()
    path = home / "facecam.toml"
    try:
        overrides = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} is not valid TOML: {error}. Correct it or move it away."
        ) from error
    except OSError as error:
        raise ConfigError(
            f"Cannot read {path}: {error.strerror}. Check its rights."
        ) from error
    return override(Config(home=home), overrides)


def override(config: C, values: dict[str, Any], where: str = "") -> C:
    """Return a copy of a dataclass with nested values replaced by name.

    Raises:
        ConfigError: a name is unknown, or a value is of the wrong type or range.
    """
    known = {f.name: getattr(config, f.name) for f in fields(config)}  # type: ignore[arg-type]
    changed: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise ConfigError(
                f"Unknown setting {where}{name}. Known: {', '.join(known)}."
            )
        old = known[name]
        if is_dataclass(old):
            if not isinstance(value, dict):
                raise ConfigError(f"{where}{name} must be a section: [{where}{name}].")
            changed[name] = override(old, value, f"{where}{name}.")
        else:
            changed[name] = _converted(value, old, f"{where}{name}")
    return replace(config, **changed)  # type: ignore[type-var]


def _converted(value: Any, old: Any, name: str) -> Any:
    """Give a TOML value the type of the default it replaces."""
    expected = f"{name} must be like {old!r}, not {value!r}."
    if isinstance(value, bool) != isinstance(old, bool):
        raise ConfigError(expected)
    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigError(expected)
    if isinstance(old, int) and isinstance(value, float) and value != int(value):
        raise ConfigError(expected)
    if isinstance(old, str) and not isinstance(value, str):
        raise ConfigError(expected)
    if isinstance(old, tuple):
        if not isinstance(value, list | tuple) or len(value) != len(old):
            raise ConfigError(expected)
        return tuple(_converted(v, o, name) for v, o in zip(value, old, strict=True))
    try:
        return type(old)(value)
    except (TypeError, ValueError) as error:
        raise ConfigError(expected) from error
