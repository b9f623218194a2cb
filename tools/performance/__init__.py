"""How the account and the calls did."""
