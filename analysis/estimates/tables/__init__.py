"""Packaged reference tables of the estimates (sources and licences: ``SOURCES.md`` here, one row each in ``sources.csv``)."""
