"""Audit of the extraction.

A labelling sheet for people, and what their labels say of precision, recall and agreement.
"""
