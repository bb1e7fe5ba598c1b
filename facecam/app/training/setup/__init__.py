"""A guided start of a training run."""
