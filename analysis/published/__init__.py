"""The 2023 study rerun bug for bug on its published files, and its published numbers set beside the recomputed ones.

``recipe`` selects what each published number was computed from, ``recompute`` computes all of them with the procedures
the study called, ``independent`` computes them a second time in plain NumPy from the CSV bytes, ``replicate`` compares.
``published_numbers.yml`` holds the published values and where they stand; only ``replicate`` reads it.
"""
