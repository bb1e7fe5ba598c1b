"""Embedders: measured, compared, switched."""
