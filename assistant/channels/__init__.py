"""Channels: each only encodes conversation events."""
