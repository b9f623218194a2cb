"""Doing: deterministic, typed, no language model, no screen."""
