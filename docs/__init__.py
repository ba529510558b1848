"""Generators of the pages that are committed."""
