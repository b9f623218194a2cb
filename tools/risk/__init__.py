"""Limits, checks, the gate and sizing."""
