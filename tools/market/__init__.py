"""Quotes, history and statistics."""
