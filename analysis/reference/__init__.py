"""Stored reference data with their provenance: cut points that labels are read off from."""
