"""Every number facecam uses, in one tree of frozen dataclasses.

`load` reads facecam.toml, which holds only what differs from the defaults below:

    [detector]
    min_face = 60

A part of the program receives its own branch (`DetectorConfig`), never the tree.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from facecam.config import chosen
from facecam.config.audit import AuditConfig
from facecam.config.embedding_training import EmbeddingTrainingConfig
from facecam.config.enrolment import EnrolmentConfig
from facecam.config.keeping import EventsConfig, InboxConfig
from facecam.config.overrides import override
from facecam.config.people import GalleryConfig, IdentifierConfig
from facecam.config.report import ReportConfig
from facecam.config.retraining import RetrainingConfig
from facecam.config.seeing import (
    THRESHOLDS,
    DetectorConfig,
    EmbedderConfig,
    QualityConfig,
    RuntimeConfig,
    TrackerConfig,
)
from facecam.config.surroundings import CameraConfig, WindowConfig
from facecam.errors import ConfigError

__all__ = [
    "THRESHOLDS",
    "AuditConfig",
    "CameraConfig",
    "Config",
    "DetectorConfig",
    "EmbedderConfig",
    "EmbeddingTrainingConfig",
    "EnrolmentConfig",
    "EventsConfig",
    "GalleryConfig",
    "IdentifierConfig",
    "InboxConfig",
    "QualityConfig",
    "ReportConfig",
    "RetrainingConfig",
    "RuntimeConfig",
    "TrackerConfig",
    "WindowConfig",
    "find_home",
    "load",
    "override",
]


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
    enrolment: EnrolmentConfig = field(default_factory=EnrolmentConfig)
    audit: AuditConfig = field(default_factory=AuditConfig)
    report: ReportConfig = field(default_factory=ReportConfig)
    inbox: InboxConfig = field(default_factory=InboxConfig)
    events: EventsConfig = field(default_factory=EventsConfig)
    retraining: RetrainingConfig = field(default_factory=RetrainingConfig)
    embedding_training: EmbeddingTrainingConfig = field(
        default_factory=EmbeddingTrainingConfig
    )
    camera: CameraConfig = field(default_factory=CameraConfig)
    window: WindowConfig = field(default_factory=WindowConfig)
    home: Path = Path()
    """Where people, models, runs and settings live; see `find_home`."""
    given: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict, compare=False, metadata={"internal": True}
    )
    """What facecam.toml says: it wins over what belongs to an embedder."""

    @property
    def people(self) -> Path:
        """The folder with one folder per enrolled person."""
        return self.home / "people"

    @property
    def models(self) -> Path:
        """The folder with the installed models."""
        return self.home / "models"

    @property
    def runs(self) -> Path:
        """The folder with the training runs."""
        return self.home / "runs"

    @property
    def hard(self) -> Path:
        """The pool of hard examples that the window fills."""
        return self.home / "hard"


def find_home() -> Path:
    """Return the folder facecam keeps its state in.

    `FACECAM_HOME` if it is set; the repository when run from a checkout; else the
    user data folder of the platform.
    """
    if chosen := os.environ.get("FACECAM_HOME"):
        return Path(chosen).expanduser().resolve()
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "models").is_dir():
        return checkout
    import platformdirs

    return Path(platformdirs.user_data_dir("facecam", appauthor=False))


def load(home: Path | None = None) -> Config:
    """Read facecam.toml in `home` on top of what was chosen and the defaults."""
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
    config = override(override(Config(home=home), chosen.read(home)), overrides)
    return replace(config, given=overrides)
