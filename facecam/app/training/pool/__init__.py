"""Hard examples: what the detector got wrong."""
