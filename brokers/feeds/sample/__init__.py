"""The sample market: real daily bars of six companies that ship with the project. See PROVENANCE.md beside this file."""
