"""Component checks."""
