"""The tests, one folder a room; a package so that a `tests` installed by another project cannot stand in for it."""
