"""The sample market: real daily bars of six companies. See PROVENANCE.md beside this file."""
