"""The Enrol place."""
