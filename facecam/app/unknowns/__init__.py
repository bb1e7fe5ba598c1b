"""The page of unknown people."""
