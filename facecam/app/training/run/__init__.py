"""A training run, while it goes on."""
