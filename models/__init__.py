"""Learned models behind small ports, each with a stated fallback."""
