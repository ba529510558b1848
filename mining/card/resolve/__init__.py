"""Competing claims are weighed and one is settled."""
