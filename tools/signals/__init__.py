"""Indicators, strategies, ranking and the facts that explain them."""
