"""The People place."""
