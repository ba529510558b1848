"""Typed quantities: numbers, units and the spans they stand in."""
