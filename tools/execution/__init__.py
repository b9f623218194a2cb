"""Ticket, consent check, coordinator, reconciliation."""
