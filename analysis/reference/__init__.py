"""Stored reference values that ship with the package, each with its provenance."""
