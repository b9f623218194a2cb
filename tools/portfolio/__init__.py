"""Positions, cash, profit and loss."""
