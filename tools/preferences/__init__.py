"""What a person prefers: values and changes of them, their record in the ledger, and what they do to signals."""
