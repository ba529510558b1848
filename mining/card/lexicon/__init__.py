"""Words the reader knows, as tables."""
