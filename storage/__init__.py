"""What lasts: the market store and the ledger."""
