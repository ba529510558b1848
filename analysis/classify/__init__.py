"""Judging one model or a snapshot: facts are found, probes ask, a verdict is drawn."""
