"""Market-data feeds: quotes, bars and corporate actions, each with its source and how current it is."""
