"""What is kept of those who are seen, if the user wants it: visits, strangers."""

from facecam.keeping.choices import Choices, load, save
from facecam.keeping.keeper import Batch, Keeper

__all__ = ["Batch", "Choices", "Keeper", "load", "save"]
