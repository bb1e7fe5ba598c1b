"""Models made ready: from the catalogue, a package, a download or somebody's file.

    weights as published -> child process (facecam.nets.compile) -> checked -> published

    installing  install, import, verify, roll back, remove
    converting  runs the child process and publishes what it made
    checking    what compiled nets must answer first
    standing_in the embedder that ships, where the one that is wanted is not installed

Before a folder is published, its nets must answer a fixed probe picture as the
published model does. A file with an unknown checksum is accepted if it passes that too:
the layouts differ, the numbers do not. Random weights never run. What a training run
deploys was measured before: see facecam.training.detector.deploying.
"""

from facecam.installation.checking import probe
from facecam.installation.converting import Report, convert, quiet
from facecam.installation.installing import (
    ensure_detector,
    import_file,
    install,
    meant,
    remove,
    roll_back,
    verify,
)
from facecam.installation.standing_in import ensure_embedder, stand_in

__all__ = [
    "Report",
    "convert",
    "ensure_detector",
    "ensure_embedder",
    "import_file",
    "install",
    "meant",
    "probe",
    "quiet",
    "remove",
    "roll_back",
    "stand_in",
    "verify",
]
