"""Showing the detector what it got wrong, in the live picture."""
