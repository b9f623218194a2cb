"""Talking: conversation, language, channels and the composition root."""
