"""The offline router: reads intent and slots without a language model."""
