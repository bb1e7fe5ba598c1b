"""Everything facecam raises on purpose.

* FacecamError
  x ConfigError
  x CameraError
    + CameraNotFound
    + CameraLost
    + SourceEnded
  x ModelError
    + WeightsMissing
    + WeightsCorrupt
    + RuntimeUnavailable
  x GalleryError
    + PersonNotFound
    + NoFaceInImage
    + SeveralFacesInImage
    + DatabaseDamaged
    + VaultLocked
  x ImageError
  x DatasetError
  x TrainingError
    + StepFailed
    + Refused
  x DisplayMissing

The text of a FacecamError is shown to the user as it is, so it says what happened
and what to do next. Any other exception is a bug: it is logged with its traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class FacecamError(Exception):
    """Base class: `except FacecamError` catches what a user can act on."""


class ConfigError(FacecamError):
    """A setting is unknown or out of range."""


class CameraError(FacecamError):
    """The video source cannot be opened or read."""


class CameraNotFound(CameraError):
    """There is no such camera, file or stream."""


class CameraLost(CameraError):
    """A camera that was working stopped delivering frames."""


class SourceEnded(CameraError):
    """A file or folder has no more frames. Not a fault: every recording ends."""


class ModelError(FacecamError):
    """A network cannot be loaded, converted or run."""


class WeightsMissing(ModelError):
    """The weights of a model are not installed."""


class WeightsCorrupt(ModelError):
    """A file of weights is damaged, incomplete or of another network."""


class RuntimeUnavailable(ModelError):
    """The runtime asked for (LiteRT, Keras, a GPU) cannot be used here."""


class GalleryError(FacecamError):
    """The people folder cannot be read or changed as asked."""


class PersonNotFound(GalleryError):
    """Nobody with that id or name is enrolled, or the name fits several people."""


class NoFaceInImage(GalleryError):
    """A picture to enrol from shows no face that could be used."""


class SeveralFacesInImage(GalleryError):
    """A picture to enrol from shows several faces, none clearly the subject."""


class VaultLocked(GalleryError):
    """The people are protected, and the passphrase is missing or wrong."""


class DatabaseDamaged(GalleryError):
    """A database file of facecam's is no database, or a broken one."""


class ImageError(FacecamError):
    """A picture cannot be read or written."""


class TrainingError(FacecamError):
    """A training run cannot go on."""


class StepFailed(TrainingError):
    """One step of a run raised; its partial output is kept for resuming."""


class Refused(TrainingError):
    """What a run has trained is not put to use: it is worse, or was not compared.

    Args:
        what: has been trained, such as "detector".
        run: directory of the run.
        reasons: why, in sentences.
        cure: what to do instead; "" where that is up to whoever reads the reasons.
    """

    def __init__(
        self, what: str, run: Path, reasons: Sequence[str], cure: str = ""
    ) -> None:
        lines = "\n".join(f"  {reason}" for reason in (*reasons, cure) if reason)
        super().__init__(
            f"The {what} of {run} is not put to use:\n{lines}\n"
            f"To use it all the same: facecam deploy {run} --force"
        )
        self.reasons = tuple(reasons)


class DatasetError(FacecamError):
    """A data set on disk lacks something or is not in the layout expected."""


class DisplayMissing(FacecamError):
    """There is no screen to open a window on."""
