"""The outside hands and eyes: broker adapters and market-data feeds behind small ports."""
