"""Packaged reference tables of the estimates (sources, licences: ``SOURCES.md``, a row each in ``sources.csv``)."""
