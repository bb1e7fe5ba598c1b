"""Forgetting somebody so that it can be proved: see `deed`."""

from facecam.forgetting.deed import finish, forget, pending
from facecam.forgetting.outcome import Line, Outcome, sentences
from facecam.forgetting.scanning import Residue

__all__ = ["Line", "Outcome", "Residue", "finish", "forget", "pending", "sentences"]
