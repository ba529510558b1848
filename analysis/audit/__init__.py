"""Audit of the extraction: a labelling sheet for people, and what their labels say of precision, recall and agreement."""
