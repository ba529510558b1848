"""Energy and emissions of trainings that report none.

Estimates with tested intervals, always apart from what is reported. ``reference`` hands out numbers of the packaged
tables with table, version and year; ``devices`` and ``places`` understand what a user or a card writes; ``routes``
computes; ``estimate`` is the contract; ``from_card`` takes the inputs from a model record and its claims. No estimate
ever enters a reported column, a class, or suggested metadata.
"""
